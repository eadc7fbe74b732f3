"""An editor decides: confirms, edits, rejects, adds, and says that a story was looked through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.attribution import arrivals, kept, publicity, story_text
from broadsheet.attribution.actions import history
from broadsheet.attribution.actions.wording import KEEP, Marks, write
from broadsheet.attribution.models import Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import CueKind, QuoteType, SourceKind
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

Status = StoryRelation.Status


def confirm(relations: Iterable[StoryRelation], user: User | None) -> int:
    """Stand behind ``relations`` as they are suggested; returns how many that changes.

    One that was edited stays edited. Raises ``PermissionDenied`` (``history.may_decide``) and,
    as the other decisions do, ``ValidationError`` where one of them is no more: the worker has
    read the story again and suggested it anew.
    """
    return _decide(relations, user, Status.CONFIRMED, "confirm")


def reject(relations: Iterable[StoryRelation], user: User | None) -> int:
    """Say that ``relations`` are none; they are not suggested again for the same words.

    Returns how many that changes. Raises ``PermissionDenied``.
    """
    return _decide(relations, user, Status.REJECTED, "reject")


def reopen(relations: Iterable[StoryRelation], user: User | None) -> int:
    """Take a decision back: ``relations`` are suggestions again. Raises ``PermissionDenied``."""
    return _decide(relations, user, Status.SUGGESTED, "reopen")


def confirm_all_above(
    story: Story, threshold: float, user: User | None, *, among: Iterable[int] | None = None
) -> int:
    """Confirm every suggestion of ``story`` whose confidence is at least ``threshold``.

    ``among`` are the numbers of those that were seen, where not every one was. Returns how many
    were confirmed. Raises ``PermissionDenied``.
    """
    history.require(user, story)
    rows = kept.rows_of([story]).filter(
        status=Status.SUGGESTED, confidence__gte=threshold, lost=False
    )
    if among is not None:
        rows = rows.filter(number__in=list(among))
    return confirm(list(rows), user)


@transaction.atomic
def edit(relation: StoryRelation, marks: Marks, user: User | None) -> StoryRelation:
    """Let ``relation`` be as ``marks`` says, and stand behind it.

    Raises ``PermissionDenied`` and, for marks that cannot be or a suggestion that is no more,
    ``ValidationError``.
    """
    row = _locked([relation.pk])[0]
    story = row.story
    history.require(user, story)
    before = history.snapshot(row)
    left = _sources_of([row])
    # Marking the words again is what brings a lost one back.
    if marks.cue is not KEEP and marks.content is not KEEP:
        row.lost = False
    _sign(row, Status.EDITED, user)
    write(row, marks, story_text.newest(story))
    row = _locked([row.pk])[0]
    history.remember(row, "edit", before, user)
    _tell([story], "edit", user, left)
    return row


@transaction.atomic
def add(story: Story, marks: Marks, user: User | None) -> StoryRelation:
    """Add an attribution that the library did not find; returns it, confirmed.

    ``marks`` needs a cue and a content. Kinds that it does not say are those of the commonest
    case: a named source, a verb, and words that are not the source's own. Raises
    ``PermissionDenied`` and ``ValidationError``.
    """
    history.require(user, story)
    reading = StoryReading.objects.select_for_update().filter(pk=story.pk).first()
    if reading is None:
        reading = arrivals.ask_for(story)
    reading.last_number += 1
    reading.save(update_fields=["last_number"])
    unnamed = marks.source in (KEEP, ()) and marks.source_name in (KEEP, "")
    row = StoryRelation(
        story=story,
        number=reading.last_number,
        source_kind=str(SourceKind.IMPLICIT if unnamed else SourceKind.NAMED),
        cue_kind=str(CueKind.VERB),
        quote_type=str(QuoteType.INDIRECT),
        confidence=1.0,
        method="hand",
    )
    _sign(row, Status.CONFIRMED, user)
    write(row, marks, story_text.newest(story))
    row = _locked([row.pk])[0]
    history.remember(row, "add", {}, user)
    _tell([story], "add", user, [])
    return row


@transaction.atomic
def mark_reviewed(story: Story, user: User | None) -> StoryReading:
    """Say that everything found in ``story`` was looked at. Raises ``PermissionDenied``.

    It holds until something new is suggested for it.
    """
    history.require(user, story)
    reading = StoryReading.objects.filter(pk=story.pk).first() or arrivals.ask_for(story)
    reading.reviewed_at, reading.reviewed_by = timezone.now(), user
    reading.save(update_fields=["reviewed_at", "reviewed_by"])
    _tell([story], "review", user, [])
    return reading


@transaction.atomic
def _decide(
    relations: Iterable[StoryRelation], user: User | None, status: Status, verb: str
) -> int:
    # Read again: what the editor's page showed may be minutes old.
    rows = _locked([relation.pk for relation in relations])
    stories = {row.story_id: row.story for row in rows}
    for story in stories.values():
        history.require(user, story)
    changed = []
    for row in rows:
        if row.status == status or (status == Status.CONFIRMED and row.status == Status.EDITED):
            continue
        before = history.snapshot(row)
        _sign(row, status, user)
        row.save(update_fields=["status", "decided_at", "decided_by"])
        history.remember(row, verb, before, user)
        changed.append(row)
    if changed:
        _tell([stories[key] for key in {row.story_id for row in changed}], verb, user,
              _sources_of(changed))  # fmt: skip
    return len(changed)


def _locked(keys: list[int]) -> list[StoryRelation]:
    rows = StoryRelation.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    found = list(rows.select_related("story", "source").prefetch_related("hops__source"))
    if len(found) < len(set(keys)):
        raise ValidationError(_("The story was read again meanwhile. Look at the new suggestions."))
    return found


def _sign(row: StoryRelation, status: Status, user: User | None) -> None:
    row.status, row.decided_at, row.decided_by = status, timezone.now(), user


def _sources_of(rows: Iterable[StoryRelation]) -> list[Source]:
    hops = (hop for row in rows for hop in row.hops.all())
    return list({hop.source for hop in hops if hop.source is not None})


def _tell(stories: Iterable[Story], verb: str, user: User | None, left: Iterable[Source]) -> None:
    for story in stories:
        publicity.order_story(story, left=left)
        history.relations_changed.send(Story, story=story, verb=verb, user=user)
