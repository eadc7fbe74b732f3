"""What pictures say of themselves; the files are made here, with the data written into them."""

from __future__ import annotations

import random
import struct
from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import ExifTags, Image

from broadsheet.stories.models import Picture
from broadsheet.stories.picture_files import read_picture

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 photoshop:Credit="AFP" photoshop:DateCreated="2017-04-25T10:11:12">
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">A ferry leaves the harbour.</rdf:li>
 </rdf:Alt></dc:description>
 <dc:creator><rdf:Seq><rdf:li>Ana Lima</rdf:li></rdf:Seq></dc:creator>
 <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A white ferry on
 grey water</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = "From the camera"
    exif[ExifTags.Base.Artist] = "B. Camera"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2016:01:02 03:04:05"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    return exif


def _picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "#336699").save(target, form, **options)
    return target.getvalue()


def _iim(**records: bytes) -> bytes:
    """Return a JPEG's APP13 segment with IIM records, as newsrooms' older tools write them."""
    numbers = {"date": 55, "byline": 80, "credit": 110, "caption": 120}
    data = b"\x1c\x01\x5a" + struct.pack(">H", 3) + b"\x1b%G"
    for name, value in records.items():
        data += bytes((0x1C, 2, numbers[name])) + struct.pack(">H", len(value)) + value
    block = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(data)) + data
    block = b"Photoshop 3.0\0" + block + (b"\0" if len(data) % 2 else b"")
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def _carries_nothing(content: bytes) -> bool:
    with Image.open(BytesIO(content)) as image:
        image.load()
        return not image.getexif() and not {"xmp", "photoshop", "exif"} & image.info.keys()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_gps_is_dropped_from_every_format(form: str) -> None:
    content = _picture(form, exif=_exif())
    assert _carries_gps(content)
    read = read_picture(BytesIO(content))
    assert read.clean is not None
    assert not _carries_gps(read.clean)
    assert read.words.caption == "From the camera"
    assert read.words.taken_on == date(2016, 1, 2)


def _carries_gps(content: bytes) -> bool:
    with Image.open(BytesIO(content)) as image:
        return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))


def test_xmp_goes_before_iim_and_exif() -> None:
    content = _picture(exif=_exif(), xmp=XMP.encode())
    content = content[:2] + _iim(caption=b"From the wire", byline=b"C. Wire") + content[2:]
    read = read_picture(BytesIO(content))
    assert read.words.caption == "A ferry leaves the harbour."
    assert read.words.credit == "Ana Lima/AFP"
    assert read.words.alt_text == "A white ferry on grey water"
    assert read.words.taken_on == date(2017, 4, 25)
    assert read.clean is not None
    assert _carries_nothing(read.clean)


def test_iim_alone() -> None:
    content = _picture()
    segment = _iim(
        caption="Schiffe im Hafen von Lübeck".encode(),
        byline=b"D. Foto",
        credit=b"DPA",
        date=b"20170425",
    )
    read = read_picture(BytesIO(content[:2] + segment + content[2:]))
    assert read.words.caption == "Schiffe im Hafen von Lübeck"
    assert read.words.credit == "D. Foto/DPA"
    assert read.words.taken_on == date(2017, 4, 25)
    assert read.clean is not None
    assert _carries_nothing(read.clean)


def test_a_turned_picture_is_stored_upright() -> None:
    read = read_picture(BytesIO(_picture(exif=_exif(orientation=6))))
    assert read.clean is not None
    with Image.open(BytesIO(read.clean)) as image:
        assert image.size == (30, 40)


def test_a_picture_that_says_nothing_is_stored_as_it_came() -> None:
    read = read_picture(BytesIO(_picture()))
    assert read.clean is None
    assert read.words.caption == ""


def test_broken_words_do_not_keep_a_picture_out() -> None:
    read = read_picture(BytesIO(_picture(xmp=b"<x:xmpmeta><not closed")))
    assert read.words.caption == ""
    assert read.clean is not None


def test_entities_in_xmp_are_not_unfolded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "boom">]>' + XMP.replace("A ferry", "&a;").encode()
    read = read_picture(BytesIO(_picture(xmp=bomb)))
    assert "boom" not in read.words.caption


def test_a_damaged_picture_is_refused() -> None:
    content = _picture(size=(400, 300))
    with pytest.raises(ValidationError, match="damaged"):
        read_picture(BytesIO(content[: len(content) // 2]))
    with pytest.raises(ValidationError, match="damaged"):
        read_picture(BytesIO(b"no picture at all"))


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_whatever_somebody_made_of_a_picture_is_taken_or_refused(form: str) -> None:
    whole = _picture(form, exif=_exif(6).tobytes())
    chance = random.Random(5)  # noqa: S311 - the same every time
    refused = 0
    for _ in range(400):
        tampered = bytearray(whole)
        for _ in range(chance.choice((1, 2, 5, 20))):
            tampered[chance.randrange(min(len(whole), 400))] = chance.randrange(256)
        try:
            read_picture(BytesIO(tampered))
        except ValidationError:
            refused += 1
    assert refused


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    with pytest.raises(ValidationError, match="too many pixels"):
        read_picture(BytesIO(_picture()))


@pytest.mark.django_db
def test_a_saved_picture_has_the_words_and_a_clean_file(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    content = _picture(exif=_exif(orientation=6), xmp=XMP.encode())
    picture = Picture(title="Ferry", credit="Ours", file=ContentFile(content, name="ferry.jpg"))
    picture.full_clean(exclude=["width", "height"])
    picture.save()
    picture = Picture.objects.get()
    assert picture.caption == "A ferry leaves the harbour."
    assert picture.credit == "Ours"
    assert picture.description == "A white ferry on grey water"
    assert (picture.width, picture.height) == (30, 40)
    with picture.file.open() as stored:
        assert _carries_nothing(stored.read())
