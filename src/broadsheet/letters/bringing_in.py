"""Letters of another system come in with their story: whole threads, once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.letters import wording
from broadsheet.letters.models import HoldReason, Letter
from broadsheet.stories.models import Story

_LONGEST_NAME = 60
_LONGEST_GUID = 255
_AT_ONCE = 500


@dataclass(frozen=True)
class Brought:
    """A letter as another system has it. ``answers`` is the ``guid`` of the one it answers."""

    name: str
    text: str
    written_at: datetime
    guid: str
    email: str = ""
    answers: str = ""
    is_approved: bool = True


@dataclass(frozen=True)
class Taken:
    """How many letters were stored, how many were there already, and why others were not."""

    stored: int = 0
    known: int = 0
    refused: tuple[str, ...] = ()


@transaction.atomic
def bring_in_all(story: Story, letters: Sequence[Brought]) -> Taken:
    """Store ``letters`` under ``story``, each once, with what each answers.

    Words are cleaned as any reader's. What was not approved elsewhere is held here. The caller
    has the story pressed.
    """
    known = dict(Letter.objects.filter(story=story).exclude(guid="").values_list("guid", "pk"))
    rows, refused = _rows(story, letters, known)
    Letter.objects.bulk_create(rows.values())
    Letter.objects.bulk_update(_tied(rows, known, letters), ["answers"])
    return Taken(len(rows), len(letters) - len(rows) - len(refused), tuple(refused))


@transaction.atomic
def bring_in_with(stories: Sequence[tuple[Story, Sequence[Brought]]]) -> list[Taken]:
    """Do the same for many stories that are new, and have no letters yet."""
    found = [(_rows(story, letters, {}), letters) for story, letters in stories]
    Letter.objects.bulk_create(row for (rows, _), _ in found for row in rows.values())
    tied = [row for (rows, _), letters in found for row in _tied(rows, {}, letters)]
    Letter.objects.bulk_update(tied, ["answers"], batch_size=_AT_ONCE)
    return [
        Taken(len(rows), len(letters) - len(rows) - len(refused), tuple(refused))
        for (rows, refused), letters in found
    ]


def _rows(
    story: Story, letters: Iterable[Brought], known: Mapping[str, int]
) -> tuple[dict[str, Letter], list[str]]:
    """Return the rows of those of ``letters`` that are not ``known``, and why others have none."""
    refused: list[str] = []
    rows: dict[str, Letter] = {}
    for letter in letters:
        guid = letter.guid[:_LONGEST_GUID]
        if guid in known or guid in rows:
            continue
        text = wording.clean(letter.text).text
        if not text:
            refused.append(f"The comment {guid} has no words.")
            continue
        rows[guid] = Letter(
            story=story,
            name=wording.clean_line(letter.name).text[:_LONGEST_NAME] or _("Anonymous"),
            email=_email(letter.email),
            text=text,
            state=Letter.State.APPROVED if letter.is_approved else Letter.State.HELD,
            reasons=[HoldReason.UNREAD],
            written_at=letter.written_at,
            text_mark=wording.mark(text),
            guid=guid,
        )
    return rows, refused


def _tied(
    rows: Mapping[str, Letter], known: Mapping[str, int], letters: Iterable[Brought]
) -> list[Letter]:
    """Say on ``rows`` what answers what, and return those that answer something.

    An answer may stand before what it answers.
    """
    stored = {**known, **{guid: row.pk for guid, row in rows.items()}}
    tied = []
    for letter in letters:
        row = rows.get(letter.guid[:_LONGEST_GUID])
        answered = stored.get(letter.answers[:_LONGEST_GUID]) if letter.answers else None
        if row is not None and answered is not None and answered != row.pk:
            row.answers_id = answered
            tied.append(row)
    return tied


def _email(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address
