"""ninjs as suppliers send it: each document here is ours, in the shape of a real one."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from broadsheet.wire.parsers import ninjs

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


@pytest.mark.parametrize("told", ["Next Monday", True, 7, {"until": "soon"}, "2026-13-45"])
def test_an_embargo_that_cannot_be_read_holds(told: Any) -> None:
    item = read(
        {"uri": "urn:x", "headline": "Budget", "body_text": "It is due.", "embargoed": told}
    )
    assert item.embargoed is None
    assert "embargoed" in item.hold


def test_a_time_without_a_zone_is_read_where_the_agency_is_at_home() -> None:
    item = read(
        {
            "uri": "urn:x",
            "headline": "Nieuws",
            "body_text": "Het is zover.",
            "copyrightholder": "ANP",
            "versioncreated": "2026-07-01T12:00:00",
            "embargoed": "2026-07-01T18:00:00",
        }
    )
    assert item.updated == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert item.embargoed == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert any("time zone" in said for said in item.oddities)


def test_a_withdrawn_item_keeps_its_status() -> None:
    assert read({"uri": "urn:x", "headline": "X", "pubstatus": "canceled"}).pub_status == "canceled"
    assert read({"guid": "urn:x", "headline": "X", "state": "killed"}).pub_status == "canceled"


def test_an_event_is_planning_and_says_when() -> None:
    item = read(
        {
            "uri": "urn:event",
            "type": "event",
            "title": "Council meets",
            "eventDetails": {"dates": {"startDate": "2026-10-05T16:00:00+02:00"}},
        }
    )
    assert item.kind == "planning"
    assert item.headline == "Council meets"
    assert "2026-10-05T16:00:00+02:00" in item.ed_note


def test_a_package_lists_its_members() -> None:
    item = read(
        {
            "uri": "urn:package",
            "type": "composite",
            "headline": "The week",
            "associations": [
                {"name": "one", "uri": "urn:one", "type": "text", "title": "One"},
                {"name": "two", "uri": "urn:two", "type": "video"},
            ],
        }
    )
    assert item.kind == "package"
    assert [(link.rel, link.guid) for link in item.links] == [
        ("member", "urn:one"),
        ("member", "urn:two"),
    ]


def test_whole_stories_that_come_along_are_items_too() -> None:
    document = {
        "uri": "urn:package",
        "type": "composite",
        "headline": "The week",
        "associations": {
            "main": {"uri": "urn:one", "type": "text", "headline": "One", "body_text": "It is."},
            "second": {"uri": "urn:two", "type": "text", "headline": "Two"},
        },
    }
    package, story = parsers.items(Incoming(json.dumps(document).encode(), "wire.json"))
    assert [link.guid for link in package.links] == ["urn:one", "urn:two"]
    assert package.raw is None
    assert (story.guid, story.headline) == ("urn:one", "One")
    assert plain_paragraphs(story) == ["It is."]
    assert story.oddities == package.oddities == ()


def test_what_is_wrong_is_told_and_the_rest_is_read() -> None:
    item = read(
        {"uri": "urn:x", "headline": "A <b>bridge</b>", "urgency": 11, "person": "Ann Lee",
         "body_text": "It\ud800 is\u0000 long.", "firstcreated": "last week"}
    )  # fmt: skip
    assert item.headline == "A bridge"
    assert plain_paragraphs(item) == ["It\ufffd is long."]
    told = " ".join(item.oddities)
    assert "urgency" in told
    assert "/person is a text, not a list" in told
    assert "“last week”, which is no time" in told
    assert "HTML" in told


def test_loose_json_is_read_and_said_to_be() -> None:
    loose = b'\xef\xbb\xbf{"uri": "urn:x", "headline": "A bridge",\n "body_text": "One.\nTwo.",}'
    (item,) = parsers.items(Incoming(loose, "wire.json"))
    assert plain_paragraphs(item) == ["One.", "Two."]
    assert any("JSON" in said for said in item.oddities)


@pytest.mark.parametrize(
    "content",
    [
        b'{"uri": "urn:x", "headline": "A bri',
        b'{"uri": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"uri": "urn:x", "associations": ' * 2_000 + b"{}" + b"}" * 2_000,
        b'{"name": "no news", "age": 7}',
        b'{"$schema": "https://json-schema.org/x", "properties": {}, "title": "A schema"}',
        b'{"a": ' + b"9" * 10_000 + b"}",
        b"{}",
    ],
)
def test_what_is_no_news_is_refused(content: bytes) -> None:
    with pytest.raises(WireError):
        parsers.items(Incoming(content, "wire.json"))


@pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="../shared/fixtures/ninjs is not here: its examples are not ours"
)
def test_the_examples_of_the_iptc_say_what_they_say() -> None:
    for path in sorted(EXAMPLES.glob("[123].*/*.json")):
        document = json.loads(path.read_text("utf-8"))
        (item,) = parsers.items(Incoming(path.read_bytes(), path.name))
        said = {name.casefold(): value for name, value in document.items()}
        headlines = said.get("headlines") or [{"value": said.get("headline", said.get("title"))}]
        assert item.headline == headlines[0]["value"], path.name
        assert item.guid.startswith(document["uri"].partition("?")[0])
        assert item.pub_status == said.get("pubstatus", "")
        assert item.version == said.get("version", "")
        assert (item.updated is not None) is ("versioncreated" in said)
        assert item.urgency == said.get("urgency")
        if "bodies" in said or "body_xhtml" in said:
            assert plain_paragraphs(item), path.name
        for name in ("slugline", "located"):
            assert (item.slugline, item.dateline)[name == "located"] == said.get(name, "")


def test_whatever_somebody_makes_of_a_document_is_read_or_refused() -> None:
    whole = json.dumps(SUPERDESK).encode()
    chance = random.Random(7)  # noqa: S311 - the same every time
    read_all = 0
    for _ in range(300):
        changed = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8, 40))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        if chance.random() < 0.3:
            changed = changed[: chance.randrange(len(changed))]
        try:
            read_all += len(ninjs.parse(Incoming(bytes(changed), "x.json")))
        except WireError:
            continue
    assert read_all


def _of_any_type(value: Any, chance: random.Random) -> Any:
    odd: list[Any] = [
        None, True, 0, -1, 1e300, float("nan"), "", " ", "<p", "x" * 70_000, [], {}, [[]], [{}],
        {"a": {"b": [1]}}, ["x", 1, None], {"value": "x"}, {"$date": 1}, "http://[", "\x00",
    ]  # fmt: skip
    if chance.random() < 0.15:
        return chance.choice(odd)
    if isinstance(value, dict):
        return {name: _of_any_type(each, chance) for name, each in value.items()}
    if isinstance(value, list):
        return [_of_any_type(each, chance) for each in value]
    return value


def test_members_of_any_type_are_read_or_refused() -> None:
    chance = random.Random(11)  # noqa: S311 - the same every time
    whole = [SUPERDESK]
    if EXAMPLES.is_dir():
        whole += [
            json.loads(path.read_text("utf-8")) for path in EXAMPLES.glob("[123].*/tt_*.json")
        ]
    for number in range(150):
        document = _of_any_type(whole[number % len(whole)], chance)
        try:
            records = ninjs.parse(Incoming(json.dumps(document).encode(), "x.json"))
        except WireError:
            continue
        assert records


def test_a_long_list_of_associations_is_read_in_little_time() -> None:
    document = {
        "uri": "urn:x",
        "headline": "Many",
        "body_html": "<p>x</p>" * 2000,
        "associations": {
            f"a{n}": {"uri": f"urn:{n}", "type": "picture", "description_text": f"Picture {n}."}
            for n in range(2000)
        },
    }
    assert len(read(document).photos) == 500


@pytest.mark.django_db(transaction=True)
def test_our_own_ninjs_gives_the_same_story(settings: Any) -> None:
    from broadsheet.press import ninjs as pressed
    from press import newspaper, newsroom

    settings.BASE_URL = "https://paper.example"
    published = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
    story = newsroom.draft(
        "Ferry runs again",
        lead="The ferry sailed on Friday.",
        slugline="ferry",
        dateline="Port Amber",
        language="en",
        bylines=[newsroom.byline()],
        agencies=[newsroom.agency()],
        topics=[newsroom.topic()],
        first_published_at=published,
        news_id=207166,
    )
    newspaper.photo(story, newsroom.picture(), caption="A pier (1999).", credit="AFP",
                    taken_on=date(2017, 4, 25))  # fmt: skip
    newspaper.photo(story, None, caption="A quay.", credit="Reuters", sort_order=2)
    newsroom.publish(type(story).objects.get(pk=story.pk))
    document = pressed.document(type(story).objects.get(pk=story.pk))

    (item,) = parsers.items(Incoming(document, "207166.json"))
    assert item.oddities == ()
    assert item.news_id == 207166
    assert item.old_urls == ("https://paper.example/news/207166/",)
    assert (item.headline, item.lead, item.slugline, item.dateline) == (
        "Ferry runs again", "The ferry sailed on Friday.", "ferry", "Port Amber",
    )  # fmt: skip
    assert item.published == published
    assert [block.html for block in item.body if block.kind == "paragraph"] == [
        "The ferry sailed on Friday.",
        "It was <b>full</b>.",
    ]
    assert item.section == "World"
    assert item.topics == ("Water",)
    assert item.authors == ("Mira-Doe",)
    assert item.agencies == ("Coast Wire",)
    assert item.language == "en"
    assert [(p.caption, p.credit, p.taken_on) for p in item.photos] == [
        ("A pier (1999).", "AFP", date(2017, 4, 25)),
        ("A quay.", "Reuters", None),
    ]
    assert item.places == ()
