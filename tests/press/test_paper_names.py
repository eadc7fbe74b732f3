"""Each language of the paper may call it by a name of its own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pytest_django import Settings

from broadsheet.press import feeds, pages
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import PaperName
from press import newspaper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def languages(settings: Settings) -> None:
    settings.PAPER_LANGUAGES = ["en", "fa", "de"]


def _json_ld(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    document: dict[str, Any] = json.loads(found[1])
    return document


def test_each_language_has_its_name_of_the_paper() -> None:
    paper = newspaper.paper()
    paper.names = [
        PaperName(language="fa", name="پیک بندر", strapline="خبرهای ساحل"),
        PaperName(language="de", name="Hafenpost"),
    ]
    paper.save()
    story = newspaper.story("کشتی", news_id=1, language="fa")
    persian = pages.front_page(None, "fa", [story.news_id])
    assert "<title>پیک بندر – خبرهای ساحل</title>" in persian
    assert '<h1 class="name"><a href="/fa/">پیک بندر</a></h1>' in persian
    assert _json_ld(persian)["name"] == "پیک بندر"
    german = pages.story_page(newspaper.story(news_id=2, language="de-AT"))
    assert _json_ld(german)["publisher"]["name"] == "Hafenpost"
    assert '<meta property="og:site_name" content="Hafenpost">' in german
    english = pages.front_page(None, "en", [])
    assert "<title>The Harbour Post – News of the coast</title>" in english


def test_a_name_in_another_language_is_marked_as_such() -> None:
    newspaper.paper()
    page = pages.front_page(None, "fa", [])
    assert '<h1 class="name" lang="en" dir="ltr">' in page


def _feed(key: str) -> Any:
    drawn = feeds.KIND.draw(key)
    assert isinstance(drawn, bytes)
    return json.loads(drawn)


def test_a_feed_bears_the_name_in_its_language() -> None:
    paper = newspaper.paper()
    PaperName.objects.create(paper=paper, language="fa", name="پیک بندر", strapline="خبرها")
    feed = _feed("fa.json")
    assert (feed["title"], feed["description"]) == ("پیک بندر", "خبرها")
    assert _feed("de.json")["title"] == "The Harbour Post"


def test_a_new_name_has_the_paper_pressed() -> None:
    paper = newspaper.paper()
    PressOrder.objects.all().delete()
    PaperName.objects.create(paper=paper, language="fa", name="پیک بندر")
    assert PressOrder.objects.filter(kind="everything").exists()
