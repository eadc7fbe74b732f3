"""Kept relations in a text: rows of the database in the terms of the model, with their places.

The rows remember where they stood in the text that was analysed last. Any version of the story
may be asked for: what the desk is writing, or what readers see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, QuerySet

from broadsheet import prepared
from broadsheet.attribution.anchors import Carrier, Selector, find
from broadsheet.attribution.models import (
    ReaderView,
    RelationHop,
    Source,
    SourcePolicy,
    StoryReading,
    StoryRelation,
)
from broadsheet.attribution.relation import (
    AttributionRelation,
    CueKind,
    Hedge,
    HedgeKind,
    Hop,
    QuoteType,
    SourceKind,
    Span,
    Spans,
    Status,
    TimeExpression,
)
from broadsheet.attribution.story_text import StoryText, of
from broadsheet.stories.models import Story

Stored = dict[str, Any]


@dataclass(frozen=True)
class Placed:
    """A kept relation and where its words stand in one text.

    ``relation`` is the same in the terms of the model, its ``nested_in`` the place of the other
    in the list that this one stands in (``None`` where that is not there). Hedges and times whose
    words are gone are left out; without its cue or its content, no relation is placed at all.
    """

    row: StoryRelation
    relation: AttributionRelation


@dataclass(frozen=True)
class ForReaders:
    """What a story's page may say of its sources.

    ``recorded`` is false where the story was never read for its sources: "source not recorded",
    and ``text`` is left empty.
    ``analysed`` is false where it could not be (another language, say), with ``reason``.
    ``relations`` are those an editor stands behind and, where the paper shows suggestions and
    nobody has reviewed the story, those as well: each one's row says which it is.
    """

    recorded: bool
    analysed: bool
    reviewed: bool
    reason: str
    text: StoryText
    relations: tuple[Placed, ...]


def rows_of(stories: Iterable[Story | int]) -> Any:
    """Return the relations of ``stories`` with their hops and sources, in a handful of queries."""
    hops = RelationHop.objects.select_related("source").order_by("position")
    return (
        StoryRelation.objects.filter(story__in=list(stories))
        .select_related("source")
        .prefetch_related(Prefetch("hops", hops))
        .order_by("story", "number")
    )


def placed(rows: Iterable[StoryRelation], text: str, read: str = "") -> list[Placed]:
    """Return those of ``rows`` whose words stand in ``text``, in the order of their contents.

    ``read`` is the text their positions count in (``StoryReading.text``), where it is at hand.
    """
    finder = Finder(text, read)
    found = [(row, relation) for row in rows if (relation := finder.relation(row)) is not None]
    found.sort(key=lambda pair: (pair[1].content[0], pair[0].number))
    positions = {row.pk: place for place, (row, _) in enumerate(found)}
    return [
        Placed(row, _nested(relation, positions.get(row.nested_in_id or 0)))
        for row, relation in found
    ]


def for_readers(story: Story) -> ForReaders:
    """Return what the page of ``story``, as it stands, may say of its sources."""
    return all_for_readers([story])[story.pk]


def all_for_readers(
    stories: Sequence[Story], *, resting_on: Source | None = None
) -> dict[int, ForReaders]:
    """Return what the pages of ``stories`` may say, by News ID, in a handful of queries.

    With ``resting_on``, only the decided relations that rest on this source, and what holds them.
    """
    found_readings = prepared.objects(
        StoryReading, _readings, stories=[story.pk for story in stories]
    )
    readings = {reading.pk: reading for reading in found_readings}
    if resting_on is not None:
        found = _resting_on(resting_on, readings)
        return {
            story.pk: _for_readers(story, readings.get(story.pk), found.get(story.pk, []))
            for story in stories
        }
    rows: dict[int, list[StoryRelation]] = {key: [] for key in readings}
    with_any = prepared.numbers(_with_relations, stories=list(readings))
    # A story that is published this moment has none yet.
    marked = [key for key in with_any if not readings[key].is_reviewed]
    if marked and SourcePolicy.load().suggestions != ReaderView.MARKED:
        marked = []
    for row in rows_of(with_any).standing() if with_any else ():
        if row.is_decided or row.story_id in marked:
            rows[row.story_id].append(row)
    return {
        story.pk: _for_readers(story, readings.get(story.pk), rows.get(story.pk, []))
        for story in stories
    }


def _readings(stories: Sequence[int]) -> QuerySet[StoryReading]:
    return StoryReading.objects.filter(pk__in=stories)


def _with_relations(stories: Sequence[int]) -> QuerySet[StoryRelation, Any]:
    rows = StoryRelation.objects.filter(story__in=stories).order_by()
    found: QuerySet[StoryRelation, Any] = rows.values_list("story_id", flat=True).distinct()
    return found


def _resting_on(source: Source, stories: Iterable[int]) -> dict[int, list[StoryRelation]]:
    hops = RelationHop.objects.filter(source=source, relation__story__in=list(stories))
    wanted = {*hops.values_list("relation", flat=True)}
    rows: dict[int, StoryRelation] = {}
    while wanted:
        rows.update({row.pk: row for row in rows_of(stories).decided().filter(pk__in=wanted)})
        wanted = (
            {row.nested_in_id for row in rows.values() if row.nested_in_id} - rows.keys() - wanted
        )
    found: dict[int, list[StoryRelation]] = {}
    for row in rows.values():
        found.setdefault(row.story_id, []).append(row)
    return found


def _for_readers(
    story: Story, reading: StoryReading | None, rows: Sequence[StoryRelation]
) -> ForReaders:
    if reading is None:
        # An archive of such stories is pressed without taking their texts apart.
        return ForReaders(False, False, False, "", StoryText("", (), story.language), ())
    text = of(story)
    return ForReaders(
        recorded=True,
        analysed=reading.state != StoryReading.State.NOT_ANALYSED,
        reviewed=reading.is_reviewed,
        reason=reading.reason,
        text=text,
        relations=tuple(placed(rows, text.text, reading.text)),
    )


class Finder:
    """Finds the words of kept relations in ``text``; their positions count in ``read``."""

    def __init__(self, text: str, read: str = "") -> None:
        self._text, self._read = text, read
        self._carrier = Carrier(read, text) if read and read != text else None

    def span(self, stored: Stored) -> Span | None:
        """Return where a stored selector's words stand, ``None`` where they are lost."""
        selector = Selector.from_json(stored)
        if self._read[selector.start : selector.end] == selector.exact:
            if self._carrier is None:
                return selector.span
            if (carried := self._carrier.carry(selector.span)) is not None:
                return carried
        return find(selector, self._text)

    def spans(self, stored: Sequence[Stored]) -> Spans | None:
        """Return where all of them stand, ``None`` where any is lost or they changed places."""
        found = [self.span(each) for each in stored]
        known = tuple(span for span in found if span is not None)
        in_order = all(one[1] <= other[0] for one, other in pairwise(known))
        return known if len(known) == len(found) and in_order else None

    def relation(self, row: StoryRelation) -> AttributionRelation | None:
        """Return ``row`` in the terms of the model, ``None`` where its words are lost."""
        source = self.spans(row.source_spans)
        cue = self.spans(row.cue_spans)
        content = self.spans(row.content_spans)
        if source is None or cue is None or not content:
            return None
        hedges = ((self.span(each), each["kind"]) for each in row.hedges)
        return AttributionRelation(
            source=source,
            cue=cue,
            content=content,
            source_kind=SourceKind(row.source_kind),
            cue_kind=CueKind(row.cue_kind),
            quote_type=QuoteType(row.quote_type),
            source_name=row.source_name,
            chain=tuple(self._hop(hop) for hop in row.hops.all()),
            hedges=tuple(Hedge(span, HedgeKind(kind)) for span, kind in hedges if span),
            statement_time=self._time(row.said),
            event_time=self._time(row.happened),
            confidence=row.confidence,
            method=row.method,
            status=Status(row.status),
        )

    def _hop(self, hop: RelationHop) -> Hop:
        return Hop(hop.name, SourceKind(hop.kind), self.spans(hop.spans) or ())

    def _time(self, stored: Mapping[str, Any] | None) -> TimeExpression | None:
        if stored is None:
            return None
        # An editor may have given a time that no words stand for.
        span = self.span(dict(stored["selector"])) if stored.get("selector") else (0, 0)
        if span is None:
            return None
        return TimeExpression(span, stored["edtf"], stored["anchor"], stored["unresolved"])


def _nested(relation: AttributionRelation, within: int | None) -> AttributionRelation:
    return replace(relation, nested_in=within)


def stored_spans(text: StoryText, spans: Iterable[Span]) -> list[Stored]:
    """Return selectors of ``spans`` as they are stored."""
    return [text.anchor(span).as_json() for span in spans]


def stored_time(text: StoryText, time: TimeExpression | None) -> Stored | None:
    """Return a time as it is stored: its words, value, anchor, reason and selector."""
    if time is None:
        return None
    start, end = time.span
    worded = start < end
    return {
        "words": text.text[start:end],
        "edtf": time.edtf,
        "anchor": time.anchor,
        "unresolved": time.unresolved,
        "selector": text.anchor(time.span).as_json() if worded else None,
    }


def stored_hedges(text: StoryText, hedges: Iterable[Hedge]) -> list[Stored]:
    """Return hedges as they are stored: selectors with a kind."""
    return [{**text.anchor(each.span).as_json(), "kind": str(each.kind)} for each in hedges]
