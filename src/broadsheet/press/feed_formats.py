"""The three formats of a feed: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 (jsonfeed.org).

Django writes RSS and Atom; what is added here is what it leaves out: the whole text, pictures,
several authors, and the language and direction of an entry that is not in the feed's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any, Protocol
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc2822_date,
    rfc3339_date,
)
from django.utils.xmlutils import SimplerXMLGenerator

from broadsheet.press import dates
from broadsheet.stories.languages import direction_of

# An empty feed still has to say when it was updated (RFC 4287, 4.1.1).
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """A story in a feed. Texts are plain, ``content`` is clean HTML, addresses are whole."""

    address: str
    headline: str
    summary: str
    content: str
    language: str
    published: datetime
    updated: datetime
    people: list[str]
    agencies: list[str]
    categories: list[str]
    picture: str

    @property
    def authors(self) -> list[str]:
        """Who a feed names: the bylines, or the agencies where nobody signed."""
        return self.people or self.agencies


class Entries(Protocol):
    """What stands for the entries of a feed: they can be asked for as a format writes them."""

    def written(self, form: str, write: Callable[[Entry], str]) -> list[bytes]:
        """Return what ``write``, that of the format called ``form``, makes of each entry.

        Nothing for one that no reader may see any more.
        """


@dataclass(frozen=True)
class Feed:
    """A feed, whatever its format. ``updated`` is ``None`` while it has no entry."""

    title: str
    page: str
    address: str
    description: str
    language: str
    publisher: str
    updated: datetime | None
    entries: Entries


# Where the entries go. No text of a feed has it, in which this character would be escaped.
_ENTRIES = "<entries/>"


class _NewsFeed(SyndicationFeed):
    # How the format writes a time.
    moment: Callable[[datetime], str]

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed; Django's would say "now" of an empty one."""
        updated: datetime = self.feed["updated"]
        return updated

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        """Mark the place of the entries."""
        # What SAX calls so is written as it is, without being escaped.
        handler.ignorableWhitespace(_ENTRIES)

    def entry(self, entry: Entry) -> str:
        """Return ``entry`` as this format writes it; it is the same in every feed."""
        self.items = []
        self.add_item(
            title=entry.headline,
            link=entry.address,
            description=entry.summary,
            unique_id=entry.address,
            unique_id_is_permalink=True,
            pubdate=entry.published.astimezone(UTC),
            updateddate=entry.updated.astimezone(UTC),
            categories=entry.categories,
            entry=entry,
        )
        text = StringIO()
        super().write_items(  # type: ignore[misc]
            SimplerXMLGenerator(text, "utf-8", short_empty_elements=True)
        )
        return text.getvalue()


class _Rss(_NewsFeed, Rss201rev2Feed):
    moment = staticmethod(rfc2822_date)

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for author in entry.authors:
            handler.addQuickElement("dc:creator", author)
        handler.addQuickElement("dc:language", entry.language)
        handler.addQuickElement("content:encoded", _in_direction(entry))
        if entry.picture:
            handler.addQuickElement(
                "media:content",
                "",
                {"url": entry.picture, "medium": "image", "type": "image/webp"},
            )


class _Atom(_NewsFeed, Atom1Feed):
    moment = staticmethod(rfc3339_date)

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:media": "http://search.yahoo.com/mrss/"}

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["entry"].language}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        # Without the summary, which Django declares to be HTML; as plain text it follows below.
        super().add_item_elements(handler, {**item, "description": None})
        entry: Entry = item["entry"]
        for author in entry.authors:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", author)
            handler.endElement("author")
        handler.addQuickElement("summary", entry.summary, {"type": "text"})
        handler.addQuickElement("content", _in_direction(entry), {"type": "html"})
        if entry.picture:
            handler.addQuickElement(
                "media:content",
                "",
                {"url": entry.picture, "medium": "image", "type": "image/webp"},
            )


def _in_direction(entry: Entry) -> str:
    """Return the text in an element of its language: the formats have no word for direction."""
    direction = direction_of(entry.language)
    return f'<div lang="{entry.language}" dir="{direction}">{entry.content}</div>'


_KINDS: dict[str, type[_NewsFeed]] = {"rss": _Rss, "atom": _Atom}
# Stands for the time at which a feed was updated. None of a newspaper's is so old.
_UPDATED = datetime(1, 1, 1, tzinfo=UTC)


class _NoEntries:
    def written(self, form: str, write: Callable[[Entry], str]) -> list[bytes]:
        return []


_NO_ENTRIES = _NoEntries()


# A publication writes a dozen feeds, and but for their entries and the time they are as before.
@lru_cache(maxsize=1024)
def _around(form: str, feed: Feed) -> tuple[bytes, bytes]:
    """Return what stands before the entries of ``feed`` and after them."""
    document = _KINDS[form](
        title=feed.title,
        link=feed.page,
        description=feed.description,
        subtitle=feed.description,
        language=feed.language,
        feed_url=feed.address,
        # RFC 4287 wants a name that never changes; the feed's own address is the one it has.
        feed_guid=feed.address,
        author_name=feed.publisher,
        updated=feed.updated,
    )
    file = BytesIO()
    document.write(file, "utf-8")
    head, foot = file.getvalue().split(_ENTRIES.encode())
    return head, foot


def _written(form: str, feed: Feed) -> bytes:
    kind = _KINDS[form]
    head, foot = _around(form, replace(feed, updated=_UPDATED, entries=_NO_ENTRIES))
    updated = kind.moment(feed.updated or _NEVER)
    head = head.replace(kind.moment(_UPDATED).encode(), updated.encode())
    write = kind(title="", link="", description="").entry
    return b"".join([head, *feed.entries.written(form, write), foot])


def rss(feed: Feed) -> bytes:
    """Return ``feed`` as RSS 2.0 (https://www.rssboard.org/rss-specification)."""
    return _written("rss", feed)


def atom(feed: Feed) -> bytes:
    """Return ``feed`` as Atom (RFC 4287)."""
    return _written("atom", feed)


def json_feed(feed: Feed) -> bytes:
    """Return ``feed`` as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    head = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.address,
            "description": feed.description,
            "language": feed.language,
            "authors": [{"name": feed.publisher}],
        },
        ensure_ascii=False,
    )
    # Nothing is written of a story that was withdrawn since the feed was read.
    items = b", ".join(filter(None, feed.entries.written("json", _json_item)))
    return b'%s, "items": [%s]}' % (head[:-1].encode(), items)


def _json_item(entry: Entry) -> str:
    return json.dumps(_for_json(entry), ensure_ascii=False)


def _for_json(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.address,
        "url": entry.address,
        "title": entry.headline,
        "summary": entry.summary,
        "content_html": _in_direction(entry),
        "date_published": dates.machine(entry.published),
        "date_modified": dates.machine(entry.updated),
        "language": entry.language,
        "tags": entry.categories,
    }
    if entry.authors:
        item["authors"] = [{"name": name} for name in entry.authors]
    if entry.picture:
        item["image"] = entry.picture
    return item


WRITERS: dict[str, Callable[[Feed], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
