"""An analysis as JSON and back: what ``broadsheet attribute`` writes, and the desk reads from it.

Spans are ``[start, end]``, half open, in code points of the given text. Pure: neither Django nor
any other room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from broadsheet.attribution.relation import (
    Analysis,
    AttributionRelation,
    CueKind,
    Hedge,
    HedgeKind,
    Hop,
    QuoteType,
    Sentence,
    SourceKind,
    Span,
    Spans,
    Status,
    TimeExpression,
)


def to_json(analysis: Analysis) -> dict[str, Any]:
    """Return ``analysis`` as values that JSON has."""
    return {
        "analysed": analysis.analysed,
        "language": analysis.language,
        "reason": analysis.reason,
        "relations": [_relation_to(each) for each in analysis.relations],
        "sentences": [
            {"span": list(each.span), "relations": list(each.relations), "claims": each.claims}
            for each in analysis.sentences
        ],
        "hedges": [_hedge_to(each) for each in analysis.hedges],
        "times": [_time_to(each) for each in analysis.times],
    }


def from_json(stored: Mapping[str, Any]) -> Analysis:
    """Return the analysis that :func:`to_json` wrote. Raises ``KeyError`` or ``ValueError``."""
    return Analysis(
        analysed=bool(stored["analysed"]),
        language=str(stored["language"]),
        reason=str(stored["reason"]),
        relations=tuple(_relation_from(each) for each in stored["relations"]),
        sentences=tuple(
            Sentence(_span(each["span"]), tuple(each["relations"]), bool(each["claims"]))
            for each in stored["sentences"]
        ),
        hedges=tuple(_hedge_from(each) for each in stored["hedges"]),
        times=tuple(_time_from(each) for each in stored["times"]),
    )


def _relation_to(relation: AttributionRelation) -> dict[str, Any]:
    return {
        "source": _pairs(relation.source),
        "cue": _pairs(relation.cue),
        "content": _pairs(relation.content),
        "source_kind": str(relation.source_kind),
        "source_name": relation.source_name,
        "cue_kind": str(relation.cue_kind),
        "quote_type": str(relation.quote_type),
        "nested_in": relation.nested_in,
        "chain": [
            {"name": hop.name, "kind": str(hop.kind), "spans": _pairs(hop.spans)}
            for hop in relation.chain
        ],
        "hedges": [_hedge_to(each) for each in relation.hedges],
        "statement_time": relation.statement_time and _time_to(relation.statement_time),
        "event_time": relation.event_time and _time_to(relation.event_time),
        "confidence": round(relation.confidence, 4),
        "method": relation.method,
        "status": str(relation.status),
    }


def _relation_from(stored: Mapping[str, Any]) -> AttributionRelation:
    said, happened = stored["statement_time"], stored["event_time"]
    return AttributionRelation(
        source=_spans(stored["source"]),
        cue=_spans(stored["cue"]),
        content=_spans(stored["content"]),
        source_kind=SourceKind(stored["source_kind"]),
        source_name=str(stored["source_name"]),
        cue_kind=CueKind(stored["cue_kind"]),
        quote_type=QuoteType(stored["quote_type"]),
        nested_in=stored["nested_in"],
        chain=tuple(
            Hop(str(hop["name"]), SourceKind(hop["kind"]), _spans(hop["spans"]))
            for hop in stored["chain"]
        ),
        hedges=tuple(_hedge_from(each) for each in stored["hedges"]),
        statement_time=None if said is None else _time_from(said),
        event_time=None if happened is None else _time_from(happened),
        confidence=float(stored["confidence"]),
        method=str(stored["method"]),
        status=Status(stored["status"]),
    )


def _hedge_to(hedge: Hedge) -> dict[str, Any]:
    return {"span": list(hedge.span), "kind": str(hedge.kind)}


def _hedge_from(stored: Mapping[str, Any]) -> Hedge:
    return Hedge(_span(stored["span"]), HedgeKind(stored["kind"]))


def _time_to(time: TimeExpression) -> dict[str, Any]:
    return {
        "span": list(time.span),
        "edtf": time.edtf,
        "anchor": time.anchor,
        "unresolved": time.unresolved,
    }


def _time_from(stored: Mapping[str, Any]) -> TimeExpression:
    return TimeExpression(
        _span(stored["span"]),
        stored["edtf"],
        str(stored["anchor"]),
        str(stored["unresolved"]),
    )


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [list(span) for span in spans]


def _spans(stored: Iterable[Iterable[int]]) -> Spans:
    return tuple(_span(each) for each in stored)


def _span(stored: Iterable[int]) -> Span:
    start, end = stored
    return int(start), int(end)
