"""The whole way of words that two relations attribute.

"B, citing A, reported X" is A's relation as well as B's, and whoever marks it tells the chain with
B's alone (``tests/data/attribution/GUIDE.md``). Kept as they are, the words would seem to have
come from A straight to this paper as well. Pure: neither Django nor any other room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.attribution.relation import AttributionRelation, Hop, Spans

# Of all the characters that either relation attributes, this share is what both do.
_SAME_WORDS = 0.8


def completed(relations: Sequence[AttributionRelation]) -> tuple[AttributionRelation, ...]:
    """Return ``relations`` in their order, each with the longest chain that tells of its words.

    A relation of one hop takes the chain of another with the same words in which this hop is not
    the last.
    """
    longer = [each for each in relations if len(each.chain) > 1]
    return tuple(_completed(each, longer) for each in relations)


def _completed(
    relation: AttributionRelation, longer: Sequence[AttributionRelation]
) -> AttributionRelation:
    name = relation.source_name
    if not name or len(relation.chain) > 1:
        return relation
    chains = [
        each.chain
        for each in longer
        if _passed_on(name, each.chain) and _share(relation.content, each.content) >= _SAME_WORDS
    ]
    return replace(relation, chain=max(chains, key=len)) if chains else relation


def _passed_on(name: str, chain: Sequence[Hop]) -> bool:
    return any(hop.name == name for hop in chain[:-1])


def _share(one: Spans, other: Spans) -> float:
    first, second = ({at for span in spans for at in range(*span)} for spans in (one, other))
    return len(first & second) / (len(first | second) or 1)
