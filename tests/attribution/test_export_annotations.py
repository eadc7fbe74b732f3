"""Attributions as W3C Web Annotations, from the database to the pressed file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from attribution.sourced_stories import confirmed_story, source, sourced_story
from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.attribution import actions, register, story_text
from broadsheet.attribution.export import vocabulary, web_annotation
from broadsheet.attribution.models import (
    ReaderView,
    Source,
    SourcePolicy,
    StoryReading,
    StoryRelation,
)
from broadsheet.attribution.relation import Analysis, QuoteType, SourceKind
from broadsheet.newsroom.actions.publish import publish
from broadsheet.press import ledger, loading
from broadsheet.press.actions import press_orders
from broadsheet.press.reading import one_reading
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Story
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db

# The terms of http://www.w3.org/ns/anno.jsonld that are used here (Web Annotation Vocabulary, A).
ANNOTATION_TERMS = {
    *("id", "type", "body", "target", "source", "selector", "creator", "created", "generator"),
    *("motivation", "purpose", "exact", "prefix", "suffix", "start", "end", "items", "partOf"),
    *("first", "total", "startIndex", "label", "name", "format", "language", "value"),
    *("Annotation", "AnnotationCollection", "AnnotationPage", "SpecificResource", "Software"),
    *("TextQuoteSelector", "TextPositionSelector", "Organization", "Person", "Text"),
    *("describing", "identifying"),
}


def collection(story: Story) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(web_annotation.document(story))
    return document


def items(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["first"]["items"]
    assert document["total"] == len(found)
    return found


def words_in(annotation: dict[str, Any], role: str) -> list[str]:
    return [
        target["selector"][0]["exact"] for target in annotation["target"] if target["role"] == role
    ]


def assert_every_selector_selects(document: dict[str, Any]) -> None:
    text = document["annotatedText"]["value"]
    count = 0
    for annotation in items(document):
        for target in annotation["target"]:
            quote, position = target["selector"]
            assert quote["type"] == "TextQuoteSelector"
            assert position["type"] == "TextPositionSelector"
            start, end = position["start"], position["end"]
            assert text[start:end] == quote["exact"]
            assert text[:start].endswith(quote["prefix"])
            assert text[end:].startswith(quote["suffix"])
            assert target["source"] == document["id"].removesuffix("attributions.json")
            count += 1
    assert count


def terms(value: Any) -> Iterator[str]:
    """Yield every name and every class that a document uses outside of its context."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "@context":
                continue
            yield name
            if name in ("type", "motivation", "purpose"):
                yield from [each] if isinstance(each, str) else each
            yield from terms(each)
    elif isinstance(value, list):
        for each in value:
            yield from terms(each)


def test_a_third_party_finds_every_word_by_the_text_that_comes_with_it() -> None:
    story = confirmed_story()
    document = collection(story)
    assert document["type"] == "AnnotationCollection"
    assert document["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert document["sourceStatus"] == "reviewed"
    assert document["annotatedText"]["value"] == story_text.of(story).text
    # As the document says that the text is formed.
    paragraphs = [
        BeautifulSoup(block["value"], "html.parser").get_text().strip()
        for block in story.body.raw_data
    ]
    assert document["annotatedText"]["value"] == "\n\n".join([story.headline, *paragraphs])
    assert_every_selector_selects(document)
    first, quoted, by_afp = items(document)
    assert words_in(first, "content") == ["the road was closed on Wednesday"]
    assert words_in(first, "source") == ["SANA"]
    assert words_in(first, "cue") == ["reported"]
    assert words_in(first, "statementTime") == ["on Friday"]
    assert words_in(by_afp, "hedge") == ["reportedly"]
    assert {each["status"] for each in (first, quoted, by_afp)} == {"confirmed"}
    assert "generator" not in first
    assert "confidence" not in first


def test_the_body_says_who_stands_behind_it_and_by_which_way_it_came(settings: Settings) -> None:
    settings.BASE_URL = "https://paper.example"
    story = confirmed_story()
    first, quoted, by_afp = (each["body"] for each in items(collection(story)))
    sana = {
        "id": "https://paper.example/source/sana/",
        "type": "Organization",
        "name": "SANA",
    }
    statement, identified = first
    assert identified == {
        "type": "SpecificResource",
        "purpose": "identifying",
        "source": sana["id"],
    }
    assert statement["type"] == ["Entity", "Statement"]
    assert statement["wasAttributedTo"] == sana
    assert statement["hadPrimarySource"] == {
        "type": "Entity",
        "wasAttributedTo": {"type": "Agent", "name": "local residents"},
    }
    assert statement["chain"] == [
        {"type": "Hop", "hopNumber": 0, "kind": "unnamed", "name": "local residents"},
        {"type": "Hop", "hopNumber": 1, "kind": "named", "name": "SANA", "agent": sana["id"]},
    ]
    assert statement["statementTime"] == {
        "type": "Time",
        "words": "on Friday",
        "edtf": "2017-12-29",
    }
    assert statement["eventTime"]["edtf"] == "2017-12-27"
    assert quoted[0]["quoteType"] == "direct"
    assert quoted[0]["wasQuotedFrom"]["wasAttributedTo"]["type"] == "Person"
    assert "hadPrimarySource" not in quoted[0]
    assert by_afp[0]["hedges"] == [{"type": "Hedge", "kind": "hearsay", "words": "reportedly"}]
    assert by_afp[0]["statementTime"]["unresolved"] == "No day is named."


def test_every_term_is_defined() -> None:
    own = vocabulary.CONTEXT[1]
    document = collection(confirmed_story())
    assert set(terms(document)) - ANNOTATION_TERMS - own.keys() == set()
    # A term of ours that changed what one of the W3C's means would mislead every reader.
    assert not own.keys() & ANNOTATION_TERMS
    for value in own.values():
        address = value if isinstance(value, str) else value["@id"]
        prefix, colon, _ = address.partition(":")
        assert colon
        assert prefix in own or prefix in ("http", "urn")


def test_suggestions_are_told_only_where_the_paper_shows_them_and_are_marked() -> None:
    story, rows = sourced_story()
    actions.confirm(rows[:1], None)
    hidden = collection(story)
    assert [each["reviewed"] for each in items(hidden)] == [True]
    assert hidden["sourceStatus"] == "unreviewed"
    policy = SourcePolicy.load()
    policy.suggestions = ReaderView.MARKED
    policy.save()
    assert [each["reviewed"] for each in items(collection(story))] == [True, False, False]
    _, marked, _ = items(collection(story))
    assert marked["status"] == "suggested"
    assert marked["confidence"] == 0.8
    assert marked["generator"] == {"type": "Software", "name": "Broadsheet"}
    actions.reject(rows[1:2], None)
    actions.mark_reviewed(story, None)
    assert [each["reviewed"] for each in items(collection(story))] == [True]


def test_a_story_nobody_read_has_no_sources_on_record_which_is_not_none() -> None:
    story = make_story("SANA reported it.")
    story.reading.delete()
    document = collection(Story.objects.get(pk=story.pk))
    assert items(document) == []
    assert document["sourceStatus"] == "not-recorded"
    assert document["label"] == "Source not recorded"
    assert "annotatedText" not in document


def test_a_story_that_could_not_be_read_says_why() -> None:
    story = make_story("Nikdo nic neřekl.", language="cs")
    text = story_text.newest(story)
    assert actions.suggest(story, text, Analysis(False, "cs", reason="Czech is not supported."))
    document = collection(story)
    assert items(document) == []
    assert (document["sourceStatus"], document["note"]) == (
        "not-analysed",
        "Czech is not supported.",
    )


def test_hostile_names_and_quotations_stay_words(settings: Settings) -> None:
    settings.BASE_URL = "https://paper.example"
    hostile = 'Zed </script><script>alert(1)</script> "\\ \U0001f4a3'
    story = make_story(
        'Zed &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; "\\ \U0001f4a3 said '
        "“&lt;img src=x onerror=alert(2)&gt; \U0001f600”."
    )
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(
            text,
            hostile,
            "said",
            "“<img src=x onerror=alert(2)> \U0001f600”",
            [hostile],
            source_kind=SourceKind.NAMED,
            quote_type=QuoteType.DIRECT,
        ),
    )
    actions.confirm(rows, None)
    document = collection(story)
    assert_every_selector_selects(document)
    (annotation,) = items(document)
    assert words_in(annotation, "source") == [hostile]
    assert annotation["body"][0]["wasAttributedTo"]["id"].isascii()


def test_positions_in_a_persian_story_count_code_points() -> None:
    source("سانا", language="fa")
    story = make_story(
        "سانا به نقل از ساکنان گفت که راه می‌شود بسته 🚧.",
        headline="راه بسته است",
        language="fa",
    )
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(text, "سانا", "گفت", "راه می‌شود بسته 🚧", ["ساکنان", "سانا"]),
    )
    actions.confirm(rows, None)
    document = collection(story)
    assert_every_selector_selects(document)
    assert document["annotatedText"]["language"] == "fa"
    assert words_in(items(document)[0], "content") == ["راه می‌شود بسته 🚧"]


def test_a_document_is_what_it_says_and_no_agent(settings: Settings) -> None:
    settings.BASE_URL = "https://paper.example"
    source("The Harbour Report", slug="report", kind=Source.Kind.DOCUMENT, language="en")
    story = make_story("The Harbour Report said the pier was unsafe.")
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(
            text,
            "The Harbour Report",
            "said",
            "the pier was unsafe",
            ["The Harbour Report"],
            source_kind=SourceKind.NAMED,
        ),
    )
    actions.confirm(rows, None)
    (annotation,) = items(collection(story))
    statement = annotation["body"][0]
    assert "wasAttributedTo" not in statement
    assert statement["hadPrimarySource"] == {
        "id": "https://paper.example/source/report/",
        "type": "Entity",
        "name": "The Harbour Report",
    }


def test_of_a_lost_outlet_only_its_place_is_told() -> None:
    story = make_story("The rebels fled, reported.")
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(
            text,
            "",
            "reported",
            "The rebels fled",
            ["[missing]"],
            source_kind=SourceKind.MISSING,
        ),
    )
    actions.confirm(rows, None)
    (annotation,) = items(collection(story))
    (statement,) = annotation["body"]
    assert statement["chain"] == [{"type": "Hop", "hopNumber": 0, "kind": "missing"}]
    assert not {"wasAttributedTo", "hadPrimarySource", "wasQuotedFrom"} & statement.keys()


def test_stories_never_read_cost_one_query_for_all_of_them(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    stories = [make_story(f"Story {number}.") for number in range(5)]
    for story in stories:
        story.reading.delete()
        Story.objects.filter(pk=story.pk).update(live=True)
    with one_reading():
        loading.announce_pages(story.pk for story in stories)
        loading.fetch()
        loaded = loading.loaded()
        web_annotation.collection(loaded[0])
        with django_assert_num_queries(0):
            for each in loaded[1:]:
                assert web_annotation.collection(each)["total"] == 0


class TestPressed:
    """The pressed file follows the story and its sources."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def pressed(self, tmp_path: Path, settings: Settings) -> PressedFolder:
        settings.PRESSED_ROOT = tmp_path / "pressed"
        settings.MEDIA_ROOT = tmp_path / "media"
        settings.BASE_URL = "https://paper.example"
        return PressedFolder(settings.PRESSED_ROOT)

    def test_it_stands_and_goes_with_the_story(self, pressed: PressedFolder) -> None:
        story = confirmed_story()
        address = f"/news/{story.pk}/attributions.json"
        assert not pressed.has(address)
        publish(story)
        document = json.loads(pressed.read(address))
        assert document["id"] == f"https://paper.example{address}"
        assert_every_selector_selects(document)
        link = BeautifulSoup(pressed.text(f"/news/{story.pk}/"), "html.parser").find(
            "link", href=address
        )
        assert link is not None
        assert link["type"] == web_annotation.MEDIA_TYPE
        Story.objects.get(pk=story.pk).unpublish()
        assert not pressed.has(address)
        assert not ledger.known({Sheet("attributions", str(story.pk))})
        assert Client().get(address).status_code == 410

    def test_a_story_never_read_asks_for_no_sheet(self, pressed: PressedFolder) -> None:
        read, unread = make_story("A."), make_story("B.")
        StoryReading.objects.filter(story=unread).delete()
        with one_reading():
            loading.at_hand([read, unread])
            assert list(web_annotation.shown_on(read)) == [Sheet("attributions", str(read.pk))]
            assert list(web_annotation.shown_on(unread)) == []

    def test_an_embargo_holds(self, pressed: PressedFolder) -> None:
        story = confirmed_story(embargo_until=timezone.now() + timedelta(hours=1))
        publish(story)
        address = f"/news/{story.pk}/attributions.json"
        assert not pressed.has(address)
        assert pressed.holding("the road was closed") == []
        assert Client().get(address).status_code == 404

    def test_a_decision_and_a_new_name_are_told_at_once(self, pressed: PressedFolder) -> None:
        story, rows = sourced_story()
        publish(story)
        address = f"/news/{story.pk}/attributions.json"
        assert json.loads(pressed.read(address))["total"] == 0
        actions.confirm(rows[:1], None)
        assert json.loads(pressed.read(address))["total"] == 1
        ninjs = json.loads(pressed.read(f"/news/{story.pk}.json"))
        assert [each["name"] for each in ninjs["infoSources"]] == ["local residents", "SANA"]
        register.rename(Source.objects.get(name="SANA"), "Syrian Arab News Agency", None)
        press_orders()  # what may be thousands of stories waits for the worker
        assert "Syrian Arab News Agency" in pressed.text(f"/news/{story.pk}.json")
        assert "Syrian Arab News Agency" in pressed.text(address)
        row = StoryRelation.objects.get(pk=rows[0].pk)
        actions.reject([row], None)
        assert json.loads(pressed.read(address))["total"] == 0
