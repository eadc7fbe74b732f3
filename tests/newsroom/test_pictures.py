from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from broadsheet.stories.models import Picture

pytestmark = pytest.mark.django_db


def _photo() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "A ferry in the harbour"
    exif[ExifTags.Base.Artist] = "Ana Lima"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    target = BytesIO()
    Image.new("RGB", (60, 40), "#336699").save(target, "JPEG", exif=exif)
    return target.getvalue()


def _upload(client: Client, content: bytes) -> Any:
    return client.post(
        "/newsroom/images/multiple/add/",
        {
            "title": "ferry.jpg",
            "files[]": SimpleUploadedFile("ferry.jpg", content, "image/jpeg"),
        },
    )


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_many_at_once_are_read_and_cleaned(at_desk: Callable[[str], Client]) -> None:
    answer = _upload(at_desk("reporter"), _photo()).json()
    assert answer["success"] is True
    assert "A ferry in the harbour" in answer["form"]
    picture = Picture.objects.get()
    assert (picture.caption, picture.credit) == ("A ferry in the harbour", "Ana Lima")
    with picture.file.open() as stored, Image.open(stored) as image:
        assert not image.getexif()
    assert picture.file_size == picture.file.size


def test_a_damaged_one_is_refused_with_a_sentence(at_desk: Callable[[str], Client]) -> None:
    content = _photo()
    answer = _upload(at_desk("reporter"), content[: len(content) - 30]).json()
    assert answer["success"] is False
    assert "damaged" in answer["error_message"]
    assert not Picture.objects.exists()


def test_one_that_unfolds_too_far_is_refused(
    settings: Any, at_desk: Callable[[str], Client]
) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000
    answer = _upload(at_desk("reporter"), _photo()).json()
    assert answer["success"] is False
    assert not Picture.objects.exists()


def test_one_is_uploaded_from_within_a_story(at_desk: Callable[[str], Client]) -> None:
    """Wagtail keeps the rendition, its picture and whoever uploaded it in the cache."""
    answer = at_desk("reporter").post(
        "/newsroom/images/chooser/create/",
        {
            "image-chooser-upload-title": "A ferry",
            "image-chooser-upload-file": SimpleUploadedFile("f.jpg", _photo(), "image/jpeg"),
        },
    )
    assert answer.json()["step"] == "chosen"
    assert Picture.objects.get().credit == "Ana Lima"
