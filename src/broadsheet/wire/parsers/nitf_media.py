"""The ``media`` of an NITF body: a picture, a film or a sound, with its caption and maker.

Source: IPTC NITF 3.6, elements ``media``, ``media-reference``, ``media-caption``,
``media-producer``, ``media-metadata`` and ``media-object``.
"""

from __future__ import annotations

import base64
import binascii
import re

from lxml.etree import _Element

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.items import WirePhoto
from broadsheet.wire.parsers.xml_input import local, text_of
from broadsheet.wire.times import find_day

_LARGEST_OBJECT = 48 * 1024 * 1024
# How suppliers that give no sizes call the largest of their renditions.
_LARGEST_NAMED = re.compile(r"full|high|hires|hi-res|original|main|large", re.IGNORECASE)
_SMALL_NAMED = re.compile(r"thumb|preview|small|icon", re.IGNORECASE)
_COUNTER = re.compile(r"/ct/CT\?|/newsroom/ti\?|/track(?:er|ing)?\?", re.IGNORECASE)
_CREDITS = ("credit", "byline", "photographer", "source", "provider")
_LONGEST_SIZE = 6


def photo_of(media: _Element, key: str) -> WirePhoto | None:
    """Return what ``media`` shows, named ``key``; ``None`` where it shows and says nothing.

    Films and sounds are told from pictures by their ``media_type`` alone ("video/mp4", or
    "video" where no exact type is given).
    """
    parts = [(local(child), child) for child in media.iter()]
    references = [child for name, child in parts if name in {"media-reference", "img"}]
    kind = (media.get("media-type") or "").strip().casefold()
    best = max(references, key=_size, default=None)
    said = {
        (child.get("name") or "").strip().casefold(): (child.get("value") or "").strip()
        for name, child in parts
        if name == "media-metadata"
    }
    captions = [text_of(child) for name, child in parts if name == "media-caption"]
    caption = " ".join(dict.fromkeys(filter(None, captions))) or said.get("caption", "")
    producers = [text_of(child) for name, child in parts if name == "media-producer"]
    credit = "/".join(dict.fromkeys(clean_credit(text) for text in producers if text))
    if not credit:
        credit = next((said[name] for name in _CREDITS if said.get(name)), "")
    printed, in_caption = split_credit(caption)
    if in_caption and credit.casefold() in {"", in_caption.casefold()}:
        caption, credit = printed, in_caption
    content = _object(next((child for name, child in parts if name == "media-object"), None))
    reference: dict[str, str] = {} if best is None else {str(k): v for k, v in best.items()}
    where = (reference.get(name) for name in ("source", "src", "href", "data-location"))
    url = next(filter(None, where), "").strip()
    name = reference.get("name") or ""
    if not (url or name or caption or content) or is_counter(url):
        return None
    mime = (reference.get("mime-type") or "").strip().casefold()
    return WirePhoto(
        caption=caption,
        credit=credit,
        alt_text=(reference.get("alternate-text") or reference.get("alt") or "").strip(),
        taken_on=find_day(said.get("date", "") or said.get("created", "")),
        url=url or name,
        content=content,
        key=key,
        guid=said.get("media-id", ""),
        headline=said.get("headline", "") or said.get("title", ""),
        file_name=name,
        media_type=mime if "/" in mime else ("" if kind in {"image", "photo"} else kind),
        rights=said.get("copyright", ""),
    )


def is_counter(url: str) -> bool:
    """Tell whether ``url`` is a picture of one pixel that counts who opens a release."""
    return bool(_COUNTER.search(url))


def is_picture(photo: WirePhoto) -> bool:
    """Tell whether ``photo`` is one, and not a film, a sound or a document."""
    return photo.media_type == "" or photo.media_type.startswith("image")


def size_of(media: _Element) -> int:
    """Return the pixels of the largest rendition of ``media``; 0 where it does not say."""
    return max(
        (_size(each)[0] for each in media.iter() if local(each) == "media-reference"), default=0
    )


def _size(reference: _Element) -> tuple[int, int]:
    """Rank a rendition: by its pixels, or by what it is called."""
    width, height = (
        int(said)
        if (said := (reference.get(side) or "").strip()).isascii()
        and said.isdigit()
        and len(said) <= _LONGEST_SIZE
        else 0
        for side in ("width", "height")
    )
    called = " ".join((reference.get("id") or "", reference.get("name") or ""))
    named = int(bool(_LARGEST_NAMED.search(called))) - int(bool(_SMALL_NAMED.search(called)))
    return width * max(height, 1), named


def _object(element: _Element | None) -> bytes | None:
    if element is None or (element.get("encoding") or "").casefold() != "base64":
        return None
    return from_base64(element)


def from_base64(element: _Element) -> bytes | None:
    """Return the bytes that ``element`` holds in base64; ``None`` where it holds none."""
    text = "".join(part for part in element.itertext() if isinstance(part, str))
    if len(text) > _LARGEST_OBJECT:
        return None
    try:
        return base64.b64decode("".join(text.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None
