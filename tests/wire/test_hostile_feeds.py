"""Feeds that are broken, cut off, endless, or meant to do harm."""

from __future__ import annotations

import time

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem
from broadsheet.wire.parsers import feed_markup

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Harbour</title>{items}
</channel></rss>"""
ITEM = """<item><title>{title}</title><link>https://wire.example/a/1</link>{more}</item>"""
STORY = """<content:encoded><![CDATA[<p>The ferry stayed in port on Tuesday.</p><h2>Wind</h2>
<p>Gusts reached <b>ten</b>.</p><p>Until tomorrow.</p>]]></content:encoded>"""


def records(text: str) -> list[object]:
    return list(parsers.parse(Incoming(text.encode(), "feed.xml")))


def read_or_refused(text: str) -> list[object]:
    try:
        return records(text)
    except WireError:
        return []


def only(text: str) -> WireItem:
    (item,) = parsers.items(Incoming(text.encode(), "feed.xml"))
    return item


def test_a_bad_entry_does_not_take_the_others_along() -> None:
    empty = "<item><pubDate>Tue, 05 Mar 2024 07:15:00 GMT</pubDate></item>"
    found = records(RSS.format(items=empty + ITEM.format(title="A", more=STORY)))
    assert [type(record) for record in found] == [Unread, WireItem]
    assert isinstance(found[0], Unread)
    assert "Entry 1 of the feed" in found[0].reason


def test_a_feed_that_is_cut_off_gives_what_there_is() -> None:
    whole = RSS.format(items=ITEM.format(title="A", more=STORY) * 2)
    items = parsers.items(Incoming(whole[: whole.rindex("Gusts")].encode(), "feed.xml"))
    assert [item.headline for item in items] == ["A", "A"]
    assert any("not well formed" in oddity for oddity in items[0].oddities)


def test_a_feed_without_entries_is_no_error() -> None:
    assert records(RSS.format(items="")) == []
    assert records('{"version": "https://jsonfeed.org/version/1.1", "items": []}') == []


def test_more_entries_than_are_read_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_markup, "MOST_ENTRIES", 40)
    many = "".join(
        f"<item><title>T{number}</title><guid>urn:{number}</guid></item>"
        for number in range(feed_markup.MOST_ENTRIES + 7)
    )
    found = records(RSS.format(items=many))
    assert len(found) == feed_markup.MOST_ENTRIES + 1
    last = found[-1]
    assert isinstance(last, Unread)
    assert last.reason.startswith("7 entries")


def test_an_entry_larger_than_any_story_is_refused_alone() -> None:
    large = ITEM.format(title="Big", more=f"<description>{'word ' * 300_000}</description>")
    found = records(RSS.format(items=large + ITEM.format(title="A", more=STORY)))
    assert [type(record) for record in found] == [Unread, WireItem]
    assert isinstance(found[0], Unread)
    assert found[0].reason.startswith("“Big” has 1 MB")


def test_elements_and_attributes_without_end_take_no_time() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(50_000))
    topics = "".join(f"<category>c{number}</category>" for number in range(20_000))
    started = time.monotonic()
    item = only(RSS.format(items=f"<item {attributes}><title>A</title>{topics}</item>"))
    assert time.monotonic() - started < 5
    assert len(item.topics) == 200
    assert len([oddity for oddity in item.oddities if "more" in oddity]) == 2


def test_entities_of_its_own_are_never_expanded() -> None:
    bomb = "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' if level else '<!ENTITY a0 "boom">'
        for level in range(10)
    )
    text = RSS.format(items=ITEM.format(title="&a9;", more=STORY)).partition("?>")[2]
    external = '<!ENTITY x SYSTEM "file:///etc/passwd">'
    started = time.monotonic()
    item = only(f"<?xml version='1.0'?><!DOCTYPE rss [{bomb}{external}]>{text}")
    assert time.monotonic() - started < 5
    assert "boom" not in item.headline
    assert len(item.body) == 4


@pytest.mark.parametrize(
    "hostile",
    [
        "<rss><channel><item><title>" + "<b>" * 3000 + "A",
        "<rss><channel>" + "<item>" * 3000,
        "<rss><channel><item><title>A\x00B</title></item></channel></rss>",
        "<rss><channel><item><authors a='1'/><links b='2'/><tags c='3'/><content d='4'/>"
        "<title_detail e='5'/><summary_detail f='6'/><title>A</title></item></channel></rss>",
        "<rss><channel><item><title>A</title><dc:creator>" + "a" * 200_000 + "</dc:creator></item>",
        "<rss><channel><title>A</title><item><author><name>" + "a" * 200_000 + "</name></author>",
        "<rss " + "a" * 30_000 + "='1'><channel><item><title>A</title></item></channel></rss>",
        "<rss><channel><item><link>http://[::1</link><title>A</title></item></channel></rss>",
        "<rss><channel><item><pubDate>" + "9" * 5000 + "</pubDate><title>A</title></item>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='x/y'>QUJD</content>"
        "<title>A</title></entry></feed>",
        "<rss><channel><item><title>A</title><description>" + "&lt;" * 5000 + "</description>",
    ],
)
def test_hostile_feeds_are_read_or_refused(hostile: str) -> None:
    started = time.monotonic()
    assert all(isinstance(record, WireItem | Unread) for record in read_or_refused(hostile))
    assert time.monotonic() - started < 5
