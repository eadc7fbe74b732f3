"""What a picture's file says of itself: read in one place, for the library and for the wire.

XMP goes before IPTC-IIM, and both before EXIF, as the IPTC Photo Metadata Standard 2023.2 maps
them; a field that cannot be read is left out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PIL import ExifTags, Image

from broadsheet.stories import picture_iim, picture_xmp

logger = logging.getLogger(__name__)

# What cameras write into every picture where its description should be.
_CAMERA_WORDS = re.compile(
    r"^(?:olympus digital camera|sony dsc|dsc_?\d*|kodak digital still camera|dcim.*|"
    r"minolta digital camera|konica minolta digital camera|samsung(?: csc)?|default|untitled|"
    r"(?:created|file written|made) (?:with|by) .{0,60}|software: .{0,60})$",
    re.IGNORECASE,
)
_LARGEST_TEXT = 100_000
_IIM_ZONE = re.compile(r"^(\d{2})(\d{2})(\d{2})?([+-]\d{4})?$")
_EXIF_TIME = re.compile(r"^(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d:\d\d:\d\d))?")
_PNG_WORDS = {
    "caption": "Description", "creator": "Author", "copyright": "Copyright", "title": "Title"
}  # fmt: skip
_WHOLE_DATE = re.compile(r"^\d{4}-\d\d-\d\d")

# Field → XMP properties → IIM data sets.
_FIELDS: dict[str, tuple[tuple[str, ...], tuple[tuple[int, int], ...]]] = {
    "headline": (("photoshop:Headline",), ((2, 105),)),
    "title": (("dc:title",), ((2, 5),)),
    "caption": (("dc:description",), ((2, 120),)),
    "alt_text": (("Iptc4xmpCore:AltTextAccessibility",), ()),
    "credit": (("photoshop:Credit",), ((2, 110),)),
    "source": (("photoshop:Source",), ((2, 115),)),
    "copyright": (("dc:rights",), ((2, 116),)),
    "usage_terms": (("xmpRights:UsageTerms",), ()),
    "instructions": (("photoshop:Instructions",), ((2, 40),)),
    "place": (("Iptc4xmpCore:Location",), ((2, 92),)),
    "city": (("photoshop:City", "Iptc4xmpExt:City"), ((2, 90),)),
    "state": (("photoshop:State", "Iptc4xmpExt:ProvinceState"), ((2, 95),)),
    "country": (("photoshop:Country", "Iptc4xmpExt:CountryName"), ((2, 101), (2, 100))),
    "urgency": (("photoshop:Urgency",), ((2, 10),)),
    "reference": (("photoshop:TransmissionReference",), ((2, 103),)),
    "source_type": (("Iptc4xmpExt:DigitalSourceType",), ()),
    "language": (("dc:language",), ((2, 135),)),
    "guid": (("Iptc4xmpExt:DigImageGUID",), ((1, 100),)),
    "edit_status": ((), ((2, 7),)),
    "event": (("Iptc4xmpExt:Event",), ()),
    "category": (("photoshop:Category",), ((2, 15),)),
}
_LISTS: dict[str, tuple[tuple[str, ...], tuple[tuple[int, int], ...]]] = {
    "creators": (("dc:creator",), ((2, 80),)),
    "keywords": (("dc:subject",), ((2, 25),)),
    "persons": (("Iptc4xmpExt:PersonInImage",), ()),
    "subject_codes": (("Iptc4xmpCore:SubjectCode",), ((2, 12),)),
}


@dataclass(frozen=True)
class PictureMetadata:
    """The fields of the IPTC Photo Metadata Standard that news needs; empty where not stated.

    ``created``, ``sent``, ``released`` (usable from) and ``expires`` are ISO 8601 as far as they
    are known, with the zone where it was stated. ``title`` is the object name, the desk's label;
    ``reference`` the transmission reference, ``source_type`` the address of a digital source
    type (IPTC NewsCodes). ``subject_codes`` are codes alone, or IIM's ``IPTC:code:name:…``.
    """

    headline: str = ""
    title: str = ""
    caption: str = ""
    alt_text: str = ""
    creators: tuple[str, ...] = ()
    credit: str = ""
    source: str = ""
    copyright: str = ""
    usage_terms: str = ""
    instructions: str = ""
    place: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    urgency: str = ""
    reference: str = ""
    source_type: str = ""
    language: str = ""
    guid: str = ""
    edit_status: str = ""
    event: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()
    created: str = ""
    sent: str = ""
    released: str = ""
    expires: str = ""

    @property
    def taken_on(self) -> date | None:
        """The day the picture was made, where it was made; ``None`` where it is not stated."""
        try:
            return datetime.strptime(self.created[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            return None


def metadata_of(image: Image.Image) -> PictureMetadata:
    """Return what ``image``, opened by Pillow, says of itself. Raises nothing."""
    xmp: picture_xmp.Properties = _tried(picture_xmp.read, image)
    iim: picture_iim.Records = _tried(picture_iim.read, image)
    exif: dict[str, str] = _tried(_exif_of, image)

    def all_of(properties: tuple[str, ...], sets: tuple[tuple[int, int], ...]) -> list[str]:
        stated = [
            *(xmp.get(name, ()) for name in properties),
            *(iim.get(number, ()) for number in sets),
        ]
        cleaned = ([text for text in map(_clean, texts) if text] for texts in stated)
        return next(filter(None, cleaned), [])

    values: dict[str, Any] = {
        name: next(iter(all_of(*where)), "") for name, where in _FIELDS.items()
    }
    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys(all_of(*where))) for name, where in _LISTS.items()
    }
    for name in ("caption", "copyright", "title"):
        values[name] = values[name] or exif.get(name, "")
    if not lists["creators"] and exif.get("creator"):
        lists["creators"] = (exif["creator"],)
    if not lists["keywords"] and exif.get("keywords"):
        lists["keywords"] = tuple(filter(None, map(str.strip, exif["keywords"].split(";"))))
    return PictureMetadata(
        **values,
        **lists,
        created=_fullest(
            next(iter(xmp.get("photoshop:DateCreated", ())), ""),
            _iim_time(iim, (2, 55), (2, 60)),
            exif.get("created", ""),
        ),
        sent=_iim_time(iim, (1, 70), (1, 80)),
        released=_iim_time(iim, (2, 30), (2, 35)),
        expires=_iim_time(iim, (2, 37), (2, 38)),
    )


def _tried(read: Callable[[Image.Image], Any], image: Image.Image) -> Any:
    try:
        return read(image)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - anybody's bytes, in three old formats
        logger.info("a picture's words cannot be read by %s: %s", read.__module__, error)
        return {}


def _clean(text: str) -> str:
    """Return ``text`` without NULs, with its lines kept and the rest of its space made single."""
    lines = text[:_LARGEST_TEXT].replace("\x00", " ").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(" ".join(line.split()) for line in lines.split("\n")).strip()


def _fullest(*times: str) -> str:
    """Return the first time that has a clock of the same day as the first that is a date."""
    whole = [text.strip() for text in times if _WHOLE_DATE.match(text.strip())]
    if not whole:
        return ""
    same_day = [text for text in whole if text[:10] == whole[0][:10]]
    return next((text for text in same_day if len(text) > len("2017-04-25")), whole[0])


def _iim_time(iim: picture_iim.Records, day: tuple[int, int], clock: tuple[int, int]) -> str:
    digits = next(iter(iim.get(day, ())), "").strip().replace("-", "").replace(":", "")[:8]
    try:
        iso = datetime.strptime(digits, "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        return ""
    at = _IIM_ZONE.match(next(iter(iim.get(clock, ())), "").strip().replace(":", ""))
    if at is None:
        return iso
    zone = f"{at[4][:3]}:{at[4][3:]}" if at[4] else ""
    return f"{iso}T{at[1]}:{at[2]}:{at[3] or '00'}{zone}"


def _exif_of(image: Image.Image) -> dict[str, str]:
    exif = image.getexif()
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    found = {
        "caption": _exif_text(exif.get(ExifTags.Base.ImageDescription)),
        "creator": _exif_text(exif.get(ExifTags.Base.Artist)),
        "copyright": _exif_text(exif.get(ExifTags.Base.Copyright)),
        "title": _windows_text(exif.get(ExifTags.Base.XPTitle)),
        "keywords": _windows_text(exif.get(ExifTags.Base.XPKeywords)),
    }
    if _CAMERA_WORDS.match(found["caption"]):
        found["caption"] = ""
    # PNG's own words (PNG specification, 11.3.4.2), which have the same meaning.
    for name, keyword in _PNG_WORDS.items():
        if not found[name] and isinstance(text := image.info.get(keyword), str):
            found[name] = _clean(text)
    taken = _EXIF_TIME.match(_exif_text(shot.get(ExifTags.Base.DateTimeOriginal)))
    if taken:
        zone = _exif_text(shot.get(ExifTags.Base.OffsetTimeOriginal))
        clock = f"T{taken[4]}{zone}" if taken[4] else ""
        found["created"] = f"{taken[1]}-{taken[2]}-{taken[3]}{clock}"
    return found


def _exif_text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = str(value or "").split("\x00")[0]
    # Pillow reads EXIF's ASCII as Latin-1; most who write more than ASCII write UTF-8.
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return _clean(text)


def _windows_text(value: object) -> str:
    return _clean(value.decode("utf-16-le", "replace")) if isinstance(value, bytes) else ""
