"""Stories, one after the other: each as ninjs, and what ninjs has no place for beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from broadsheet.letters.models import Letter
from broadsheet.newsroom.export import claims
from broadsheet.newsroom.export.content import moment, origins, pictures_of, story_content
from broadsheet.newsroom.export.ninjs import document
from broadsheet.newsroom.export.pictures import Kept, Pictures
from broadsheet.newsroom.export.versions import Revisions, Version
from broadsheet.press.reading import one_reading
from broadsheet.stories.models import Story

_AT_ONCE = 100
Told = dict[str, Any]


def chosen(since: datetime | None) -> QuerySet[Story]:
    """Return the stories to export: all, or those that were changed or commented ``since``."""
    stories = Story.objects.all()
    if since is None:
        return stories
    commented = Letter.objects.filter(Q(written_at__gte=since) | Q(decided_at__gte=since))
    return stories.filter(
        Q(created_at__gte=since)
        | Q(last_published_at__gte=since)
        | Q(first_published_at__gte=since)
        | Q(latest_revision__created_at__gte=since)
        | Q(pk__in=commented.values("story"))
    )


def told(pictures: Pictures, since: datetime | None = None) -> Iterator[tuple[int, Told, Told]]:
    """Yield each story's News ID, its ninjs, and the rest of it, by ascending News ID."""
    for batch in batches(since):
        # Within one reading, so that the paper's frame is read once for all of them.
        with one_reading():
            told_of_them = list(_told(batch, pictures))
        yield from told_of_them


def batches(since: datetime | None) -> Iterator[list[Story]]:
    """Yield the chosen stories with all their parts, some at a time, by ascending News ID."""
    last = 0
    while batch := _batch(chosen(since), last):
        yield batch
        last = batch[-1].news_id


def _batch(stories: QuerySet[Story], last: int) -> list[Story]:
    rows = stories.filter(pk__gt=last).order_by("pk").select_related("section")
    parts = ("topics", "bylines__byline", "agencies__agency", "photos__picture", "letters")
    return list(rows.prefetch_related(*parts)[:_AT_ONCE])


def _told(batch: list[Story], pictures: Pictures) -> Iterator[tuple[int, Told, Told]]:
    revisions = Revisions(batch)
    readings = claims.readings(batch)
    now = timezone.now()
    for story in batch:
        versions = revisions.of(story)
        shown = pictures.of(number for version in versions for number in pictures_of(version.thing))
        kept = _kept(story, versions, shown)
        if story.news_id in readings:
            kept["sources"] = readings[story.news_id]
        # What readers see stands for the story; of one they do not see, what the desk works on.
        main = versions[0 if story.live else -1].thing
        yield story.news_id, document(main, shown, now), kept


def _kept(story: Story, versions: list[Version], shown: Mapping[int, Kept]) -> Told:
    return {
        "news_id": story.news_id,
        "live": story.live,
        "expired": story.expired,
        "created_at": moment(story.created_at),
        "first_published_at": moment(story.first_published_at),
        "last_published_at": moment(story.last_published_at),
        "versions": [
            {"is": list(version.roles), **story_content(version.thing, shown)}
            for version in versions
        ],
        "pictures": origins(shown.values()),
        "comments": letters(story),
    }


def letters(story: Story) -> list[Told]:
    """Return the comments under ``story``, oldest first; an answer names the place of the other."""
    rows = sorted(story.letters.all(), key=lambda each: (each.written_at, each.pk))
    places = {row.pk: place for place, row in enumerate(rows)}
    return [
        {
            "name": row.name,
            "email": row.email,
            "text": row.text,
            "state": row.state,
            "reasons": row.reasons,
            "written_at": moment(row.written_at),
            "decided_at": moment(row.decided_at),
            "decision": row.decision,
            "guid": row.guid,
            "answers": places.get(row.answers_id or 0),
        }
        for row in rows
    ]
