"""Our own table of the rules of ninjs, against the IPTC's schemas and its validation suite."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validators
from referencing import Registry, Resource

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.parsers.geojson import problem
from broadsheet.wire.parsers.ninjs_check import declared_version, findings
from broadsheet.wire.parsers.ninjs_rules import VERSIONS

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "ninjs"
needs_fixtures = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="../shared/fixtures/ninjs is not here: the IPTC's schemas and suite are not ours",
)
SUITE = sorted(FOLDER.glob("test_suite/*/should_*/*.json"))
# Files that say nothing of their version and are right in a later one than their folder's.
RIGHT_LATER = {
    "1.0/014_type_component.json",
    "1.0/016_infosource.json",
    "1.1/001_type_component.json",
    "1.1/002_infosource.json",
}


def _documents() -> Iterator[dict[str, Any]]:
    for path in [*SUITE, *sorted(FOLDER.glob("examples/**/*.json"))]:
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        yield from value if isinstance(value, list) else [value]


def _schema(version: str) -> Any:
    specification = json.loads(
        (FOLDER / "specification" / f"ninjs-schema_{version}.json").read_text(encoding="utf-8")
    )
    places = json.loads((FOLDER / "test_suite" / "GeoJSON-schema.json").read_text("utf-8"))
    registry: Registry[Any] = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json", Resource.from_contents(places)
    )
    return validators.validator_for(specification)(specification, registry=registry)


def _name_of(path: Path) -> str:
    return f"{path.parts[-3]}/{path.name}"


@needs_fixtures
@pytest.mark.parametrize("path", SUITE, ids=lambda path: "/".join(path.parts[-3:]))
def test_the_suite_of_the_iptc_has_its_outcomes(path: Path) -> None:
    try:
        (item,) = parsers.items(Incoming(path.read_bytes(), path.name))
    except WireError:
        assert path.parent.name == "should_fail"
        return
    schema = [said for said in item.oddities if said.startswith("Not as ninjs ")]
    if path.parent.name == "should_pass":
        assert schema == []
    elif _name_of(path) not in RIGHT_LATER:
        assert item.oddities


@needs_fixtures
@pytest.mark.parametrize("version", VERSIONS)
def test_the_suite_of_each_version_is_told_right_where_the_version_is_known(version: str) -> None:
    for path in sorted(FOLDER.glob(f"test_suite/{version}/should_*/*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            assert path.parent.name == "should_fail"
            continue
        assert bool(findings(document, version)) is (path.parent.name == "should_fail"), path.name


@needs_fixtures
@pytest.mark.parametrize("version", VERSIONS)
def test_the_rules_agree_with_the_schema_on_real_and_changed_documents(version: str) -> None:
    schema = _schema(version)
    chance = random.Random(version)  # noqa: S311 - the same every time
    told = {True: 0, False: 0}
    for document in _documents():
        for tried in (document, _changed(document, chance)):
            if "recurrenceDates" in json.dumps(tried):
                # The schema asks that they be a list and a text at once.
                continue
            is_valid = schema.is_valid(tried)
            assert (not findings(tried, version)) is is_valid, json.dumps(tried)
            told[is_valid] += 1
    assert min(told.values()) > 10


def _places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if here:
        yield here
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, each in inner:
        yield from _places(each, (*here, step))


def _changed(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    places = list(_places(changed))
    if not places:
        return changed
    *before, last = chance.choice(places)
    holder: Any = changed
    for step in before:
        holder = holder[step]
    match chance.randrange(4):
        case 1 if isinstance(holder, dict):
            del holder[last]
        case 2 if isinstance(holder, dict):
            name = chance.choice(
                ["name", "uri", "value", "body_x", "expires", "altIds", "urgency", "rel", "creator"]
            )
            holder[name] = chance.choice(["x", 1, [], {}])
        case 3 if isinstance(holder, dict):
            holder[f"{last}x"] = holder.pop(last)
        case _:
            values = [None, 1, 0.5, "x", [], {}, True, [1], {"a": 1}, 12, 5.0, "2023-13", "event"]
            holder[last] = chance.choice(values)
    return changed


def test_a_finding_names_the_place_and_what_is_wrong() -> None:
    document = {
        "uri": "urn:x",
        "$standard": {"name": "ninjs", "version": "1.3"},
        "type": "poem",
        "person": "Ann Lee",
        "associations": {"first": {"uri": "urn:y", "weather": "fine"}},
    }
    assert findings(document) == (
        "Not as ninjs 1.3 has it: /type is “poem”, which is none of text, audio, video, picture, "
        "graphic, composite, component.",
        "Not as ninjs 1.3 has it: /person is a text, not a list.",
        "Not as ninjs 1.3 has it: /associations/first/weather is not known there.",
    )


def test_a_version_of_another_generation_is_not_believed() -> None:
    assert declared_version({"standard": {"version": "3.0"}}) == "3.0"
    assert declared_version({"$standard": {"schema": "http://x/ninjs-schema_1.4.json"}}) == "1.4"
    assert declared_version({"standard": {"schema": "http://x/ninjs-schema_1.3.json"}}) == ""
    assert declared_version({"standard": "2.1"}) == ""


def test_a_document_wrong_everywhere_is_told_of_briefly() -> None:
    said = findings({"uri": "urn:x", **{f"x{number}": 1 for number in range(500)}})
    assert len(said) < 20
    assert said[-1].endswith("in further places.")


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        ({"type": "Point", "coordinates": [18.3, 57.6]}, True),
        ({"type": "Point", "coordinates": [18.3]}, False),
        ({"type": "Point", "coordinates": [True, 1]}, False),
        ({"type": "LineString", "coordinates": [[1, 2]]}, False),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, True),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, False),
        ({"type": "MultiPoint", "coordinates": [[0, 0]], "bbox": [0, 0]}, False),
        ({"type": "Feature", "properties": None, "geometry": None}, True),
        ({"type": "Feature", "properties": [], "geometry": None}, False),
        ({"type": "Feature", "properties": {}, "geometry": {"type": "Feature"}}, False),
        ({"type": "Feature"}, False),
        ({"type": "FeatureCollection", "features": []}, True),
        ({"type": "FeatureCollection", "features": {}}, False),
        ({"type": "GeometryCollection", "geometries": [{"type": "Sphere"}]}, False),
        ({"type": ["Point"]}, False),
        ("Gotland", False),
    ],
)
def test_geojson(value: Any, is_right: bool) -> None:
    assert (problem(value) == "") is is_right
