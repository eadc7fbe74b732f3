"""What the items of one NewsML-G2 message have to do with each other: pictures of stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from broadsheet.wire.items import WireItem, WirePhoto, WireRecord

_TAKEN_BACK = {"canceled", "cancelled", "withheld"}


def with_pictures(
    records: Sequence[WireRecord], groups: Mapping[int, list[list[str]]]
) -> list[WireRecord]:
    """Return ``records`` with the pictures of stories as their photos.

    ``groups`` are the members of the packages among them, by the place of the package. Several
    texts in a group leave open whose picture it is; then only links tell.
    """
    items = {record.guid: record for record in records if isinstance(record, WireItem)}
    wanted: dict[str, list[str]] = {}
    for record in records:
        if isinstance(record, WireItem) and record.kind == "text":
            wanted[record.guid] = [
                link.guid for link in record.links if link.rel in {"related", "member"}
            ]
    for members in groups.values():
        for text, picture in _pairs(members, items):
            wanted.setdefault(text, []).append(picture)
    return [
        _joined(record, wanted.get(record.guid, []), items)
        if isinstance(record, WireItem) and record.kind == "text"
        else record
        for record in records
    ]


def _pairs(groups: list[list[str]], items: Mapping[str, WireItem]) -> Iterator[tuple[str, str]]:
    all_texts = _of_kind([guid for group in groups for guid in group], "text", items)
    for group in groups:
        texts = _of_kind(group, "text", items) or all_texts
        if len(texts) == 1:
            for picture in _of_kind(group, "picture", items):
                yield texts[0], picture
            for graphic in _of_kind(group, "graphic", items):
                yield texts[0], graphic


def _of_kind(guids: list[str], kind: str, items: Mapping[str, WireItem]) -> list[str]:
    found = dict.fromkeys(guids)
    return [guid for guid in found if guid in items and items[guid].kind == kind]


def _joined(text: WireItem, guids: list[str], items: Mapping[str, WireItem]) -> WireItem:
    photos: list[WirePhoto] = list(text.photos)
    oddities: list[str] = []
    for guid in dict.fromkeys(guids):
        picture = items.get(guid)
        if picture is None or picture.kind not in {"picture", "graphic"}:
            continue
        if _may_not_yet_be_seen(picture, text):
            oddities.append(f"Its picture {guid} may not be used with it, or not yet.")
            continue
        # What a link says of a picture is less than what the picture's own item says.
        photos = [photo for photo in photos if photo.guid != guid]
        photos.extend(picture.photos)
    if photos == list(text.photos) and not oddities:
        return text
    return replace(text, photos=tuple(photos), oddities=(*text.oddities, *oddities))


def _may_not_yet_be_seen(picture: WireItem, text: WireItem) -> bool:
    if picture.pub_status.rpartition(":")[2].casefold() in _TAKEN_BACK or picture.hold:
        return True
    if picture.embargoed is None:
        return False
    return text.embargoed is None or text.embargoed < picture.embargoed
