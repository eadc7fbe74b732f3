"""Photographs and graphics as agencies send them: the words stand in the file itself.

One picture is one item of kind "picture", with one photo that has the bytes. Its words are read
by ``stories.picture_metadata`` (XMP, IPTC-IIM, EXIF), for the wire and the library alike.
Refused: what is damaged, what unfolds into too many pixels, and forms nobody here can read.
Source of the mapping: IPTC Photo Metadata Standard 2023.2.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, UnidentifiedImageError

from broadsheet.stories.picture_metadata import PictureMetadata, metadata_of
from broadsheet.wire.agencies import agency_named
from broadsheet.wire.credits import split_credit
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WirePhoto, WireRecord, WireSubject
from broadsheet.wire.language import language_of
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.times import read_moment

logger = logging.getLogger(__name__)

FORMAT = "picture"

_STARTS = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*",
    b"II+\x00", b"MM\x00+",
)  # fmt: skip
# ISO 14496-12: the brands of still pictures in the first box of a file.
_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_SUBJECTS = "http://cv.iptc.org/newscodes/subjectcode/"
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_REFERENCES = "IIM 2:103"
# Of IPTC's digital source types, those that no camera took.
_MADE_BY_MACHINE = re.compile(r"(?:algorithmicmedia|virtualrecording|synthetic)", re.IGNORECASE)
_HIGHEST_URGENCY = 9
_LONGEST_HEADLINE = 500


@dataclass
class _Times:
    """Reads the times of a picture, and collects what was odd about them."""

    oddities: list[str] = field(default_factory=list)

    def read(self, text: str) -> datetime | None:
        moment = read_moment(text) if text else None
        if moment is None:
            return None
        self.oddities.extend(moment.oddities)
        return moment.at


def recognises(incoming: Incoming) -> bool:
    """Tell whether ``incoming`` is a picture, by its first bytes."""
    start = incoming.content[:16]
    if start.startswith(_STARTS):
        return True
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return True
    return start[4:8] == b"ftyp" and start[8:12] in _BRANDS


def parse(incoming: Incoming) -> Sequence[WireRecord]:
    """Return the picture in ``incoming`` as one item.

    Raises :class:`WireError` for one that is damaged, too large unfolded, or of no form that
    can be read.
    """
    found, media_type = _read(incoming.content)
    return [_item(incoming, found, media_type)]


def _read(content: bytes) -> tuple[PictureMetadata, str]:
    try:
        with warnings.catch_warnings():
            # From here on Pillow thinks of a decompression bomb; it warns of damage, too.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(BytesIO(content)) as image:
                image.load()
                return metadata_of(image), Image.MIME.get(image.format or "", "")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise WireError(
            "This picture unfolds into too many pixels. Have it sent smaller."
        ) from error
    except UnidentifiedImageError as error:
        raise WireError(
            "This picture is of a form that cannot be read, or damaged at its start. Have it "
            "sent as JPEG."
        ) from error
    except MemoryError:
        raise
    except Exception as error:
        # Besides what Pillow documents, its decoders raise struct.error, TypeError and others
        # on what somebody has tampered with.
        logger.info("a picture cannot be read: %s", error)
        raise WireError(
            "This picture is damaged: it cannot be read to its end. Have it sent again."
        ) from error


def _item(incoming: Incoming, found: PictureMetadata, media_type: str) -> WireItem:
    times = _Times()
    created = times.read(found.created)
    caption, printed_credit = split_credit(found.caption, certain=False)
    credit = _credit_of(found) or printed_credit
    if printed_credit and folded(printed_credit) not in folded(credit):
        # It says more than the field for it does, and must not be lost.
        caption = " ".join(found.caption.split())
    rights = "\n".join(dict.fromkeys(filter(None, (found.usage_terms, found.copyright))))
    headline = " ".join((found.headline or found.title).split())[:_LONGEST_HEADLINE]
    guid = found.guid or f"sha256:{incoming.sha256}"
    photo = WirePhoto(
        caption=caption,
        credit=credit,
        alt_text=" ".join(found.alt_text.split()),
        taken_on=found.taken_on,
        content=incoming.content,
        key="photo-1",
        guid=guid,
        headline=headline,
        file_name=PurePosixPath(incoming.origin.replace("\\", "/")).name,
        media_type=media_type,
        rights=rights,
    )
    sent = times.read(found.sent)
    embargoed = times.read(found.released)
    byline = ", ".join(found.creators)
    return WireItem(
        guid=guid,
        origin=incoming.origin,
        format=FORMAT,
        sha256=incoming.sha256,
        headline=headline,
        body=(),
        kind="picture",
        published=created or sent,
        updated=sent,
        language=language_of(f"{headline} {caption}", found.language),
        slugline=found.title,
        dateline=found.city,
        authors=_authors_of(found),
        byline=byline,
        agencies=_agencies_of(found),
        info_sources=tuple(filter(None, (found.source,))),
        topics=found.keywords,
        subjects=_subjects_of(found),
        places=tuple(
            dict.fromkeys(filter(None, (found.place, found.city, found.state, found.country)))
        ),
        urgency=_urgency_of(found),
        photos=(photo,),
        rights=rights,
        credit_line=found.credit,
        embargoed=embargoed,
        expires=times.read(found.expires),
        signals=tuple(filter(None, (found.edit_status,))),
        ed_note=found.instructions,
        oddities=(*dict.fromkeys(times.oddities), *_said_of_making(found)),
    )


def _credit_of(found: PictureMetadata) -> str:
    """Return who is to be named: the photographer, then the agency, each once."""
    parts = [*found.creators[:1], found.credit or found.source]
    named = [part for part in parts if part]
    kept = [
        part
        for number, part in enumerate(named)
        if not any(folded(part) in folded(other) for other in named[number + 1 :])
    ]
    return " ".join("/".join(dict.fromkeys(kept)).split())


def _authors_of(found: PictureMetadata) -> tuple[str, ...]:
    names: list[str] = []
    for creator in found.creators:
        stated = names_in(creator)
        names.extend(stated or ([creator] if not agency_named(creator) else []))
    return tuple(dict.fromkeys(names))


def _agencies_of(found: PictureMetadata) -> tuple[str, ...]:
    for text in (found.credit, found.source, found.copyright, *found.creators):
        for part in re.split(r"[/,|]|\bvia\b|©", text):
            if agency := agency_named(part.strip()):
                return (agency,)
    stated = found.credit.rpartition("/")[2].strip() or found.source
    return (stated,) if stated else ()


def _subjects_of(found: PictureMetadata) -> tuple[WireSubject, ...]:
    subjects = []
    for text in found.subject_codes:
        # IIM writes "IPTC:04015000:name:matter:detail", XMP the eight digits alone.
        parts = [part.strip() for part in text.split(":")]
        code = next((part for part in parts if part.isdecimal()), text)
        named = [part for part in parts if part and part not in {code, "IPTC"}]
        subjects.append(WireSubject(named[-1] if named else code, code, _SUBJECTS))
    if found.category:
        subjects.append(WireSubject(found.category, found.category, "IIM 2:15"))
    if found.source_type:
        name = found.source_type.rstrip("/").rpartition("/")[2]
        subjects.append(WireSubject(name, name, _SOURCE_TYPES))
    if found.reference:
        subjects.append(WireSubject(found.reference, found.reference, _REFERENCES))
    return tuple(dict.fromkeys(subjects))


def _urgency_of(found: PictureMetadata) -> int | None:
    text = found.urgency.strip()
    if text.isascii() and text.isdecimal() and 1 <= int(text[:3]) <= _HIGHEST_URGENCY:
        return int(text[:3])
    return None


def _said_of_making(found: PictureMetadata) -> tuple[str, ...]:
    if not _MADE_BY_MACHINE.search(found.source_type):
        return ()
    name = found.source_type.rstrip("/").rpartition("/")[2]
    return (f"The picture was made by a machine, or with its help ({name}).",)
