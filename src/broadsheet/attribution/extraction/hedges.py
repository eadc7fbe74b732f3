"""Words that weaken a claim or keep a distance from it, and the relations they belong to.

Four kinds, as :class:`~broadsheet.attribution.relation.HedgeKind` names them: hearsay
("reportedly", "are said to be"), distancing ("claims"), no agent ("has been accused", by nobody)
and scare ("so-called", and words in quotation marks with which nobody is quoted).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction import lexicon, quotations
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.relation import (
    AttributionRelation,
    Hedge,
    HedgeKind,
    QuoteType,
    Span,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from broadsheet.attribution.extraction.quotations import Quotation

_HEARSAY = word_set(
    "reportedly allegedly supposedly purportedly ostensibly apparently putatively reputedly "
    "alleged purported reputed rumored rumoured unconfirmed unverified supposed putative "
    "uncorroborated"
)
_BEFORE_NOUN = frozenset({"reported", "suspected"})
"""What weakens a noun alone: "a reported theft", but "the theft was reported"."""
_HEARD = frozenset({"say", "report", "rumor", "rumour", "allege", "purport", "repute", "claim"})
"""Verbs whose passive without an agent repeats what was heard: "is said to"."""
_AGENTLESS = word_set(
    "accuse believe think blame suspect expect presume assume fear estimate criticise criticize "
    "understand anticipate tip reckon condemn fault denounce perceive speculate"
)
_AGENTLESS_AS = word_set("see view regard consider describe portray characterise characterize")
"""Verbs that say so only of what somebody is held to be: "is widely seen as"."""
_DISTANCING = word_set("claim insist purport allege maintain contend assert profess")
_MODIFIES = frozenset({"amod", "advmod", "neg", "npadvmod", "advcl"})
_WITH_CLAUSE = frozenset({"maintain", "insist", "assert", "contend"})
_DISTANCING_NOUNS = frozenset({"claim", "allegation", "assertion", "contention", "insinuation"})
_NOT_SAID = word_set(
    "life victory title seat win medal refund asylum prize benefit throne crown spot place point "
    "insurance expense trophy credit damage control"
)
"""What is claimed or maintained without a word: "the storm claimed twelve lives"."""
_CLAUSES = frozenset({"ccomp", "xcomp"})
_SAID_TO = _CLAUSES | {"oprd"}
_HELD = frozenset({"as", "widely", "often", "generally", "commonly"})
_WORDS = re.compile(
    r"\bso[- ]called\b|\bself[-‑ ](?:styled|proclaimed|described|declared|professed|appointed)\b"
    r"|\bwhat (?:\w+ ){1,3}?(?:call|calls|called|term|terms|termed|dubs|dubbed)\b",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    r"\brumou?r has it\b|\bby some accounts\b|\bby all accounts\b|\bword has it\b|\bis rumou?red\b",
    re.IGNORECASE,
)
_NAMING = re.compile(
    r"\b(?:called|named|known as|dubbed|titled|entitled|nicknamed|word|words|term|phrase|film|"
    r"movie|song|book|album|show|novel|play|series|slogan|headline|headlined|hashtag|reading|read|"
    r"saying|says|labelled|labeled|labeling|marked|chanting|chanted|singing|sang|story|article|"
    r"poem|episode|sign|signs|banner|banners|meaning|means|documentary)[\s,:]*$",
    re.IGNORECASE,
)
_LONGEST_SCARE = 4
"""Words of a quotation with which nobody is quoted; longer ones are somebody's words."""
_CALLS_BACK = 40


def find(doc: Doc) -> tuple[Hedge, ...]:
    """Return the hedges of ``doc`` in reading order."""
    found = {
        *_of_verbs_and_nouns(doc),
        *(Hedge(match.span(), HedgeKind.SCARE) for match in _WORDS.finditer(doc.text)),
        *(Hedge(match.span(), HedgeKind.HEARSAY) for match in _PHRASES.finditer(doc.text)),
        *_quoted_by_nobody(doc),
    }
    return tuple(sorted(found, key=lambda hedge: (hedge.span, hedge.kind)))


def _of_verbs_and_nouns(doc: Doc) -> Iterator[Hedge]:
    for token in doc:
        lower = token.lower_
        if (
            lower in _HEARSAY
            and token.pos_ in {"ADV", "ADJ", "VERB"}
            and (token.dep_ in _MODIFIES or lower.endswith("ly"))
        ) or (lower in _BEFORE_NOUN and token.dep_ == "amod"):
            yield Hedge((token.idx, token.idx + len(token)), HedgeKind.HEARSAY)
            continue
        lemma = token.lemma_
        if token.pos_ == "VERB":
            kind = _of_verb(token, lemma)
            if kind is not None:
                yield Hedge(_group(token, kind), kind)
        elif token.pos_ == "NOUN" and lemma in _DISTANCING_NOUNS:
            yield Hedge((token.idx, token.idx + len(token)), HedgeKind.DISTANCING)


def _of_verb(verb: Token, lemma: str) -> HedgeKind | None:
    deps = {child.dep_ for child in verb.children}
    if "auxpass" in deps:
        return None if "agent" in deps or verb.dep_ == "amod" else _of_passive(verb, lemma, deps)
    if lemma not in _DISTANCING or "neg" in deps or (verb.tag_ == "VBN" and "aux" not in deps):
        return None
    if lemma in _WITH_CLAUSE and not deps & _CLAUSES:
        return None
    if any(child.dep_ == "dobj" and child.lemma_ in _NOT_SAID for child in verb.children):
        return None
    return HedgeKind.DISTANCING


def _of_passive(verb: Token, lemma: str, deps: set[str]) -> HedgeKind | None:
    """Return how a passive without an agent keeps its distance."""
    if lemma in _HEARD:
        return HedgeKind.HEARSAY if deps & _SAID_TO else None
    if lemma in _AGENTLESS_AS:
        held = any(child.lower_ in _HELD or child.dep_ == "oprd" for child in verb.children)
        return HedgeKind.AGENTLESS if held else None
    return HedgeKind.AGENTLESS if lemma in _AGENTLESS else None


def _group(verb: Token, kind: HedgeKind) -> Span:
    """Return the verb with what belongs to its group: "has repeatedly been accused"."""
    if kind is HedgeKind.DISTANCING:
        return verb.idx, verb.idx + len(verb)
    first = verb
    for child in verb.lefts:
        if child.dep_ in {"aux", "auxpass", "neg"} and child.i < first.i:
            first = child
    end = verb
    if kind is HedgeKind.HEARSAY:
        for wanted in ("to", "be"):
            if end.i + 1 < len(verb.doc) and verb.doc[end.i + 1].lower_ == wanted:
                end = verb.doc[end.i + 1]
            else:
                break
    return first.idx, end.idx + len(end)


def _quoted_by_nobody(doc: Doc) -> Iterator[Hedge]:
    text = doc.text
    candidates = [one for one in quotations.find(text) if one.closed and _could_be_scare(text, one)]
    if not candidates:
        return
    verbs = lexicon.english().verbs
    for one in candidates:
        words = doc.char_span(one.start, one.end, alignment_mode="expand")
        if words is None:
            continue
        sentence = words.sent
        if (
            any(
                token.pos_ in {"VERB", "AUX"}
                and token.lemma_ in verbs
                and verbs[token.lemma_].frames.keys() & {"quote", "complement", "as", "clause"}
                and any(child.dep_ in {"nsubj", "agent", "csubj"} for child in token.children)
                for token in sentence
            )
            or "according to" in sentence.text.lower()
        ):
            continue
        yield Hedge((one.start, one.end), HedgeKind.SCARE)


def _could_be_scare(text: str, one: Quotation) -> bool:
    inner = text[slice(*one.inner)]
    words = inner.split()
    if not 0 < len(words) <= _LONGEST_SCARE or inner[-1] in ",.!?;" or inner[0].isdigit():
        return False
    if all(word[0].isupper() or len(word) <= 3 for word in words):  # noqa: PLR2004 -- "of", "the"
        return False  # a title
    return not _NAMING.search(text[max(0, one.start - _CALLS_BACK) : one.start])


def attach(
    relations: Iterable[AttributionRelation], hedges: Sequence[Hedge]
) -> tuple[AttributionRelation, ...]:
    """Return ``relations``, each with those of ``hedges`` that stand in its cue or its content.

    Quotation marks inside a content in the source's own words are its quotation marks, no scare.
    """
    order = sorted(hedges, key=lambda hedge: hedge.span)
    ends = list(accumulate((hedge.span[1] for hedge in order), max))

    def met_by(spans: Sequence[Span]) -> set[int]:
        found: set[int] = set()
        for start, end in spans:
            for at in range(bisect_right(ends, start), len(order)):
                if order[at].span[0] >= end:
                    break
                if order[at].span[1] > start:
                    found.add(at)
        return found

    def of(relation: AttributionRelation) -> Iterator[Hedge]:
        cued = met_by(relation.cue)
        quoted = relation.quote_type is not QuoteType.INDIRECT
        for at in sorted(cued | met_by(relation.content)):
            if at in cued or not (quoted and order[at].kind is HedgeKind.SCARE):
                yield order[at]

    return tuple(replace(relation, hedges=tuple(of(relation))) for relation in relations)
