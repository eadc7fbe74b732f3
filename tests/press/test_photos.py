from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from broadsheet.press import pages, photos
from broadsheet.stories.models import Story
from press import newspaper

pytestmark = pytest.mark.django_db

GPS = 0x8825


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def _with_place() -> bytes:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (51.0, 30.0, 0.0)}
    exif[0x010E] = "taken at the secret pier"
    return newspaper.picture_bytes(exif=exif.tobytes())


def _story(content: bytes | None = None, **fields: Any) -> Story:
    story = newspaper.story()
    newspaper.photo(story, newspaper.picture(content, **fields), caption="A pier.")
    return story


def test_every_address_on_the_page_is_a_sheet_with_bytes() -> None:
    story = _story()
    html = pages.story_page(story)
    sheets = photos.photo_sheets(story)
    pressed = {photos.address(sheet.key): photos.draw(sheet.key) for sheet in sheets}
    for address in {
        part.split()[0] for part in html.split('srcset="')[1].split('"')[0].split(", ")
    }:
        assert pressed[address]
    og = html.split('og:image" content="')[1].split('"')[0]
    assert Image.open(BytesIO(pressed[og[og.index("/photos/") :]] or b"")).format == "JPEG"


def test_no_wider_picture_is_pressed_than_there_is() -> None:
    labels = [sheet.key.rsplit("-", 1)[1] for sheet in photos.photo_sheets(_story())]
    assert labels == ["w480.webp", "w960.webp", "w1600.webp", "c480.webp", "c960.webp", "og.jpg"]
    small = _story(newspaper.picture_bytes(400, 300), name="small.jpg")
    labels = [sheet.key.rsplit("-", 1)[1] for sheet in photos.photo_sheets(small)]
    assert labels == ["w480.webp", "c480.webp", "og.jpg"]


def test_where_a_picture_was_taken_stays_in_the_newsroom() -> None:
    for sheet in photos.photo_sheets(_story(_with_place())):
        content = photos.draw(sheet.key)
        assert content
        assert b"secret pier" not in content
        assert not Image.open(BytesIO(content)).getexif()


@pytest.mark.parametrize("change", ["unpublished", "embargoed", "expired", "gone from the story"])
def test_a_picture_goes_with_its_story(change: str) -> None:
    story = _story()
    keys = [sheet.key for sheet in photos.photo_sheets(story)]
    now = timezone.now()
    match change:
        case "unpublished":
            story.live = False
        case "embargoed":
            story.embargo_until = now + timedelta(hours=1)
        case "expired":
            story.expire_at = now - timedelta(hours=1)
        case _:
            story.photos.all().delete()
    story.save()
    assert keys
    assert [photos.draw(key) for key in keys] == [None] * len(keys)


def test_the_address_changes_with_the_focal_point() -> None:
    story = _story()
    before = {sheet.key for sheet in photos.photo_sheets(story)}
    picture = story.photos.get().picture
    assert picture is not None
    picture.focal_point_x, picture.focal_point_y = 300, 200
    picture.focal_point_width = picture.focal_point_height = 50
    picture.save()
    story = Story.objects.get(pk=story.pk)
    after = {sheet.key for sheet in photos.photo_sheets(story)}
    assert not before & after
    assert all(photos.draw(key) is None for key in before)
    assert all(photos.draw(key) for key in after)


@pytest.mark.parametrize("key", ["", "1/2.webp", "../../x", "page-1/1-0123456789-w480.webp", "٣/1"])
def test_what_is_no_picture_of_the_paper_is_not_drawn(key: str) -> None:
    assert photos.draw(key) is None


def test_a_broken_picture_leaves_its_words() -> None:
    story = _story()
    picture = story.photos.get().picture
    assert picture is not None
    Path(picture.file.path).write_bytes(b"not a picture at all")
    html = pages.story_page(Story.objects.get(pk=story.pk))
    assert "<img" not in html
    assert "A pier." in html
    assert [photos.draw(sheet.key) for sheet in photos.photo_sheets(story)] == [None] * 6


def test_an_animated_picture_is_pressed_still() -> None:
    frames = [Image.new("RGB", (600, 400), colour) for colour in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    story = _story(buffer.getvalue(), name="moving.gif")
    for sheet in photos.photo_sheets(story):
        assert photos.draw(sheet.key)


def test_a_picture_in_the_body_is_pressed_too() -> None:
    picture = newspaper.picture(credit="Jonas Reth", description="A deck")
    block = {"type": "photo", "value": {"picture": picture.pk, "caption": "Aboard", "credit": ""}}
    story = newspaper.story(body=[*newspaper.paragraphs("One."), block])
    html = pages.story_page(story)
    assert 'alt="A deck"' in html
    assert "(<bdi>Jonas Reth</bdi>)" in html
    assert all(photos.draw(sheet.key) for sheet in photos.photo_sheets(story))


def test_a_preview_shows_the_newsrooms_own_files() -> None:
    story = _story()
    html = pages.preview_page(story)
    assert 'src="/newsroom/media/images/' in html
    assert "noindex" in html
