"""How lists know what a story looks like without reading it, and when they must not rely on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadsheet.press import actions, ledger, loading, looks, orders, pieces, summaries
from broadsheet.press.models import PressedFile
from broadsheet.press.reading import one_reading
from broadsheet.press.sheets import EVERYTHING, Sheet
from broadsheet.stories.models import Front, FrontPlacement, Story, StoryByline
from press import newspaper, newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)

FRONT = Sheet("front", "en")


@pytest.fixture
def stories(pressed: PressedFolder) -> list[Story]:
    newspaper.paper()
    made = [newspaper.story(f"Number {number}", news_id=number) for number in (1, 2)]
    linking = newspaper.paragraphs('<a linktype="page" id="7">See there.</a>')
    made.append(newspaper.story("Number 3", news_id=3, body=linking))
    made[0].bylines = [StoryByline(byline=newsroom.byline())]
    newspaper.photo(made[1], newsroom.picture(), caption="A quay.")
    for story in made:
        story.save()
    actions.press_orders()
    return made


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the stories whose rows are read from now on."""
    asked: list[int] = []
    read = loading.rows_of

    def noted(news_ids: list[int], *, whole: bool = False) -> dict[int, loading.Rows]:
        asked.extend(news_ids)
        return read(news_ids, whole=whole)

    monkeypatch.setattr(loading, "rows_of", noted)
    return asked


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_noted_is_what_the_rows_tell(
    stories: list[Story], whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = loading.rows_of([1, 2, 3], whole=whole)
    told = looks.of_rows(rows, whole=whole)
    asked = _asked(monkeypatch)
    assert looks.of([3, 1, 2], whole=whole) == told
    # What the third one's body comes to is not told by its own rows.
    assert asked == ([3] if whole else [])
    assert len({look.subject for look in told.values()}) == len(told)


WAYS: dict[str, Callable[[], object]] = {
    "its page": lambda: orders.write([Sheet("story", "2")], priority=-20),
    "all": lambda: orders.write([EVERYTHING], priority=-20),
    "another version": lambda: PressedFile.objects.filter(kind="story").update(sha256="0" * 64),
    "nothing noted": lambda: PressedFile.objects.update(look=None),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_story_that_may_have_changed_is_read(
    pressed: PressedFolder, stories: list[Story], way: str
) -> None:
    Story.objects.filter(pk=2).update(headline="New words")
    orders.write([FRONT])
    actions.press_orders(least=-10)
    # So it was pressed, and nobody has ordered it since.
    assert b"New words" not in pressed.read("/")
    WAYS[way]()
    orders.write([FRONT])
    actions.press_orders(least=-10)
    assert b"New words" in pressed.read("/")


def test_an_order_that_failed_and_waits_counts(
    pressed: PressedFolder, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.write([Sheet("story", "2")])
    (order,) = orders.first_due(1)
    orders.put_off(order, "no room")
    asked = _asked(monkeypatch)
    looks.of([1, 2])
    assert asked == [2]


def test_a_placed_story_that_has_expired_leaves_the_front_before_its_page_goes(
    pressed: PressedFolder, stories: list[Story]
) -> None:
    front = Front.objects.create(language="en")
    FrontPlacement.objects.create(front=front, story=stories[1], sort_order=0)
    Story.objects.filter(pk=2).update(expire_at=timezone.now() - timedelta(seconds=1))
    with transaction.atomic():
        actions.order([FRONT])
    actions.press_orders()
    assert PressedFile.objects.filter(kind="story", key="2").exists()
    page = pressed.read("/")
    assert b"Number 1" in page
    assert b"Number 2" not in page


def test_a_story_that_is_shown_in_another_way_is_not_loaded_again(
    pressed: PressedFolder, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked(monkeypatch)
    newspaper.story("The newest", news_id=9)
    actions.press_orders()
    page = pressed.read("/")
    assert page.index(b"The newest") < page.index(b"Number 1")
    assert set(asked) == {9, 3}


def test_looks_are_read_once_a_reading(
    stories: list[Story], django_assert_num_queries: Callable[..., object]
) -> None:
    with one_reading(), django_assert_num_queries(3):  # type: ignore[attr-defined]
        looks.announce([1, 2, 3])
        looks.fetch()
        looks.of([1, 2])
        looks.of([3, 1])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_looks_are_read_from_an_index_alone(stories: list[Story]) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert {key for key, _look in ledger.looks(["1", "2", "3", "4"])} == {"1", "2", "3"}
    ((query),) = [each["sql"] for each in captured]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        (plan,) = [row[-1] for row in cursor.fetchall()]
    assert "USING COVERING INDEX pressed_look (kind=? AND key=?)" in plan


def test_the_news_sitemap_reads_the_story_that_is_new(
    stories: list[Story], monkeypatch: pytest.MonkeyPatch, pressed: PressedFolder
) -> None:
    for number in (11, 12):
        newspaper.story(f"Fresh {number}", news_id=number, first_published_at=timezone.now())
    actions.press_orders()
    loading.forget()
    asked = _asked(monkeypatch)
    newspaper.story("Fresh 13", news_id=13, first_published_at=timezone.now())
    actions.press_orders()
    assert not {11, 12} & {*asked}
    text = pressed.text("/sitemap-news.xml")
    assert [text.count(f">Fresh {number}<") for number in (11, 12, 13)] == [1, 1, 1]
    Story.objects.get(pk=12).delete()
    actions.press_orders()
    assert "Fresh 12" not in pressed.text("/sitemap-news.xml")


def test_the_news_sitemap_says_what_has_changed_since(
    stories: list[Story], pressed: PressedFolder
) -> None:
    made = newspaper.story("Fresh", news_id=11, first_published_at=timezone.now())
    actions.press_orders()
    made.headline = "Fresher"
    made.save()
    actions.press_orders()
    assert ">Fresher<" in pressed.text("/sitemap-news.xml")
    paper = newspaper.paper()
    paper.name = "The Other Courier"
    paper.save()
    actions.press_orders()
    assert "<news:name>The Other Courier</news:name>" in pressed.text("/sitemap-news.xml")


def test_what_another_list_has_is_loaded_together_for_the_news_sitemap(
    stories: list[Story], pressed: PressedFolder
) -> None:
    for number in range(11, 17):
        newspaper.story(f"Fresh {number}", news_id=number, first_published_at=timezone.now())
    actions.press_orders()
    loading.forget()
    summaries.forget()
    pieces.forget()
    for number in range(11, 17):
        # As a list does that was taken apart.
        look = looks.of([number])[number]
        pieces.piece(pieces.keys([look.subject], "elsewhere")[0], lambda: (b"card", True))
    with CaptureQueriesContext(connection) as captured:
        actions.order([Sheet("sitemap-news", "")])
    read = [each for each in captured.captured_queries if "headline" in each["sql"]]
    # Of all six, those with a lead and those without.
    assert len(read) == 2
    assert pressed.text("/sitemap-news.xml").count("<news:title>") == 6
