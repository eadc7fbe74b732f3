"""A story as ninjs, against the IPTC's own schema."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from press import newspaper, newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)

PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    folder = SHARED / "fixtures" / "ninjs"
    if not folder.is_dir():
        pytest.skip("../shared/fixtures/ninjs is not here: the IPTC's schemas are not ours")
    geo = json.loads((folder / "test_suite" / "GeoJSON-schema.json").read_text())
    registry: Registry[Any] = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json", Resource.from_contents(geo)
    )
    document = json.loads((folder / "specification" / "ninjs-schema_3.1.json").read_text())
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(document, registry=registry, format_checker=checker)


def test_a_full_story_is_valid_and_says_everything(
    pressed: PressedFolder, schema: Draft202012Validator
) -> None:
    story = newsroom.draft(
        "Ferry runs again",
        lead="The short of it.",
        slugline="ferry",
        dateline="Port Amber",
        bylines=[newsroom.byline()],
        agencies=[newsroom.agency()],
        topics=[newsroom.topic()],
        first_published_at=PUBLISHED,
        news_id=207166,
    )
    taken = date(2017, 4, 25)
    picture = newsroom.picture()
    newspaper.photo(story, picture, caption="A pier.", credit="AFP", taken_on=taken)
    newspaper.photo(story, None, caption="A quay.", credit="Reuters", sort_order=2)
    newsroom.publish(type(story).objects.get(pk=story.pk))

    document = json.loads(pressed.read("/news/207166.json"))
    assert [error.message for error in schema.iter_errors(document)] == []
    assert document["uri"] == "https://paper.example/news/207166/"
    assert {"role": "News ID", "value": "207166"} in document["altIds"]
    assert document["headlines"][0]["value"] == "Ferry runs again"
    assert document["contentCreated"] == "2017-12-30T06:58:00Z"
    texts = {body["role"]: body["value"] for body in document["bodies"]}
    assert texts["text"] == "The ferry sailed on Friday.\n\nIt was full."
    assert "<p>It was <b>full</b>.</p>" in texts["html"]
    assert document["located"] == "Port Amber"
    assert document["by"] == "Mira-Doe"
    assert document["infoSources"] == [{"role": "agency", "name": "Coast Wire"}]
    assert [each["name"] for each in document["subjects"]] == ["World", "Water"]
    seen, unseen = document["associations"]
    assert seen["by"] == "AFP"
    assert seen["contentCreated"] == "2017-04-25T00:00:00Z"
    for rendition in seen["renditions"]:
        assert pressed.has(rendition["href"].removeprefix("https://paper.example"))
    assert "renditions" not in unseen
    assert unseen["descriptions"][0]["value"] == "A quay."


def test_addresses_with_letters_of_any_script_are_uris(pressed: PressedFolder) -> None:
    story = newsroom.draft(
        "فقط",
        language="fa",
        section=newspaper.section("جهان"),
        topics=[newsroom.topic("دریا")],
        bylines=[newsroom.byline("مینا")],
    )
    newsroom.publish(type(story).objects.get(pk=story.pk))
    document = json.loads(pressed.read(f"/news/{story.pk}.json"))
    addresses = [each["uri"] for each in (*document["subjects"], *document["people"])]
    assert [unquote(address) for address in addresses] == [
        "https://paper.example/fa/section/جهان/",
        "https://paper.example/topic/دریا/",
        "https://paper.example/by/مینا/",
    ]
    feed = json.loads(pressed.read("/feeds/topic/دریا.json"))
    addresses += [feed["home_page_url"], feed["feed_url"]]
    assert unquote(feed["feed_url"]) == "https://paper.example/feeds/topic/دریا.json"
    assert all(address.isascii() for address in addresses)


def test_a_bare_story_is_valid(pressed: PressedFolder, schema: Draft202012Validator) -> None:
    story = newsroom.published("فقط", language="fa")
    document = json.loads(pressed.read(f"/news/{story.news_id}.json"))
    assert [error.message for error in schema.iter_errors(document)] == []
    assert document["language"] == "fa"
    assert "associations" not in document
