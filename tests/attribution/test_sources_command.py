"""``broadsheet sources``: what rests on a source or a wire item, at the terminal."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from attribution.sourced_stories import confirmed_story, source
from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.attribution import story_text
from broadsheet.attribution.models import Source, SourceAlias
from broadsheet.wire.models import Provenance, ReceivedItem

pytestmark = pytest.mark.django_db


def sources(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sources", *arguments, stdout=out)
    return out.getvalue()


def as_json(*arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sources(*arguments, "--json"))
    return document


def test_it_tells_the_story_the_way_and_the_sentence() -> None:
    story = confirmed_story()
    lines = sources("--rests-on", "SANA").splitlines()
    assert lines[0].split() == [str(story.pk), "draft", *story.headline.split()]
    assert lines[1].strip() == "#1 confirmed: local residents → SANA → this paper"
    assert "draft 21-108: SANA, citing local residents, reported on Friday" in lines[2]
    assert lines[-1].startswith("1 story rests on SANA (")


def test_json_is_one_document_of_any_number_of_stories() -> None:
    source("Nobody")
    empty = as_json("--rests-on", "Nobody")
    assert (empty["stories"], empty["count"]) == ([], 0)
    story = confirmed_story()
    other = make_story("SANA said the shop was open.")
    text = story_text.newest(other).text
    suggest(other, relation_in(text, "SANA", "said", "the shop was open", ["SANA"]))
    found = as_json("--rests-on", "sana")
    assert found["source"] == {"name": "SANA", "slug": "sana"}
    assert [each["news_id"] for each in found["stories"]] == [other.pk, story.pk]
    assert found["count"] == 2
    relation = found["stories"][1]["relations"][0]
    start, end = relation["passages"][0]["span"]
    assert story_text.newest(story).text[start:end] == relation["passages"][0]["words"]


def test_a_wire_item_is_found_by_number_and_by_guid() -> None:
    story = make_story("The pier is gone.")
    item = ReceivedItem.objects.create(guid="urn:wire:1", sha256="0" * 64, fields={}, raw=b"")
    Provenance.objects.create(item=item, story=story, news_id=story.pk)
    item.erase("a court order")
    for wanted in (str(item.pk), "urn:wire:1"):
        assert f"made of item {item.pk}, erased" in sources("--wire-item", wanted)
        assert as_json("--wire-item", wanted)["stories"][0]["copies"][0]["guid"] == "urn:wire:1"


def test_an_unknown_or_ambiguous_name_is_refused_with_what_it_may_mean() -> None:
    with pytest.raises(CommandError, match="No source alone is called “Nobody”"):
        sources("--rests-on", "Nobody")
    with pytest.raises(CommandError, match="No item was received"):
        sources("--wire-item", "٧")
    one, other = source("The Star of Kadar", slug="a"), source("Kadar Star", slug="b")
    for each in (one, other):
        SourceAlias.objects.create(source=each, text="The Star")
    with pytest.raises(CommandError, match=r"The Star of Kadar \(a\), Kadar Star \(b\)"):
        sources("--rests-on", "The Star")
    with pytest.raises(CommandError):
        sources()
    with pytest.raises(CommandError):
        sources("--rests-on", "a", "--wire-item", "1")
    assert Source.objects.count() == 2


def test_nothing_in_a_story_commands_the_terminal() -> None:
    source("SANA")
    story = make_story("SANA said it rained.", headline="Red \x1b[31malert\x07 باران")
    text = story_text.newest(story).text
    suggest(story, relation_in(text, "SANA", "said", "it rained", ["\x1b]0;owned\x07", "SANA"]))
    printed = sources("--rests-on", "SANA")
    assert "\x1b" not in printed
    assert "\x07" not in printed
    assert "باران" in printed
