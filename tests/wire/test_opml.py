"""Lists of feeds."""

from __future__ import annotations

from broadsheet.wire import parsers
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireFeed, WireRecord


def read(body: str) -> list[WireRecord]:
    text = f'<?xml version="1.0"?><opml version="2.0"><head><title>L</title></head>{body}</opml>'
    return list(parsers.parse(Incoming(text.encode(), "feeds.opml")))


def test_feeds_with_their_folders() -> None:
    found = read(
        """<body><outline text="Agencies"><outline text="World">
<outline type="rss" text="Wire" title="The Wire" xmlUrl="https://w.example/a.xml"
 htmlUrl="https://w.example/" language="en"/></outline>
<outline type="rss" text="Sea &amp; coast" xmlURL="feed://s.example/rss"/></outline>
<outline text="Alone" xmlUrl="https://l.example/f" category="/Ports/North,/x"/></body>"""
    )
    assert found == [
        WireFeed(
            "feeds.opml",
            "https://w.example/a.xml",
            "The Wire",
            "en",
            "Agencies / World",
        ),
        WireFeed("feeds.opml", "http://s.example/rss", "Sea & coast", category="Agencies"),
        WireFeed("feeds.opml", "https://l.example/f", "Alone", category="Ports / North"),
    ]


def test_what_is_no_feed_is_told_and_never_dropped() -> None:
    found = read(
        """<body><outline type="rss" text="Lost"/><outline text="A note"/>
<outline text="Evil" xmlUrl="javascript:alert(1)"/><outline text="Twice" xmlUrl="https://t.example"/>
<outline text="Twice" xmlUrl="https://t.example"/></body>"""
    )
    assert [type(record) for record in found] == [Unread, Unread, Unread, WireFeed]
    assert [record.is_noted for record in found if isinstance(record, Unread)] == [
        False,
        True,
        False,
    ]


def test_an_empty_list_and_folders_without_end() -> None:
    assert read("<body/>") == []
    deep = "<outline text='F'>" * 200
    (found,) = read(
        f"<body>{deep}<outline text='A' xmlUrl='https://a.example/'/>{'</outline>' * 200}</body>"
    )
    assert isinstance(found, WireFeed)
    assert found.category.count("F") == 12


def test_a_damaged_list_gives_what_there_is() -> None:
    text = '<opml><body><outline text="A & B" xmlUrl="https://a.example/?x=1&y=2"><outline text='
    (found,) = parsers.parse(Incoming(text.encode(), "feeds.opml"))
    assert isinstance(found, WireFeed)
    assert found.url == "https://a.example/?x=1&y=2"
