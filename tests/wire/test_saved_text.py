"""The page the system was read off, and text that varies from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem

PARAGRAPHS = [
    "The clock on the market hall has been seven minutes fast since the spring, and the town has "
    "decided to leave it that way.",
    "Nobody has missed a train since, the stationmaster said.",
]


def read(text: str) -> WireItem:
    (item,) = parsers.items(Incoming(text.encode(), "page.txt"))
    return item


def page(*lines: str) -> str:
    return "\n\n".join([*lines, *PARAGRAPHS])


def test_the_real_page_is_read_to_the_character(seed_page: Path) -> None:
    content = seed_page.read_bytes()
    (item,) = parsers.items(Incoming(content, str(seed_page)))
    lines = content.decode().split("\n")
    assert item.news_id == 207166
    assert item.published == datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
    assert item.headline == lines[3] == lines[5]
    (photo,) = item.photos
    assert f"{photo.caption} (AFP)" == lines[6]
    assert photo.caption.endswith("on April 25, 2017.")
    assert photo.credit == "AFP"
    assert photo.taken_on == date(2017, 4, 25)
    assert photo.content is None
    body = plain_paragraphs(item)
    assert body == [line for line in lines[7:-3] if line and not line.endswith(("Key:", "refresh"))]
    assert len(body) == 12
    assert body[1].endswith(", reported")
    assert item.language == "en"
    assert item.agencies == ()
    assert item.oddities == ()


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("Published: 0658 GMT December 30, 2017", datetime(2017, 12, 30, 6, 58, tzinfo=UTC)),
        ("Published : 06:58 GMT 30 December 2017", datetime(2017, 12, 30, 6, 58, tzinfo=UTC)),
        ("Published: Dec. 30, 2017, 6:58 pm EST", datetime(2017, 12, 30, 23, 58, tzinfo=UTC)),
        ("Published: 2017-12-30T10:28:00+03:30", datetime(2017, 12, 30, 6, 58, tzinfo=UTC)),
        ("تاریخ انتشار: ۹ دی ۱۳۹۶ ساعت ۱۰:۲۸ تهران", datetime(2017, 12, 30, 6, 58, tzinfo=UTC)),
        ("Veröffentlicht: 30.12.2017, 07:58 Uhr MEZ", datetime(2017, 12, 30, 6, 58, tzinfo=UTC)),
    ],
)
def test_printed_times(printed: str, at: datetime) -> None:
    item = read(page(f"News ID: 7\n{printed}", "The clock stays fast"))
    assert item.published == at
    assert item.oddities == ()


def test_an_unknown_zone_is_read_as_utc_and_said() -> None:
    item = read(page("News ID: 7\nPublished: 0658 QQT December 30, 2017", "The clock stays fast"))
    assert item.published == datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
    assert any("time zone" in oddity for oddity in item.oddities)


def test_an_impossible_date_is_left_out_and_said() -> None:
    item = read(page("News ID: 7\nPublished: 0658 GMT February 30, 2017", "The clock stays fast"))
    assert item.published is None
    assert any("could not be read" in oddity for oddity in item.oddities)


def test_a_paragraph_keeps_every_character() -> None:
    odd = 'He wrote <b>"2 > 1 & 3"</b>, \u201cso-called\u201d\u00a0proof \u2014 and left, reported'
    item = read(f"News ID: 7\n\nThe clock stays fast\n\n{odd}\n")
    assert plain_paragraphs(item) == [odd]


def test_the_same_page_without_number_has_a_guid_of_its_own() -> None:
    first = read(page("Published: 0658 GMT December 30, 2017", "The clock stays fast"))
    second = read(page("Published: 0700 GMT December 30, 2017", "The clock stays fast"))
    assert first.guid != second.guid
    assert first.guid == read(page("Published: 06:58 GMT 30 December 2017", first.headline)).guid


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "white space"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "picture"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "binary"),
        (b"News ID: 12\nPublished: 0658 GMT December 30, 2017\n", "No story"),
        (b"News ID: 12\n\nOnly a headline\n", "no paragraph"),
        (b"a,b,c\n1,2,3\n", "No story"),
        (b'{"news": 1}', "not known"),
        (b"Security Key:\nCaptcha refresh\n", "No story"),
        (b"News ID: 12\n\n" + b"word " * 100 + b"\n\nsecond\n", "no headline"),
    ],
)
def test_what_is_no_page_is_refused_with_advice(content: bytes, said: str) -> None:
    with pytest.raises(WireError, match=said):
        parsers.items(Incoming(content, "page.txt"))
