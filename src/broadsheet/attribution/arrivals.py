"""Arrivals: a story has a new text, which waits to be read for its sources.

Nothing is read here: the row that says so is written in the transaction that keeps the version,
and the background worker takes it from there (``duties``).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Revision

from broadsheet import prepared
from broadsheet.attribution import story_text
from broadsheet.attribution.models import StoryReading
from broadsheet.attribution.story_text import StoryText
from broadsheet.stories.models import Paper, Story

State = StoryReading.State

_archive: ContextVar[bool] = ContextVar("an_archive_arrives", default=False)


@contextmanager
def archive() -> Generator[None]:
    """Take what arrives in this block for an archive, which is not read for its sources.

    Unless the paper's settings say that it is (``BROADSHEET_READ_ARCHIVE``). A story that the
    desk had read before is read again all the same.
    """
    token = _archive.set(not settings.READ_ARCHIVE)
    try:
        yield
    finally:
        _archive.reset(token)


def version_kept(news_id: int, revision: Revision) -> None:
    """Note that a version of a story was kept; where its text is another, it waits."""
    _note(news_id, story_text.of(revision))


def versions_kept(versions: Iterable[tuple[int, Revision]]) -> None:
    """Do the same for the first versions of many new stories, by their News IDs."""
    if _archive.get():
        return
    texts = [(news_id, story_text.of(revision)) for news_id, revision in versions]
    StoryReading.objects.bulk_create(
        StoryReading(pk=pk, digest=text.digest, language=text.language, state=State.WAITING)
        for pk, text in texts
    )


def published(story: Story) -> None:
    """Note that ``story`` was published: relative dates count from that day."""
    found = prepared.objects(StoryReading, _readings, story=story.pk)
    reading = next(iter(found), None)
    if reading is None or reading.reference is None or story.first_published_at is None:
        return
    zone = (Paper.objects.first() or Paper()).zone
    if _day(reading.reference, zone) != _day(story.first_published_at, zone):
        _wait(reading)


def _readings(story: int) -> QuerySet[StoryReading]:
    return StoryReading.objects.filter(pk=story)


def ask_for(story: Story) -> StoryReading:
    """Have the newest version of ``story`` read, whatever was known of it."""
    text = story_text.newest(story)
    reading, _ = StoryReading.objects.get_or_create(
        pk=story.pk, defaults={"digest": text.digest, "language": text.language}
    )
    reading.digest, reading.language = text.digest, text.language
    _wait(reading)
    return reading


@transaction.atomic
def _note(news_id: int, text: StoryText) -> None:
    reading = StoryReading.objects.select_for_update().filter(pk=news_id).first()
    if reading is None:
        if not _archive.get():
            StoryReading.objects.create(
                pk=news_id, digest=text.digest, language=text.language, state=State.WAITING
            )
        return
    if reading.digest == text.digest:
        return
    reading.digest, reading.language = text.digest, text.language
    if reading.read_digest == text.digest and reading.claims:
        # A change was taken back; the claims tell that the text before it could be analysed.
        reading.state, reading.reason = State.ANALYSED, ""
        reading.save(update_fields=["digest", "language", "state", "reason"])
    else:
        _wait(reading)


def _wait(reading: StoryReading) -> None:
    if reading.state != State.WAITING:
        reading.state, reading.waiting_since = State.WAITING, timezone.now()
    reading.reason = ""
    reading.save(update_fields=["digest", "language", "state", "waiting_since", "reason"])


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
