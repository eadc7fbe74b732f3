"""JSON Feed 1.0 and 1.1 (jsonfeed.org), a story an item."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from typing import Any

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink, WirePhoto, WireRecord
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import feed_body, feed_media, feed_words, fragment
from broadsheet.wire.parsers.feed_markup import LARGEST_ENTRY, MOST_ENTRIES
from broadsheet.wire.parsers.fragment import Fragment
from broadsheet.wire.parsers.guard import STUMBLES
from broadsheet.wire.parsers.json_text import listed, load, said, storable

FORMAT = "JSON Feed"

_VERSION = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org', re.IGNORECASE)
_HEAD = 20_000


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is a JSON Feed: it says so itself, in ``version``."""
    text = incoming.decoded.text
    if not text[:100].lstrip("\ufeff \t\r\n").startswith("{"):
        return False
    # The order of a feed's members is free: the version may stand behind its items.
    parts = [text] if len(text) <= _HEAD else [text[:_HEAD], text[-_HEAD:]]
    return any(_VERSION.search(part) for part in parts)


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the items of the feed; none is no error. Raises :class:`WireError`."""
    feed = load(incoming.decoded.text)
    if not isinstance(feed, dict) or not isinstance(feed.get("items", []), list):
        raise WireError("The JSON Feed has no list of items. Have the supplier send it again.")
    items = listed(feed, "items")
    records: list[WireRecord] = []
    for place, item in enumerate(items[:MOST_ENTRIES], 1):
        try:
            records.append(_item(incoming, feed, item) or _empty(incoming.origin, place))
        except STUMBLES:
            logging.getLogger(__name__).info(
                "item %d of %s failed", place, incoming.origin, exc_info=True
            )
            reason = f"Item {place} of the feed could not be read. Look it up at the supplier’s."
            records.append(Unread(incoming.origin, "story", reason))
    if len(items) > MOST_ENTRIES:
        reason = (
            f"{len(items) - MOST_ENTRIES} items after the first {MOST_ENTRIES} of the feed were "
            "left out. Ask the supplier for a shorter feed."
        )
        records.append(Unread(incoming.origin, "story", reason))
    return records


def _empty(origin: str, place: int) -> Unread:
    reason = f"Item {place} of the feed has neither title nor text; nothing was made of it."
    return Unread(origin, "story", reason, is_noted=True)


def _item(incoming: Incoming, feed: dict[str, Any], item: Any) -> WireItem | Unread | None:
    raw = json.dumps(item, ensure_ascii=True, sort_keys=True).encode()
    if len(raw) > LARGEST_ENTRY:
        title = feed_words.plain(said(item, "title"))[:200] or "An item"
        reason = f"“{title}” is longer than any story. Look it up at the supplier’s."
        return Unread(incoming.origin, "story", reason)
    home = feed_media.absolute(said(feed, "home_page_url", "feed_url"), incoming.origin)
    base_url = feed_media.absolute(incoming.origin, "") or home
    url = feed_media.absolute(said(item, "url"), base_url)
    external = feed_media.absolute(said(item, "external_url"), base_url)
    pictures, links = _pictures(item, url or base_url)
    body = feed_body.made_of(
        [_content(item, url or base_url)],
        Fragment(fragment.from_plain(said(item, "summary")).blocks),
        pictures,
    )
    oddities = [*incoming.decoded.oddities, *body.oddities]
    headline, odd = feed_words.headline_of(said(item, "title"), is_plain=True)
    oddities.extend(odd)
    if not headline and body.words:
        headline = feed_words.first_words(body.words[0])
        oddities.append("The entry has no title; its first words stand for one.")
    if not headline and not body.photos and not url:
        return None
    language = language_of(
        "\n".join([headline, *body.words]), said(item, "language") or said(feed, "language")
    )
    published, odd = feed_words.moment_of(said(item, "date_published"), None, language)
    updated, odd_updated = feed_words.moment_of(said(item, "date_modified"), None, language)
    if published is None and updated is None:
        odd = (*odd, "The entry names no publication time.")
    names = feed_words.names_of(_authors(item) or _authors(feed))
    agencies = [*map(agency_named, names), feed_words.agency_in(said(feed, "title"))]
    guid = _guid(said(item, "id") or url, home, raw)
    if url and url != guid:
        links.insert(0, WireLink("related", url))
    if external and external != url:
        # What a link blog's entry is about (JSON Feed, "external_url").
        links.append(WireLink("derived", external))
    topics = {storable(tag).strip(): None for tag in listed(item, "tags") if isinstance(tag, str)}
    return WireItem(
        guid=guid,
        origin=incoming.origin,
        format=FORMAT,
        sha256=hashlib.sha256(raw).hexdigest(),
        headline=headline or url or guid,
        body=body.blocks,
        version=updated.isoformat() if updated else "",
        published=published or updated,
        updated=updated,
        language=language,
        lead=body.lead,
        authors=tuple(name for name in names if not agency_named(name)),
        agencies=tuple(dict.fromkeys(filter(None, agencies))),
        info_sources=tuple(filter(None, (feed_words.plain(said(feed, "title")),))),
        topics=tuple(filter(None, topics)),
        photos=body.photos,
        links=tuple(dict.fromkeys(links)),
        raw=raw,
        oddities=(*oddities, *odd, *odd_updated),
    )


def _content(item: Any, base_url: str) -> Fragment:
    if markup := said(item, "content_html"):
        return fragment.read(markup, base_url)
    return fragment.from_plain(said(item, "content_text"))


def _authors(node: Any) -> list[str]:
    # Version 1.0 had one author, 1.1 has a list of them.
    people = listed(node, "authors") or listed(node, "author")
    return [name for each in people if (name := said(each, "name"))]


def _pictures(item: Any, base_url: str) -> tuple[tuple[WirePhoto, ...], list[WireLink]]:
    """Return the pictures that stand beside the text, and what else is attached."""
    photos: dict[str, WirePhoto] = {}
    links: list[WireLink] = []
    for name in ("image", "banner_image"):
        if url := feed_media.absolute(said(item, name), base_url):
            photos.setdefault(feed_media.file_of(url), WirePhoto(url=url, key=url))
    for each in listed(item, "attachments"):
        url, kind = feed_media.absolute(said(each, "url"), base_url), said(each, "mime_type")
        if url and kind.lower().startswith("image/"):
            photo = WirePhoto(url=url, key=url, headline=said(each, "title"), media_type=kind)
            photos.setdefault(feed_media.file_of(url), photo)
        elif url:
            links.append(WireLink("related", url, said(each, "title") or kind))
    return tuple(photos.values()), links


def _guid(name: str, home: str, raw: bytes) -> str:
    if not name:
        return f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return feed_words.unique_name(name, home)
