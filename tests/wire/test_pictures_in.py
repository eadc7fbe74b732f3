"""Pictures from agencies; each file is made here, with its words written into it."""

from __future__ import annotations

import random
import struct
from datetime import UTC, date, datetime
from html import escape
from io import BytesIO

import pytest
from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin

from broadsheet.stories.picture_files import read_picture
from broadsheet.stories.picture_metadata import metadata_of
from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireSubject
from broadsheet.wire.parsers import picture

CAPTION = "Fähren im Hafen von Lübeck, am Montag nach dem Sturm über der Ostsee."


def made(form: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "#336699").save(target, form, **options)
    return target.getvalue()


def iim(*sets: tuple[int, int, bytes]) -> bytes:
    """Return IIM data sets, one after the other."""
    return b"".join(
        bytes((0x1C, record, number)) + struct.pack(">H", len(value)) + value
        for record, number, value in sets
    )


def with_iim(jpeg: bytes, *sets: tuple[int, int, bytes]) -> bytes:
    """Return ``jpeg`` with the data sets in Photoshop's segment, as newsrooms' tools write."""
    data = iim(*sets)
    block = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(data)) + data
    block = b"Photoshop 3.0\0" + block + (b"\0" if len(data) % 2 else b"")
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def xmp(**properties: str) -> bytes:
    """Return an XMP packet; names have one line for the colon, values may be markup."""
    inner = "".join(
        f"<{name.replace('_', ':', 1)}>{value}</{name.replace('_', ':', 1)}>"
        for name, value in properties.items()
    )
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"'
        ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"{inner}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def alt(text: str, language: str = "x-default") -> str:
    return f'<rdf:Alt><rdf:li xml:lang="{language}">{escape(text)}</rdf:li></rdf:Alt>'


def bag(*texts: str) -> str:
    return (
        "<rdf:Bag>" + "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts) + "</rdf:Bag>"
    )


def read(content: bytes, name: str = "in/ferry.jpg") -> WireItem:
    (item,) = parsers.items(Incoming(content, name))
    return item


WHOLE_IIM = (
    (1, 90, b"\x1b%G"),
    (1, 70, b"20260504"),
    (1, 80, b"103000+0000"),
    (1, 100, b"20260504:cw:001:0000"),
    (2, 5, b"HARBOUR-STORM"),
    (2, 7, b"Correction"),
    (2, 10, b"4"),
    (2, 12, b"IPTC:03010000:disaster:weather:"),
    (2, 25, b"harbour"),
    (2, 25, "Lübeck".encode()),
    (2, 40, b"MANDATORY CREDIT. NO ARCHIVES."),
    (2, 55, b"20260504"),
    (2, 60, b"091500+0200"),
    (2, 80, b"Ida Lens"),
    (2, 90, "Lübeck".encode()),
    (2, 101, b"Germany"),
    (2, 103, b"CW123"),
    (2, 105, b"Storm over the Baltic"),
    (2, 110, b"Coast Wire"),
    (2, 115, b"dpa"),
    (2, 116, b"(c) 2026 Coast Wire"),
    (2, 120, CAPTION.encode()),
)


def test_iim_says_all_of_a_picture() -> None:
    content = with_iim(made(), *WHOLE_IIM)
    item = read(content)
    (photo,) = item.photos
    assert (item.kind, item.format, item.body) == ("picture", "picture", ())
    assert item.guid == "20260504:cw:001:0000"
    assert item.headline == "Storm over the Baltic"
    assert item.slugline == "HARBOUR-STORM"
    assert photo.content == content
    assert photo.caption == CAPTION
    assert photo.credit == "Ida Lens/Coast Wire"
    assert (photo.file_name, photo.media_type) == ("ferry.jpg", "image/jpeg")
    assert photo.taken_on == date(2026, 5, 4)
    assert item.published == datetime(2026, 5, 4, 7, 15, tzinfo=UTC)
    assert item.updated == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    assert (item.byline, item.authors) == ("Ida Lens", ("Ida Lens",))
    assert item.agencies == ("dpa",)
    assert item.credit_line == "Coast Wire"
    assert item.rights == "(c) 2026 Coast Wire"
    assert item.ed_note == "MANDATORY CREDIT. NO ARCHIVES."
    assert item.topics == ("harbour", "Lübeck")
    assert item.places == ("Lübeck", "Germany")
    assert item.urgency == 4
    assert item.signals == ("Correction",)
    assert item.language == "de"
    assert (
        WireSubject("weather", "03010000", "http://cv.iptc.org/newscodes/subjectcode/")
        in item.subjects
    )
    assert any(subject.code == "CW123" for subject in item.subjects)
    assert item.oddities == ()


def test_xmp_goes_before_iim_and_says_what_iim_cannot() -> None:
    packet = xmp(
        dc_description=alt("A ferry leaves."),
        dc_title=alt("FERRY"),
        dc_creator="<rdf:Seq><rdf:li>Ana Lima</rdf:li><rdf:li>Bo Ek</rdf:li></rdf:Seq>",
        dc_subject=bag("ferries", "sea"),
        dc_rights=alt("Copyright 2026 AFP"),
        xmpRights_UsageTerms=alt("Editorial use only."),
        photoshop_Headline="Ferry out",
        photoshop_Credit="AFP",
        photoshop_DateCreated="2026-05-03T23:30:00-05:00",
        photoshop_City="Port Amber",
        photoshop_Country="Norway",
        photoshop_Urgency="5",
        Iptc4xmpCore_AltTextAccessibility=alt("A white ferry on grey water"),
        Iptc4xmpExt_DigitalSourceType=(
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        ),
    )
    item = read(with_iim(made(xmp=packet), *WHOLE_IIM))
    (photo,) = item.photos
    assert item.headline == "Ferry out"
    assert photo.caption == "A ferry leaves."
    assert photo.alt_text == "A white ferry on grey water"
    assert photo.credit == "Ana Lima/AFP"
    assert item.authors == ("Ana Lima", "Bo Ek")
    assert item.agencies == ("AFP",)
    assert item.rights == "Editorial use only.\nCopyright 2026 AFP"
    assert item.published == datetime(2026, 5, 4, 4, 30, tzinfo=UTC)
    assert photo.taken_on == date(2026, 5, 3)
    assert item.dateline == "Port Amber"
    assert item.topics == ("ferries", "sea")
    assert item.urgency == 5
    assert item.ed_note == "MANDATORY CREDIT. NO ARCHIVES."
    assert any(subject.code == "trainedAlgorithmicMedia" for subject in item.subjects)
    assert any("machine" in said for said in item.oddities)


@pytest.mark.parametrize(
    "raw", [CAPTION.encode(), CAPTION.encode("latin-1"), CAPTION.encode("cp1252")]
)
@pytest.mark.parametrize("mark", [b"\x1b%G", b"\x1b.A", b""])
def test_every_character_set_of_iim_is_read(raw: bytes, mark: bytes) -> None:
    sets = [(1, 90, mark)] if mark else []
    assert read(with_iim(made(), *sets, (2, 120, raw))).photos[0].caption == CAPTION


def test_a_release_date_is_an_embargo() -> None:
    sets = ((2, 120, b"A vote."), (2, 30, b"20260601"), (2, 35, b"060000+0200"))
    item = read(with_iim(made(), *sets, (2, 37, b"20260701")))
    assert item.embargoed == datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
    assert item.expires == datetime(2026, 7, 1, tzinfo=UTC)


def test_exif_is_read_where_there_is_nothing_better() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "OLYMPUS DIGITAL CAMERA"
    exif[ExifTags.Base.Artist] = "Ida Lens"
    exif[ExifTags.Base.Copyright] = "2026 Ida Lens"
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    shot[ExifTags.Base.DateTimeOriginal] = "2026:05:04 09:15:00"
    shot[ExifTags.Base.OffsetTimeOriginal] = "+02:00"
    item = read(made(exif=exif))
    assert item.photos[0].caption == ""
    assert item.photos[0].credit == "Ida Lens"
    assert item.rights == "2026 Ida Lens"
    assert item.published == datetime(2026, 5, 4, 7, 15, tzinfo=UTC)


def test_a_time_without_a_zone_is_said_to_be_one() -> None:
    packet = xmp(photoshop_DateCreated="2026-05-04T09:15:00")
    item = read(made(xmp=packet))
    assert item.published == datetime(2026, 5, 4, 9, 15, tzinfo=UTC)
    assert any("time zone" in said for said in item.oddities)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_xmp_is_found_in_every_form(form: str) -> None:
    packet = xmp(dc_description=alt("A ferry leaves."))
    if form == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_itxt("XML:com.adobe.xmp", packet.decode())
        content = made(form, pnginfo=words)
    elif form == "TIFF":
        content = made(form, tiffinfo={700: packet})
    else:
        content = made(form, xmp=packet)
    assert read(content).photos[0].caption == "A ferry leaves."


def test_iim_is_found_in_tiff_and_png() -> None:
    data = iim((2, 120, b"A ferry leaves."))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33723] = data
    tags.tagtype[33723] = 7
    assert read(made("TIFF", tiffinfo=tags)).photos[0].caption == "A ferry leaves."
    words = PngImagePlugin.PngInfo()
    words.add_text("Raw profile type iptc", f"\niptc\n{len(data)}\n{data.hex()}\n")
    assert read(made("PNG", pnginfo=words)).photos[0].caption == "A ferry leaves."


def test_the_words_of_png_are_read() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Description", "A ferry leaves.")
    words.add_itxt("Author", "Ida Lens")
    (photo,) = read(made("PNG", pnginfo=words)).photos
    assert (photo.caption, photo.credit) == ("A ferry leaves.", "Ida Lens")


def test_a_gif_without_a_word_is_a_picture() -> None:
    item = read(made("GIF"), "logo.gif")
    assert item.guid.startswith("sha256:")
    assert item.headline == ""
    assert item.photos[0].media_type == "image/gif"


def test_the_library_and_the_wire_read_the_same() -> None:
    content = with_iim(made(), *WHOLE_IIM)
    words = read_picture(BytesIO(content)).words
    photo = read(content).photos[0]
    assert (words.caption, words.credit, words.taken_on) == (
        photo.caption,
        photo.credit,
        photo.taken_on,
    )


def test_places_in_structures_and_the_default_language() -> None:
    packet = xmp(
        dc_description='<rdf:Alt><rdf:li xml:lang="de">Eine Fähre.</rdf:li>'
        '<rdf:li xml:lang="x-default">A ferry.</rdf:li></rdf:Alt>',
        Iptc4xmpExt_LocationCreated='<rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<Iptc4xmpExt:City>Port Amber</Iptc4xmpExt:City>"
        "<Iptc4xmpExt:CountryName>Norway</Iptc4xmpExt:CountryName></rdf:li></rdf:Bag>",
    )
    item = read(made(xmp=packet))
    assert item.photos[0].caption == "A ferry."
    assert item.places == ("Port Amber", "Norway")


def test_entities_in_xmp_are_not_unfolded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "boom">]>' + xmp(dc_description=alt("x")).replace(
        b">x<", b">&a;<"
    )
    assert read(made(xmp=bomb)).photos[0].caption == ""


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    with pytest.raises(WireError, match="too many pixels"):
        read(made())


@pytest.mark.parametrize(
    "content",
    [
        made(size=(400, 300))[:900],
        made("PNG", size=(400, 300))[:200],
        b"\xff\xd8\xff\xe0 no picture at all",
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 200,
        b"II*\x00\xff\xff\xff\xff" + b"\x00" * 20,
    ],
)
def test_a_damaged_picture_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(WireError, match="picture"):
        read(content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_whatever_somebody_made_of_a_picture_is_taken_or_refused(form: str) -> None:
    packet = xmp(dc_description=alt("A ferry."), photoshop_DateCreated="2026-05-04")
    whole = made(form) if form in {"GIF", "TIFF", "PNG"} else made(form, xmp=packet)
    whole = with_iim(whole, *WHOLE_IIM) if form == "JPEG" else whole
    chance = random.Random(3)  # noqa: S311 - the same every time
    taken = refused = 0
    for _ in range(200):
        changed = bytearray(whole)
        for _ in range(chance.choice((1, 2, 5, 20))):
            changed[chance.randrange(8, len(changed))] = chance.randrange(256)
        if chance.random() < 0.2:
            changed = changed[: chance.randrange(8, len(changed))]
        try:
            taken += len(picture.parse(Incoming(bytes(changed), "x")))
        except WireError:
            refused += 1
    assert taken
    assert refused


def test_words_of_any_bytes_are_read_without_harm() -> None:
    chance = random.Random(4)  # noqa: S311 - the same every time
    whole = iim(*WHOLE_IIM)
    for _ in range(500):
        block = bytearray(whole)
        for _ in range(chance.choice((1, 5, 30))):
            block[chance.randrange(len(block))] = chance.randrange(256)
        image = Image.new("RGB", (1, 1))
        image.info["photoshop"] = {0x0404: bytes(block)}
        image.info["xmp"] = bytes(block)
        assert metadata_of(image).caption is not None
