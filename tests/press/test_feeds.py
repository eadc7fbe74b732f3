"""Feeds, read by strict parsers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broadsheet.press import feed_formats
from broadsheet.press.feed_formats import Entry, Feed
from broadsheet.press.xml_text import printable
from press import newspaper, newsroom
from press.conftest import PressedFolder

# A reader's parser, with what a hostile document could use turned off.
STRICT = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


def parsed(content: bytes) -> Any:
    return etree.fromstring(content, STRICT)


@pytest.mark.django_db(transaction=True)
def test_rss_has_what_readers_ask_for(pressed: PressedFolder) -> None:
    story = newsroom.draft(
        "Ships & <b>boats</b>",
        lead="The short of it.",
        bylines=[newsroom.byline("mira-doe"), newsroom.byline("ada-pell")],
        agencies=[newsroom.agency()],
        topics=[newsroom.topic()],
        first_published_at=PUBLISHED,
    )
    newspaper.photo(story, newsroom.picture(), caption="A pier.", credit="AFP")
    newsroom.publish(type(story).objects.get(pk=story.pk))
    for name in ("all", "world", "en", "topic/water"):
        rss = parsed(pressed.read(f"/feeds/{name}.rss"))
        channel = rss.find("channel")
        assert rss.get("version") == "2.0"
        itself = channel.find("atom:link[@rel='self']", NS)
        assert itself.get("href") == f"https://paper.example/feeds/{name}.rss"
        assert channel.findtext("language") == "en"
        (item,) = channel.findall("item")
        assert item.findtext("title") == "Ships & <b>boats</b>"
        assert item.findtext("link") == f"https://paper.example/news/{story.news_id}/"
        guid = item.find("guid")
        assert (guid.get("isPermaLink"), guid.text) == ("true", item.findtext("link"))
        assert parsedate_to_datetime(item.findtext("pubDate")) == PUBLISHED
        assert item.findtext("description") == "The short of it."
        creators = [each.text for each in item.findall("dc:creator", NS)]
        assert creators == ["Mira-Doe", "Ada-Pell"]
        assert {each.text for each in item.findall("category")} == {"World", "Water"}
        text = item.findtext("content:encoded", namespaces=NS)
        assert "<p>The ferry sailed on Friday.</p>" in text
        assert "<p>It was <b>full</b>.</p>" in text
        media = item.find("media:content", NS)
        assert media.get("url").startswith(f"https://paper.example/photos/{story.news_id}/")
        assert pressed.has(media.get("url").removeprefix("https://paper.example"))
        assert f'src="{media.get("url")}"' in text


@pytest.mark.django_db(transaction=True)
def test_atom_keeps_rfc_4287(pressed: PressedFolder) -> None:
    newsroom.published("Ferry runs again", agencies=[newsroom.agency()])
    newsroom.published("کشتی", language="fa", first_published_at=PUBLISHED)
    feed = parsed(pressed.read("/feeds/all.atom"))
    assert feed.get(XML_LANG) == "en"
    for required in ("id", "title", "updated", "author"):
        assert feed.find(f"atom:{required}", NS) is not None, required
    assert feed.find("atom:link[@rel='self']", NS).get("href").endswith("/feeds/all.atom")
    entries = feed.findall("atom:entry", NS)
    assert [entry.get(XML_LANG) for entry in entries] == ["en", "fa"]
    for entry in entries:
        for required in ("id", "title", "updated", "published", "content", "summary"):
            assert len(entry.findall(f"atom:{required}", NS)) == 1, required
        assert entry.find("atom:link[@rel='alternate']", NS) is not None
        datetime.fromisoformat(entry.findtext("atom:updated", namespaces=NS))
    persian = entries[1].find("atom:content", NS)
    assert persian.get("type") == "html"
    assert persian.text.startswith('<div lang="fa" dir="rtl">')
    names = [each.text for each in entries[0].findall("atom:author/atom:name", NS)]
    assert names == ["Coast Wire"]
    fa = parsed(pressed.read("/feeds/fa.atom"))
    assert fa.get(XML_LANG) == "fa"
    assert len(fa.findall("atom:entry", NS)) == 1


@pytest.mark.django_db(transaction=True)
def test_json_feed(pressed: PressedFolder) -> None:
    story = newsroom.published(topics=[newsroom.topic()], first_published_at=PUBLISHED)
    feed = json.loads(pressed.read("/feeds/all.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://paper.example/feeds/all.json"
    (item,) = feed["items"]
    assert item["id"] == item["url"] == f"https://paper.example/news/{story.news_id}/"
    assert item["date_published"] == "2017-12-30T06:58:00Z"
    assert item["tags"] == ["World", "Water"]
    assert "<p>The ferry sailed on Friday.</p>" in item["content_html"]


@pytest.mark.django_db(transaction=True)
def test_a_feed_holds_the_newest_thirty(pressed: PressedFolder) -> None:
    for number in range(33):
        newspaper.story(
            f"Number {number}",
            first_published_at=PUBLISHED.replace(minute=number),
            news_id=number + 1,
        )
    items = json.loads(pressed.read("/feeds/all.json"))["items"]
    assert [item["title"] for item in items] == [f"Number {n}" for n in range(32, 2, -1)]


@pytest.mark.django_db(transaction=True)
def test_the_same_paper_gives_the_same_bytes(pressed: PressedFolder) -> None:
    """Nothing in a feed says when it was made, so that readers are not sent it again."""
    newsroom.published()
    before = {suffix: pressed.read(f"/feeds/all.{suffix}") for suffix in feed_formats.WRITERS}
    newsroom.publish(newsroom.draft("Elsewhere", language="fa")).unpublish()
    after = {suffix: pressed.read(f"/feeds/all.{suffix}") for suffix in feed_formats.WRITERS}
    assert after == before


class _Read:
    """Entries of a feed; nothing for a story that was on it, and may not be seen any more."""

    def __init__(self, entries: Sequence[Entry | None]) -> None:
        self._entries = entries

    def written(self, form: str, write: Callable[[Entry], str]) -> list[bytes]:
        return [write(each).encode() if each else b"" for each in self._entries]


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=40))
def test_no_text_can_break_a_feed(text: str) -> None:
    """Control characters, surrogates, markup: whatever came in, the document parses."""
    text = printable(text)
    entry = Entry(
        address="https://paper.example/news/1/", headline=text, summary=text,
        content=text.replace("<", "&lt;"), language="en", published=PUBLISHED, updated=PUBLISHED,
        people=[text], agencies=[], categories=[text], picture="",
    )  # fmt: skip
    feed = Feed(
        title=text, page="https://paper.example/", address="https://paper.example/feeds/all.rss",
        description=text, language="en", publisher=text, updated=None,
        entries=_Read([entry]),
    )  # fmt: skip
    shown = text.replace("\r\n", "\n").replace("\r", "\n")
    assert parsed(feed_formats.rss(feed)).findtext("channel/item/title") in {text, shown}
    assert parsed(feed_formats.atom(feed)).findtext("atom:entry/atom:title", namespaces=NS) in {
        text,
        shown,
    }
    assert json.loads(feed_formats.json_feed(feed))["items"][0]["title"] == text


def test_a_story_that_goes_while_its_feed_is_drawn_leaves_a_whole_document() -> None:
    entry = Entry(
        address="https://paper.example/news/1/", headline="One", summary="", content="",
        language="en", published=PUBLISHED, updated=PUBLISHED, people=[], agencies=[],
        categories=[], picture="",
    )  # fmt: skip
    feed = Feed(
        title="All", page="https://paper.example/", address="https://paper.example/feeds/all.rss",
        description="", language="en", publisher="Post", updated=None,
        entries=_Read([None, entry, None]),
    )  # fmt: skip
    assert len(parsed(feed_formats.rss(feed)).findall("channel/item")) == 1
    assert len(parsed(feed_formats.atom(feed)).findall("atom:entry", NS)) == 1
    assert [each["title"] for each in json.loads(feed_formats.json_feed(feed))["items"]] == ["One"]
