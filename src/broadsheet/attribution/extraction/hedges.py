"""Words that weaken a claim or keep a distance from it, and the relations they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from broadsheet.attribution.relation import AttributionRelation, Hedge


def find(doc: Doc) -> tuple[Hedge, ...]:
    """Return the hedges of ``doc`` in reading order."""
    return ()


def attach(
    relations: Iterable[AttributionRelation], hedges: Sequence[Hedge]
) -> tuple[AttributionRelation, ...]:
    """Return ``relations``, each with those of ``hedges`` that stand in its cue or its content."""
    out = []
    for relation in relations:
        spans = relation.cue + relation.content
        own = tuple(
            hedge
            for hedge in hedges
            if any(start < hedge.span[1] and hedge.span[0] < end for start, end in spans)
        )
        out.append(replace(relation, hedges=own))
    return tuple(out)
