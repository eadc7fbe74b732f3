"""Sources in the JSON-LD of a story's page and in its ninjs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator
from pytest_django import Settings
from referencing import Registry, Resource

from attribution.sourced_stories import agency, confirmed_story, source, sourced_story
from attribution.stories_at_desk import make_story, relation_in, span_of, suggest
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.export import schema_org
from broadsheet.attribution.models import ReaderView, Source, SourcePolicy
from broadsheet.attribution.relation import QuoteType, SourceKind, TimeExpression
from broadsheet.press import ninjs
from broadsheet.press.story_pages import story_page
from broadsheet.stories.models import Story, StoryAgency

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).resolve().parents[3] / "shared"

# What schema.org says of the types used here: their properties, and of what type each value is.
CREATIVE_WORK = {
    "@id": str, "@type": str, "name": str, "url": str, "text": str, "inLanguage": str,
    "creditText": str, "author": {"Person", "Organization", "NewsMediaOrganization"},
    "publisher": {"Person", "Organization", "NewsMediaOrganization"}, "dateCreated": str,
    "isBasedOn": {"CreativeWork"}, "temporalCoverage": str,
}  # fmt: skip
THING = {"@id": str, "@type": str, "name": str, "url": str}
SCHEMA: dict[str, dict[str, Any]] = {
    "CreativeWork": CREATIVE_WORK,
    "Quotation": {**CREATIVE_WORK, "spokenByCharacter": {"Person", "Organization",
                                                         "NewsMediaOrganization"}},
    "Claim": {**CREATIVE_WORK, "appearance": {None}, "firstAppearance": {"CreativeWork"}},
    "Person": THING,
    "Organization": {**THING, "ownershipFundingInfo": str},
    "NewsMediaOrganization": {**THING, "ownershipFundingInfo": str},
}  # fmt: skip
# Of https://schema.org/NewsArticle.
RANGES = {
    "citation": {"CreativeWork"},
    "isBasedOn": {"CreativeWork"},
    "hasPart": {"Quotation"},
    "mentions": {"Claim"},
}


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.BASE_URL = "https://paper.example"


def told(story: Story) -> dict[str, Any]:
    """Return what the page's JSON-LD says of sources, as a machine reads it off the page."""
    script = BeautifulSoup(story_page(story), "html.parser").find(
        "script", type="application/ld+json"
    )
    assert script is not None
    document = json.loads(script.get_text())
    return {name: document[name] for name in RANGES if name in document}


def assert_is_schema_org(found: dict[str, Any]) -> None:
    for name, nodes in found.items():
        for node in nodes:
            assert node["@type"] in RANGES[name]
            _assert_node(node)


def _assert_node(node: dict[str, Any]) -> None:
    properties = SCHEMA[node["@type"]]
    for name, value in node.items():
        expected = properties[name]
        if expected is str:
            assert isinstance(value, str)
            assert value
        else:
            assert value.get("@type") in expected
            if "@type" in value:
                _assert_node(value)


def test_the_article_says_what_it_rests_on() -> None:
    found = told(confirmed_story())
    assert_is_schema_org(found)
    authors = [
        node.get("author", node.get("publisher", {})).get("name") for node in found["citation"]
    ]
    assert authors == [None, "SANA", "Dana Reyes", "State television", "AFP"]
    credited = [node["creditText"] for node in found["citation"] if "creditText" in node]
    # Unnamed people are of no type that schema.org has.
    assert credited == ["local residents"]
    (afp,) = found["isBasedOn"]
    assert afp["publisher"]["name"] == "AFP"
    assert afp["publisher"]["@type"] == "NewsMediaOrganization"
    sana = found["citation"][1]["author"]
    assert sana["ownershipFundingInfo"] == "Owned by the state."
    assert sana["url"] == "https://paper.example/source/sana/"
    # Its owners are told of once, however often it is named.
    assert json.dumps(found).count("Owned by the state.") == 1
    assert json.dumps(found).count(f'"@id": "{sana["@id"]}"') > 1


def test_quotations_and_claims_are_told_apart() -> None:
    story = confirmed_story()
    found = told(story)
    (quotation,) = found["hasPart"]
    assert quotation["text"] == "We will reopen it,"
    assert quotation["spokenByCharacter"]["@type"] == "Person"
    assert quotation["spokenByCharacter"]["name"] == "Dana Reyes"
    road, bridge = found["mentions"]
    assert road["text"] == "the road was closed on Wednesday"
    assert road["appearance"] == {"@id": f"https://paper.example/news/{story.pk}/"}
    assert road["@id"] == f"https://paper.example/news/{story.pk}/#attribution-1"
    assert road["creditText"] == "local residents"
    assert "author" not in road
    assert road["firstAppearance"]["author"]["name"] == "SANA"
    assert road["dateCreated"] == "2017-12-29"
    assert road["temporalCoverage"] == "2017-12-27"
    assert bridge["firstAppearance"]["publisher"]["name"] == "AFP"
    assert "dateCreated" not in bridge
    assert "ClaimReview" not in json.dumps(found)


def test_what_no_editor_stands_behind_is_not_told_whatever_readers_are_shown() -> None:
    policy = SourcePolicy.load()
    policy.suggestions = ReaderView.MARKED
    policy.save()
    story, rows = sourced_story()
    assert told(story) == {}
    assert "infoSources" not in json.loads(ninjs.document(story))
    actions.confirm(rows[1:2], None)
    actions.reject(rows[:1], None)
    assert list(told(story)) == ["citation", "hasPart"]
    assert [each["name"] for each in json.loads(ninjs.document(story))["infoSources"]] == [
        "Dana Reyes"
    ]


def test_a_story_never_read_is_told_as_before() -> None:
    story = make_story("SANA reported it.")
    story.reading.delete()
    assert told(Story.objects.get(pk=story.pk)) == {}
    assert "trustIndicators" not in json.loads(ninjs.document(story))


def test_a_report_is_what_the_story_is_based_on() -> None:
    source("The Harbour Report", slug="report", kind=Source.Kind.DOCUMENT, language="en")
    story = make_story("The Harbour Report said “the pier is unsafe”.")
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(
            text,
            "The Harbour Report",
            "said",
            "“the pier is unsafe”",
            ["The Harbour Report"],
            source_kind=SourceKind.NAMED,
            quote_type=QuoteType.DIRECT,
        ),
    )
    actions.confirm(rows, None)
    found = told(story)
    assert_is_schema_org(found)
    (report,) = found["isBasedOn"]
    assert report == {
        "@type": "CreativeWork",
        "@id": "https://paper.example/source/report/",
        "name": "The Harbour Report",
        "url": "https://paper.example/source/report/",
    }
    (quotation,) = found["hasPart"]
    assert quotation["isBasedOn"] == report
    assert "spokenByCharacter" not in quotation


@pytest.mark.parametrize(
    ("edtf", "coverage", "created"),
    [
        ("2017-12-27", "2017-12-27", "2017-12-27"),
        ("2017", "2017", "2017"),
        ("2017-12-27T10:00:00Z", "2017-12-27T10:00:00Z", "2017-12-27T10:00:00Z"),
        ("2014-09/..", "2014-09/..", None),
        ("../2014-09", "../2014-09", None),
        ("2014-09/2015-01", "2014-09/2015-01", None),
        ("2017-12~", None, None),
        ("201X", None, None),
        # A season: ISO 8601-1 has no month of that number.
        ("2017-21", None, None),
        (None, None, None),
    ],
)
def test_times_are_told_where_iso_8601_has_them(
    edtf: str | None, coverage: str | None, created: str | None
) -> None:
    story = make_story("SANA reported on Friday that the road was closed then.")
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(
            text,
            "SANA",
            "reported",
            "the road was closed",
            ["SANA"],
            statement_time=TimeExpression(span_of("on Friday", text), edtf, "publication"),
            event_time=TimeExpression(span_of("then", text), edtf, "text"),
        ),
    )
    actions.confirm(rows, None)
    (claim,) = schema_org.of(story)["mentions"]
    assert claim.get("temporalCoverage") == coverage
    assert claim.get("dateCreated") == created


def test_hostile_names_cannot_end_the_script() -> None:
    hostile = "Zed </script><script>alert(1)</script><!--"
    story = make_story(
        "Zed &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- said it rained."
    )
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(text, hostile, "said", "it rained", [hostile], source_kind=SourceKind.NAMED),
    )
    actions.confirm(rows, None)
    (claim,) = told(story)["mentions"]
    assert claim["author"]["name"] == hostile
    assert "alert(1)</script>" not in story_page(story)


def test_a_persian_story_is_told_in_persian() -> None:
    source("سانا", language="fa")
    story = make_story("سانا گفت که راه بسته است.", headline="راه", language="fa")
    text = story_text.newest(story).text
    rows = suggest(story, relation_in(text, "سانا", "گفت", "راه بسته است", ["سانا"],
                                      source_kind=SourceKind.NAMED))  # fmt: skip
    actions.confirm(rows, None)
    (claim,) = told(story)["mentions"]
    assert claim["text"] == "راه بسته است"
    assert claim["inLanguage"] == "fa"
    assert claim["author"]["name"] == "سانا"
    assert claim["author"]["url"].isascii()


def test_ninjs_names_origins_and_outlets_and_is_valid() -> None:
    folder = SHARED / "fixtures" / "ninjs"
    if not folder.is_dir():
        pytest.skip("../shared/fixtures/ninjs is not here: the IPTC's schemas are not ours")
    geo = json.loads((folder / "test_suite" / "GeoJSON-schema.json").read_text())
    registry: Registry[Any] = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json", Resource.from_contents(geo)
    )
    schema = Draft202012Validator(
        json.loads((folder / "specification" / "ninjs-schema_3.1.json").read_text()),
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    story = confirmed_story()
    StoryAgency.objects.create(story=story, agency=agency("Coast Wire"))
    document = json.loads(ninjs.document(Story.objects.get(pk=story.pk)))
    assert [error.message for error in schema.iter_errors(document)] == []
    assert document["infoSources"] == [
        {"role": "agency", "name": "Coast Wire"},
        {"role": "unnamed origin", "name": "local residents"},
        {"role": "origin", "name": "Dana Reyes", "uri": "https://paper.example/source/dana-reyes/"},
        {
            "role": "origin",
            "name": "State television",
            "uri": "https://paper.example/source/state-television/",
        },
        {"role": "outlet", "name": "SANA", "uri": "https://paper.example/source/sana/"},
        {"role": "outlet", "name": "AFP", "uri": "https://paper.example/source/afp/"},
    ]
    (indicator,) = document["trustIndicators"]
    assert indicator["href"] == f"https://paper.example/news/{story.pk}/attributions.json"
