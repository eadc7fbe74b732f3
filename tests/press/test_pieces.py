"""Lists that are pressed again out of what was pressed before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import deflate
import pytest
from django.db import transaction

from broadsheet.press import actions, loading, pieces, rebuilt, summaries
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet, kind_of
from broadsheet.stories.models import (
    Agency,
    Paper,
    Photo,
    Section,
    Story,
    StoryAgency,
    StoryByline,
)
from press import newspaper, newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = [
    Sheet("front", "en"),
    Sheet("section", "en/world"),
    Sheet("day", "2017-12-30"),
    Sheet("topic", "water"),
    Sheet("byline", "mira-doe"),
    *(Sheet("feed", f"{name}.{form}") for name in ("all", "topic/water") for form in
      ("rss", "atom", "json")),
]  # fmt: skip


@pytest.fixture
def stories(pressed: PressedFolder) -> list[Story]:
    newspaper.paper()
    made = []
    for number in range(4):
        story = newspaper.story(f"Number {number}", news_id=number + 1, lead=f"Lead {number}.")
        story.topics = [newsroom.topic()]
        # Feeds name the agencies where nobody signed.
        story.bylines = [StoryByline(byline=newsroom.byline())] if number else []
        story.agencies = [StoryAgency(agency=newsroom.agency())]
        story.save()
        made.append(story)
    newspaper.photo(made[0], newsroom.picture(), caption="A quay.")
    _press(*range(1, 5))
    # The first one notes what a picture's bytes come to.
    _press(*range(1, 5))
    return made


def _press(*changed: int) -> None:
    pages = [Sheet("story", str(news_id)) for news_id in changed]
    with transaction.atomic():
        actions.order([*LISTS, *pages], priority=-5)
    actions.press_orders()


def _all(pressed: PressedFolder) -> dict[Sheet, bytes]:
    return {sheet: pressed.read(kind_of(sheet).address(sheet.key)) for sheet in LISTS}


CHANGES: dict[str, Callable[[], object]] = {
    "headline": lambda: Story.objects.filter(pk=2).update(headline="Another"),
    "lead": lambda: Story.objects.filter(pk=2).update(lead="Another."),
    "body": lambda: Story.objects.filter(pk=2).update(
        body=[{"type": "paragraph", "value": "<p>Another.</p>"}]
    ),
    "section": lambda: Section.objects.update(name="Another"),
    "photo": lambda: Photo.objects.all().delete(),
    "topic": lambda: type(newsroom.topic()).objects.update(name="Another"),
    "byline": lambda: type(newsroom.byline()).objects.update(name="Another"),
    "agency": lambda: Agency.objects.update(name="Another", credit_line="Another"),
    "zone": lambda: Paper.objects.update(time_zone="Asia/Tehran"),
    "withdrawal": lambda: Story.objects.filter(pk=3).update(live=False),
}
# What no story's page need be pressed for.
UNORDERED = {"zone", "withdrawal"}


@pytest.mark.parametrize("change", CHANGES)
def test_a_list_of_old_pieces_is_the_same_as_one_drawn_anew(
    pressed: PressedFolder, stories: list[Story], change: str
) -> None:
    before = _all(pressed)
    CHANGES[change]()
    pieces.forget()
    _press(*([] if change in UNORDERED else range(1, 5)))
    of_old = _all(pressed)
    PressedFile.objects.update(pieces=None, look=None)
    pieces.forget()
    loading.forget()
    summaries.forget()
    _press()
    assert of_old == _all(pressed) != before
    assert PressedFile.objects.filter(pieces__isnull=False).count() >= len(LISTS) - 1


def test_what_stands_in_a_list_need_not_be_loaded_again(
    pressed: PressedFolder, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces.forget()
    loading.forget()
    summaries.forget()
    loaded: list[int] = []
    made = rebuilt.whole

    def counted(rows: loading.Rows) -> Story:
        loaded.append(rows[0][1][0])
        return made(rows)

    monkeypatch.setattr(rebuilt, "whole", counted)
    Story.objects.filter(pk=4).update(headline="New words")
    _press(4)
    assert set(loaded) == {4}
    assert all(b"New words" in content for content in _all(pressed).values())


def test_a_file_that_the_ledger_does_not_speak_of_is_not_taken_apart(
    pressed: PressedFolder, stories: list[Story]
) -> None:
    address = "/topic/water/"
    page = pressed.read(address)
    wrong = page.replace(b"Number 1", b"NUMBER 1")
    pressed.path(address).write_bytes(bytes(deflate.gzip_compress(wrong)))
    Story.objects.filter(pk=4).update(headline="New words")
    pieces.forget()
    summaries.forget()
    _press(4)
    assert b"NUMBER" not in pressed.read(address)
    assert b"New words" in pressed.read(address)


def test_no_more_pieces_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces.forget()
    monkeypatch.setattr(pieces._shelf, "most", 1_000)
    subjects = [pieces.subject([("row", (number,))]) for number in range(20)]
    names = pieces.keys(subjects, "way")
    for name in names:
        assert pieces.piece(name, lambda: (b"x" * 100, True)) == b"x" * 100
    known = [pieces.is_known(pieces.subject([("row", (number,))])) for number in range(20)]
    assert known == [False] * 10 + [True] * 10
    assert pieces.piece(names[0], lambda: (b"anew", False)) == b"anew"
    assert not pieces.is_known(pieces.subject([("row", (0,))]))
    pieces.forget()


def test_a_sheet_whose_pieces_have_gone_is_taken_apart_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces.forget()
    sheet, content = Sheet("topic", "water"), b"<i>one</i><i>two</i>"
    sha256 = hashlib.sha256(content).hexdigest()
    places = [("k" * 30, 0, 10), ("l" * 30, 10, 20)]
    assert not pieces.has(sheet, sha256)
    pieces.recall(sheet, sha256, places, lambda: content)
    assert pieces.has(sheet, sha256)
    monkeypatch.setattr(pieces._shelf, "most", 50)
    (name,) = pieces.keys([pieces.subject([("row", (1,))])], "way")
    pieces.piece(name, lambda: (b"x" * 40, True))
    assert not pieces.has(sheet, sha256)
    pieces.forget()


def test_where_pieces_stand_is_found_in_order() -> None:
    drawn = [("a", b"<i>x</i>"), ("b", b"<i>y</i>"), ("c", b"<i>x</i>"), ("d", b"lost")]
    content = b"head <i>x</i> and <i>y</i> then <i>x</i> foot"
    places = pieces.places(content, drawn)
    assert [(name, content[begin:end]) for name, begin, end in places] == drawn[:3]
