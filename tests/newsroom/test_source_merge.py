"""Merging two sources in the newsroom, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from attribution.stories_at_desk import make_story, suggest
from broadsheet.attribution import register
from broadsheet.attribution.models import Source, SourceMerge, StoryRelation

from .test_source_register import entered, listed, said, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(db: Any) -> tuple[Source, Source]:
    """SANA, which was looked at, and what a story proposed beside it."""
    kept = entered("SANA", "Sana Press", ownership_note="Owned by the state.")
    suggest(
        make_story("Syrian Arab News Agency said it rained."),
        ("Syrian Arab News Agency", "said", "it rained"),
    )
    return kept, Source.objects.get(name="Syrian Arab News Agency")


def _text(client: Client, address: str) -> str:
    page = html.fromstring(client.get(address).content)
    return " ".join(page.xpath("//main")[0].text_content().split())


def test_merging_from_the_list_to_the_confirmation(
    at_desk: Callable[[str], Client], two: tuple[Source, Source]
) -> None:
    kept, given_up = two
    client = at_desk("editor")
    choose = reverse("newsroom_source_merge", args=[given_up.pk])
    assert choose in client.get(url("inspect", given_up)).content.decode()
    assert choose in client.get(url("list")).content.decode()
    assert "No source bears that name." in _text(client, f"{choose}?q=Reuters")
    # Without a search, those with a word in common are shown.
    alike = entered("Syrian Herald")
    assert "Syrian Herald" in _text(client, choose)
    found = html.fromstring(client.get(choose, {"q": "sana"}).content)
    (way,) = found.xpath("//main//ul//a/@href")
    assert way == reverse("newsroom_source_merge_into", args=[given_up.pk, kept.pk])
    plan = _text(client, way)
    assert "1 attribution moves to “SANA”, in 1 story." in plan
    assert "These names are added to its own: “Syrian Arab News Agency”." in plan
    assert "are sent to /source/sana/" in plan
    assert "Owned by the state." in plan
    assert StoryRelation.objects.get().source == given_up
    response = client.post(way)
    assert response["Location"] == url("inspect", kept)
    assert "“Syrian Arab News Agency” is “SANA” now." in said(response)
    assert StoryRelation.objects.get().source == kept
    assert listed(client) == ["SANA", "Syrian Herald"]
    assert listed(client, state="merged") == ["Syrian Arab News Agency"]
    assert register.resolve("Syrian Arab News Agency") == kept
    # What was merged leads to where it can be taken back, and is merged no more.
    assert client.get(url("edit", given_up))["Location"] == url("inspect", given_up)
    assert client.get(choose)["Location"] == url("inspect", given_up)
    again = reverse("newsroom_source_merge_into", args=[alike.pk, given_up.pk])
    assert "neither was merged before" in said(client.get(again))
    assert "neither was merged before" in said(client.post(again))
    assert SourceMerge.objects.count() == 1


def test_a_merge_is_told_on_both_pages_and_taken_back(
    at_desk: Callable[[str], Client], two: tuple[Source, Source]
) -> None:
    kept, given_up = two
    client = at_desk("editor")
    client.post(reverse("newsroom_source_merge_into", args=[given_up.pk, kept.pk]))
    shown = _text(client, url("inspect", kept))
    assert "In 1 story" in shown
    assert "Syrian Arab News Agency was merged into SANA" in shown
    assert "by editor" in shown
    old = _text(client, url("inspect", given_up))
    assert "This source was merged into “SANA”" in old
    assert "What stood under it" in old
    assert "it rained" in old
    assert "was merged into this source" in _text(client, url("history", kept))
    assert "Merged into “SANA”" in _text(client, url("history", given_up))
    undo = reverse("newsroom_source_merge_undo", args=[SourceMerge.objects.get().pk])
    assert client.get(undo).status_code == 405
    at_desk("reporter").post(undo)
    assert SourceMerge.objects.get().undone_at is None
    assert "are two sources again" in said(client.post(undo))
    assert StoryRelation.objects.get().source == given_up
    assert "Taken back on" in _text(client, url("inspect", kept))
    assert "was taken back" in said(client.post(undo))


def test_a_merge_further_up_is_taken_back_first(
    at_desk: Callable[[str], Client], two: tuple[Source, Source]
) -> None:
    kept, given_up = two
    last = entered("Syria’s agency", proposed=True)
    client = at_desk("editor")
    client.post(reverse("newsroom_source_merge_into", args=[given_up.pk, kept.pk]))
    client.post(reverse("newsroom_source_merge_into", args=[kept.pk, last.pk]))
    # Whoever merges has looked at both.
    assert not Source.objects.get(pk=last.pk).proposed
    page = html.fromstring(client.get(url("inspect", kept)).content)
    buttons = page.xpath("//form[contains(@action, '/undo/')]/@action")
    newest = SourceMerge.objects.get(kept=last)
    assert buttons == [reverse("newsroom_source_merge_undo", args=[newest.pk])]
    first = SourceMerge.objects.get(kept=kept)
    response = client.post(reverse("newsroom_source_merge_undo", args=[first.pk]))
    assert "one of the two was merged again" in said(response)
    client.post(buttons[0])
    client.post(reverse("newsroom_source_merge_undo", args=[first.pk]))
    assert StoryRelation.objects.get().source == given_up
