"""Sitemaps and the small files for machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree

from broadsheet.press import actions
from broadsheet.stories.models import Paper, Story
from press import newspaper, newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)

NS = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
LONG_AGO = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


def parsed(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def locations(content: bytes) -> list[str]:
    return [each.text for each in parsed(content).iterfind(".//map:loc", NS)]


def test_sitemaps_are_paged_by_news_id(pressed: PressedFolder) -> None:
    for news_id in (1, 999, 1000, 207166):
        newspaper.story(f"Number {news_id}", news_id=news_id)
    assert locations(pressed.read("/sitemap.xml")) == [
        "https://paper.example/sitemaps/0.xml",
        "https://paper.example/sitemaps/1.xml",
        "https://paper.example/sitemaps/207.xml",
    ]
    assert locations(pressed.read("/sitemaps/0.xml")) == [
        "https://paper.example/news/1/",
        "https://paper.example/news/999/",
    ]
    dates = [
        each.text
        for each in parsed(pressed.read("/sitemaps/207.xml")).iterfind(".//map:lastmod", NS)
    ]
    assert dates == ["2017-12-30T06:58:00Z"]
    Story.objects.get(pk=1000).delete()
    assert not pressed.has("/sitemaps/1.xml")
    assert locations(pressed.read("/sitemap.xml")) == [
        "https://paper.example/sitemaps/0.xml",
        "https://paper.example/sitemaps/207.xml",
    ]


def test_the_news_sitemap_holds_two_days(pressed: PressedFolder) -> None:
    newsroom.published("Long ago", first_published_at=LONG_AGO)
    fresh = newsroom.published("This & that", language="fa")
    document = parsed(pressed.read("/sitemap-news.xml"))
    (entry,) = document.findall("map:url", NS)
    assert (
        entry.findtext("map:loc", namespaces=NS) == f"https://paper.example/news/{fresh.news_id}/"
    )
    assert entry.findtext("news:news/news:title", namespaces=NS) == "This & that"
    language = entry.findtext("news:news/news:publication/news:language", namespaces=NS)
    assert language == "fa"
    assert entry.findtext("news:news/news:publication/news:name", namespaces=NS) == "Broadsheet"

    # Two days later, though nothing was published.
    Story.objects.filter(pk=fresh.pk).update(first_published_at=timezone.now() - timedelta(days=3))
    actions.order_due()
    actions.press_orders()
    assert locations(pressed.read("/sitemap-news.xml")) == []


def test_robots_and_security(pressed: PressedFolder) -> None:
    actions.order_everything()
    actions.press_orders()
    assert "Sitemap: https://paper.example/sitemap.xml" in pressed.text("/robots.txt").splitlines()
    assert not pressed.has("/.well-known/security.txt")
    paper = Paper.load()
    paper.contact_email = "desk@paper.example"
    paper.save()
    actions.press_orders()
    fields = dict(
        line.split(": ", 1) for line in pressed.text("/.well-known/security.txt").splitlines()
    )
    assert fields["Contact"] == "mailto:desk@paper.example"
    ends = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=100) < ends < timedelta(days=365)
