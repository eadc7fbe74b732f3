"""Every story stands on a front, whatever language it is written in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from broadsheet.stories.languages import front_language_of
from broadsheet.stories.models import Section, Story
from broadsheet.stories.models.front_language import refile


@pytest.mark.parametrize(
    ("language", "front"),
    [
        ("fa", "fa"),
        ("en-GB", "en"),
        ("EN-gb", "en"),
        ("de-AT", "de"),
        ("fr", "en"),
        ("pt-PT", "pt-BR"),
        ("pt-br", "pt-BR"),
    ],
)
def test_a_language_has_one_front(language: str, front: str, settings: Settings) -> None:
    settings.PAPER_LANGUAGES = ["en", "fa", "de", "pt-BR", "pt-AO"]
    assert front_language_of(language) == front


@pytest.fixture
def section(db: None) -> Any:
    return Section.objects.create(name="World", slug="world")


def test_a_story_knows_its_front_however_it_is_stored(section: Section) -> None:
    saved = Story.objects.create(headline="Saved", section=section, language="de-CH")
    Story.objects.bulk_create(
        [Story(news_id=500, headline="In bulk", section=section, language="fr")]
    )
    saved.language = "fa"
    saved.save(update_fields=["language"])
    fronts = Story.objects.order_by("news_id").values_list("headline", "front_language")
    assert dict(fronts) == {"Saved": "fa", "In bulk": "en"}


def test_other_languages_of_the_paper_move_the_stories(
    section: Section, settings: Settings
) -> None:
    for language in ("en", "fr", "fr", "fa"):
        Story.objects.create(headline=language, section=section, language=language)
    assert refile(Story.objects.all()) == 0
    settings.PAPER_LANGUAGES = ["en", "fr"]
    assert refile(Story.objects.all()) == 3
    fronts = Story.objects.order_by("news_id").values_list("front_language", flat=True)
    assert list(fronts) == ["en", "fr", "fr", "en"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_asking_reads_an_index_and_no_story(section: Section) -> None:
    Story.objects.create(headline="One", section=section)
    with CaptureQueriesContext(connection) as captured:
        refile(Story.objects.all())
    asked = next(query["sql"] for query in captured if "DISTINCT" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "COVERING INDEX story_languages" in plan
