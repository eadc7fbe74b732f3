"""Every record is within the bounds, and says what had to go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from broadsheet.wire import bounds
from broadsheet.wire.items import (
    WireBlock,
    WireComment,
    WireItem,
    WireLink,
    WirePhoto,
    WireTopic,
)
from broadsheet.wire.parsers import inline
from broadsheet.wire.parsers.tag_bounds import has_surplus_attributes
from wire.hostile_checks import check_item

AT = datetime(2024, 3, 4, 5, 12, tzinfo=UTC)
ITEM = WireItem(
    guid="urn:coast:1",
    origin="wire.xml",
    format="feed",
    sha256="0" * 64,
    headline="Ferry fares rise",
    body=(WireBlock("paragraph", "A crossing costs more."),),
    published=AT,
    topics=("Ferries",),
)


def test_what_is_within_is_left_alone() -> None:
    assert bounds.within(ITEM) is ITEM


def test_characters_that_are_none_go_wherever_they_stand() -> None:
    spoofed = replace(
        ITEM,
        headline="Ferry\x00 fares \u202erise",
        body=(WireBlock("photo", "k\x00"),),
        photos=(WirePhoto(key="k\x00", caption="A \ud800 ferry"),),
        topics=("Fer\x07ries",),
        links=(WireLink("related", "urn:\x001"),),
    )
    found = bounds.within(spoofed)
    assert found.headline == "Ferry fares rise"
    assert found.body[0].html == found.photos[0].key == "k"
    assert found.photos[0].caption == "A \ufffd ferry"
    assert (found.topics, found.links[0].guid) == (("Ferries",), "urn:1")
    check_item(found)


def test_long_names_of_items_stay_apart_and_the_same() -> None:
    one, other = (bounds.within(replace(ITEM, guid="a" * 5000 + end)) for end in "xy")
    assert one.guid != other.guid
    assert len(one.guid) <= bounds.LONGEST_GUID
    assert bounds.within(one) is one


def test_a_name_has_no_more_bytes_than_an_index_takes() -> None:
    one, other = (bounds.within(replace(ITEM, guid="\u6e21" * 999 + end)) for end in "xy")
    assert one.guid != other.guid
    assert len(one.guid.encode()) <= bounds.MOST_BYTES_OF_GUID
    assert bounds.within(one) is one
    persian = replace(ITEM, guid="\u06a9" * 1000)
    assert bounds.within(persian) is persian


def test_names_of_comments_keep_threads_together() -> None:
    name = "c" * 400
    comments = (
        WireComment("Reader", "Too dear.", AT, guid=name),
        WireComment("Other", "No.", AT, guid="d" * 400, parent_guid=name),
        WireComment("Third", "Yes.", AT.replace(year=9000)),
    )
    found = bounds.within(replace(ITEM, comments=comments))
    assert [comment.author for comment in found.comments] == ["Reader", "Other"]
    assert found.comments[1].parent_guid == found.comments[0].guid
    assert len(found.comments[0].guid) <= bounds.LONGEST_COMMENT_GUID
    assert found.oddities == ("1 comments of impossible times were left out.",)


def test_more_than_any_item_holds_is_left_out_and_told() -> None:
    topics = tuple(f"Topic {number}" for number in range(bounds.MOST_OF["topics"] + 7))
    found = bounds.within(replace(ITEM, topics=topics))
    assert found.topics == topics[:-7]
    assert found.oddities == (f"7 of its {len(topics)} topics were left out.",)


@pytest.mark.parametrize(
    "body",
    [
        (WireBlock("paragraph", "A sentence."),) * (bounds.MOST_BLOCKS + 3),
        (WireBlock("paragraph", "A sentence."), WireBlock("table", "x" * bounds.MOST_CHARACTERS)),
    ],
)
def test_a_text_that_is_not_whole_is_never_published_by_itself(body: tuple[WireBlock, ...]) -> None:
    found = bounds.within(replace(ITEM, body=body))
    assert len(found.body) < len(body)
    assert found.hold.startswith("The copy is too long for a story")
    assert found.oddities == (found.hold,)


@pytest.mark.parametrize(
    "at",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=9))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-9))),
    ],
)
def test_times_at_the_ends_of_the_calendar_are_none(at: datetime) -> None:
    found = bounds.within(replace(ITEM, published=at, embargoed=at))
    assert (found.published, found.embargoed) == (None, None)
    assert "embargo" in found.hold
    assert len(found.oddities) == 2


def test_times_are_told_in_utc() -> None:
    there = timezone(timedelta(hours=3.5))
    found = bounds.within(
        replace(ITEM, published=AT.astimezone(there), updated=AT.replace(tzinfo=None))
    )
    assert (found.published, found.updated) == (AT, AT)
    check_item(found)


@pytest.mark.parametrize("number", [-1, 0, 2**63, 10**15])
def test_numbers_that_would_use_up_all_others_are_not_taken(number: int) -> None:
    found = bounds.within(replace(ITEM, news_id=number, urgency=number))
    assert found.news_id is None
    assert found.urgency in (None, 0)


def test_embeds_lead_to_the_web() -> None:
    body = (
        WireBlock("embed", "javascript:alert(1)"),
        WireBlock("embed", "https://v.example/" + "a" * 5000),
        WireBlock("embed", "https://v.example/1"),
    )
    found = bounds.within(replace(ITEM, body=body))
    assert found.body == body[2:]
    assert found.oddities == ("2 embeds of no address were left out.",)


def test_words_are_cut_and_addresses_are_not() -> None:
    long = "word " * 20_000
    item = replace(ITEM, headline=long, lead=long, version="9" * 500, old_urls=("/" + "a" * 3000,))
    found = bounds.within(item)
    assert len(found.headline) == bounds.LONGEST_LINE
    assert len(found.lead) == bounds.LONGEST_TEXT
    assert found.old_urls == ("",)
    assert "Its headline had 100000 characters and was cut." in found.oddities


def test_what_is_no_item_is_bounded_as_well() -> None:
    found = bounds.within(WireTopic("urn:1", "in.xml", "A\x00" * 9000, about="\ud800"))
    assert len(found.name) == bounds.LONGEST_LINE
    assert found.about == "\ufffd"


def test_oddities_without_end_are_counted() -> None:
    found = bounds.within(replace(ITEM, oddities=tuple(f"Odd {n}." for n in range(500))))
    assert found.oddities[-1] == "440 oddities more."


@pytest.mark.parametrize(
    ("markup", "is_surplus"),
    [
        ("<p " + " ".join(f"a{n}" for n in range(400)) + ">", True),
        ("<p " + " ".join(f"a{n}='<'" for n in range(400)) + ">", True),
        ('<p title="' + "a b='c' " * 900 + '">text</p>', False),
        ("<p a='" * 20_000, False),
        ("<a" * 200_000, False),
        ("<a/b=" * 200_000, False),
        ("<a/" * 290 + ">" + "<a b " * 90_000, True),
        (("<a/" * 290 + ">") * 200, False),
        ("<p>word word</p>" * 100_000, False),
    ],
)
def test_attributes_are_counted_in_proportion_to_the_text(markup: str, *, is_surplus: bool) -> None:
    assert has_surplus_attributes(markup) is is_surplus


@pytest.mark.parametrize("blocks", [False, True])
def test_markup_that_is_nested_deeper_than_anybody_writes_keeps_its_words(*, blocks: bool) -> None:
    tags = ("<table><tr><td>", "</td></tr></table>") if blocks else ("<b>", "</b>")

    def cleaned(times: int) -> str:
        return inline.clean(f"{tags[0] * times}a &lt; b{tags[1] * times}", blocks=blocks)

    assert cleaned(9).count("<") >= 2 * 9
    assert cleaned(999) == "a &lt; b"
