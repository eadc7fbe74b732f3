"""English: one text through all the steps.

::

    doc        = reading.read(text)
    quotations = quotations.find(text)
    findings   = verbs + nouns + modifiers + headings
    findings   = speakers.assign(findings)          every quotation gets its speaker
    findings   = chains.link(findings)              hops, origin first
    findings   = tagger.refine(findings)            added, corrected, confidence
    findings   = coreference.resolve(findings)      "it" gets a name
    relations  = findings, nested where one stands in another's content
    relations  = times.assign(relations)
    relations  = hedges.attach(relations)
    sentences  = sentences.judge(relations)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from broadsheet.attribution.extraction import (
    chains,
    coreference,
    headings,
    hedges,
    lexicon,
    modifiers,
    nouns,
    reading,
    sentences,
    tagger,
    times,
    verbs,
)
from broadsheet.attribution.extraction.finding import Finding, relation
from broadsheet.attribution.extraction.speakers import Speakers
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import Analysis, AttributionRelation


def findings(tokens: Tokens) -> list[Finding]:
    """Return all that the rules find, in order of their cues."""
    words = lexicon.english()
    found = [
        *verbs.find(tokens, words),
        *nouns.find(tokens, words),
        *modifiers.find(tokens, words),
        *headings.find(tokens),
    ]
    found = _once(found)
    for one in found:
        one.source = _outside_quotations(tokens, one.source)
    found = Speakers(tokens, words, found).assign()
    found = chains.link(tokens, found)
    for one in found:
        one.source = _outside_quotations(tokens, one.source)
    return sorted(
        (one for one in found if one.cue and one.content),
        key=lambda one: (min(one.cue), max(one.cue)),
    )


def _outside_quotations(tokens: Tokens, source: set[int]) -> set[int]:
    """Return ``source`` without the ends of quotations that reach into it."""
    for number in {tokens.inside[at] for at in source} - {-1}:
        begin, stop = tokens.extent[number]
        quoted = {at for at in source if tokens.inside[at] == number}
        whole = {at for at in range(begin, stop) if not tokens.space[at]}
        if not whole <= source and quoted != source:
            source = source - quoted
    return source


def _once(found: list[Finding]) -> list[Finding]:
    """Keep of findings whose cues meet the strongest."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda one: -one.strength):
        if one.head in taken or len(one.cue & taken) * 2 > len(one.cue):
            continue
        taken |= one.cue
        kept.append(one)
    return kept


def nested(relations: Sequence[AttributionRelation]) -> tuple[AttributionRelation, ...]:
    """Return ``relations`` with ``nested_in``: the smallest content that holds each one's cue."""
    out = []
    for number, one in enumerate(relations):
        at = one.cue[0]
        best: int | None = None
        best_size = 0
        for other, outer in enumerate(relations):
            if other == number or outer.cue == one.cue:
                continue
            if any(start <= at[0] and at[1] <= end for start, end in outer.content):
                size = sum(end - start for start, end in outer.content)
                if best is None or size < best_size:
                    best, best_size = other, size
        out.append(replace(one, nested_in=best))
    return tuple(out)


def analyse(text: str, published: datetime | None, zone: tzinfo) -> Analysis:
    """Return what ``text`` attributes to whom."""
    doc = reading.read(text)
    tokens = Tokens(doc, reading.quoted(text))
    found = coreference.resolve(tokens, tagger.refine(tokens, findings(tokens)))
    relations = nested([relation(tokens, one) for one in found])
    dates = times.find(doc, published, zone, "en", doc=doc)
    relations = times.assign_all(relations, doc, dates)
    distances = hedges.find(doc)
    relations = hedges.attach(relations, distances)
    return Analysis(
        analysed=True,
        language="en",
        relations=relations,
        sentences=sentences.judge(doc, relations),
        hedges=distances,
        times=dates,
    )
