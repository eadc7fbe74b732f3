"""A story of twelve paragraphs with its suggestions, as the worker would leave it."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html

from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.attribution import story_text
from broadsheet.attribution.models import StoryRelation
from broadsheet.attribution.relation import Hedge, HedgeKind, TimeExpression
from broadsheet.stories.models import Story

PARAGRAPHS = (
    "SANA, citing local residents, reported on Friday that the road was closed.",
    "A clerk said the keys had been lost.",
    "The mayor promised new ones within a week.",
    "The ferry reportedly sails again, though no timetable was shown.",
    "“We saw nothing,” Ana Lima of the harbour office told this paper.",
    "She added that the cameras had been switched off.",
    "The union claims that what are said to be repairs never began.",
    "The ministry has been accused of hiding the costs.",
    "According to a police report, two boats left before dawn.",
    "The insurer denied that the hull was unsafe.",
    "Two sailors told a court that they had warned the owner last month.",
    "The owner did not answer questions.",
)
# Source, cue, content, how sure.
CLAIMS = (
    ("SANA", "reported", "that the road was closed", 0.97),
    ("A clerk", "said", "the keys had been lost", 0.96),
    ("The mayor", "promised", "new ones within a week", 0.95),
    ("", "reportedly", "The ferry", 0.66),
    ("Ana Lima", "told", "“We saw nothing,”", 0.98),
    ("She", "added", "that the cameras had been switched off", 0.93),
    ("The union", "claims", "that what are said to be repairs never began", 0.94),
    ("", "are said", "repairs", 0.6),
    ("", "has been accused", "of hiding the costs", 0.7),
    ("a police report", "According to", "two boats left before dawn", 0.95),
    ("The insurer", "denied", "that the hull was unsafe", 0.97),
    ("Two sailors", "told", "that they had warned the owner last month", 0.91),
)


def story_with_claims() -> Story:
    """Return the story, a draft, with twelve suggestions; the eighth stands in the seventh."""
    story = make_story(*PARAGRAPHS)
    text = story_text.newest(story).text
    found = []
    for number, (source, cue, content, confidence) in enumerate(CLAIMS):
        fields: dict[str, object] = {"confidence": confidence}
        if source == "SANA":
            at = text.index("on Friday")
            fields["statement_time"] = TimeExpression((at, at + 9), "2026-03-13", "publication")
            fields["chain"] = ["local residents", "SANA"]
        elif source == "She":
            fields["source_name"] = "Ana Lima"
        elif cue == "reportedly":
            at = text.index(cue)
            fields["hedges"] = (Hedge((at, at + len(cue)), HedgeKind.HEARSAY),)
        elif cue == "are said":
            fields["nested_in"] = number - 1
        elif source == "Two sailors":
            at = text.index("last month")
            fields["event_time"] = TimeExpression((at, at + 10), None, "", "no year is given")
        found.append(relation_in(text, source, cue, content, **fields))  # type: ignore[arg-type]
    suggest(story, *found)
    return story


def claim(story: Story, number: int) -> StoryRelation:
    """Return a claim of the story as it is stored now."""
    return StoryRelation.objects.get(story=story, number=number)


def address(story: Story, name: str = "", *rest: Any) -> str:
    """Return where the claims of ``story`` are, or another of the pages beside them."""
    return reverse(f"newsroom_claims{name}", args=[story.pk, *rest])


def page_of(client: Client, url: str) -> Any:
    """Return the page at ``url``."""
    response = client.get(url)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def filled(client: Client, url: str) -> dict[str, str]:
    """Return what the form at ``url`` would send as it stands, in a browser without scripts."""
    (form,) = page_of(client, url).xpath("//form[@id='claim-form']")
    return {
        str(name): (value or "").removeprefix("\n")
        for name, value in form.form_values()
        if "__prefix__" not in str(name)
    }
