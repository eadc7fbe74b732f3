"""English: one text through all the steps.

::

    doc        = reading.read(text)
    quotations = quotations.find(text)
    findings   = verbs + nouns + adverbs + prepositions + headlines
    relations  = findings as relations
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from broadsheet.attribution.extraction import lexicon, reading, verbs
from broadsheet.attribution.extraction.finding import Finding, relation
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import Analysis


def findings(tokens: Tokens) -> list[Finding]:
    """Return all that the rules find, in order of their cues."""
    words = lexicon.english()
    found = list(verbs.find(tokens, words))
    return sorted(found, key=lambda one: (min(one.cue), max(one.cue)))


def analyse(text: str, published: datetime | None, zone: tzinfo) -> Analysis:
    """Return what ``text`` attributes to whom."""
    doc = reading.read(text)
    tokens = Tokens(doc, reading.quoted(text))
    relations = tuple(relation(tokens, one) for one in findings(tokens))
    return Analysis(analysed=True, language="en", relations=relations)
