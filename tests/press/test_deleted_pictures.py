"""A picture that the library loses is nowhere any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from broadsheet.press import actions
from broadsheet.press.models import PressedFile
from press import newspaper, newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("place", ["photo", "body"])
def test_a_deleted_picture_leaves_no_file_behind(
    pressed: PressedFolder, tmp_path: Path, settings: Settings, place: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = newsroom.picture()
    other = newspaper.picture(name="other.jpg")
    story = newsroom.draft()
    newspaper.photo(story, other)
    if place == "photo":
        newspaper.photo(story, picture)
    else:
        story.body.append(("photo", {"picture": picture, "caption": "", "credit": ""}))
        story.save()
    newsroom.publish(story)
    shown = PressedFile.objects.filter(kind="photo", key__contains=f"/{picture.pk}-")
    kept = PressedFile.objects.filter(kind="photo", key__contains=f"/{other.pk}-").count()
    addresses = list(shown.values_list("address", flat=True))
    assert addresses
    assert kept

    picture.delete()
    actions.press_orders()

    assert not shown.exists()
    assert not any(map(pressed.has, addresses))
    assert PressedFile.objects.filter(kind="photo").count() == kept
    page = pressed.text(f"/news/{story.news_id}/")
    assert not any(address in page for address in addresses)
