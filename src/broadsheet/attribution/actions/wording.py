"""What an editor says of a relation: its words, its source, its chain and its times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from broadsheet.attribution import kept, register
from broadsheet.attribution.models import RelationHop, Source, StoryRelation
from broadsheet.attribution.relation import (
    CueKind,
    QuoteType,
    SourceKind,
    Span,
    Spans,
    TimeExpression,
)
from broadsheet.attribution.story_text import StoryText


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP
"""Stands for "as it is", where ``None`` means "nothing"."""


@dataclass(frozen=True)
class Link:
    """One hop as an editor gives it; without ``source`` the name is looked up in the register."""

    name: str
    kind: SourceKind = SourceKind.NAMED
    source: Source | None = None
    spans: Spans = ()


@dataclass(frozen=True)
class TimeValue:
    """A time as an editor gives it: EDTF (ISO 8601-2:2019), with its words where it has any."""

    edtf: str
    span: Span = (0, 0)


@dataclass(frozen=True)
class Marks:
    """What a relation is to be; whatever is :data:`KEEP` stays as it is.

    Spans count in the story's newest text (``story_text.newest``). ``chain`` is origin first and
    includes the source itself as its last hop; without one, a relation has one hop.
    """

    source: Spans | _Keep = KEEP
    cue: Spans | _Keep = KEEP
    content: Spans | _Keep = KEEP
    source_name: str | _Keep = KEEP
    source_kind: SourceKind | _Keep = KEEP
    cue_kind: CueKind | _Keep = KEEP
    quote_type: QuoteType | _Keep = KEEP
    register_source: Source | _Keep | None = KEEP
    chain: Sequence[Link] | _Keep = KEEP
    said: TimeValue | _Keep | None = KEEP
    happened: TimeValue | _Keep | None = KEEP
    nested_in: StoryRelation | _Keep | None = KEEP


def write(row: StoryRelation, marks: Marks, text: StoryText) -> None:
    """Let ``row`` be as ``marks`` says, and save it with its hops.

    Raises ``ValidationError`` for spans that are none, a relation without cue or content, and a
    time that is no EDTF.
    """
    for role, spans in (("source", marks.source), ("cue", marks.cue), ("content", marks.content)):
        if spans is not KEEP:
            setattr(row, f"{role}_spans", kept.stored_spans(text, _checked(spans, text)))
    if not row.cue_spans or not row.content_spans:
        raise ValidationError(_("Mark both what is claimed and the words that say who claims it."))
    for name in ("source_kind", "cue_kind", "quote_type"):
        if (value := getattr(marks, name)) is not KEEP:
            setattr(row, name, str(value))
    for name in ("said", "happened"):
        if (value := getattr(marks, name)) is not KEEP:
            setattr(row, name, _time(value, text))
    if marks.nested_in is not KEEP:
        row.nested_in = _outer(row, marks.nested_in)
    called = row.source_name
    _write_source(row, marks, text)
    row.save()
    if marks.chain is KEEP:
        _keep_chain(row, called)
    else:
        _write_chain(row, marks.chain, text)


def _checked(spans: Spans, text: StoryText) -> Spans:
    whole = all(0 <= start < end <= len(text.text) for start, end in spans)
    if not whole or any(one[1] > other[0] for one, other in pairwise(spans)):
        raise ValidationError(_("These marks do not fit the text; reload the page and try again."))
    return spans


def checked_edtf(value: str) -> str:
    """Return ``value`` as it is. Raises ``ValidationError`` where it is no EDTF."""
    import edtf  # late: its grammar takes a second, and every process that serves loads this file

    try:
        edtf.parse_edtf(value)
    except edtf.EDTFParseException as error:
        raise ValidationError(
            _("“%(time)s” is no date (EDTF), such as 2017-12-29, 2017-12 or 2014-09/.."),
            params={"time": value},
        ) from error
    return value


def _time(value: TimeValue | None, text: StoryText) -> dict[str, Any] | None:
    if value is None:
        return None
    return kept.stored_time(text, TimeExpression(value.span, checked_edtf(value.edtf)))


def _outer(row: StoryRelation, outer: StoryRelation | None) -> StoryRelation | None:
    if outer is not None and not StoryRelation.objects.filter(pk=outer.pk).exists():
        raise ValidationError(_("The claim that this one is to stand in was suggested anew."))
    above = outer
    while above is not None:
        if above.pk == row.pk or above.story_id != row.story_id:
            raise ValidationError(_("A claim stands within another one of the same story."))
        above = above.nested_in
    return outer


def _write_source(row: StoryRelation, marks: Marks, text: StoryText) -> None:
    if marks.source_name is not KEEP:
        row.source_name = " ".join(marks.source_name.split())[:300]
    elif marks.source is not KEEP and marks.source:
        row.source_name = " ".join(text.text[slice(*marks.source[0])].split())[:300]
    # Whoever marks the words of a source says that there is one.
    marked = marks.source_kind is KEEP and marks.source is not KEEP and bool(marks.source)
    if marked and row.source_kind in (SourceKind.IMPLICIT, SourceKind.MISSING):
        row.source_kind = str(SourceKind.NAMED)
    if marks.register_source is not KEEP:
        row.source = marks.register_source and marks.register_source.current
        row.stood_under = None
    elif marks.source_name is not KEEP or marks.source is not KEEP:
        row.source = _looked_up(row.source_name, SourceKind(row.source_kind), text.language)
        row.stood_under = None


def _looked_up(name: str, kind: SourceKind, language: str) -> Source | None:
    return register.found_or_proposed({name: kind}, language)[name] if name else None


def _keep_chain(row: StoryRelation, called: str) -> None:
    """Let the source's own hop, named ``called`` until now, say what the relation says."""
    hops = list(row.hops.all())
    own = next((hop for hop in hops if hop.name == called), hops[-1] if hops else None)
    if own is None:
        own = RelationHop(relation=row, position=0)
    own.source, own.stood_under = row.source, row.stood_under
    own.name, own.kind, own.spans = row.source_name, row.source_kind, row.source_spans
    own.save()


def _write_chain(row: StoryRelation, links: Sequence[Link], text: StoryText) -> None:
    row.hops.all().delete()
    for place, link in enumerate(links):
        _hop(row, place, link, kept.stored_spans(text, _checked(link.spans, text)), text.language)
    if all(hop.name != row.source_name for hop in row.hops.all()):
        own = Link(row.source_name, SourceKind(row.source_kind), row.source)
        _hop(row, len(links), own, row.source_spans, text.language)


def _hop(
    row: StoryRelation, place: int, link: Link, spans: list[kept.Stored], language: str
) -> None:
    # Which entry the relation's own source is was decided with the relation.
    own = row.source if link.name == row.source_name else None
    found = link.source.current if link.source else own
    if found is None and link.name != row.source_name:
        found = _looked_up(link.name, link.kind, language)
    RelationHop.objects.create(
        relation=row,
        position=place,
        source=found,
        name=link.name[:300],
        kind=str(link.kind),
        spans=spans,
    )
