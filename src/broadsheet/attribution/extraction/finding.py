"""A relation while it is being worked out: token positions that rules may still move."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import (
    AttributionRelation,
    CueKind,
    Hop,
    QuoteType,
    SourceKind,
)


@dataclass(slots=True, eq=False)
class Finding:
    """Token positions of a source, a cue and a content, and what is known of them.

    ``head`` is the word that signals it; ``rule`` names what found it; ``strength`` is the
    lexicon's prior weighed by the syntax found, 0 to 1. ``source_kind`` is set where the rule
    knows it (missing), else it follows from the source. ``chain`` is set where hops are told.
    """

    head: int
    cue: set[int]
    content: set[int]
    source: set[int]
    cue_kind: CueKind
    rule: str
    strength: float
    source_kind: SourceKind | None = None
    chain: tuple[Hop, ...] = ()
    speaks: bool = False
    """Whether the cue can introduce words in quotation marks."""
    notes: set[str] = field(default_factory=set)


_UNNAMED = frozenset(
    "official officials source sources resident residents people person aide aides adviser advisers"
    " general witness witnesses analyst analysts expert experts critic critics voter voters member"
    " others some many few".split()
)


def kind_of(tokens: Tokens, source: set[int]) -> SourceKind:
    """Return how ``source`` is named; a pronoun counts as unnamed until it is resolved."""
    if not source:
        return SourceKind.IMPLICIT
    # What follows the head ("a spokesman for Reyes") does not name it; an apposition does.
    first = min(source)
    for at in sorted(source):
        if tokens.tag[at] not in {"NNP", "NNPS"}:
            continue
        above = at
        while above in source and tokens.dep[above] not in {"pobj", "relcl", "acl", "poss"}:
            if tokens.head[above] == above or tokens.head[above] not in source:
                return _head_named(tokens, at, above)
            above = tokens.head[above]
    del first
    return SourceKind.UNNAMED


def _head_named(tokens: Tokens, proper: int, head: int) -> SourceKind:
    # "a senior Russian general", "Republican voters": a proper adjective names nobody.
    if tokens.tag[head] in {"NNP", "NNPS"} or tokens.dep[proper] == "appos":
        return SourceKind.NAMED
    if tokens.tag[head] in {"NNS"} or tokens.lower[head] in _UNNAMED:
        return SourceKind.UNNAMED
    determiner = tokens.child(head, "det")
    if determiner is not None and tokens.lower[determiner] in {"a", "an", "one", "another"}:
        return SourceKind.UNNAMED
    return SourceKind.NAMED


def quote_type(tokens: Tokens, content: set[int]) -> QuoteType:
    """Return whether ``content`` stands in quotation marks wholly, in part, or not at all."""
    words = [at for at in content if not tokens.space[at] and tokens.words[at].isalnum()]
    quoted = sum(1 for at in words if tokens.inside[at] >= 0)
    if not quoted:
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if quoted == len(words) else QuoteType.MIXED


def relation(tokens: Tokens, finding: Finding) -> AttributionRelation:
    """Return ``finding`` as a relation, its spans counted in characters."""
    kind = finding.source_kind or kind_of(tokens, finding.source)
    name = tokens.say(finding.source)
    if len(finding.source) > 1:
        # The pronoun that leads on to the cue ("a governor who said") is not of the name.
        name = re.sub(r",? (?:who|which|that)$", "", name)
    name = name.strip(" ,;:—–-")
    return AttributionRelation(
        source=tokens.spans(finding.source),
        cue=tokens.spans(finding.cue),
        content=tokens.spans(finding.content),
        source_kind=kind,
        cue_kind=finding.cue_kind,
        quote_type=quote_type(tokens, finding.content),
        source_name=name,
        chain=finding.chain,
        confidence=round(finding.strength, 3),
        method="rules",
    )
