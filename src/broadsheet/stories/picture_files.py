"""A picture's file as it comes in: read what it says of itself, and drop what is private.

Caption, credit, date and text alternative are read from XMP, IPTC-IIM and EXIF, in this order,
as the IPTC Photo Metadata Standard names them. The stored file carries none of them: where a
camera stood, its serial number and its owner's notes are nobody's business. The colour profile
stays, and the orientation is applied.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageFile, ImageOps, IptcImagePlugin

logger = logging.getLogger(__name__)

# Pillow's names of the formats that carry such data and can be written again as they were.
_REWRITTEN = frozenset({"JPEG", "PNG", "WEBP", "AVIF"})
_IIM_DATE, _IIM_BYLINE, _IIM_CREDIT, _IIM_CAPTION = 55, 80, 110, 120
_UTF8_MARK = b"\x1b%G"  # IIM 1:90, ISO 2022 for UTF-8


@dataclass(frozen=True)
class PictureWords:
    """What a picture says of itself; empty where it says nothing."""

    caption: str = ""
    credit: str = ""
    alt_text: str = ""
    taken_on: date | None = None


@dataclass(frozen=True)
class PictureFile:
    """A picture's words, and its bytes without them (``None``: as they came, nothing to drop)."""

    words: PictureWords = field(default_factory=PictureWords)
    clean: bytes | None = None


def read_picture(stream: BinaryIO) -> PictureFile:
    """Return what ``stream``, a picture's file, says and what of it may be kept.

    Raises ``ValidationError`` for a file that is no whole picture or unfolds into too many
    pixels. Words that cannot be read are left out; the picture is taken all the same.
    """
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow warns from the size at which it thinks of a decompression bomb.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream) as image:
                image.load()
                return PictureFile(_words_of(image), _without_words(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(
            _("This picture unfolds into too many pixels. Make it smaller and try again."),
            code="too_many_pixels",
        ) from error
    except MemoryError:
        raise
    except Exception as error:
        # Besides what Pillow documents, its decoders and encoders raise struct.error, TypeError
        # and RuntimeError on what somebody has tampered with.
        logger.info("a picture cannot be read: %s", error)
        raise ValidationError(
            _("This picture is damaged: it cannot be read to its end. Export it again."),
            code="damaged",
        ) from error
    finally:
        stream.seek(0)


def _without_words(image: Image.Image) -> bytes | None:
    says_something = bool(image.getexif()) or bool(
        {"exif", "xmp", "photoshop", "XML:com.adobe.xmp", "comment"} & image.info.keys()
    )
    if image.format not in _REWRITTEN or not says_something:
        return None
    options: dict[str, Any] = {"exif": b"", "icc_profile": image.info.get("icc_profile")}
    if image.format in {"JPEG", "WEBP", "AVIF"}:
        options["xmp"] = b""
    upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
    if image.format == "JPEG":
        # "keep" writes with the tables the file came with; a turned picture has none.
        options |= {"quality": "keep"} if upright else {"quality": 95, "subsampling": 0}
    elif image.format in {"WEBP", "AVIF"}:
        options["quality"] = 92
    if getattr(image, "is_animated", False):
        options["save_all"] = True
    elif not upright:
        turned = ImageOps.exif_transpose(image)
        turned.format = image.format
        turned.info.pop("comment", None)
        return _saved(turned, options)
    image.info.pop("comment", None)
    return _saved(image, options)


def _saved(image: Image.Image, options: dict[str, Any]) -> bytes:
    target = BytesIO()
    image.save(target, format=image.format, **options)
    return target.getvalue()


def _words_of(image: Image.Image) -> PictureWords:
    found: list[dict[str, str]] = []
    for read in (_from_xmp, _from_iim, _from_exif):
        try:
            found.append(read(image))
        except Exception as error:  # noqa: BLE001 - anybody's bytes, in three old formats
            logger.info("a picture's %s cannot be read: %s", read.__name__[6:], error)
    first = {
        key: next((_clean(words[key]) for words in found if _clean(words.get(key, ""))), "")
        for key in ("caption", "creator", "credit", "alt_text", "taken_on")
    }
    parts = dict.fromkeys(part for part in (first["creator"], first["credit"]) if part)
    return PictureWords(
        caption=first["caption"],
        credit="/".join(parts)[:200],
        alt_text=first["alt_text"][:255],
        taken_on=_date(first["taken_on"]),
    )


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())


def _date(text: str) -> date | None:
    # EXIF writes 2017:04:25 …, XMP 2017-04-25…, IIM 20170425.
    digits = "".join(character for character in text[:10] if character.isdigit())[:8]
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a day, no time
    except ValueError:
        return None


def _from_xmp(image: Image.Image) -> dict[str, str]:
    described = list(_descriptions(image.getxmp()))
    names = {
        "caption": "description",
        "creator": "creator",
        "credit": "Credit",
        "alt_text": "AltTextAccessibility",
        "taken_on": "DateCreated",
    }
    return {
        key: next((_text(row[name]) for row in described if name in row), "")
        for key, name in names.items()
    }


def _descriptions(packet: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in packet.values():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, Mapping):
                yield row
                yield from _descriptions(row)


def _text(value: Any) -> str:
    """Return the first plain text in an XMP value: a text, an ordered or a language list."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        for key in ("Alt", "Seq", "Bag", "li", "text"):
            if key in value:
                return _text(value[key])
    if isinstance(value, Iterable):
        return next((text for row in value if (text := _text(row))), "") if value else ""
    return ""


def _from_iim(image: Image.Image) -> dict[str, str]:
    if not isinstance(image, ImageFile.ImageFile):
        return {}
    records = IptcImagePlugin.getiptcinfo(image) or {}
    charset = "utf-8" if records.get((1, 90)) == _UTF8_MARK else ""

    def text(number: int) -> str:
        raw = records.get((2, number), b"")
        raw = raw[0] if isinstance(raw, list) else raw
        if charset:
            return str(raw.decode(charset, "replace"))
        try:
            return str(raw.decode("utf-8"))
        except UnicodeDecodeError:
            return str(raw.decode("cp1252", "replace"))

    return {
        "caption": text(_IIM_CAPTION),
        "creator": text(_IIM_BYLINE),
        "credit": text(_IIM_CREDIT),
        "taken_on": text(_IIM_DATE),
    }


def _from_exif(image: Image.Image) -> dict[str, str]:
    exif = image.getexif()
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    return {
        "caption": str(exif.get(ExifTags.Base.ImageDescription, "")),
        "creator": str(exif.get(ExifTags.Base.Artist, "")),
        "taken_on": str(shot.get(ExifTags.Base.DateTimeOriginal, "")),
    }
