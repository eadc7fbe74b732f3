"""The pictures that a feed's entry brings along: Media RSS, enclosures, image elements.

Media RSS 1.5.1 (rssboard.org/media-rss): what is said of a group or of the entry holds for each
content in it that says nothing itself. Feed readers' libraries mix these up with the entry's
own title and description; so its elements are taken out of the entry here, before one sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.items import WireLink, WirePhoto
from broadsheet.wire.parsers.feed_markup import MEDIA
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.xml_input import local, remove, text_of

_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|heic|tiff?|bmp)$", re.IGNORECASE)
# Of these feedparser makes topics.
_LEFT_IN_PLACE = {"keywords", "category"}
_MOST = 60


@dataclass(frozen=True)
class Media:
    """What the entry brings. ``words`` is a description where the entry has none of its own."""

    photos: tuple[WirePhoto, ...] = ()
    links: tuple[WireLink, ...] = ()
    words: str = ""
    title: str = ""
    rights: str = ""


@dataclass(frozen=True)
class _Said:
    """What Media RSS says of a picture, inherited from the outside in."""

    words: str = ""
    title: str = ""
    credit: str = ""
    rights: str = ""
    alt: str = ""


def take(entry: _Element, base_url: str) -> Media:
    """Take the media elements out of ``entry`` and return what they bring."""
    said = _said(entry, _Said())
    found: list[tuple[WirePhoto, int]] = []
    links: list[WireLink] = []
    words, title = said.words, said.title
    for element in list(_children(entry, "content", "group")):
        about = _said(element, said)
        words, title = words or about.words, title or about.title
        contents = [element] if local(element) == "content" else list(_children(element, "content"))
        pictures = [
            (photo, width)
            for each in contents[:_MOST]
            for photo, width in _pictures(each, _said(each, about), base_url)
        ]
        # The contents of a group are the same in several sizes.
        if local(element) == "group" and len({photo.caption for photo, _ in pictures}) == 1:
            pictures = [max(pictures, key=lambda pair: pair[1])]
        found.extend(pictures)
        links.extend(
            WireLink("related", url, _said(each, about).title or each.get("type") or "")
            for each in contents[:_MOST]
            if not _is_picture(each) and (url := _address(each, base_url))
        )
        if not pictures:
            found.extend(_thumbnails(element, about, base_url))
    if not found:
        found = _thumbnails(entry, said, base_url)
    found.extend(_enclosed(entry, links, base_url))
    for element in list(entry.iter()):
        is_media = isinstance(element.tag, str) and element.tag.startswith(f"{{{MEDIA}")
        parent = element.getparent()
        if not is_media or parent is None:
            continue
        if local(element) not in _LEFT_IN_PLACE or parent is not entry:
            remove(element)
    return Media(_apart(found), tuple(dict.fromkeys(links)), words, title, said.rights)


def file_of(url: str) -> str:
    """Return what tells a picture's file from others, whatever size of it is asked for."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}".lower() if parts.path.strip("/") else url


def _children(element: _Element, *names: str) -> Iterator[_Element]:
    for child in element:
        is_media = isinstance(child.tag, str) and child.tag.startswith(f"{{{MEDIA}")
        if is_media and local(child) in names:
            yield child


def _said(element: _Element, outer: _Said) -> _Said:
    def words(name: str) -> str:
        return next(filter(None, map(_words, _children(element, name))), "")

    credited = dict.fromkeys(filter(None, map(_words, _children(element, "credit"))))
    thumbnail = next(_children(element, "thumbnail"), None)
    return _Said(
        words=words("description") or words("text") or outer.words,
        title=words("title") or outer.title,
        credit=", ".join(credited) or outer.credit,
        rights=words("copyright") or outer.rights,
        alt=(element.get("alt") or (thumbnail.get("alt") if thumbnail is not None else "") or ""),
    )


def _words(element: _Element) -> str:
    text = text_of(element)
    if (element.get("type") or "").lower() == "html" or re.search(r"</?\w+[^<>]*>|&\w+;", text):
        text = to_text(text)
    return " ".join(text.split())


def _address(element: _Element, base_url: str) -> str:
    url = (element.get("url") or element.get("href") or "").strip()
    if not url:
        player = next(_children(element, "player"), None)
        url = (player.get("url") or "").strip() if player is not None else ""
    return absolute(url, base_url)


def absolute(url: str, base_url: str) -> str:
    """Return ``url`` as an address of the web; empty where it is none."""
    url = url.strip()
    try:
        url = urljoin(base_url, url) if url else ""
        parts = urlsplit(url)
    except ValueError:
        return ""
    if url.startswith("//"):
        return f"https:{url}"
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def _is_picture(element: _Element) -> bool:
    said = (element.get("medium") or element.get("type") or "").lower()
    if said:
        return said.startswith("image")
    try:
        return bool(_PICTURE_FILE.search(urlsplit(element.get("url") or "").path))
    except ValueError:
        return False


def _pictures(element: _Element, said: _Said, base_url: str) -> Iterator[tuple[WirePhoto, int]]:
    url = _address(element, base_url)
    if not url or not _is_picture(element):
        return
    yield _photo(url, said, (element.get("type") or "")), _width(element)


def _photo(url: str, said: _Said, media_type: str = "") -> WirePhoto:
    caption, credit = said.words, clean_credit(said.credit)
    if not credit:
        caption, credit = split_credit(said.words)
    return WirePhoto(
        caption=caption,
        credit=credit,
        alt_text=said.alt,
        url=url,
        key=url,
        headline=said.title,
        media_type=media_type if media_type.startswith("image/") else "",
        rights=said.rights,
    )


def _width(element: _Element) -> int:
    digits = re.match(r"\d{1,6}", element.get("width") or "")
    return int(digits[0]) if digits else 0


def _thumbnails(element: _Element, said: _Said, base_url: str) -> list[tuple[WirePhoto, int]]:
    found = [
        (_photo(url, said), _width(each))
        for each in _children(element, "thumbnail")
        if (url := _address(each, base_url) or absolute(text_of(each), base_url))
    ]
    return [max(found, key=lambda pair: pair[1])] if found else []


def _enclosed(
    entry: _Element, links: list[WireLink], base_url: str
) -> Iterator[tuple[WirePhoto, int]]:
    for child in list(entry):
        name = local(child).lower()
        is_enclosure = name == "enclosure" or (
            name == "link" and (child.get("rel") or "").lower() == "enclosure"
        )
        url = absolute(child.get("url") or child.get("href") or "", base_url)
        if is_enclosure and url:
            kind = (child.get("type") or "").lower()
            if kind.startswith("image") or (not kind and _PICTURE_FILE.search(urlsplit(url).path)):
                yield WirePhoto(url=url, key=url, media_type=kind if "/" in kind else ""), 0
            else:
                links.append(WireLink("related", url, kind))
        elif name in {"image", "thumbnail"}:
            inner = next((each for each in child if local(each).lower() in {"url", "link"}), None)
            said = child.get("href") or child.get("url") or ""
            url = absolute(said or text_of(inner if inner is not None else child), base_url)
            if url:
                yield WirePhoto(url=url, key=url), 0
            remove(child)


def _apart(found: list[tuple[WirePhoto, int]]) -> tuple[WirePhoto, ...]:
    """Return each picture once, in its largest size, with what was said of any."""
    largest: dict[str, tuple[WirePhoto, int]] = {}
    for photo, width in found[:_MOST]:
        file = file_of(photo.url)
        if file not in largest:
            largest[file] = (photo, width)
            continue
        known, known_width = largest[file]
        better, other = (photo, known) if width > known_width else (known, photo)
        largest[file] = (with_words(better, other), max(width, known_width))
    return tuple(photo for photo, _ in largest.values())


def with_words(photo: WirePhoto, other: WirePhoto) -> WirePhoto:
    """Return ``photo`` with the words of ``other`` where it has none of its own."""
    return replace(
        photo,
        caption=photo.caption or other.caption,
        credit=photo.credit or other.credit,
        alt_text=photo.alt_text or other.alt_text,
        headline=photo.headline or other.headline,
        rights=photo.rights or other.rights,
    )
