from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from broadsheet.search import limits
from broadsheet.stories.models import Agency, Section, SectionName, Story, StoryAgency, Topic

Publish = Callable[..., Story]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_searches_yet() -> None:
    cache.clear()


def test_the_empty_form_helps(client: Client) -> None:
    response = client.get("/search/")
    text = response.content.decode()
    assert response.status_code == 200
    assert '<form class="find" action="/search/" method="get" role="search"' in text
    assert "begin*" in text
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text
    assert "max-age" in response["Cache-Control"]
    assert "Accept-Language" in response["Vary"]


def test_a_story_is_shown_with_what_was_found(client: Client, publish: Publish) -> None:
    story = publish(
        "Bridge <closed>",
        "The bridge over the &amp; river <b>was</b> closed.",
        caption="Cranes above the water",
        first_published_at=datetime(2017, 12, 30, 6, 58, tzinfo=UTC),
    )
    text = client.get("/search/", {"q": "bridge"}).content.decode()
    assert f'<a href="/news/{story.pk}/"><mark>Bridge</mark> &lt;closed&gt;</a>' in text
    assert "The <mark>bridge</mark> over the &amp; river was closed." in text
    assert "1 story" in text
    assert "2017-12-30T06:58:00Z" in text
    assert "World" in text
    text = client.get("/search/", {"q": "cranes"}).content.decode()
    assert "<mark>Cranes</mark> above the water" in text


def test_what_was_typed_is_text(client: Client) -> None:
    typed = '"><script>alert(1)</script>'
    text = client.get("/search/", {"q": typed, "from": typed, "section": typed}).content.decode()
    assert "<script>alert" not in text
    assert 'value="&#34;&gt;&lt;script&gt;' in text


@pytest.mark.parametrize(
    ("asked", "accepted", "language", "label"),
    [
        ("", "", "en", "Search the archive"),
        ("de", "", "de", "Das Archiv durchsuchen"),
        ("fa", "", "fa", "جستجو در بایگانی"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de", "Das Archiv durchsuchen"),
        ("", "xx, fa;q=0.3", "fa", "جستجو در بایگانی"),
        ("xx", "", "en", "Search the archive"),
    ],
)
def test_the_page_speaks_the_readers_language(
    client: Client, asked: str, accepted: str, language: str, label: str
) -> None:
    text = client.get(
        "/search/", {"lang": asked}, headers={"Accept-Language": accepted}
    ).content.decode()
    direction = "rtl" if language == "fa" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert f'<h1 class="heading">{label}</h1>' in text


def test_filters_stay_and_can_be_dropped(
    client: Client, publish: Publish, section: Section
) -> None:
    section.names.add(SectionName(language="de", name="Welt"))
    section.save()
    topic = Topic.objects.create(name="Rain", slug="rain")
    agency = Agency.objects.create(name="AFP", slug="afp")
    publish(
        "Weather here",
        topics=[topic],
        agencies=[StoryAgency(agency=agency)],
        first_published_at=datetime(2017, 12, 30, 6, 58, tzinfo=UTC),
    )
    other = publish("Weather there", language="de")
    fields = {
        "q": "weather",
        "section": "world",
        "topic": "rain",
        "agency": "afp",
        "language": "en",
        "from": "2017-12-30",
        "to": "2017-12-30",
        "order": "date",
        "lang": "de",
    }
    text = client.get("/search/", fields).content.decode()
    assert "Weather</mark> here" in text
    assert f"/news/{other.pk}/" not in text
    assert '<option value="world" selected>Welt</option>' in text
    assert '<input type="hidden" name="topic" value="rain">' in text
    assert 'name="from" value="2017-12-30"' in text
    without_topic = re.search(r'href="([^"]*)">[^<]*<bdi>Rain', text)
    assert without_topic is not None
    assert "topic" not in without_topic[1]
    assert "section=world" in without_topic[1]
    fields["to"] = "2017-12-29"
    text = client.get("/search/", fields).content.decode()
    assert 'href="/search/?q=weather&amp;order=date&amp;lang=de"' in text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("section", "nowhere", "There is no Section “nowhere”."),
        ("from", "yesterday", "“yesterday” is no day"),
        ("to", "2017-13-45", "“2017-13-45” is no day"),
    ],
)
def test_a_filter_that_means_nothing_is_said(
    client: Client, publish: Publish, field: str, value: str, said: str
) -> None:
    story = publish("Weather")
    response = client.get("/search/", {"q": "weather", field: value})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert f"/news/{story.pk}/" not in response.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_days(client: Client, publish: Publish, day: str) -> None:
    publish("Weather")
    assert client.get("/search/", {"q": "weather", "from": day, "to": day}).status_code == 200


def test_pages(client: Client, publish: Publish) -> None:
    for number in range(45):
        publish(
            f"Weather {number}", first_published_at=datetime(2020, 1, 1, number % 24, tzinfo=UTC)
        )
    first = client.get("/search/", {"q": "weather", "order": "date"}).content.decode()
    assert first.count("<article>") == 20
    assert 'href="/search/?q=weather&amp;order=date&amp;page=2" rel="next"' in first
    last = client.get("/search/", {"q": "weather", "page": "3"}).content.decode()
    assert last.count("<article>") == 5
    assert '<span aria-current="page">3</span>' in last
    for odd in ("0", "-1", "99999999999", "x", "٣"):
        assert client.get("/search/", {"q": "weather", "page": odd}).status_code == 200


def test_stories_with_some_of_the_words_stand_apart(client: Client, publish: Publish) -> None:
    publish("Bread alone")
    publish("Bread and wine")
    text = client.get("/search/", {"q": "bread wine"}).content.decode()
    some = text.index("Stories with some of these words")
    assert text.index("wine</mark>") < some < text.index("</mark> alone")
    text = client.get("/search/", {"q": "bread cheese"}).content.decode()
    assert "No story has all of these words." in text


def test_nothing_found_offers_a_way_on(client: Client) -> None:
    text = client.get("/search/", {"q": "nothing -here", "language": "de"}).content.decode()
    assert "Nothing was found." in text
    assert 'href="/search/?q=nothing+-here"' in text
    assert "/archive/" in text


def test_too_many_searches_are_refused_for_a_while(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST", 2)
    monkeypatch.setattr(limits, "time", lambda: 600.0)
    for _ in range(2):
        assert client.get("/search/", {"q": "x"}).status_code == 200
    response = client.get("/search/", {"q": "typed in vain"})
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert response["Cache-Control"] == "no-store"
    assert "typed in vain" in response.content.decode()
    assert client.get("/search/").status_code == 200  # the form alone costs nothing
    assert client.get("/search/", {"q": "x"}, REMOTE_ADDR="192.0.2.7").status_code == 200
    monkeypatch.setattr(limits, "time", lambda: 660.0)
    assert client.get("/search/", {"q": "x"}).status_code == 200


def test_readers_behind_a_proxy_are_told_apart(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(limits, "MOST", 1)
    monkeypatch.setattr(limits, "time", lambda: 600.0)

    def status(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.get("/search/", {"q": "x"}, headers=headers).status_code

    assert status("192.0.2.1") == 200
    assert status("192.0.2.2") == 200
    assert status("192.0.2.9, 192.0.2.1") == 429  # what stands left is the sender's own word
    assert status("2001:db8::1") == 200
    assert status("2001:db8::2") == 429  # the same household
    assert status("nonsense") == 200
    # As a server that listens on IPv6 writes addresses of version 4, and as some proxies do.
    assert status("::ffff:192.0.2.20") == 200
    assert status("::ffff:192.0.2.21") == 200
    assert status("192.0.2.22:4711") == 200
    assert status("192.0.2.23:4711") == 200
    assert status("[2001:db8:1::1]:4711") == 200


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post("/search/", {"q": "x"}).status_code == 405


def test_browsers_can_add_the_search(client: Client) -> None:
    response = client.get("/search/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.attrib["template"].endswith("/search/?q={searchTerms}")
    assert len(root.findtext("{http://a9.com/-/spec/opensearch/1.1/}ShortName", "")) in range(1, 17)
