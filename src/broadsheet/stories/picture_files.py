"""A picture's file as it comes in: read what it says of itself, and drop what is private.

Caption, credit, date and text alternative are read by ``picture_metadata``. The stored file
carries none of them: where a camera stood, its serial number and its owner's notes are nobody's
business. The colour profile stays, and the orientation is applied.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from broadsheet.stories.picture_metadata import metadata_of

logger = logging.getLogger(__name__)

# Pillow's names of the formats that carry such data and can be written again as they were.
_REWRITTEN = frozenset({"JPEG", "PNG", "WEBP", "AVIF"})


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
    found = metadata_of(image)
    parts = dict.fromkeys(part for part in (*found.creators[:1], found.credit) if part)
    return PictureWords(
        caption=_in_one_line(found.caption),
        credit=_in_one_line("/".join(parts))[:200],
        alt_text=_in_one_line(found.alt_text)[:255],
        taken_on=found.taken_on,
    )


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
