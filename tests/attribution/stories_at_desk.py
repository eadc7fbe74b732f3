"""Stories with a text, and analyses of them written by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import StoryReading, StoryRelation
from broadsheet.attribution.relation import (
    Analysis,
    AttributionRelation,
    CueKind,
    Hop,
    QuoteType,
    Sentence,
    SourceKind,
    Span,
)
from broadsheet.stories.models import Section, Story

PUBLISHED = datetime(2026, 3, 14, 18, 5, tzinfo=UTC)


def span_of(words: str, text: str, number: int = 1) -> Span:
    """Return where ``words`` stand in ``text`` for the ``number``-th time."""
    at = -1
    for _ in range(number):
        at = text.index(words, at + 1)
    return at, at + len(words)


def _kind(name: str) -> SourceKind:
    if not name:
        return SourceKind.IMPLICIT
    unnamed = name[0].islower() or name.startswith(("A ", "The "))
    return SourceKind.UNNAMED if unnamed else SourceKind.NAMED


def relation_in(
    text: str, source: str, cue: str, content: str, chain: Sequence[str] = (), **fields: Any
) -> AttributionRelation:
    """Return a relation whose parts are these words of ``text``, each at its first place."""
    kind = fields.pop("source_kind", _kind(source))
    return AttributionRelation(
        source=(span_of(source, text),) if source else (),
        cue=(span_of(cue, text),),
        content=(span_of(content, text),),
        source_kind=kind,
        cue_kind=fields.pop("cue_kind", CueKind.VERB),
        quote_type=fields.pop("quote_type", QuoteType.INDIRECT),
        source_name=fields.pop("source_name", source),
        chain=tuple(
            Hop("", SourceKind.MISSING) if name == "[missing]" else Hop(name, _kind(name))
            for name in chain
        ),
        confidence=fields.pop("confidence", 0.8),
        **fields,
    )


def analysis_of(text: str, *relations: AttributionRelation) -> Analysis:
    """Return an analysis of ``text`` with these relations; every sentence makes a claim."""
    found = [
        match.span() for match in re.finditer(r"[^\s][^\n]*?(?:[.!?]”?(?=\s|$)|(?=\n|$))", text)
    ]
    sentences = [
        Sentence(
            span,
            tuple(
                number
                for number, relation in enumerate(relations)
                if any(a < span[1] and span[0] < b for a, b in relation.content)
            ),
        )
        for span in found
    ]
    return Analysis(True, "en", relations=relations, sentences=tuple(sentences))


def make_story(*paragraphs: str, headline: str = "Ferry stays in port", **fields: Any) -> Story:
    """Return a draft with these paragraphs, kept as a version as the newsroom does."""
    section, _ = Section.objects.get_or_create(slug="world", defaults={"name": "World"})
    body = [
        {"type": "paragraph", "value": f"<p>{words}</p>", "id": f"b{number}"}
        for number, words in enumerate(paragraphs)
    ]
    field: Any = Story._meta.get_field("body")
    story = Story(
        headline=headline,
        section=section,
        live=False,
        body=field.stream_block.to_python(body),
        **fields,
    )
    story.save()
    story.save_revision()
    return Story.objects.get(pk=story.pk)


def rewrite(story: Story, *paragraphs: str, headline: str = "") -> Story:
    """Keep another version of ``story`` with these paragraphs."""
    changed = story.get_latest_revision_as_object()
    changed.headline = headline or changed.headline
    body = [
        {"type": "paragraph", "value": f"<p>{words}</p>", "id": f"b{number}"}
        for number, words in enumerate(paragraphs)
    ]
    field: Any = Story._meta.get_field("body")
    changed.body = field.stream_block.to_python(body)
    changed.save_revision()
    return Story.objects.get(pk=story.pk)


def suggest(story: Story, *relations: Any) -> list[StoryRelation]:
    """Suggest relations, each given as arguments of :func:`relation_in`, and return all rows."""
    text = story_text.newest(story)
    made = [
        each if isinstance(each, AttributionRelation) else relation_in(text.text, *each)
        for each in relations
    ]
    assert actions.suggest(story, text, analysis_of(text.text, *made), reference=PUBLISHED)
    return list(StoryRelation.objects.filter(story=story))


def reading(story: Story) -> StoryReading:
    """Return the story's reading as it is stored now."""
    return StoryReading.objects.get(pk=story.pk)
