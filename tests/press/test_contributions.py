"""What other rooms add to the documents and the page of a story."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from broadsheet.press import contributions, ninjs
from broadsheet.press.contributions import Alternate
from broadsheet.press.story_pages import preview_page, story_page
from broadsheet.stories.models import Story
from press import newspaper, newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contributions, "_contributors", {"json-ld": [], "ninjs": []})
    monkeypatch.setattr(contributions, "_alternates", [])


def json_ld(page: str) -> dict[str, Any]:
    found = BeautifulSoup(page, "html.parser").find("script", type="application/ld+json")
    assert found is not None
    document: dict[str, Any] = json.loads(found.get_text())
    return document


def test_a_room_adds_properties_and_cannot_end_the_script() -> None:
    story = newspaper.story()
    hostile = "</script><script>alert(1)</script><!--"
    contributions.register("json-ld", lambda each: {"keywords": [hostile, str(each.pk)]})
    page = story_page(story)
    assert json_ld(page)["keywords"] == [hostile, str(story.pk)]
    assert "alert(1)</script>" not in page
    assert not re.search(r"<!--", page)


def test_lists_are_joined_and_what_the_press_says_stays() -> None:
    story = newsroom.draft(agencies=[newsroom.agency()])
    contributions.register(
        "ninjs",
        lambda _: {"infoSources": [{"name": "SANA"}], "type": "video", "edNote": "Read on."},
    )
    contributions.register("json-ld", lambda _: {"infoSources": ["not here"]})
    document = json.loads(ninjs.document(story))
    assert [each["name"] for each in document["infoSources"]] == ["Coast Wire", "SANA"]
    assert document["type"] == "text"
    assert document["edNote"] == "Read on."


def test_one_registration_counts_once() -> None:
    def told(story: Story) -> dict[str, Any]:
        return {"keywords": [story.headline]}

    contributions.register("json-ld", told)
    contributions.register("json-ld", told)
    assert json_ld(story_page(newspaper.story("Once")))["keywords"] == ["Once"]


def test_the_head_names_further_forms_of_a_public_page_alone() -> None:
    story = newspaper.story()
    contributions.register_alternate(
        lambda each: Alternate(f"/news/{each.pk}/x.json", 'a/b; profile="c"', "<X>")
    )
    link = BeautifulSoup(story_page(story), "html.parser").find("link", title="<X>")
    assert link is not None
    assert link["rel"] == ["alternate"]
    assert link["href"] == f"/news/{story.pk}/x.json"
    assert link["type"] == 'a/b; profile="c"'
    assert "x.json" not in preview_page(story)


def test_nothing_is_asked_about_a_story_that_was_never_saved() -> None:
    contributions.register("json-ld", lambda _: pytest.fail("asked"))
    draft = Story(headline="New", section=newspaper.section())
    assert json_ld(preview_page(draft))["headline"] == "New"
