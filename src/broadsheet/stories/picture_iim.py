"""IPTC-IIM, the words that agencies have written into pictures since 1991.

Source: IPTC-NAA Information Interchange Model 4.2: a data set is 0x1C, the number of its
record, its own number and its length, then its bytes (section 1.5).
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import Literal

from PIL import Image

# Photoshop's image resource that holds IIM, and the tags TIFF keeps either in.
_RESOURCE = 0x0404
_TIFF_IIM, _TIFF_PHOTOSHOP = 33723, 34377
_MARKER = 0x1C
_EXTENDED = 0x8000
_HEADER = 5
_MOST_SETS = 5_000
_CHARACTER_SET = (1, 90)

Records = Mapping[tuple[int, int], list[str]]


def read(image: Image.Image) -> Records:
    """Return the texts in ``image`` by record and data set; empty where it has none."""
    block = _block_of(image)
    sets = _sets_in(block)
    return {
        number: [_decoded(value) for value in values]
        for number, values in sets.items()
        if number != _CHARACTER_SET
    }


def _block_of(image: Image.Image) -> bytes:
    resources = image.info.get("photoshop")
    if isinstance(resources, Mapping) and isinstance(resources.get(_RESOURCE), bytes):
        return bytes(resources[_RESOURCE])
    tags = getattr(image, "tag_v2", None)
    if tags is not None:
        order: Literal["big", "little"] = "big" if tags.prefix == b"MM" else "little"
        if block := _as_bytes(tags.get(_TIFF_IIM), order):
            return block
        return _resource_in(_as_bytes(tags.get(_TIFF_PHOTOSHOP), order))
    # ImageMagick writes it into PNG as hexadecimal lines below a name and a length.
    for name in ("Raw profile type iptc", "Raw profile type 8bim"):
        if isinstance(text := image.info.get(name), str):
            digits = "".join("".join(text.split("\n")[3:]).split())
            try:
                return _resource_in(binascii.unhexlify(digits)) or binascii.unhexlify(digits)
            except binascii.Error:
                continue
    return b""


def _as_bytes(value: object, order: Literal["big", "little"]) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, tuple) and all(isinstance(each, int) for each in value):
        # Some call the bytes whole numbers of four each, which Pillow takes them for.
        return b"".join(each.to_bytes(4, order) for each in value if 0 <= each < 1 << 32)
    return b""


def _resource_in(data: bytes) -> bytes:
    """Return the IIM among Photoshop's resources: ``8BIM``, number, name, length, bytes."""
    at = data.find(b"8BIM\x04\x04")
    if at < 0:
        return b""
    at += 6
    name = data[at] if at < len(data) else 0
    at += name + 1 + (name + 1) % 2
    length = int.from_bytes(data[at : at + 4], "big")
    return data[at + 4 : at + 4 + length]


def _sets_in(block: bytes) -> dict[tuple[int, int], list[bytes]]:
    sets: dict[tuple[int, int], list[bytes]] = {}
    at = block.find(_MARKER)
    for _ in range(_MOST_SETS):
        if at < 0 or at + _HEADER > len(block) or block[at] != _MARKER:
            break
        number = block[at + 1], block[at + 2]
        length = int.from_bytes(block[at + 3 : at + 5], "big")
        at += _HEADER
        if length & _EXTENDED:
            digits = length & ~_EXTENDED
            length = int.from_bytes(block[at : at + digits], "big") if digits <= 4 else len(block)  # noqa: PLR2004
            at += digits
        sets.setdefault(number, []).append(block[at : at + length])
        at += length
    return sets


def _decoded(value: bytes) -> str:
    # 1:90 should tell, but many write UTF-8 without it, and some a Windows code page with it.
    # What is valid UTF-8 is hardly ever anything else.
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")
