"""The pictures of a ninjs item, and the other items it is tied to.

Source: ``renditions`` and ``associations`` of ninjs 1 (objects keyed by free names), 2 and 3
(lists of objects with a name).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.items import WireBlock, WireLink, WirePhoto
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import ninjs_words
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.ninjs_members import Members, folded_name

_PICTURES = {"picture", "graphic", "image", "photo", "illustration", "infographic", "cartoon"}
_BEST_NAMES = ("original", "main", "highres", "hires", "full", "supplied", "baseimage")
_POOR = re.compile(r"thumb|watermark|preview|small|square|icon|\bcaption", re.IGNORECASE)
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|tiff?|avif|heic|svg)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,6}")
_MOST_PHOTOS = 500
_DEEPEST = 6
_AGENCY_WORDS = 3
_EVOLVED = ("evolvedfrom", "rewriteof", "replacing", "replaces")
# Names of the picture that stands above a story.
_FIRST = {"featuremedia", "featureimage", "mainpic", "mainpicture"}


def renditions_of(item: Members) -> list[Members]:
    """Return the renditions of ``item``, each with its name in ``name``."""
    value = item.get("renditions", "rendition")
    if isinstance(value, dict) and not {"href", "url"} & value.keys():
        return [
            Members({"name": name, **each}, item.oddities)
            for name, each in value.items()
            if isinstance(each, dict)
        ]
    return item.objects("renditions", "rendition")


def associated(item: Members) -> list[Members]:
    """Return the items that ``item`` carries along, each with a name where it has one."""
    value = item.get("associations", "association")
    if isinstance(value, dict) and not {"uri", "guid", "type", "headline"} & value.keys():
        found = [
            Members({"name": name, **each}, item.oddities)
            for name, each in value.items()
            for each in (each if isinstance(each, list) else [each])
            if isinstance(each, dict)
        ]
    else:
        found = item.objects("associations", "association")
    return sorted(found, key=lambda each: folded_name(each.text("name")) not in _FIRST)


def is_picture(item: Members) -> bool:
    """Tell whether ``item`` is a photo or graphic, by its type or else by its renditions."""
    kind = item.text("type").casefold()
    if kind:
        return kind in _PICTURES
    return bool(_image_rendition(item)) or bool(item.text("url") and _is_image(item))


def guid_of(item: Members) -> str:
    """Return what names ``item`` at its supplier; empty where nothing does."""
    uri = item.text("uri", "guid", "urn", "uno")
    stable = ""
    if altids := item.get("altids"):
        stable = Members(altids).text("itemid") if isinstance(altids, dict) else ""
    if stable and "?" in uri and stable in uri:
        # AP's addresses carry the version and the account behind the question mark.
        return uri.partition("?")[0]
    if re.search(r"[?&]et=[0-9a-z]{5,20}\b", uri):
        return uri.partition("?")[0]
    return uri or stable or item.text("id", "itemid", "articleid", "storyid")


def photo_of(item: Members, number: int, *, verbatim: bool = False) -> WirePhoto:
    """Return ``item``, a picture, as a photo; ``verbatim``: its caption has no credit in it."""
    best = _image_rendition(item)
    url = best.text("href", "url", "src") if best is not None else ""
    if not url and _is_image(item):
        url = item.text("url", "href")
    caption = ninjs_words.caption_of(item) or ninjs_words.plain(item.text("caption"))
    credit = _credit_of(item)
    if not verbatim:
        printed, found = split_credit(caption, certain=False)
        if found and printed:
            caption, credit = printed, credit or found
    taken = item.moment("contentcreated") if item.get("contentcreated") else None
    name = item.text("name") or f"photo-{number}"
    return WirePhoto(
        caption=caption,
        credit=credit,
        alt_text=_alt_of(item, caption),
        taken_on=taken.date() if taken is not None else None,
        url=url,
        key=name,
        guid=guid_of(item),
        headline=ninjs_words.headline_of(item) if item.said("headlines", "headline") else "",
        file_name=_file_name(best, url),
        media_type=best.text("contenttype", "mimetype") if best is not None else "",
        rights=" ".join(
            dict.fromkeys(filter(None, (item.text("usageterms"), item.text("copyrightnotice"))))
        ),
    )


def photos_of(item: Members, *, verbatim: bool = False) -> tuple[WirePhoto, ...]:
    """Return the pictures that ``item`` carries along, each once, in order."""
    photos: list[WirePhoto] = []
    for each in _pictures_in(item, 0):
        photo = photo_of(each, len(photos) + 1, verbatim=verbatim)
        if len(photos) >= _MOST_PHOTOS:
            break
        if not (photo.url or photo.caption or photo.headline or photo.guid):
            continue
        if any(photo.guid and photo.guid == other.guid for other in photos):
            continue
        if any(photo.key == other.key for other in photos):
            photo = replace(photo, key=f"{photo.key}-{len(photos) + 1}")
        photos.append(photo)
    return tuple(photos)


def placed(
    item: Members,
    blocks: tuple[WireBlock, ...],
    in_body: tuple[WirePhoto, ...],
    beside: tuple[WirePhoto, ...],
) -> tuple[tuple[WireBlock, ...], tuple[WirePhoto, ...]]:
    """Return the blocks and all photos, a photo that stands in both places once.

    A picture in the body is the same as an associated one where its address is that of any of
    its renditions, or names the association; its block then stands for that one.
    """
    addresses: dict[str, str] = {}
    for number, each in enumerate(_pictures_in(item, 0), 1):
        photo = photo_of(each, number, verbatim=True)
        for rendition in renditions_of(each):
            for address in (rendition.text("href", "url", "src"), rendition.text("media")):
                if address:
                    addresses.setdefault(_bare(address), photo.guid or photo.key)
    same: dict[str, str] = {}
    further: list[WirePhoto] = []
    for photo in in_body:
        known = addresses.get(_bare(photo.url))
        match = next(
            (
                other
                for other in beside
                if (known and known in {other.guid, other.key})
                or (photo.caption and folded(photo.caption) == folded(other.caption))
            ),
            None,
        )
        if match is None:
            further.append(photo)
        else:
            same[photo.key] = match.key
    told = {
        folded(words)
        for photo in beside
        for words in (f"{photo.caption} {photo.credit}", f"{photo.caption} ({photo.credit})")
        if in_body or photo.caption
    }
    kept = tuple(
        replace(block, html=same.get(block.html, block.html)) if block.kind == "photo" else block
        for block in blocks
        if not told or block.kind != "paragraph" or folded(to_text(block.html)) not in told
    )
    return kept, (*beside, *further)


def links_of(item: Members, *, lists_members: bool) -> tuple[WireLink, ...]:
    """Return the items ``item`` is tied to: what it evolved from, and what goes with it."""
    links = [
        WireLink("replaces", guid)
        for name in _EVOLVED
        for guid in item.texts(name)
        if guid != guid_of(item)
    ]
    for each in associated(item):
        if is_picture(each):
            continue
        if guid := guid_of(each):
            title = ninjs_words.headline_of(each)
            rel = folded_name(each.text("rel"))
            if rel in {"replaces", "evolvedfrom", "previousversion"}:
                links.append(WireLink("replaces", guid, title))
            elif rel in {"translationof", "istranslationof", "translates"}:
                links.append(WireLink("translates", guid, title))
            else:
                links.append(WireLink("member" if lists_members else "related", guid, title))
    return tuple(dict.fromkeys(links))


def _pictures_in(item: Members, depth: int) -> Iterator[Members]:
    for each in associated(item):
        if is_picture(each):
            yield each
        elif depth < _DEEPEST and each.text("type").casefold() in {"composite", "gallery"}:
            yield from _pictures_in(each, depth + 1)


def _image_rendition(item: Members) -> Members | None:
    best, best_rank = None, (-1, -1, -1)
    for each in renditions_of(item):
        url = each.text("href", "url", "src")
        if not url or not _is_image(each):
            continue
        stated = f"{each.text('name')} {each.text('title')} {_path_of(url)}"
        name = folded_name(each.text("name"))
        area = _number(each.text("width")) * max(_number(each.text("height")), 1)
        rank = (int(not _POOR.search(stated)), area, int(name in _BEST_NAMES))
        if rank > best_rank:
            best, best_rank = each, rank
    return best


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _is_image(rendition: Members) -> bool:
    media_type = rendition.text("contenttype", "mimetype", "type").casefold()
    if media_type and "/" in media_type:
        return media_type.startswith("image/")
    if media_type:
        return media_type in _PICTURES
    url = rendition.text("href", "url", "src")
    path = _path_of(url)
    if _IMAGE_FILE.search(path):
        return True
    return "." not in path.rpartition("/")[2] and not rendition.text("duration")


def _credit_of(item: Members) -> str:
    line = item.text("creditline", "credit")
    line = line or ninjs_words.described_as(item, "creditline", "credit")
    by = item.text("by", "byline") or item.text("photographer", "creator")
    if line and by and folded(by) not in folded(line) and len(line.split()) <= _AGENCY_WORDS:
        # The agency alone: the photographer stands before it.
        return clean_credit(f"{by}/{line}")
    return clean_credit(line or by or item.text("copyrightholder", "source", "provider"))


def _alt_of(item: Members, caption: str) -> str:
    stated = ninjs_words.described_as(item, "alt", "alttext", "alt_text", "accessibility")
    alt = stated or ninjs_words.plain(item.text("alttext", "alt"))
    if not alt and is_picture(item):
        # Superdesk puts the text alternative where a story has its body.
        alt = ninjs_words.plain(item.text("bodytext"))
    return "" if not stated and folded(alt) == folded(caption) else alt


def _file_name(rendition: Members | None, url: str) -> str:
    if rendition is None:
        return ""
    stated = rendition.text("originalfilename", "filename")
    last = _path_of(url).rpartition("/")[2]
    return stated or (last if _IMAGE_FILE.search(last) else "")


def _number(text: str) -> int:
    found = _DIGITS.match(text)
    return int(found[0]) if found else 0


def _bare(address: str) -> str:
    return address.partition("?")[0].removeprefix("https:").removeprefix("http:").lstrip("/")
