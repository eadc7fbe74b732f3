"""Stories that are kept between two pressings, and what makes them be read anew."""

from __future__ import annotations

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.press import loading, story_pages
from broadsheet.press.reading import one_reading
from broadsheet.stories.models import Agency, Photo, Section, Story, StoryAgency, StoryByline
from press import newspaper, newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    made = newspaper.story(lead="In short.")
    newspaper.photo(made, newspaper.picture(), caption="A quay.")
    made.topics = [newsroom.topic()]
    made.bylines = [StoryByline(byline=newsroom.byline())]
    made.agencies = [StoryAgency(agency=newsroom.agency())]
    made.save()
    return made


def test_a_story_that_is_the_same_is_not_made_again(story: Story) -> None:
    (first,) = loading.load_whole([story.pk])
    assert loading.load_whole([story.pk]) == [first]
    assert loading.load_whole([story.pk])[0] is first
    assert loading.load([story.pk])[0] is loading.load([story.pk])[0]
    made: list[int] = []
    assert [loading.derived(first, "x", lambda: made.append(1)) for _ in range(2)] == [None, None]
    assert made == [1]


@pytest.mark.parametrize(
    "change",
    [
        lambda story: Story.objects.filter(pk=story.pk).update(headline="Other"),
        lambda story: Story.objects.filter(pk=story.pk).update(
            body=[{"type": "paragraph", "value": "<p>Other.</p>"}]
        ),
        lambda _: Section.objects.update(name="Other"),
        lambda _: Photo.objects.update(caption="Other"),
        lambda story: type(story.photos.get().picture).objects.update(description="Other"),
        lambda story: type(story.topics.first()).objects.update(name="Other"),
        lambda story: type(story.bylines.get().byline).objects.update(name="Other"),
        lambda _: Agency.objects.update(credit_line="Other"),
        lambda story: story.agencies.all().delete() or StoryAgency.objects.all().delete(),
    ],
)
def test_whatever_is_shown_of_a_story_makes_it_anew(story: Story, change: object) -> None:
    (before,) = loading.load_whole([story.pk])
    assert callable(change)
    change(Story.objects.get(pk=story.pk))
    (after,) = loading.load_whole([story.pk])
    assert after is not before


def test_what_is_hidden_is_not_loaded_however_it_was_kept(story: Story) -> None:
    loading.load_whole([story.pk])
    loading.load([story.pk])
    Story.objects.filter(pk=story.pk).update(live=False)
    assert loading.load_whole([story.pk]) == loading.load([story.pk]) == []


def test_what_is_announced_is_read_with_the_first(story: Story) -> None:
    others = [newspaper.story(f"Number {number}", news_id=900 + number) for number in range(5)]
    with one_reading():
        for other in others:
            loading.announce([other.pk], whole=True)
        loading.fetch()
        assert loading.share() > 0
        with CaptureQueriesContext(connection) as captured:
            assert loading.load_whole([other.pk for other in others]) == others
        assert not captured.captured_queries


def test_a_page_says_its_own_time_and_not_how_long_the_press_took_to_warm_up(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def clock() -> float:
        happened.append("clock")
        return time.perf_counter()

    monkeypatch.setattr(story_pages, "warm_up", lambda: happened.append("warm"))
    monkeypatch.setattr(story_pages, "perf_counter", clock)
    assert re.search(r"Page generated in \d\.\d{4} sec", story_pages.story_page(story))
    assert happened == ["warm", "clock", "clock"]


def test_more_stories_than_one_statement_asks_for(story: Story) -> None:
    wanted = [*range(10_000, 10_300), story.pk]
    assert loading.load_whole(wanted) == loading.load(wanted) == [story]
