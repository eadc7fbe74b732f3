"""Small pictures in every format agencies send, with words in them."""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image


def pictures() -> dict[str, bytes]:
    """Return a small picture in each format agencies send, the JPEG with words in it."""
    made = {}
    for form in ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"):
        target = BytesIO()
        Image.new("RGB", (40, 30), "#336699").save(target, form)
        made[form] = target.getvalue()
    made["JPEG with IIM"] = with_iim(made["JPEG"], *WORDS_IN_IIM)
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x0132] = "A ferry", "Ida Lens", "2024:03:04 05:12:00"
    target = BytesIO()
    Image.new("RGB", (40, 30)).save(target, "JPEG", exif=exif)
    made["JPEG with EXIF"] = target.getvalue()
    return made


WORDS_IN_IIM = (
    (1, 90, b"\x1b%G"),
    (2, 5, b"FERRY"),
    (2, 10, b"4"),
    (2, 25, b"ferries"),
    (2, 55, b"20240304"),
    (2, 60, b"051200+0000"),
    (2, 80, b"Ida Lens"),
    (2, 105, b"Ferry fares rise"),
    (2, 110, b"Coast Wire"),
    (2, 120, b"The Petrel at the northern pier."),
)


def with_iim(jpeg: bytes, *sets: tuple[int, int, bytes]) -> bytes:
    """Return ``jpeg`` with data sets of the IPTC's IIM in Photoshop's segment."""
    data = b"".join(
        bytes((0x1C, record, number)) + struct.pack(">H", len(value)) + value
        for record, number, value in sets
    )
    block = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(data)) + data
    block = b"Photoshop 3.0\0" + block + (b"\0" if len(data) % 2 else b"")
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def with_segment(jpeg: bytes, marker: int, data: bytes) -> bytes:
    """Return ``jpeg`` with one segment more, right at its start."""
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]
