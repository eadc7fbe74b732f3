"""The form in which a claim is marked: its words, its source, its chain and its times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import html

from attribution.stories_at_desk import rewrite
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import RelationHop, Source, StoryRelation
from broadsheet.stories.models import Story
from newsroom.claims_at_desk import PARAGRAPHS, address, claim, filled, page_of, story_with_claims

pytestmark = pytest.mark.django_db
Status = StoryRelation.Status


@pytest.fixture
def story(section: Any) -> Story:
    return story_with_claims()


def test_the_form_changes_nothing_that_is_left_as_it_was(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    before = claim(story, 1)
    url = address(story, "_edit", 1)
    assert client.post(url, filled(client, url)).status_code == 302
    after = claim(story, 1)
    assert after.status == Status.EDITED
    same = ("said", "happened", "source_id", "source_name", "source_kind", "content_spans")
    assert {name: getattr(after, name) for name in same} == {
        name: getattr(before, name) for name in same
    }
    hops = RelationHop.objects.filter(relation=after).values_list("name", "kind")
    assert list(hops) == [("local residents", "unnamed"), ("SANA", "named")]


def test_words_source_times_and_nesting_are_edited(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    harbour = Source.objects.create(name="Harbour office", slug="harbour-office")
    url = address(story, "_edit", 5)
    sent = filled(client, url) | {
        "content_words": "We saw nothing",
        "source_words": "Ana Lima of the harbour office",
        "register_source": str(harbour.pk),
        "quote_type": "direct",
        "said": "2026-03-12",
        "happened": "2014-09/..",
        "nested_in": "3",
    }
    assert client.post(url, sent).status_code == 302
    row = claim(story, 5)
    assert row.content_spans[0]["exact"] == "We saw nothing"
    assert row.source_name == "Ana Lima of the harbour office"
    assert (row.source, row.quote_type, row.nested_in) == (harbour, "direct", claim(story, 3))
    assert row.said is not None
    assert row.happened is not None
    assert (row.said["edtf"], row.happened["edtf"]) == ("2026-03-12", "2014-09/..")
    hops = row.hops.values_list("name", "source__name")
    assert list(hops) == [("Ana Lima of the harbour office", "Harbour office")]


def test_hops_are_added_moved_and_taken_away(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 1)
    sent = filled(client, url)
    assert (sent["hop-0-name"], sent["hop-1-own"]) == ("local residents", "True")
    # Another agency carried it on, and the residents spoke to somebody before.
    sent |= {"hop-2-name": "AFP", "hop-2-kind": "named", "hop-2-ORDER": "9"}
    assert client.post(url, sent).status_code == 302
    names = list(claim(story, 1).hops.values_list("name", flat=True))
    assert names == ["local residents", "SANA", "AFP"]
    sent = filled(client, url)
    sent |= {"hop-0-DELETE": "on", "hop-2-ORDER": "1", "hop-1-ORDER": "2"}
    assert client.post(url, sent).status_code == 302
    assert list(claim(story, 1).hops.values_list("name", "kind")) == [
        ("AFP", "named"),
        ("SANA", "named"),
    ]


def test_words_are_found_once_or_asked_about(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 2)
    sent = filled(client, url) | {"digest": "", "cue_words": "told", "content_words": "the kyes"}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    shown: Any = html.fromstring(answer.content.decode())
    errors = shown.get_element_by_id("claim-errors").text_content()
    assert "“told” stands 2 times in the text." in errors
    assert "#2: “…as unsafe. Two sailors told a court" in " ".join(errors.split())
    assert "“the kyes” does not stand in the text." in errors
    # Nothing that was typed is lost, and nothing was kept.
    assert shown.get_element_by_id("id_content_words").value.strip() == "the kyes"
    assert claim(story, 2).status == Status.SUGGESTED
    sent |= {"cue_words": "told #2", "content_words": "the keys\nhad been lost"}
    assert client.post(url, sent).status_code == 302
    text = story_text.newest(story).text
    row = claim(story, 2)
    assert row.cue_spans[0]["start"] == text.rindex("told a court")
    assert [each["exact"] for each in row.content_spans] == ["the keys", "had been lost"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cue_words": ""}, "required"),
        ({"cue_at": "5-9", "cue_words": "xyzzy"}, "does not stand in the text"),
        ({"content_at": "0-999999999", "content_words": "nowhere"}, "does not stand"),
        ({"content_words": "the keys had\nhad been lost"}, "overlap"),
        ({"content_words": "the keys\n" * 200}, "too many lines"),
        ({"said": "last Friday"}, "is no date (EDTF)"),
        ({"said": "(" * 60}, "is no date (EDTF)"),
        ({"source_words": "", "source_name": ""}, "Mark or name the source"),
        ({"source_kind": "missing"}, "There are words or a name for the source"),
        ({"source_kind": "god"}, "not one of the available choices"),
        ({"register_source": "9" * 40}, "not one of the available choices"),
        ({"nested_in": "2"}, "not one of the available choices"),
        ({"nested_in": "4711"}, "not one of the available choices"),
        ({"source_name": "\x00"}, "Null characters"),
        ({"hop-TOTAL_FORMS": "lots"}, "ManagementForm"),
        ({"hop-0-was": "-1", "hop-0-ORDER": "first"}, "whole number"),
        ({"hop-TOTAL_FORMS": "3000"}, "at most"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(
    story: Story, at_desk: Callable[[str], Client], wrong: dict[str, str], message: str
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 2)
    answer = client.post(url, filled(client, url) | wrong)
    assert answer.status_code == 422
    errors = html.fromstring(answer.content.decode()).get_element_by_id("claim-errors")
    assert message in errors.text_content()
    assert claim(story, 2).status == Status.SUGGESTED


def test_a_claim_does_not_stand_in_what_stands_in_it(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    choices = page_of(at_desk("editor"), address(story, "_edit", 7)).xpath(
        "//select[@name='nested_in']/option/@value"
    )
    assert "6" in choices
    assert not {"7", "8"} & set(choices)


def test_positions_are_believed_where_the_words_stand(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 12)
    text = story_text.newest(story).text
    second = text.rindex("told")
    sent = filled(client, url)
    assert sent["cue_words"] == "told"
    sent |= {"cue_at": f"{second}-{second + 4}"}
    assert client.post(url, sent).status_code == 302
    assert claim(story, 12).cue_spans[0]["start"] == second
    # The story was changed meanwhile: a position in the old text says nothing about the new.
    rewrite(story, "Before.", *PARAGRAPHS)
    sent |= {"cue_words": "told"}
    assert client.post(url, sent).status_code == 422


def test_a_claim_is_added_by_hand(story: Story, at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")
    url = address(story, "_add")
    sent = filled(client, url) | {
        "content_words": "did not answer questions",
        "cue_words": "did not answer",
        "source_words": "The owner",
    }
    assert client.post(url, sent).status_code == 302
    row = claim(story, 13)
    assert (row.method, row.status, row.source_name) == ("hand", Status.CONFIRMED, "The owner")
    assert [hop.name for hop in row.hops.all()] == ["The owner"]
    sent = filled(client, url) | {
        "content_words": "the hull was unsafe",
        "cue_words": "denied",
        "source_kind": "implicit",
    }
    assert client.post(url, sent).status_code == 302
    assert claim(story, 14).source_kind == "implicit"


def test_what_is_lost_is_said_to_be_and_can_be_marked_anew(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    actions.confirm([claim(story, 2)], None)
    rewrite(story, PARAGRAPHS[0], "A clerk told us that the keys were gone.", *PARAGRAPHS[2:])
    client = at_desk("editor")
    page = page_of(client, address(story))
    lost = page.get_element_by_id("claims-lost").getparent()
    assert [card.get("data-claim") for card in lost.xpath(".//ol[2]/li")] == ["2"]
    assert "1 lost" in page.get_element_by_id("claims-head").text_content()
    url = address(story, "_edit", 2)
    sent = filled(client, url)
    assert sent["content_words"] == "the keys had been lost"
    assert "content_at" not in sent
    assert client.post(url, sent).status_code == 422
    sent |= {"content_words": "that the keys were gone", "cue_words": "told us"}
    assert client.post(url, sent).status_code == 302
    assert not claim(story, 2).lost
    assert "Lost" not in page_of(client, address(story)).text_content()
