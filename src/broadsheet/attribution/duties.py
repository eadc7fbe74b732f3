"""What the background worker does for attribution: it has waiting stories read."""

from __future__ import annotations

import time
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from broadsheet.attribution import actions, story_text
from broadsheet.attribution.analyst import Analyst, AnalystError
from broadsheet.attribution.models import StoryReading
from broadsheet.attribution.story_text import StoryText
from broadsheet.stories.models import Paper, Story

log = structlog.get_logger("broadsheet.attribution")

# The worker presses pages as well: it must come back to that soon.
_AT_A_TIME_S = 0.5

_analyst: Analyst | None = None


def analyst() -> Analyst:
    """Return this process' analyst; its child is started when the first text comes."""
    global _analyst  # noqa: PLW0603 - one child a process
    if _analyst is None:
        _analyst = Analyst()
    return _analyst


def read_waiting(reader: Analyst | None = None) -> int:
    """Have stories that wait read, for half a second or one story; returns how many.

    A text that cannot be read is marked as failed, with the reason, and the next one goes on.
    """
    reader = reader or analyst()
    began = time.monotonic()
    done = 0
    while (found := _next()) is not None:
        _read(*found, reader)
        done += 1
        if time.monotonic() - began > _AT_A_TIME_S:
            break
    if not done:
        reader.rest()
    return done


def make_room() -> None:
    """End this process' analyst until a text is next read: others need the memory now."""
    if _analyst is not None:
        _analyst.close()


def _next() -> tuple[Story, StoryText] | None:
    """Return the story that has waited longest, and its newest words."""
    key = StoryReading.objects.waiting().values_list("pk", flat=True).first()
    if key is None:
        return None
    # Together, or a version kept meanwhile would be noted under the digest of the one before it.
    with transaction.atomic():
        reading = StoryReading.objects.select_for_update().filter(pk=key).first()
        if reading is None:
            return None
        story = Story.objects.select_related("latest_revision").get(pk=key)
        text = story_text.newest(story)
        # What was written past Wagtail's versions is noticed here at the latest.
        reading.digest, reading.language = text.digest, text.language
        reading.save(update_fields=["digest", "language"])
    return story, text


def _read(story: Story, text: StoryText, reader: Analyst) -> None:
    reference = reference_of(story)
    try:
        analysis = reader.analyse(
            text.text, reference, time_zone=zone_name(), language=text.language or "en"
        )
    except AnalystError as error:
        log.warning("a story could not be read", news_id=story.pk, error=str(error))
        actions.fail(story, text, str(error))
        return
    try:
        actions.suggest(story, text, analysis, reference=reference)
    except Exception as error:  # the stories behind it must still have their turn
        log.exception("an analysis could not be kept", news_id=story.pk)
        actions.fail(story, text, f"{type(error).__name__}: {error}")


def reference_of(story: Story) -> datetime:
    """Return the time that relative dates of ``story`` count from: publication, or now."""
    return story.first_published_at or timezone.now()


def zone_name() -> str:
    """Return the name of the paper's time zone."""
    return (Paper.objects.first() or Paper()).time_zone
