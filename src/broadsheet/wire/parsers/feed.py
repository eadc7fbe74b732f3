"""RSS 0.90 to 2.0 (RSS 1.0 in RDF too) and Atom 0.3 and 1.0 (RFC 4287), a story an entry.

feedparser reads each entry by itself, from memory: it is never given an address to fetch. What
it does not keep apart, the pictures and what agencies add to entries, is read beside it.

A feed names its entries by ``guid`` or ``id``; a bare number is unique within its feed only, so
that the feed's host is put before it. A later copy of an entry has the same name and a later
``updated``, which is its version.
"""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException

import feedparser
from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink, WirePhoto, WireRecord
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import feed_agency, feed_body, feed_markup, feed_media, feed_words
from broadsheet.wire.parsers.feed_markup import FeedMarkup
from broadsheet.wire.parsers.xml_input import local, text_of

FORMAT = "feed"

# What the libraries below meet in entries that no one has thought of; theirs is not our crash.
_ERRORS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError,
    ValueError, SAXException, etree.Error,
)  # fmt: skip
_LONGEST_URL = 2000
_TOMBSTONES = 500
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class _Feed:
    """What a feed says of itself, for all its entries."""

    origin: str
    base_url: str
    title: str
    link: str
    language: str
    rights: str
    publisher: str
    authors: tuple[str, ...]
    agency: str
    oddities: tuple[str, ...]


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is a feed, by its root element."""
    return feed_markup.looks_like_feed(incoming.decoded.text)


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the entries of the feed; none is no error. Raises :class:`WireError`."""
    markup = feed_markup.load(incoming)
    feed = _feed(incoming, markup)
    records: list[WireRecord] = []
    for place, entry in enumerate(markup.entries, 1):
        try:
            item = _item(feed, markup, entry)
            records.append(item or _empty(incoming.origin, place))
        except _ERRORS:
            logging.getLogger(__name__).info(
                "entry %d of %s failed", place, incoming.origin, exc_info=True
            )
            records.append(
                Unread(
                    incoming.origin,
                    "story",
                    f"Entry {place} of the feed could not be read. Look it up at the supplier’s.",
                )
            )
    records.extend(_withdrawn(feed, markup))
    if markup.left_out:
        records.append(
            Unread(
                incoming.origin,
                "story",
                f"{markup.left_out} entries after the first {feed_markup.MOST_ENTRIES} of the "
                "feed were left out. Ask the supplier for a shorter feed.",
            )
        )
    return records


def _empty(origin: str, place: int) -> Unread:
    reason = f"Entry {place} of the feed has neither title nor text; nothing was made of it."
    return Unread(origin, "story", reason, is_noted=True)


def _read(content: bytes, base_url: str) -> Any:
    # In a stream: a bare string may be taken for an address or a file's name, and opened.
    return feedparser.parse(
        io.BytesIO(content),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": base_url,
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _feed(incoming: Incoming, markup: FeedMarkup) -> _Feed:
    base_url = feed_media.absolute(incoming.origin, "")
    oddities = list(markup.oddities)
    try:
        said: dict[str, Any] = _read(feed_markup.head(markup), base_url)["feed"]
    except _ERRORS:
        said = {}
        oddities.append("What the feed says of itself could not be read.")
    link = feed_media.absolute(_text(said, "link"), base_url)
    title = feed_words.plain(said.get("title"))
    rights = feed_words.plain(said.get("rights"))
    publisher = feed_words.plain(said.get("publisher"))
    is_atom = markup.shell.tag == f"{{{feed_markup.ATOM}}}feed"
    agencies = map(feed_words.agency_in, (publisher, title, rights, _text(said, "author")))
    return _Feed(
        origin=incoming.origin,
        base_url=base_url or link,
        title=title,
        link=link or base_url,
        language=_text(said, "language"),
        rights=rights,
        publisher=publisher,
        # RFC 4287, section 4.2.1: an entry without author is by the feed's. RSS has no such rule.
        authors=tuple(_people(said)) if is_atom else (),
        agency=next(filter(None, agencies), ""),
        oddities=tuple(oddities),
    )


def _item(feed: _Feed, markup: FeedMarkup, entry: _Element) -> WireItem | Unread | None:
    raw = etree.tostring(entry, encoding="utf-8")
    if len(raw) > feed_markup.LARGEST_ENTRY:
        return Unread(
            feed.origin,
            "story",
            f"“{_title_in(entry)}” has {len(raw) / 1024 / 1024:.0f} MB, more than any story. Look "
            "it up at the supplier’s.",
        )
    named = _named(entry)
    base_url = feed.base_url
    for element in dict.fromkeys((markup.shell, markup.channel, entry)):
        base_url = feed_media.absolute(element.get(_BASE) or "", base_url) or base_url
    is_pruned = feed_markup.prune(entry)
    extensions = feed_agency.Extensions(entry)
    media = feed_media.take(entry, base_url)
    read = _read(feed_markup.alone(markup, entry), feed.base_url)
    said: dict[str, Any] = read["entries"][0]
    oddities = list(feed.oddities)
    if is_pruned:
        oddities.append("The entry repeats one element more often than any; the rest was left out.")
    body = feed_body.read(said, media, feed.base_url)
    other = media.title or extensions.headline
    headline, odd = _headline(said, other, read.get("version", ""))
    oddities += [*odd, *body.oddities]
    if not headline and body.words:
        headline = feed_words.first_words(body.words[0])
        oddities.append("The entry has no title; its first words stand for one.")
    link = feed_media.absolute(_text(said, "link"), feed.base_url)[:_LONGEST_URL]
    declared = feed_body.language_said(said) or feed.language
    language = language_of("\n".join([headline, *body.words]), declared)
    published, updated, odd = _times(said, language)
    authors, byline, signed = _authors(feed, said)
    topics, subjects = feed_words.topics_of(said.get("tags"))
    source = said.get("source")
    through = feed_words.plain(source.get("title")) if isinstance(source, dict) else ""
    agencies = [*signed, feed_words.agency_in(_text(said, "publisher")),
                feed_words.agency_in(through), feed.agency]  # fmt: skip
    guid = _guid(feed, named, link, raw)
    expires, odd_end = feed_words.moment_of(
        dict.get(said, "expired"), dict.get(said, "expired_parsed"), language
    )  # fmt: skip
    if not headline and not body.blocks and not body.photos and not link:
        return None
    item = WireItem(
        guid=guid,
        origin=feed.origin,
        format=FORMAT,
        sha256=hashlib.sha256(raw).hexdigest(),
        headline=headline or _told_by(body.photos) or link or feed.title or guid,
        body=body.blocks,
        version=updated.isoformat() if updated else "",
        published=published,
        updated=updated,
        language=language,
        lead=body.lead,
        section=feed_words.plain(said.get("prism_section")),
        authors=tuple(authors),
        byline=byline,
        agencies=tuple(dict.fromkeys(filter(None, agencies))),
        info_sources=tuple(dict.fromkeys(filter(None, (through, feed.title)))),
        topics=topics,
        subjects=subjects,
        photos=body.photos,
        links=_links(said, link, guid, feed.base_url) + media.links,
        rights=feed_words.plain(said.get("rights")) or media.rights or feed.rights,
        expires=expires,
        raw=raw,
        oddities=(*oddities, *odd, *odd_end),
    )
    return extensions.applied(item)


def _title_in(entry: _Element) -> str:
    title = next((child for child in entry if local(child) == "title"), None)
    return feed_words.plain(text_of(title))[:200] or "An entry"


def _headline(said: dict[str, Any], other: str, version: str) -> tuple[str, tuple[str, ...]]:
    title = _text(said, "title")
    detail = said.get("title_detail")
    kind = detail.get("type") if isinstance(detail, dict) else ""
    is_plain = bool(title) and version.startswith("atom") and kind == "text/plain"
    return feed_words.headline_of(title or other, is_plain=is_plain)


def _told_by(photos: tuple[WirePhoto, ...]) -> str:
    words = (photo.headline or photo.caption or photo.alt_text for photo in photos)
    return feed_words.first_words(next(filter(None, words), ""))


def _text(said: dict[str, Any], name: str) -> str:
    value = dict.get(said, name)
    return value.strip() if isinstance(value, str) else ""


def _people(said: dict[str, Any]) -> list[str]:
    people = dict.get(said, "authors")
    named = [
        person["name"]
        for person in (people if isinstance(people, list) else [])
        if isinstance(person, dict) and isinstance(person.get("name"), str)
    ]
    return named or ([_text(said, "author")] if _text(said, "author") else [])


def _authors(feed: _Feed, said: dict[str, Any]) -> tuple[list[str], str, list[str]]:
    """Return the persons, how they sign where that says more, and the agencies that sign."""
    source = said.get("source")
    printed = (
        _people(said) or (_people(source) if isinstance(source, dict) else []) or [*feed.authors]
    )
    names = feed_words.names_of(printed)
    persons = [name for name in names if not agency_named(name)]
    byline = ", ".join(filter(None, map(feed_words.plain, printed)))
    signed = [agency for name in names if (agency := agency_named(name))]
    return persons, byline if names and byline != ", ".join(persons) else "", signed


def _times(said: dict[str, Any], language: str) -> tuple[Any, Any, tuple[str, ...]]:
    def moment(name: str) -> tuple[Any, tuple[str, ...]]:
        return feed_words.moment_of(
            _text(said, name), dict.get(said, f"{name}_parsed"), language
        )  # fmt: skip

    published, odd = moment("published")
    updated, odd_updated = moment("updated")
    odd = (*odd, *odd_updated)
    if published is None:
        published, odd_created = moment("created")
        odd = (*odd, *odd_created)
    if published is None:
        # Dublin Core's one date, or Atom's obligatory one (RFC 4287, 4.2.15).
        published = updated
    if published is None:
        odd = (*odd, "The entry names no publication time.")
    return published, updated, odd


def _guid(feed: _Feed, said: str, link: str, raw: bytes) -> str:
    name = said or link
    if not name:
        return f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return feed_words.unique_name(name, feed.link)


def _links(said: dict[str, Any], link: str, guid: str, base_url: str) -> tuple[WireLink, ...]:
    found = [WireLink("related", link)] if link and link != guid else []
    links = dict.get(said, "links")
    for each in links if isinstance(links, list) else []:
        if not isinstance(each, dict):
            continue
        rel, url = each.get("rel"), feed_media.absolute(str(each.get("href") or ""), base_url)
        title = feed_words.plain(each.get("title"))
        if url and rel == "related":
            found.append(WireLink("related", url, title))
        elif url and rel == "via":
            # RFC 4287, section 4.2.7.2: where the information came from.
            found.append(WireLink("derived", url, title))
    return tuple(dict.fromkeys(found))


def _withdrawn(feed: _Feed, markup: FeedMarkup) -> list[WireItem]:
    """Return what the feed says to be deleted (RFC 6721): items that take others back."""
    items: list[WireItem] = []
    for element in markup.channel:
        if local(element) != "deleted-entry":
            continue
        guid = (element.get("ref") or "").strip()
        if not guid or len(items) >= _TOMBSTONES:
            continue
        raw = etree.tostring(element, encoding="utf-8", with_tail=False)
        at, odd = feed_words.moment_of(element.get("when"), None, "")
        comment = " ".join("".join(element.itertext()).split())
        items.append(
            WireItem(
                guid=guid[:_LONGEST_URL],
                origin=feed.origin,
                format=FORMAT,
                sha256=hashlib.sha256(raw).hexdigest(),
                headline=comment or "Withdrawn",
                body=(),
                version=at.isoformat() if at else "",
                updated=at,
                agencies=tuple(filter(None, (feed.agency,))),
                pub_status="canceled",
                ed_note=comment,
                raw=raw,
                oddities=(*odd, "The feed says that this entry was deleted (RFC 6721)."),
            )
        )
    return items


def _named(entry: _Element) -> str:
    """Return the name of an entry as it stands there: feedparser would make it an address."""
    for child in entry:
        if local(child).lower() in {"guid", "id", "identifier"} and (name := text_of(child)):
            return name
    about = (value for key, value in entry.attrib.items() if key.endswith("}about"))
    return next(about, "").strip()
