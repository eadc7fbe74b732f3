"""A relation while it is being worked out: token positions that rules may still move."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.attribution.extraction.lexicon import word_set
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
    name: str = ""
    """What the text calls the source, where coreference has worked that out."""
    method: str = "rules"


PERSONS = word_set(
    "official source resident person aide adviser advisor witness analyst expert critic voter "
    "member general spokesman spokeswoman spokesperson lawmaker diplomat lawyer doctor driver "
    "commander officer minister judge man woman activist engineer farmer student teacher worker "
    "operative strategist staffer donor relative neighbor neighbour reporter journalist lawyer "
    "one other some many few senator congressman representative governor mayor"
)
_VAGUE = word_set("a an one another some several many few any")


def kind_of(tokens: Tokens, source: set[int]) -> SourceKind:
    """Return how ``source`` is named; a pronoun counts as unnamed until it is resolved.

    A proper name names, also in apposition; so does one that tells an organisation from others
    ("Syria's state television"), but not one that only says where a person is from ("a Russian
    general", "Republican voters").
    """
    if not source:
        return SourceKind.IMPLICIT
    head = next((t for t in sorted(source) if _heads(tokens, t, source)), min(source))
    if tokens.tag[head] in {"NNP", "NNPS"} and not tokens.words[head].islower():
        return SourceKind.NAMED
    names = [
        t
        for t in source
        if tokens.tag[t] in {"NNP", "NNPS"}
        and not tokens.words[t].islower()
        and (tokens.head[t] == head or tokens.dep[tokens.head[t]] == "appos")
    ]
    if any(tokens.dep[t] == "appos" for t in names):
        return SourceKind.NAMED
    person = tokens.lemma[head] in PERSONS or tokens.tag[head] == "NNS"
    determiner = tokens.child(head, "det")
    vague = determiner is not None and tokens.lower[determiner] in _VAGUE
    known = names or any(
        tokens.dep[t] == "amod" and tokens.words[t][0].isupper() and t != min(source)
        for t in tokens.children[head]
        if t in source
    )
    return SourceKind.NAMED if known and not person and not vague else SourceKind.UNNAMED


def _heads(tokens: Tokens, at: int, source: set[int]) -> bool:
    return tokens.head[at] not in source and tokens.tag[at][0] in "NPCDJ" and not tokens.space[at]


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
    name = finding.name or tokens.say(finding.source)
    if len(finding.source) > 1:
        # The pronoun that leads on to the cue ("a governor who said") is not of the name.
        name = re.sub(r",? (?:who|which|that)$", "", name)
    name = name.strip(" ,;:—–-")
    own = (Hop(name, kind, tokens.spans(finding.source)),) if finding.source else ()
    return AttributionRelation(
        source=tokens.spans(finding.source),
        cue=tokens.spans(finding.cue),
        content=tokens.spans(finding.content),
        source_kind=kind,
        cue_kind=finding.cue_kind,
        quote_type=quote_type(tokens, finding.content),
        source_name=name,
        chain=finding.chain or own,
        confidence=round(finding.strength, 3),
        method=finding.method,
    )
