"""Bodies of older versions, or of a careless hand: no page fails for them, and no word goes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from broadsheet.press import actions, ninjs, pages
from press import newspaper
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db

# A sound block of each type, and what it says: an odd one must not take it along.
_SOUND: dict[str, tuple[Any, str]] = {
    "quotation": ({"text": "We sail.", "speaker": "Mira"}, "<p>We sail.</p>"),
    "list": (
        {"numbered": True, "points": [{"type": "item", "value": "Rope", "id": "1"}]},
        "<li>Rope</li>",
    ),
    "table": (
        {
            "caption": "Tides",
            "table": {
                "columns": [{"type": "text", "heading": "Port"}],
                "rows": [{"values": ["Amber"]}],
            },
        },
        "<td>Amber</td>",
    ),
    "embed": ({"url": "https://example.org/", "title": "A map", "caption": ""}, ">A map</a>"),
    "photo": ({"picture": None, "caption": "A quay.", "credit": "", "alt_text": ""}, "A quay."),
}
_GOOD = {"type": "paragraph", "value": "<p>The ferry sailed.</p>"}


def test_points_stored_as_bare_texts_are_points(pressed: PressedFolder) -> None:
    points = {"type": "list", "value": {"numbered": False, "points": ["One", "<b>Two</b>"]}}
    story = newspaper.story(body=[_GOOD, points])
    html = pages.story_page(story)
    assert "<li>One</li>" in html
    assert "<li><b>Two</b></li>" in html
    assert json.loads(ninjs.document(story))["bodies"][0]["value"].endswith("One\n\nTwo")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "odd",
    [
        {"type": "quotation", "value": "Said <nobody>"},
        {"type": "list", "value": ["Said <nobody>"]},
        {"type": "list", "value": {"points": [{"type": "item", "value": "Said <nobody>"}, 7]}},
        {"type": "table", "value": {"caption": "Said <nobody>", "table": {"rows": "none"}}},
        {"type": "embed", "value": ["Said <nobody>"]},
        {"type": "photo", "value": {"picture": "x", "caption": "Said <nobody>"}},
        {"type": "photo", "value": "Said <nobody>"},
    ],
)
def test_an_odd_block_keeps_its_words_and_the_page_its_others(
    odd: dict[str, Any], pressed: PressedFolder
) -> None:
    odd = json.loads(json.dumps(odd).replace("<nobody>", "nobody &lt;b&gt;"))
    sound, says = _SOUND[odd["type"]]
    story = newspaper.story(body=[_GOOD, {"type": odd["type"], "value": sound}, odd, _GOOD])
    actions.press_orders()
    html = pressed.text(f"/news/{story.news_id}/")
    assert "Said nobody &lt;b&gt;" in html
    assert html.count("<p>The ferry sailed.</p>") == 2
    assert says in html
    assert "Said nobody" in pressed.text("/feeds/all.rss")
    document = json.loads(pressed.read(f"/news/{story.news_id}.json"))
    assert "The ferry sailed." in document["bodies"][0]["value"]
    assert "Said nobody" in document["bodies"][1]["value"]
