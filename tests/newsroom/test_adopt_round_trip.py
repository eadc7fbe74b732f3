"""A page of this paper, saved and imported, is the story it shows: nothing lost on the way."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from broadsheet.pressed_paths import file_of
from broadsheet.stories.models import Story
from broadsheet.wire import parsers
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem

PAGES = Path(__file__).parents[1] / "data" / "wire"


def read(content: bytes) -> WireItem:
    (item,) = parsers.items(Incoming(content, "page"))
    return item


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["plain.txt", "persian.txt", "windows-1252.txt", "several-photos.html"]
)
def test_a_pressed_page_tells_the_story_it_was_made_from(name: str, tmp_path: Path) -> None:
    call_command("import", str(PAGES / name), "--publish", verbosity=0)
    story = Story.objects.get()
    pressed = Path(settings.PRESSED_ROOT) / f"{file_of(story.get_absolute_url())}.gz"
    saved = tmp_path / "saved.html"
    saved.write_bytes(gzip.decompress(pressed.read_bytes()))
    before, after = read((PAGES / name).read_bytes()), read(saved.read_bytes())
    assert after.news_id == story.news_id
    assert after.headline == before.headline
    assert after.published == before.published
    assert after.language == before.language
    assert plain_paragraphs(after) == plain_paragraphs(before)
    assert [(photo.caption, photo.credit) for photo in after.photos] == [
        (photo.caption, photo.credit) for photo in before.photos
    ]
    call_command("import", str(saved), verbosity=0)
    assert story.provenance.count() == 1
