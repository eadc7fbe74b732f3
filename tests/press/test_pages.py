from __future__ import annotations

import pytest
from tests.press import newspaper

from broadsheet.press import pages

pytestmark = pytest.mark.django_db


def test_a_story_page_prints_number_and_time_as_the_paper_does() -> None:
    html = pages.story_page(newspaper.story(news_id=207166))
    assert "News ID: 207166" in html
    assert "Published: 0658 GMT December 30, 2017" in html


def test_every_page_is_drawn(tmp_path: object) -> None:
    from datetime import date

    from broadsheet.accounts.models import Byline
    from broadsheet.stories.models import Topic

    newspaper.paper()
    section = newspaper.section("world", fa="جهان")
    stories = [newspaper.story(f"Story {n}", section=section) for n in range(9)]
    newspaper.photo(stories[0], newspaper.picture(), caption="A pier.", credit="AFP")
    topic = Topic.objects.create(name="Ships", slug="ships")
    byline = Byline.objects.create(name="Ada Pell", slug="ada-pell")
    day = date(2017, 12, 30)
    for html in (
        pages.front_page(None, "en", stories),
        pages.front_page(None, "fa", []),
        pages.front_page(section, "fa", stories),
        pages.topic_page(topic, stories),
        pages.byline_page(byline, stories),
        pages.day_page(day, stories),
        pages.month_page(2017, 12, [(day, 9)]),
        pages.year_page(2017, [(12, 9)]),
        pages.archive_page([(2017, 9)]),
        pages.not_found_page("fa"),
        pages.gone_page("de"),
        pages.unavailable_page("en"),
        pages.story_page(stories[0]),
    ):
        assert html.startswith("<!doctype html>")
        assert "The Harbour Post" in html
