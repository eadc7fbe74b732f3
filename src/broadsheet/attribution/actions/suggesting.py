"""Take in what the library found in a story's text.

what an editor decided     finds its words in the new text, or is marked as lost
suggestions from before    go
what was found now         is suggested, unless somebody decided on the same words
who is named               is looked up in the register, or proposed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from broadsheet.attribution import kept, publicity, register, ways
from broadsheet.attribution.actions import history
from broadsheet.attribution.models import RelationHop, Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import (
    Analysis,
    AttributionRelation,
    Hop,
    SourceKind,
    Spans,
)
from broadsheet.attribution.story_text import StoryText
from broadsheet.stories.models import Story

State = StoryReading.State
Status = StoryRelation.Status


@dataclass
class _Before:
    """What the story had before its text was read, as far as its words stand in the new text.

    ``within`` are the keys of those that were decided and stood within a suggestion.
    """

    decided: list[tuple[StoryRelation, AttributionRelation]] = field(default_factory=list)
    suggested: list[AttributionRelation] = field(default_factory=list)
    within: set[int] = field(default_factory=set)


@transaction.atomic
def suggest(
    story: Story, text: StoryText, analysis: Analysis, *, reference: datetime | None = None
) -> bool:
    """Keep what ``analysis`` found in ``text`` beside the story; tell whether it was of use.

    It is not where the story has another text by now, which then waits for its own analysis.
    ``reference`` is the time that relative dates were counted from.
    """
    reading = StoryReading.objects.select_for_update().filter(pk=story.pk).first()
    if reading is None:
        reading = StoryReading.objects.create(pk=story.pk, digest=text.digest)
    if reading.digest != text.digest:
        return False
    before = _before(story, text, reading.text)
    gone = _drop_suggestions(story)
    if analysis.analysed and _keep_new(story, reading, text, analysis, before):
        reading.reviewed_at = reading.reviewed_by = None
    reading.state = State.ANALYSED if analysis.analysed else State.NOT_ANALYSED
    reading.reason = analysis.reason
    reading.language = analysis.language or text.language
    reading.text, reading.read_digest = text.text, text.digest
    reading.claims = [list(each.span) for each in analysis.sentences if each.claims]
    reading.hedges = [[*each.span, str(each.kind)] for each in analysis.hedges]
    reading.reference, reading.analysed_at = reference, timezone.now()
    reading.method = ", ".join(sorted({each.method for each in analysis.relations}))
    reading.save()
    register.tidy(gone)
    publicity.order_story(story, left=Source.objects.filter(pk__in=gone))
    history.relations_changed.send(Story, story=story, verb="suggest", user=None)
    return True


@transaction.atomic
def fail(story: Story, text: StoryText, reason: str) -> None:
    """Note that ``text`` could not be read, and why; another version is read anew."""
    StoryReading.objects.filter(pk=story.pk, digest=text.digest).update(
        state=State.FAILED, reason=reason
    )


def _before(story: Story, text: StoryText, read: str) -> _Before:
    """Let what was decided point at its words in ``text``; return what of the story has them."""
    finder = kept.Finder(text.text, read)
    rows = list(kept.rows_of([story]).select_for_update(of=("self",)))
    suggested = {row.pk for row in rows if row.status == Status.SUGGESTED}
    before = _Before()
    for row in rows:
        relation = finder.relation(row)
        if row.pk in suggested:
            before.suggested += [relation] if relation is not None else []
            continue
        _carry_over(row, relation, finder, text)
        if relation is not None:
            before.decided.append((row, relation))
        if row.nested_in_id in suggested:
            before.within.add(row.pk)
    return before


def _carry_over(
    row: StoryRelation, relation: AttributionRelation | None, finder: kept.Finder, text: StoryText
) -> None:
    before = history.snapshot(row)
    row.lost = relation is None
    if relation is not None:
        _point(row, relation, finder, text)
    row.save()
    history.remember(row, "carry over", before, None)


def _point(
    row: StoryRelation, relation: AttributionRelation, finder: kept.Finder, text: StoryText
) -> None:
    row.source_spans = kept.stored_spans(text, relation.source)
    row.cue_spans = kept.stored_spans(text, relation.cue)
    row.content_spans = kept.stored_spans(text, relation.content)
    row.hedges = kept.stored_hedges(text, relation.hedges)
    for stored in (row.said, row.happened):
        if stored is not None and stored["selector"]:
            span = finder.span(stored["selector"])
            # The value was decided; that its words are gone does not make it another.
            stored["selector"] = None if span is None else text.anchor(span).as_json()
    for hop in row.hops.all():
        if hop.spans:
            hop.spans = kept.stored_spans(text, finder.spans(hop.spans) or ())
            hop.save(update_fields=["spans"])


def _drop_suggestions(story: Story) -> set[int]:
    """Delete the suggestions; return the sources that stood behind them."""
    rows = StoryRelation.objects.filter(story=story, status=Status.SUGGESTED)
    hops = RelationHop.objects.filter(relation__in=rows, source__isnull=False)
    gone = {*hops.values_list("source_id", flat=True)}
    gone |= {*rows.filter(source__isnull=False).values_list("source_id", flat=True)}
    rows.delete()
    return {key for key in gone if key is not None}


def _keep_new(
    story: Story,
    reading: StoryReading,
    text: StoryText,
    analysis: Analysis,
    before: _Before,
) -> bool:
    """Store what nobody has decided on yet, with its hops; tell if any was not suggested before."""
    relations = ways.completed(analysis.relations)
    sources = register.found_or_proposed(_names(relations), text.language)
    rows: list[StoryRelation] = []
    new: list[tuple[StoryRelation, AttributionRelation]] = []
    for relation in relations:
        row = next((row for row, known in before.decided if _same(known, relation)), None)
        if row is None:
            reading.last_number += 1
            row = _row(story, reading.last_number, relation, text)
            row.source = sources.get(relation.source_name)
            new.append((row, relation))
        rows.append(row)
    StoryRelation.objects.bulk_create([row for row, _ in new])
    hops = []
    for row, relation in new:
        if relation.nested_in is not None and relation.nested_in < len(rows):
            row.nested_in = rows[relation.nested_in]
        hops += _hops(row, relation, sources, text)
    StoryRelation.objects.bulk_update([row for row, _ in new if row.nested_in], ["nested_in"])
    RelationHop.objects.bulk_create(hops)
    _stand_within(rows, analysis, before)
    return any(not any(_same(known, found) for known in before.suggested) for _, found in new)


def _stand_within(rows: Sequence[StoryRelation], analysis: Analysis, before: _Before) -> None:
    """Let what was decided stand within a suggestion again that was only suggested anew."""
    for row, relation in zip(rows, analysis.relations, strict=True):
        place = relation.nested_in
        if row.pk not in before.within or place is None or place >= len(rows):
            continue
        outer = rows[place]
        if outer.status == Status.SUGGESTED and outer.nested_in_id != row.pk:
            StoryRelation.objects.filter(pk=row.pk).update(nested_in=outer)
            before.within.remove(row.pk)


def _names(relations: Iterable[AttributionRelation]) -> dict[str, SourceKind]:
    wanted: dict[str, SourceKind] = {}
    for relation in relations:
        for hop in chain_of(relation):
            if hop.name and wanted.get(hop.name) != SourceKind.NAMED:
                wanted[hop.name] = hop.kind
    return wanted


def chain_of(relation: AttributionRelation) -> tuple[Hop, ...]:
    """Return the chain of a relation with its own source as its last hop, whoever wrote it."""
    own = Hop(relation.source_name, relation.source_kind, relation.source)
    chain = relation.chain or (own,)
    if relation.source_name and all(hop.name != relation.source_name for hop in chain):
        # A nearer hop follows its source: "A, quoted by B" is A's relation as well as B's.
        return (own, *chain) if chain[-1].kind == SourceKind.MISSING else (*chain, own)
    return chain


def _same(known: AttributionRelation, found: AttributionRelation) -> bool:
    return _overlap(known.cue, found.cue) and _overlap(known.content, found.content)


def _overlap(one: Spans, other: Spans) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def _row(
    story: Story, number: int, relation: AttributionRelation, text: StoryText
) -> StoryRelation:
    return StoryRelation(
        story=story,
        number=number,
        source_name=relation.source_name[:300],
        source_kind=str(relation.source_kind),
        cue_kind=str(relation.cue_kind),
        quote_type=str(relation.quote_type),
        source_spans=kept.stored_spans(text, relation.source),
        cue_spans=kept.stored_spans(text, relation.cue),
        content_spans=kept.stored_spans(text, relation.content),
        hedges=kept.stored_hedges(text, relation.hedges),
        said=kept.stored_time(text, relation.statement_time),
        happened=kept.stored_time(text, relation.event_time),
        confidence=relation.confidence,
        method=relation.method,
    )


def _hops(
    row: StoryRelation,
    relation: AttributionRelation,
    sources: dict[str, Source | None],
    text: StoryText,
) -> list[RelationHop]:
    return [
        RelationHop(
            relation=row,
            position=place,
            source=sources.get(hop.name),
            name=hop.name[:300],
            kind=str(hop.kind),
            spans=kept.stored_spans(text, hop.spans),
        )
        for place, hop in enumerate(chain_of(relation))
    ]
