"""The content of a NewsML-G2 item: text in the item itself, and files that it names.

What stands side by side in a ``contentSet`` is the same content in several renditions (G2
Guidelines, "Content Set"), so one text is read and one picture kept: the fullest and the best.
A second text that says something else is read as well.

Source: IPTC NewsML-G2 2.35: ``inlineXML``, ``inlineData``, ``remoteContent``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from broadsheet.wire.credits import split_credit
from broadsheet.wire.decoding import decode
from broadsheet.wire.errors import WireError
from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.likeness import share
from broadsheet.wire.parsers import g2_layout, nitf_body, nitf_head
from broadsheet.wire.parsers.g2_properties import attribute, child, children, plain, within
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.xml_input import local, text_of

_NITF = {"nitf", "body.content", "body.head", "hedline"}
_OTHER_SCHEME = re.compile(r"(?!https?:|ftp:|file:)[a-z][a-z0-9+.-]{1,20}:(?!\\)", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{8,}={0,2}\s*")
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/nitf")
_PICTURE_NAMES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|tiff?|eps|bmp|avif|heic)(?:\?|$)", re.IGNORECASE
)
# How suppliers call their renditions, the best first.
_RENDITIONS = (
    re.compile(r"high|hi-?res|full|original|base|filed|master|large|print|main", re.IGNORECASE),
    re.compile(r"web|view|medium|normal|preview|limited|sample", re.IGNORECASE),
    re.compile(r"thumb|icon|small|tiny", re.IGNORECASE),
)
_PHOTO_LABEL = r"(?:photo|foto|picture|bild|credit)s?(?:\s+(?:by|von)|\s*:)"
_LONGEST_CREDIT = 300
_UNNAMED = 1
_SAME_TEXT = 0.5
_SHORTEST_SECOND = 200
_LARGEST_PICTURE = 48 * 1024 * 1024


@dataclass
class Content:
    """What an item carries: blocks and photos, and what its text says of itself."""

    blocks: list[WireBlock] = field(default_factory=list)
    photos: list[WirePhoto] = field(default_factory=list)
    headline: str = ""
    subheadlines: list[str] = field(default_factory=list)
    lead: str = ""
    byline: str = ""
    authors: tuple[str, ...] = ()
    dateline: str = ""
    ed_note: str = ""
    rights: str = ""
    credit: str = ""
    has_remote_media: bool = False
    oddities: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The text of the blocks."""
        return [to_text(block.html) for block in self.blocks if block.kind != "photo"]


@dataclass(frozen=True)
class PictureWords:
    """What the metadata of an item says of its picture."""

    caption: str = ""
    credit: str = ""
    headline: str = ""
    rights: str = ""
    guid: str = ""
    taken_on: date | None = None


def content_of(
    item: _Element, beside: Callable[[str], bytes | None], *, is_picture: bool, words: PictureWords
) -> Content:
    """Return the content of ``item``; ``beside`` has the files that lie beside the document.

    ``words`` are given to the picture, where the item is one or has one without a caption.
    """
    content = Content()
    held = child(item, "contentSet")
    inline = [
        *children(held, "inlineXML", "inlineData"),
        *children(item, "inlineXML", "inlineData"),
    ]
    texts = [each for each in inline if not _is_binary(each)]
    texts.sort(key=_fullness, reverse=True)
    for element in texts:
        _add_text(content, _text_in(element), attribute(element, "contenttype"))
    remote = list(children(held, "remoteContent"))
    if not content.blocks:
        for each in remote:
            if beside_text := _text_beside(each, beside):
                _add_text(content, _from_layout(g2_layout.from_text(beside_text)), "")
    _add_pictures(content, [each for each in inline if _is_binary(each)], remote, beside, words,
                  is_picture=is_picture)  # fmt: skip
    content.has_remote_media = bool(remote)
    return content


def _fullness(element: _Element) -> float:
    """Return how much text there is; marked up text counts more than the same without marks."""
    length = len(text_of(element))
    return length * (1.5 if len(element) else 1.0)


def _add_text(content: Content, more: Content, media_type: str) -> None:
    if not content.blocks and not content.headline:
        for name in vars(more):
            if name not in {"oddities", "photos"}:
                setattr(content, name, getattr(more, name))
        content.photos.extend(more.photos)
        content.oddities.extend(more.oddities)
        return
    said = " ".join(more.words)
    if len(said) < _SHORTEST_SECOND or share(content.words, more.words) >= _SAME_TEXT:
        return
    content.oddities.append(
        f"There was a second text ({media_type or 'no type stated'}) in the item; it was added."
    )
    content.blocks.extend(more.blocks)
    content.photos.extend(more.photos)
    content.oddities.extend(more.oddities)


def _text_in(element: _Element) -> Content:
    if local(element) == "inlineData":
        return _data_in(element)
    media_type = attribute(element, "contenttype").casefold()
    nitf = next(within(element, *_NITF), None)
    html = next(within(element, "html"), None)
    if nitf is not None and html is None:
        # A body.head or body.content alone has its siblings beside it.
        whole = nitf if local(nitf) == "nitf" else nitf.getparent()
        return _from_nitf(nitf if whole is None else whole)
    if "nitf" in media_type and "ttnitf" not in media_type and html is None and len(element):
        return _from_nitf(element)
    if not len(element):
        return _from_layout(g2_layout.from_text(element.text or ""))
    return _from_layout(g2_layout.from_markup(element if html is None else html))


def _data_in(element: _Element) -> Content:
    if len(element):
        return _from_layout(g2_layout.from_markup(element))
    text = element.text or ""
    encoding = attribute(element, "encoding", "encodinguri").casefold()
    oddities = []
    if "64" in encoding or (encoding == "" and " " not in text.strip() and _is_base64(text)):
        try:
            text = decode(base64.b64decode(text)).text
        except (binascii.Error, ValueError, WireError):
            oddities = ["The content says it is in base64 and is not; it was read as it stands."]
    content = _from_layout(g2_layout.from_text(text))
    content.oddities.extend(oddities)
    return content


def _is_base64(text: str) -> bool:
    packed = "".join(text.split())
    return len(packed) > 64 and len(packed) % 4 == 0 and bool(_BASE64.fullmatch(text[:4000]))  # noqa: PLR2004


def _from_nitf(element: _Element) -> Content:
    body = nitf_body.blocks_of(element)
    return Content(
        blocks=list(body.blocks),
        photos=list(body.photos),
        headline=body.headline or nitf_head.head_of(element).title,
        subheadlines=list(body.subheadlines),
        lead=body.lead,
        byline=body.byline,
        authors=body.authors,
        dateline=body.dateline,
        ed_note=body.ed_note,
        rights=body.rights,
        credit=body.credit,
        oddities=list(body.oddities),
    )


def _from_layout(layout: g2_layout.Layout) -> Content:
    return Content(
        blocks=layout.blocks,
        photos=layout.photos,
        headline=layout.headline,
        byline=", ".join(dict.fromkeys(filter(None, layout.bylines))),
        dateline=layout.dateline,
        oddities=layout.oddities,
    )


def _is_binary(element: _Element) -> bool:
    stated = attribute(element, "contenttype").casefold()
    return local(element) == "inlineData" and bool(stated) and not stated.startswith(_TEXT_TYPES)


def _text_beside(remote: _Element, beside: Callable[[str], bytes | None]) -> str:
    if not attribute(remote, "contenttype").casefold().startswith(_TEXT_TYPES):
        return ""
    content = beside(file_name_in(attribute(remote, "href")))
    if not content:
        return ""
    try:
        return decode(content).text
    except WireError:
        return ""


def _add_pictures(
    content: Content,
    inline: list[_Element],
    remote: list[_Element],
    beside: Callable[[str], bytes | None],
    words: PictureWords,
    *,
    is_picture: bool,
) -> None:
    shown = [each for each in remote if _shows_picture(each, is_picture=is_picture)]
    chosen = _best_of(shown)
    for number, element in enumerate(chosen):
        photo = _remote_photo(element, beside)
        guid = words.guid if is_picture and len(chosen) == 1 else photo.guid
        content.photos.append(
            replace(photo, guid=guid, key=guid or photo.url or f"picture-{number + 1}")
        )
    for element in inline:
        if attribute(element, "contenttype").casefold().startswith("image/"):
            content.photos.append(_inline_photo(element, len(content.photos) + 1))
    if is_picture and not content.photos and words.caption:
        content.photos.append(WirePhoto(guid=words.guid, key=words.guid))
    content.photos = [_with_words(photo, words, is_picture=is_picture) for photo in content.photos]


def _with_words(photo: WirePhoto, words: PictureWords, *, is_picture: bool) -> WirePhoto:
    if not is_picture and (photo.caption or photo.headline):
        return photo
    caption, credit = photo.caption or words.caption, photo.credit or words.credit
    if not credit:
        caption, credit = split_credit(caption, certain=False)
    elif is_picture or not photo.caption:
        caption = _without_credit(caption, credit)
    return replace(
        photo,
        caption=caption,
        credit=credit,
        headline=photo.headline or words.headline,
        rights=photo.rights or words.rights,
        taken_on=photo.taken_on or words.taken_on,
    )


def _without_credit(caption: str, credit: str) -> str:
    """Return ``caption`` without a credit at its end that the credit line repeats."""
    if len(credit) > _LONGEST_CREDIT:
        return caption
    printed = r"\s+".join(re.escape(word) for word in credit.split())
    ending_in_credit = re.compile(
        rf"\s*(?:[(\[]\s*(?:{_PHOTO_LABEL})?\s*{printed}\s*[)\]]|(?:{_PHOTO_LABEL})\s*{printed})"
        r"\.?$",
        re.IGNORECASE,
    )
    tail = caption[-len(credit) - 60 :]
    return caption[: len(caption) - len(tail)] + ending_in_credit.sub("", tail)


def _shows_picture(remote: _Element, *, is_picture: bool) -> bool:
    stated = attribute(remote, "contenttype").casefold()
    if "/" in stated and "iptc" not in stated:
        return stated.startswith("image/")
    known = f"{attribute(remote, 'format')} {attribute(remote, 'href')}"
    return is_picture or bool(_PICTURE_NAMES.search(known)) or "jpeg" in known.casefold()


def _best_of(shown: list[_Element]) -> list[_Element]:
    """Return one of the renditions of each picture: the best of them."""
    ordered = sorted(shown, key=_rank)
    best = ordered[:1]
    # Two of the same rendition are two pictures.
    name = attribute(best[0], "rendition") if best else ""
    if name:
        best = [each for each in shown if attribute(each, "rendition") == name]
    return best


def _rank(remote: _Element) -> tuple[int, int, int]:
    name = attribute(remote, "rendition", "renditionuri")
    level = next((n for n, pattern in enumerate(_RENDITIONS) if pattern.search(name)), _UNNAMED)
    return level, -_number(remote, "width") * _number(remote, "height"), -_number(remote, "size")


def _number(element: _Element, name: str) -> int:
    value = attribute(element, name)
    return int(value[:9]) if value.isdecimal() else 0


def _remote_photo(remote: _Element, beside: Callable[[str], bytes | None]) -> WirePhoto:
    href = attribute(remote, "href")
    # ANSA gives a tag URI for the name of the file that comes along.
    is_named = bool(_OTHER_SCHEME.match(href))
    name = href if is_named else file_name_in(href)
    others = [plain(each) for each in children(remote, "altLoc", "altId")]
    if not href:
        href = next((text for text in others if text.startswith(("http://", "https://"))), "")
        name = next((text for text in others if _PICTURE_NAMES.search(text)), name)
    is_far = href.startswith(("http://", "https://", "ftp://"))
    content = None if is_far or not name else beside(name)
    return WirePhoto(
        url=href if is_far else (name or href),
        content=content,
        guid=attribute(remote, "residref", "guidref") or (href if is_named else ""),
        file_name=name,
        media_type=attribute(remote, "contenttype").casefold(),
    )


def _inline_photo(element: _Element, number: int) -> WirePhoto:
    content: bytes | None = None
    text = element.text or ""
    if len(text) < _LARGEST_PICTURE:
        try:
            content = base64.b64decode(text) or None
        except (binascii.Error, ValueError):
            content = None
    return WirePhoto(
        content=content,
        key=f"picture-{number}",
        media_type=attribute(element, "contenttype").casefold(),
    )


def file_name_in(href: str) -> str:
    """Return the name of the file that an address or path ends in; empty where it has none."""
    try:
        path = unquote(urlsplit(href.replace("\\", "/")).path)
    except ValueError:
        return ""
    name = PurePosixPath(path).name.strip()
    return "" if name in {".", ".."} or "\x00" in name else name[:255]


def icons_of(item: _Element) -> list[WirePhoto]:
    """Return the stills that stand for a film, the best rendition of each."""
    icons = children(child(item, "contentMeta"), "icon")
    return [
        WirePhoto(
            url=url,
            key=url,
            file_name=file_name_in(url),
            media_type=attribute(icon, "contenttype").casefold(),
        )
        for icon in _best_of(icons)[:1]
        if (url := attribute(icon, "href"))
    ]
