"""JSON Feed, as newspapers and blogs send it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink


def records(text: str) -> list[object]:
    return list(parsers.parse(Incoming(text.encode(), "feed.json")))


def read_or_refused(text: str) -> list[object]:
    try:
        return records(text)
    except WireError:
        return []


def only(text: str) -> WireItem:
    (item,) = parsers.items(Incoming(text.encode(), "feed.json"))
    return item


def json_feed(**item: object) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Hafenbote",
            "home_page_url": "https://a.example/",
            "language": "de",
            "authors": [{"name": "Redaktion"}],
            "items": [item],
        }
    )


def test_json_feed() -> None:
    item = only(
        json_feed(
            id=7,
            url="https://a.example/7",
            external_url="https://b.example/x",
            title="Die Fähre",
            content_html="<p>Die Fähre bleibt.</p><p>Bis <b>morgen</b>.</p>",
            summary="Kurz gesagt: sie bleibt.",
            date_published="2024-03-05T07:15:00+01:00",
            date_modified="2024-03-05T08:15:00+01:00",
            image="https://a.example/7.jpg",
            tags=["Hafen"],
            authors=[{"name": "Anna Kai"}],
            attachments=[{"url": "https://a.example/7.mp3", "mime_type": "audio/mpeg"}],
        )
    )
    assert item.format == "JSON Feed"
    assert item.guid == "a.example:7"
    assert plain_paragraphs(item) == ["Die Fähre bleibt.", "Bis morgen."]
    assert item.lead == "Kurz gesagt: sie bleibt."
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)
    assert item.updated == datetime(2024, 3, 5, 7, 15, tzinfo=UTC)
    assert item.authors == ("Anna Kai",)
    assert item.language == "de"
    assert item.topics == ("Hafen",)
    assert [photo.url for photo in item.photos] == ["https://a.example/7.jpg"]
    assert set(item.links) == {
        WireLink("related", "https://a.example/7"),
        WireLink("related", "https://a.example/7.mp3", "audio/mpeg"),
        WireLink("derived", "https://b.example/x"),
    }


def test_json_feed_of_plain_text_and_its_bad_items() -> None:
    item = only(json_feed(id="urn:a", content_text="The ferry stays.\n\nUntil tomorrow.\ud800\x00"))
    assert item.headline == "The ferry stays"
    assert plain_paragraphs(item)[0] == "The ferry stays."
    assert item.authors == ("Redaktion",)
    text = json.dumps(item.body[1].html)
    assert "ud800" not in text
    found = records(json_feed(title=["no", "text"]))
    assert isinstance(found[0], Unread)


@pytest.mark.parametrize(
    "hostile",
    [
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
        '{"version": "https://jsonfeed.org/version/1", "items": [1, null, "a", [], {}]}',
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1' + "0" * 5000 + "}]}",
        '{"version": "https://jsonfeed.org/version/1", "items": [{"title": {"a": [1]}}]',
    ],
)
def test_hostile_json_feeds_are_read_or_refused(hostile: str) -> None:
    assert all(isinstance(record, Unread) for record in read_or_refused(hostile))
