"""What suppliers leave out of ninjs or get wrong is read, told, or refused."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.parsers import ninjs
from wire.test_ninjs import EXAMPLES, SUPERDESK, read


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


def test_a_time_that_no_clock_shows_is_no_time() -> None:
    document = {"uri": "urn:x", "headline": "A", "body_text": "B.", "versioncreated": 10**400}
    item = read(document)
    assert item.headline == "A"
