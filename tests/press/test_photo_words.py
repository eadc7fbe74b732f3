"""Where a story says nothing of a photo, the picture speaks for itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from broadsheet.press import ninjs, pages
from press import newspaper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_empty_words_are_the_pictures() -> None:
    story = newspaper.story(news_id=5)
    picture = newspaper.picture(caption="Cranes at dusk", credit="Mira Doe")
    newspaper.photo(story, picture)
    html = pages.story_page(story)
    assert "Cranes at dusk" in html
    assert '"creditText":"Mira Doe"' in html
    assert html.count("Mira Doe") == 2
    document = json.dumps(json.loads(ninjs.document(story)))
    assert "Cranes at dusk" in document
    assert "Mira Doe" in document


def test_the_storys_own_words_come_first() -> None:
    story = newspaper.story(news_id=5)
    picture = newspaper.picture(caption="Cranes at dusk", credit="Mira Doe")
    newspaper.photo(story, picture, caption="The cranes that will go", credit="AFP")
    html = pages.story_page(story)
    assert "The cranes that will go" in html
    assert "Cranes at dusk" not in html
    assert "Mira Doe" not in html
