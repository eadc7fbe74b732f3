"""Which texts wait to be read, and that nobody who serves readers reads them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from attribution.stories_at_desk import make_story, reading, rewrite, suggest
from broadsheet.attribution import actions, arrivals, story_text
from broadsheet.attribution.models import StoryReading
from broadsheet.attribution.relation import Analysis
from broadsheet.newsroom.actions.adopt import Terms, adopt
from broadsheet.newsroom.actions.publish import publish
from broadsheet.stories.models import Story
from broadsheet.wire.decide import New
from broadsheet.wire.items import WireBlock, WireItem

State = StoryReading.State
WORDS = "A clerk said the keys had been lost."
CLERK = ("A clerk", "said", "the keys had been lost")


@pytest.mark.django_db
def test_only_a_new_text_waits() -> None:
    story = make_story(WORDS)
    suggest(story, CLERK)
    same = story.get_latest_revision_as_object()
    same.slugline = "keys"
    same.save_revision()
    assert reading(story).state == State.ANALYSED
    rewrite(story, WORDS, "They are found.")
    assert reading(story).state == State.WAITING
    # Taken back before anybody came to read it.
    rewrite(story, WORDS)
    assert reading(story).state == State.ANALYSED


@pytest.mark.django_db
def test_a_text_that_could_not_be_analysed_is_not_analysed_for_being_taken_back() -> None:
    story = make_story(WORDS)
    text = story_text.newest(story)
    assert actions.suggest(story, text, Analysis(False, "cs", reason="No Czech here."))
    rewrite(story, WORDS, "They are found.")
    rewrite(story, WORDS)
    assert reading(story).state == State.WAITING


@pytest.mark.django_db
def test_a_story_that_appears_on_another_day_is_read_again() -> None:
    story = make_story(WORDS)
    suggest(story, CLERK)
    StoryReading.objects.update(reference=timezone.now())
    publish(story)
    assert reading(story).state == State.ANALYSED
    late = make_story(WORDS, first_published_at=datetime(2026, 3, 12, 9, tzinfo=UTC))
    suggest(late, CLERK)
    StoryReading.objects.update(reference=timezone.now() - timedelta(days=2))
    publish(late)
    assert reading(late).state == State.WAITING


@pytest.mark.django_db
def test_an_archive_is_not_read_unless_the_paper_says_so(settings: Any) -> None:
    with arrivals.archive():
        story = make_story(WORDS)
    assert not StoryReading.objects.exists()
    # What the desk then takes up is its own.
    story = rewrite(story, WORDS, "They are found.")
    assert reading(story).state == State.WAITING
    suggest(story)
    with arrivals.archive():
        rewrite(story, WORDS, "They are lost again.")
    assert reading(story).state == State.WAITING
    settings.READ_ARCHIVE = True
    with arrivals.archive():
        assert reading(make_story(WORDS)).state == State.WAITING


@pytest.mark.django_db
def test_adopted_copy_waits() -> None:
    item = WireItem(
        guid="tag:example.org,2026:1",
        version="1",
        sha256="0" * 64,
        format="text",
        origin="a test",
        headline="Keys lost",
        body=(WireBlock("paragraph", WORDS),),
    )
    adopted = adopt(item, New(), terms=Terms())
    assert StoryReading.objects.get(pk=adopted.news_id).state == State.WAITING
    assert WORDS in Story.objects.get(pk=adopted.news_id).body.raw_data[0]["value"]


@pytest.mark.django_db
def test_what_was_never_read_can_be_asked_for() -> None:
    with arrivals.archive():
        story = make_story(WORDS)
    arrivals.ask_for(story)
    assert reading(story).state == State.WAITING


def test_what_serves_and_presses_imports_no_language_pipeline() -> None:
    program = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
import django
django.setup()
import broadsheet.asgi, broadsheet.urls, broadsheet.newsstand.worker
from django.urls import get_resolver
get_resolver().url_patterns
import broadsheet.attribution.duties, broadsheet.attribution.checks, broadsheet.attribution.upstream
heavy = {"spacy", "thinc", "onnxruntime", "torch", "numpy", "edtf"} & set(sys.modules)
print(sorted(heavy))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            "BROADSHEET_HOME": str(settings.HOME),
            "BROADSHEET_SECRET_KEY": "x" * 60,
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == "[]"
