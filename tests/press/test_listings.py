"""Lists cost the same in any archive: found by an index, in order, and read once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from broadsheet.accounts.models import Byline
from broadsheet.press import feeds, listings, loading, sitemaps
from broadsheet.press.reading import one_reading
from broadsheet.stories.models import Story, StoryByline, StoryTopic, Topic
from press import newspaper

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "story_newest"),
        ({"front_language": "en"}, "story_front"),
        ({"section": 1}, "story_section"),
        ({"section": 1, "front_language": "en"}, "story_section_front"),
    ],
)
def test_a_list_is_read_in_order_from_its_index_alone(
    wanted: dict[str, object], index: str
) -> None:
    stories = Story.objects.public().filter(**wanted).newest_first()
    plan = stories.values_list("pk")[:30].explain()
    assert f"USING COVERING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_a_sitemap_is_read_from_an_index_alone() -> None:
    plan = sitemaps._in_range(first=0, end=1000, at=newspaper.PUBLISHED).explain()
    assert "USING COVERING INDEX story_public (news_id>? AND news_id<?)" in plan
    assert "TEMP B-TREE" not in plan


def test_more_stories_take_no_more_queries() -> None:
    counts = []
    for batch in (range(1, 4), range(4, 13)):
        for number in batch:
            newspaper.story(
                f"Number {number}", news_id=number, lead="" if number % 2 else "In short."
            )
        with CaptureQueriesContext(connection) as captured, one_reading():
            stories = listings.front(None, "en")
            assert all(feeds.KIND.draw(f"all.{suffix}") for suffix in ("rss", "atom", "json"))
        counts.append((len(stories), len(captured)))
    assert [stories for stories, _ in counts] == [3, 12]
    assert counts[0][1] == counts[1][1]


def test_a_story_without_a_lead_shows_its_opening_without_a_query_of_its_own() -> None:
    newspaper.story("With", news_id=1, lead="In short.")
    newspaper.story("Without", news_id=2, lead="")
    stories = {story.headline: story for story in loading.load([1, 2])}
    assert "body" in stories["With"].get_deferred_fields()
    assert "body" not in stories["Without"].get_deferred_fields()


def _ferries() -> None:
    """Publish stories one to six, all but the second under one topic; the fifth has expired."""
    topic = Topic.objects.create(name="Ferries", slug="ferries", language="en")
    for number in range(1, 7):
        moment = newspaper.PUBLISHED + timedelta(hours=number % 4)
        made = newspaper.story(f"Number {number}", news_id=number, first_published_at=moment)
        if number != 2:
            made.topics.add(topic)
            made.save()
    Story.objects.filter(pk=5).update(expire_at=newspaper.PUBLISHED)


def test_a_topic_lists_the_newest() -> None:
    _ferries()
    assert listings.ids_of_topic("ferries") == [3, 6, 1, 4]
    assert listings.ids_of_topic("none") == []


def test_a_topics_feed_has_fewer_stories_than_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listings.IN_A_TOPICS_FEED == 15
    monkeypatch.setattr(listings, "IN_A_TOPICS_FEED", 2)
    _ferries()
    assert listings.ids_of_feed(topic_slug="ferries") == [3, 6]


def _tied() -> QuerySet[StoryTopic]:
    return StoryTopic.objects.all()


@pytest.mark.parametrize("few", [100, 2])
def test_the_newest_of_anything_are_found_however_many_it_has(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "_FEW", few)
    _ferries()
    assert listings.newest_of(_tied, "topic", "ferries") == [3, 6, 1, 4]
    assert listings.newest_of(_tied, "topic", "none") == []


def test_a_byline_that_stands_twice_on_a_story_lists_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listings, "ON_A_LIST", 3)
    ada = Byline.objects.create(name="Ada", slug="ada")
    for number in range(1, 5):
        moment = newspaper.PUBLISHED + timedelta(hours=number)
        made = newspaper.story(f"Number {number}", news_id=number, first_published_at=moment)
        made.bylines = [StoryByline(byline=ada) for _ in range(2 if number == 4 else 1)]
        made.save()
    assert listings.ids_of_byline("ada") == [4, 3, 2]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
@pytest.mark.parametrize(
    ("name", "index"), [("topic", "storytopic_newest"), ("byline", "storybyline_newest")]
)
def test_what_a_story_is_tied_to_lists_it_in_the_order_of_an_index(name: str, index: str) -> None:
    plan = listings._tied_in_order(name, 60, number=1, at=newspaper.PUBLISHED).explain()
    assert f"USING COVERING INDEX {index} ({name}_id=? AND published_at>?)" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
