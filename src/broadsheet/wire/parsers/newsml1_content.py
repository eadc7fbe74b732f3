"""What a ``ContentItem`` of NewsML 1 holds: text in one of many formats, or a medium.

Source: IPTC NewsML 1.2 Functional Specification, 5.5: ``MediaType``, ``Format``, ``MimeType``,
``Encoding``, ``DataContent``. Formats are called as suppliers please, so the content decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from lxml.etree import _Element

from broadsheet.wire.decoding import decode
from broadsheet.wire.errors import WireError
from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.parsers import fragment
from broadsheet.wire.parsers.newsml1_tree import below, child, children, formal
from broadsheet.wire.parsers.nitf_body import NitfBody, blocks_of
from broadsheet.wire.parsers.nitf_head import NitfHead, head_of
from broadsheet.wire.parsers.nitf_media import from_base64, is_counter
from broadsheet.wire.parsers.photo_keys import renumbered
from broadsheet.wire.parsers.xml_input import local, read_text, text_of

Medium = Literal["text", "picture", "graphic", "video", "audio", "other"]
_MEDIA: dict[str, Medium] = {
    "text": "text", "complexdata": "text", "photo": "picture", "picture": "picture",
    "image": "picture", "photograph": "picture", "graphic": "graphic", "video": "video",
    "audio": "audio", "sound": "audio", "animation": "graphic",
}  # fmt: skip
_FORMATS: tuple[tuple[re.Pattern[str], Medium], ...] = (
    (re.compile(r"nitf|x?html|text|ascii|utf", re.IGNORECASE), "text"),
    (re.compile(r"jpe?g|png|gif|tiff?|bmp|image|photo|webp", re.IGNORECASE), "picture"),
    (re.compile(r"eps|svg|graphic|pdf|swf|flash", re.IGNORECASE), "graphic"),
    (re.compile(r"mpe?g-?4|mp4|mov|wmv|avi|quicktime|video|flv|mpeg-?2", re.IGNORECASE), "video"),
    (re.compile(r"mp3|wav|audio|aac|wma|mpeg", re.IGNORECASE), "audio"),
)
_ENDINGS = re.compile(r"\.([A-Za-z0-9]{2,5})(?:[?#].*)?$")
_MOST_PAGES = 100
_POINT = re.compile(r"(?:[-–•*]|[A-Z]) \S")
_FEWEST_POINTS = 4
_PLACES_OF_PARTS = re.compile(r"(?m)^[ \t]{0,200}NewsComponentRef[ \t]{0,20}$")
_NITF_PARTS = {"nitf", "body.content", "body.head", "block", "hedline", "media"}
_HTML_PARTS = {"html", "div", "section", "article", "span", "img", "figure", "h1", "h2", "h3"}
_XML_TEXT = re.compile(r"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!DOCTYPE[^>]{0,400}>\s*)?<nitf[\s>]")


@dataclass(frozen=True)
class Text:
    """The text of a content item; ``head`` and ``body`` are those of NITF, empty for others."""

    blocks: tuple[WireBlock, ...] = ()
    photos: tuple[WirePhoto, ...] = ()
    head: NitfHead = field(default_factory=NitfHead)
    body: NitfBody = field(default_factory=NitfBody)
    oddities: tuple[str, ...] = ()


def medium_of(item: _Element) -> Medium:
    """Return what kind of content a ``ContentItem`` is."""
    media = formal(child(item, "MediaType")).casefold()
    mime = formal(child(item, "MimeType")).casefold()
    form = formal(child(item, "Format"))
    if "css" in f"{mime} {form}".casefold() or "javascript" in mime:
        return "other"
    if mime == "application/pdf" and media not in _MEDIA:
        # Not a picture of anything, but a paper beside the story.
        return "other"
    found = _MEDIA.get(media) or _by_mime(mime) or _by_format(form)
    if found is None and item.get("Href") and not _has_content(item):
        return medium_of_name(item.get("Href") or "")
    return found or ("text" if _has_content(item) else "other")


def _by_mime(mime: str) -> Medium | None:
    if "xml" in mime and "svg" not in mime:
        return "text"
    kind = mime.partition("/")[0]
    return "graphic" if "svg" in mime else _MEDIA.get(kind)


def _by_format(form: str) -> Medium | None:
    return next((medium for pattern, medium in _FORMATS if pattern.search(form)), None)


def medium_of_name(name: str) -> Medium:
    """Return the kind of content by the ending of a file's name; "other" where it has none."""
    ending = _ENDINGS.search(name[-200:])
    if ending:
        for pattern, medium in _FORMATS[1:]:
            if pattern.fullmatch(ending[1]):
                return medium
    return "other"


def bytes_of(item: _Element) -> bytes | None:
    """Return the bytes that a content item holds itself, in base64."""
    for encoding in below(item, "Encoding"):
        if (encoding.get("Notation") or "").rpartition("/")[2].casefold() == "base64":
            data = child(encoding, "DataContent")
            return from_base64(encoding if data is None else data)
    return None


def text_in(item: _Element, first_photo: int) -> Text:
    """Return the text of a content item; its photos are counted from ``first_photo``."""
    content = bytes_of(item)
    if content is not None:
        try:
            return _of_string(decode(content).text, first_photo)
        except WireError:
            return Text(oddities=("A text that was sent as base64 could not be read.",))
    data = next(below(item, "DataContent"), None)
    if data is None:
        return Text()
    names = {local(each) for each in data}
    if names & _HTML_PARTS and not names & _NITF_PARTS:
        root = next(below(data, "body"), None)
        return _of_fragment(
            fragment.from_element(data if root is None else _plain_div(root)), first_photo
        )
    if names - {""}:
        # Some suppliers send each page of a story as a document of its own.
        pages = list(islice(below(data, "nitf"), _MOST_PAGES)) or [data]
        text = _of_nitf(pages[0], first_photo)
        for page in pages[1:]:
            more = _of_nitf(page, first_photo + len(text.photos))
            text = replace(
                text,
                blocks=(*text.blocks, *more.blocks),
                photos=(*text.photos, *more.photos),
                oddities=(*text.oddities, *more.oddities),
            )
        return text
    return _of_string(data.text or "", first_photo)


def _of_string(text: str, first_photo: int) -> Text:
    if _XML_TEXT.match(text[:2000]):
        return _of_nitf(read_text(text).root, first_photo)
    # Belga has the word where a bulletin's sounds belong.
    text = _PLACES_OF_PARTS.sub("", text)
    lines = [line.strip() for line in text.splitlines()]
    if len(lines) >= _FEWEST_POINTS and 2 * sum(map(bool, map(_POINT.match, lines))) >= len(lines):
        # Belga's running orders: each line is one of its own, and none is marked up.
        text = "\n\n".join(lines)
    return _of_fragment(fragment.read(text), first_photo)


def _of_nitf(root: _Element, first_photo: int) -> Text:
    body = blocks_of(root, first_photo)
    return Text(body.blocks, body.photos, head_of(root), body, body.oddities)


def _of_fragment(read: fragment.Fragment, first_photo: int) -> Text:
    counters = {photo.key for photo in read.photos if is_counter(photo.url)}
    blocks = [b for b in read.blocks if b.kind != "photo" or b.html not in counters]
    photos = [photo for photo in read.photos if photo.key not in counters]
    blocks, photos = renumbered(blocks, photos, first_photo)
    return Text(tuple(blocks), tuple(photos), oddities=read.oddities)


def _plain_div(body: _Element) -> _Element:
    # As a body within a fragment its mark-up would be dropped.
    body.tag = "div"
    return body


def _has_content(item: _Element) -> bool:
    return any(len(data) or text_of(data) for data in below(item, "DataContent"))


def size_of(item: _Element) -> int:
    """Return the number of pixels of a picture as its characteristics say; 0 where unsaid."""
    said = {}
    for characteristics in children(item, "Characteristics"):
        for prop in children(characteristics, "Property"):
            name = (prop.get("FormalName") or "").casefold().removeprefix("pixel")
            value = (prop.get("Value") or "").strip()
            if value.isascii() and value.isdecimal() and len(value) <= len("100000"):
                said[name] = int(value)
    return said.get("width", 0) * max(said.get("height", 0), 1)
