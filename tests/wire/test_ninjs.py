"""ninjs as suppliers send it: each document here is ours, in the shape of a real one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "ninjs" / "examples"

# As Superdesk's formatter writes it: a guid for the uri, members of its own, pictures in both
# the body and the associations.
SUPERDESK: dict[str, Any] = {
    "guid": "urn:newsml:newsroom.example:2026-05-04T10:11:12.345678:7d1c",
    "version": "3",
    "type": "text",
    "versioncreated": "2026-05-04T10:31:00+0000",
    "firstcreated": "2026-05-04T08:12:00+0000",
    "firstpublished": "2026-05-04T09:00:00+0000",
    "pubstatus": "usable",
    "evolvedfrom": "urn:newsml:newsroom.example:2026-05-03T07:00:00.000001:51aa",
    "headline": "Harbour bridge &amp; ferry reopen",
    "slugline": "bridge-reopens",
    "byline": "By Nora Quist and Emil Aas",
    "located": "Port Amber",
    "source": "AAP",
    "language": "en-AU",
    "urgency": 3,
    "priority": 6,
    "ednote": "Adds quote in para 3.",
    "usageterms": "",
    "copyrightholder": "Australian Associated Press",
    "service": [{"code": "a", "name": "Domestic"}],
    "subject": [{"code": "04015000", "name": "transport", "scheme": "topics"}],
    "genre": [{"code": "Article", "name": "Article (news)"}],
    "place": [{"code": "AMB", "name": "Amber Coast"}],
    "keywords": ["bridges", "ferries, harbour"],
    "signal": [
        {
            "name": "Content Warning",
            "code": "cwarn",
            "scheme": "http://cv.iptc.org/newscodes/signal/",
        }
    ],
    "authors": [
        {"name": "Nora Quist", "role": "writer", "biography": "Covers the coast."},
        {"name": "Tom Desk", "role": "editor"},
    ],
    "description_text": "The bridge reopened on Monday.",
    "description_html": "<p>The bridge reopened on Monday.</p>",
    "body_html": "<p>The old bridge opened again on Monday, two months early.</p>\n"
    '<!-- EMBED START Image {id: "editor_0"} --><figure>'
    '<img src="https://media.example/small.jpg" alt="A bridge"><figcaption>Walkers on the bridge.'
    '</figcaption></figure><!-- EMBED END Image {id: "editor_0"} -->'
    "<p>“We are <b>glad</b>,” the mayor said.</p>",
    "extra": {"doi": "10.1/1"},
    "associations": {
        "editor_0": {
            "guid": "tag:newsroom.example:2026:picture",
            "type": "picture",
            "headline": "Bridge",
            "byline": "Ida Lens",
            "source": "AAP",
            "body_text": "People on a bridge",
            "description_text": "Walkers on the bridge.",
            "usageterms": "No archive.",
            "renditions": {
                "thumbnail": {"href": "https://media.example/thumb.jpg", "width": 120},
                "baseImage": {
                    "href": "https://media.example/small.jpg",
                    "width": 800,
                    "height": 600,
                    "mimetype": "image/jpeg",
                },
                "original": {
                    "href": "https://media.example/large.jpg",
                    "width": "4000",
                    "height": "3000",
                    "mimetype": "image/jpeg",
                },
            },
        },
        "featuremedia": None,
        "related--1": {"guid": "urn:other:story", "type": "text", "headline": "Ferry timetable"},
    },
}


def read(document: Any) -> WireItem:
    (item,) = parsers.items(Incoming(json.dumps(document).encode(), "wire.json"))
    return item


@pytest.mark.parametrize("element", ["<channel>", "<rss version='2.0'>", "<feed>"])
def test_a_headline_that_speaks_of_feeds_makes_none(element: str) -> None:
    item = read({"headline": f"How {element} is written", **without_headline(SUPERDESK)})
    assert item.guid == SUPERDESK["guid"]


def without_headline(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "headline"}


def test_superdesk() -> None:
    item = read(SUPERDESK)
    assert item.guid == SUPERDESK["guid"]
    assert (item.version, item.kind, item.pub_status) == ("3", "text", "usable")
    assert item.headline == "Harbour bridge & ferry reopen"
    assert item.published == datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    assert item.updated == datetime(2026, 5, 4, 10, 31, tzinfo=UTC)
    assert plain_paragraphs(item) == [
        "The old bridge opened again on Monday, two months early.",
        "“We are glad,” the mayor said.",
    ]
    assert item.lead == "The bridge reopened on Monday."
    assert (item.byline, item.authors) == ("By Nora Quist and Emil Aas", ("Nora Quist",))
    assert item.agencies == ("AAP",)
    assert (item.slugline, item.dateline, item.section) == (
        "bridge-reopens", "Port Amber", "Domestic",
    )  # fmt: skip
    assert item.language == "en"
    assert item.urgency == 3
    assert item.ed_note == "Adds quote in para 3."
    assert item.signals == ("cwarn",)
    assert item.subjects == (WireSubject("transport", "04015000", "topics"),)
    assert item.topics == ("transport", "bridges", "ferries", "harbour")
    assert (item.places, item.genre) == (("Amber Coast",), "Article (news)")
    assert item.links == (
        WireLink("replaces", SUPERDESK["evolvedfrom"]),
        WireLink("related", "urn:other:story", "Ferry timetable"),
    )


def test_a_picture_in_the_body_and_beside_it_is_one() -> None:
    item = read(SUPERDESK)
    (photo,) = item.photos
    assert photo.url == "https://media.example/large.jpg"
    assert photo.caption == "Walkers on the bridge."
    assert photo.credit == "Ida Lens"
    assert photo.alt_text == "People on a bridge"
    assert photo.rights == "No archive."
    assert photo.media_type == "image/jpeg"
    assert [block.html for block in item.body if block.kind == "photo"] == [photo.key]


def test_aps_media_api() -> None:
    answer = {
        "api_version": "1.1",
        "method": "/content.GET",
        "data": {
            "item": {
                "uri": "https://api.example/media/v/content/5ee9b4b4?qt=Hy&et=0a4aza0c0",
                "altids": {"itemid": "5ee9b4b4", "etag": "5ee9b4b4_0a4aza0c0"},
                "version": 4,
                "type": "text",
                "urgency": 4,
                "language": "en",
                "firstcreated": "2026-07-03T04:05:12Z",
                "versioncreated": "2026-07-03T05:05:12Z",
                "pubstatus": "usable",
                "signals": ["newscontent"],
                "title": "Harbor Bridge, 1st Ld",
                "headline": "A bridge opens again",
                "headline_extended": "A bridge opens again, two months early",
                "bylines": [{"by": "By ANN LEE", "name": "ANN LEE", "title": "Associated Press"}],
                "provider": "AP",
                "usageterms": ["For editorial use only.", "No resale."],
                "copyrightnotice": "Copyright 2026",
                "datelinelocation": {"city": "PORT AMBER", "countryname": "Norway"},
                "subject": [
                    {"name": "s", "code": "s", "rels": ["category"]},
                    {"name": "Bridges", "code": "94aa", "scheme": "http://cv.example/id/"},
                    {"name": "Sea", "code": "95aa", "rels": ["ancestor"]},
                ],
                "body_nitf": "<p>The old bridge opened again on Monday.</p>"
                "<p>It is <em>narrow</em> &amp; long.</p>",
                "renditions": {"nitf": {"href": "https://api.example/d", "mimetype": "text/xml"}},
            }
        },
    }
    item = read(answer)
    assert item.guid == "https://api.example/media/v/content/5ee9b4b4"
    assert item.version == "4"
    assert item.headline == "A bridge opens again"
    assert plain_paragraphs(item) == [
        "The old bridge opened again on Monday.",
        "It is narrow & long.",
    ]
    assert item.agencies == ("AP",)
    assert item.rights == "For editorial use only. No resale.\nCopyright 2026"
    assert item.dateline == "PORT AMBER"
    assert item.topics == ("Bridges",)
    assert item.subjects[1] == WireSubject("Bridges", "94aa", "http://cv.example/id/")
    assert item.photos == ()


def test_dpas_digital_wires() -> None:
    item = read(
        {
            "urn": "urn:newsml:example.de:20090101:260510-99-167362",
            "version": 2,
            "version_created": "2026-05-10T16:02:28+02:00",
            "embargoed": "2026-05-11T06:00:00+02:00",
            "pubstatus": "usable",
            "urgency": 4,
            "language": "de",
            "headline": "Alte Brücke öffnet wieder",
            "byline": "Von Jonas Beck, dpa",
            "copyrightholder": "dpa",
            "article_html": "<section class='main'><p>Die alte Brücke ist seit Montag wieder offen."
            "</p><p>Sie ist lang und schmal.</p></section>",
        }
    )
    assert item.guid == "urn:newsml:example.de:20090101:260510-99-167362"
    assert item.updated == datetime(2026, 5, 10, 14, 2, 28, tzinfo=UTC)
    assert item.embargoed == datetime(2026, 5, 11, 4, 0, tzinfo=UTC)
    assert (item.authors, item.agencies) == (("Jonas Beck",), ("dpa",))
    assert len(plain_paragraphs(item)) == 2


def test_afps_own_json() -> None:
    item = read(
        {
            "response": {
                "numFound": 1,
                "docs": [
                    {
                        "uno": "newsml.afp.com.20260504T091500Z.doc-1",
                        "title": "Le vieux pont rouvre",
                        "news": ["Le vieux pont a rouvert lundi.", "Il est long et étroit."],
                        "published": "2026-05-04T09:15:00Z",
                        "lang": "fr",
                        "urgency": 4,
                        "slug": ["pont", "port"],
                        "status": "Usable",
                        "provider": "AFP",
                        "class": "text",
                    }
                ],
            }
        }
    )
    assert item.headline == "Le vieux pont rouvre"
    assert plain_paragraphs(item) == ["Le vieux pont a rouvert lundi.", "Il est long et étroit."]
    assert item.published == datetime(2026, 5, 4, 9, 15, tzinfo=UTC)
    assert (item.slugline, item.language, item.pub_status) == ("pont-port", "fr", "Usable")
    assert item.agencies == ("AFP",)


def test_reuters_own_json() -> None:
    item = read(
        {
            "data": {
                "item": {
                    "versionedGuid": "tag:wire.example,2026:newsml_L1:3",
                    "uri": "tag:wire.example,2026:newsml_L1",
                    "headLine": "Old bridge opens",
                    "fragment": "The bridge is open to all.",
                    "bodyXhtml": "<p>The old bridge opened on Monday.</p><p>It is long.</p>",
                    "byLine": "By Ann Lee",
                    "versionCreated": "2026-05-04T09:15:00Z",
                    "replacing": ["tag:wire.example,2026:newsml_L0"],
                }
            }
        }
    )
    assert item.headline == "Old bridge opens"
    assert item.lead == "The bridge is open to all."
    assert plain_paragraphs(item) == ["The old bridge opened on Monday.", "It is long."]
    assert item.authors == ("Ann Lee",)
    assert item.links == (WireLink("replaces", "tag:wire.example,2026:newsml_L0"),)


def test_many_items_in_an_answer_are_items_each() -> None:
    answer = {
        "total": 2,
        "item": [
            {"id": 1, "uri": "urn:a", "type": "advisory", "headline": "Plan of the day",
             "body_text": "Nothing is planned."},
            {"id": 2, "uri": "urn:b", "type": "story", "headline": "A bridge",
             "body_html": "It is <b>long</b>.", "body_text": "It is long."},
        ],
    }  # fmt: skip
    advisory, story = parsers.items(Incoming(json.dumps(answer).encode(), "wire.json"))
    assert advisory.hold
    assert not story.hold
    assert advisory.sha256 != story.sha256
    assert story.raw is not None
    assert json.loads(story.raw)["uri"] == "urn:b"
    assert plain_paragraphs(story) == ["It is long."]


def test_one_document_a_line() -> None:
    lines = "\n".join(json.dumps({"uri": f"urn:{n}", "headline": f"News {n}"}) for n in range(3))
    items = parsers.items(Incoming(lines.encode(), "wire.jsonl"))
    assert [item.guid for item in items] == ["urn:0", "urn:1", "urn:2"]


def test_members_of_the_third_generation() -> None:
    item = read(
        {
            "uri": "urn:three",
            "standard": {"name": "ninjs", "version": "3.1"},
            "type": "text",
            "pubStatus": "withheld",
            "versionCreated": "2026-05-10T16:02:28+02:00",
            "embargoedUntil": "2026-05-12T00:00:00Z",
            "expires": "2026-06-12T00:00:00Z",
            "edNote": "Not before Tuesday.",
            "headlines": [
                {"role": "short", "value": "Bridge"},
                {"role": "main", "value": "A bridge opens again"},
            ],
            "descriptions": [{"role": "summary", "value": "What a day for the harbour."}],
            "bodies": [
                {"role": "summary", "contentType": "text/html", "value": "<p>Open.</p>"},
                {"role": "text", "contentType": "text/plain", "value": "It opened.\n\nIt is long."},
                {"role": "html", "contentType": "text/html",
                 "value": "<h1>A bridge opens again</h1><p>It opened.</p><p>It is long.</p>"},
            ],
            "people": [{"rel": "author", "name": "Ann Lee"}, {"rel": "about", "name": "Bo Ek"}],
            "infoSources": [{"name": "Harbour Radio"}],
            "subjects": [{"name": "Sport", "uri": "http://cv.example/mediatopic/15000000"}],
            "genres": [{"uri": "http://cv.example/genre/Actuality"}],
            "trustIndicators": [{"title": "Standards"}],
        }
    )  # fmt: skip
    assert item.oddities == ()
    assert item.headline == "A bridge opens again"
    assert item.pub_status == "withheld"
    assert item.embargoed == datetime(2026, 5, 12, tzinfo=UTC)
    assert item.expires == datetime(2026, 6, 12, tzinfo=UTC)
    assert item.ed_note == "Not before Tuesday."
    assert item.lead == "What a day for the harbour."
    assert plain_paragraphs(item) == ["It opened.", "It is long."]
    assert item.authors == ("Ann Lee",)
    assert item.info_sources == ("Harbour Radio",)
    assert item.subjects == (WireSubject("Sport", "15000000", "http://cv.example/mediatopic/"),)
    assert item.genre == "Actuality"


def test_a_picture_is_its_caption() -> None:
    item = read(
        {
            "uri": "urn:picture",
            "type": "picture",
            "headline": "Bridge",
            "description_caption": "Walkers on the bridge. (Photo by Ida Lens/Coast Wire)",
            "renditions": {"main": {"href": "https://media.example/b.jpg", "width": 3000}},
        }
    )
    (photo,) = item.photos
    assert item.kind == "picture"
    assert item.body == ()
    assert photo.caption == "Walkers on the bridge."
    assert photo.credit == "Ida Lens/Coast Wire"
