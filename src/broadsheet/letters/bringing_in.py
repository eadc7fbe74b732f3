"""Letters of another system come in with their story: whole threads, once each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    Letter.objects.bulk_create(rows.values())
    known |= {guid: row.pk for guid, row in rows.items()}
    _tie(rows, known, letters)
    return Taken(len(rows), len(letters) - len(rows) - len(refused), tuple(refused))


def _tie(rows: dict[str, Letter], known: dict[str, int], letters: Iterable[Brought]) -> None:
    """Write what answers what; an answer may stand before what it answers."""
    tied = []
    for letter in letters:
        row = rows.get(letter.guid[:_LONGEST_GUID])
        answered = known.get(letter.answers[:_LONGEST_GUID]) if letter.answers else None
        if row is not None and answered is not None and answered != row.pk:
            row.answers_id = answered
            tied.append(row)
    Letter.objects.bulk_update(tied, ["answers"])


def _email(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address
