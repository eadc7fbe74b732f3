"""Lists of feeds: OPML 1.0 and 2.0 (opml.org), as feed readers write them."""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml.etree import _Element

from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireFeed, WireRecord
from broadsheet.wire.parsers import xml_input
from broadsheet.wire.parsers.xml_input import local

FORMAT = "OPML"

_MOST_FEEDS = 20_000
# Folders within folders; readers of feeds have two or three levels.
_DEEPEST = 12
_LONGEST = 300
_LONGEST_URL = 2000
_NOT_ALLOWED = "“{url}” is no address a feed can have. Correct it in the list and import it again."


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is OPML, by its root element."""
    return xml_input.root_name(incoming).lower() == "opml"


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the feeds in the list, in its order; none is no error.

    Raises :class:`WireError`. Outlines that name no feed and hold none (notes, links) are told
    as ``Unread``, only noted.
    """
    root = xml_input.read(incoming).root
    records: dict[WireRecord, None] = {}
    waiting: list[tuple[_Element, tuple[str, ...]]] = [
        (child, ())
        for body in root.iter()
        if local(body).lower() == "body"
        for child in reversed(body)
    ]
    while waiting:
        outline, folders = waiting.pop()
        if local(outline).lower() != "outline":
            continue
        if len(records) >= _MOST_FEEDS:
            reason = f"Only the first {_MOST_FEEDS} feeds of the list were read. Divide the list."
            records[Unread(incoming.origin, "feed", reason)] = None
            break
        said = {name.rpartition("}")[2].lower(): value for name, value in outline.attrib.items()}
        title = _one_line(said.get("title") or said.get("text") or "")
        within = (*folders, title) if title and len(folders) < _DEEPEST else folders
        waiting.extend((child, within) for child in reversed(outline))
        if record := _record(incoming.origin, said, title, folders, is_folder=len(outline) > 0):
            records[record] = None
    return list(records)


def _record(
    origin: str, said: dict[str, str], title: str, folders: tuple[str, ...], *, is_folder: bool
) -> WireRecord | None:
    address = (said.get("xmlurl") or "").strip()
    kind = said.get("type", "").lower()
    if not address and kind in {"rss", "atom"}:
        # Some lists have the feed's address where others have the site's.
        address = (said.get("url") or "").strip()
    if not address:
        if is_folder or (not title and not said):
            return None
        is_feed = kind in {"rss", "atom"}
        reason = (
            f"“{title}” names no address of a feed. Add its xmlUrl and import the list again."
            if is_feed
            else f"“{title}” in the list is no feed; nothing was made of it."
        )
        return Unread(origin, "feed", reason, is_noted=not is_feed)
    url = _web_address(address)
    if not url:
        return Unread(origin, "feed", _NOT_ALLOWED.format(url=address[:200]))
    # OPML 2.0, "category": comma-separated paths that begin with a slash.
    named = said.get("category", "").split(",")[0].strip("/ ")
    return WireFeed(
        origin=origin,
        url=url,
        title=title,
        language=_one_line(said.get("language") or "")[:40],
        category=" / ".join(folders)[:_LONGEST] or _one_line(named.replace("/", " / ")),
    )


def _web_address(address: str) -> str:
    """Return an address of the web; "feed:" stands before those that browsers pass on."""
    if address.lower().startswith("feed:"):
        rest = address[len("feed:") :]
        address = rest if rest.lower().startswith(("http:", "https:")) else f"http:{rest}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    return address if is_web and len(address) <= _LONGEST_URL else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
