"""What readers of a Persian paper are told of sources: no word of it in English."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import html
from pytest_django import Settings

from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import ReaderView, Source, SourcePolicy
from broadsheet.attribution.reader_view import resting, source_pages
from broadsheet.attribution.relation import Hedge, HedgeKind, SourceKind, TimeExpression
from broadsheet.press import pages
from broadsheet.stories.models import Agency, Story

pytestmark = pytest.mark.django_db

WORDS = (
    "سانا به نقل از ساکنان گفت که جاده بسته شد.",
    "پل باز است، گزارش داد.",
    "گویا بندر تعطیل است.",
)


@pytest.fixture
def story(settings: Settings) -> Story:
    """A Persian story with every sort of source, the last of them not reviewed."""
    settings.PAPER_LANGUAGES = ["fa"]
    policy = SourcePolicy.load()
    policy.suggestions = ReaderView.MARKED
    policy.save()
    agency = Agency.objects.create(name="سانا", slug="sana")
    Source.objects.create(name="سانا", slug="sana", language="fa", country="SY", agency=agency)
    made = make_story(*WORDS, language="fa", headline="جاده بسته شد")
    text = story_text.newest(made).text
    at = text.index("گویا")
    rows = suggest(
        made,
        relation_in(
            text,
            "سانا",
            "گفت",
            "جاده بسته شد",
            ["ساکنان", "سانا"],
            statement_time=TimeExpression((at, at + 4), "2017-12-29~"),
            event_time=TimeExpression((at, at + 4), "2014-09/.."),
        ),
        relation_in(text, "", "گزارش داد", "پل باز است", source_kind=SourceKind.MISSING),
        relation_in(
            text, "", "گویا", "بندر تعطیل است", hedges=(Hedge((at, at + 4), HedgeKind.HEARSAY),)
        ),
    )
    actions.confirm(rows[:2], None)
    made.get_latest_revision().publish()
    return Story.objects.get(pk=made.pk)


def latin(page: Any, *kept: str) -> list[str]:
    for each in page.xpath("//script | //style"):
        each.drop_tree()
    said = page.xpath("//text() | //@aria-label | //@title | //@data-list")
    return [word for word in re.findall(r"[A-Za-z]{2,}", " ".join(said)) if word not in kept]


def test_the_sources_of_a_story_speak_persian(story: Story) -> None:
    page = html.fromstring(pages.story_page(story))
    (part,) = page.xpath("//*[@id='sources']")
    told = " ".join(part.text_content().split())
    assert "بازبینی‌نشده" in told
    assert "منبع، " in told
    assert "(منبع در متن گم شده)" in told
    assert "زمان گفته: حدود ۸ دی ۱۳۹۶" in told
    assert latin(html.fromstring(html.tostring(part, encoding="unicode"))) == []
    (text,) = page.xpath("//*[contains(@class, 'story')]//*[contains(@class, 'text')]")
    assert latin(html.fromstring(html.tostring(text, encoding="unicode"))) == []


def test_the_page_of_a_source_speaks_persian(story: Story) -> None:
    source = Source.objects.get(slug="sana")
    page = html.fromstring(source_pages.source_page(source, resting.newest(source)))
    (main,) = page.xpath("//main")
    told = " ".join(main.text_content().split())
    assert "دست دوم: از ساکنان" in told
    assert "از ادعاهای آن دست دوم است: ۱ از ۱." in told
    whole = html.fromstring(html.tostring(main, encoding="unicode"))
    assert latin(whole, story.section.name) == []
