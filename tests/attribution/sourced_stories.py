"""Stories whose sources were read, for what is told of them elsewhere."""

from __future__ import annotations

from typing import Any

from attribution.stories_at_desk import make_story, relation_in, span_of, suggest
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import Source, StoryRelation
from broadsheet.attribution.relation import (
    Hedge,
    HedgeKind,
    QuoteType,
    SourceKind,
    TimeExpression,
)
from broadsheet.stories.models import Agency, Story

SANA_SAID = (
    "SANA, citing local residents, reported on Friday that the road was closed on Wednesday."
)
QUOTED = "“We will reopen it,” said Dana Reyes, the mayor. The road has reportedly been mined."
BY_WAY_OF_AFP = "State television, as cited by AFP, said the bridge was down."


def agency(name: str = "AFP") -> Agency:
    """Return an agency that sends the paper copy."""
    return Agency.objects.get_or_create(name=name, slug=name.lower())[0]


def source(name: str, **fields: Any) -> Source:
    """Return an entry in the register."""
    made: Source = Source.objects.create(name=name, slug=fields.pop("slug", name.lower()), **fields)
    return made


def sourced_story(**fields: Any) -> tuple[Story, list[StoryRelation]]:
    """Return a draft of three paragraphs with three attributions, none of them decided.

    SANA ← local residents; the mayor in her own words; AFP ← state television.
    """
    source("SANA", language="en", country="SY", ownership_note="Owned by the state.")
    source("Dana Reyes", slug="dana-reyes", kind=Source.Kind.PERSON, language="en")
    source("AFP", agency=agency(), language="en")
    story = make_story(SANA_SAID, QUOTED, BY_WAY_OF_AFP, language="en", **fields)
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(
            text,
            "SANA",
            "reported",
            "the road was closed on Wednesday",
            ["local residents", "SANA"],
            statement_time=TimeExpression(span_of("on Friday", text), "2017-12-29", "publication"),
            event_time=TimeExpression(span_of("on Wednesday", text), "2017-12-27", "publication"),
        ),
        relation_in(
            text,
            "Dana Reyes",
            "said",
            "“We will reopen it,”",
            ["Dana Reyes"],
            quote_type=QuoteType.DIRECT,
        ),
        relation_in(
            text,
            "State television",
            "said",
            "the bridge was down",
            ["State television", "AFP"],
            hedges=(Hedge(span_of("reportedly", text), HedgeKind.HEARSAY),),
            statement_time=TimeExpression(span_of("cited", text), None, "", "No day is named."),
            source_kind=SourceKind.NAMED,
        ),
    )
    return story, rows


def confirmed_story(**fields: Any) -> Story:
    """Return :func:`sourced_story` with all three confirmed and everything reviewed."""
    story, rows = sourced_story(**fields)
    actions.confirm(rows, None)
    actions.mark_reviewed(story, None)
    return story
