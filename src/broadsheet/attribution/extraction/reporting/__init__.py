"""Attribution by the words that report, for languages that we parse no grammar of.

::

    reading    = Reading(text)            words, signs, quotations; units up to a full stop
    times      = times.find(text)
    for each unit:
        clause     = Clause(unit)         where its words report (lexicon/*.toml)
        found      = stations.found_in    source and content of each, by the order of words
        relations  = Settling.take        names, kinds, chains, hedges, times
    sentences  = atoms.sentences          and who stands behind each

Source and content are told by word order, small words and signs, not by a parse: what a text hides
behind a rare construction is missed. Confidence is the share of relations so found that were right
in the annotated stories of the language, rounded (``bench/attribution_languages.py``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, tzinfo

import regex

from broadsheet.attribution.extraction import times
from broadsheet.attribution.extraction.reporting.atoms import Reading, sentences
from broadsheet.attribution.extraction.reporting.grammar import Grammar, grammar
from broadsheet.attribution.extraction.reporting.letters import fold
from broadsheet.attribution.extraction.reporting.settling import Settling
from broadsheet.attribution.relation import Analysis, AttributionRelation, Sentence

_LETTERS_AT_LEAST = 20
_IN_SCRIPT = 0.2
_WORDS_AT_LEAST = 40
_COMMON = 0.03
"""Share of a text's words that the commonest twenty have; in running text it is above a tenth."""
_LOOKED_AT = 20_000
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\u200c]*+")


def analyse(name: str, text: str, published: datetime | None, zone: tzinfo) -> Analysis:
    """Return what ``text`` attributes to whom, by the grammar in the table ``name``.

    A text that is hardly written in the language is not analysed, which the answer says.
    """
    words = grammar(name)
    if reason := _foreign(text, words):
        return Analysis(analysed=False, language=words.language, reason=reason)
    reading = Reading(text, words)
    moments = times.find(text, published, zone, words.language)
    settling = Settling(reading, moments)
    units = list(reading.units())
    for unit in units:
        settling.take(unit)
    relations = tuple(settling.done.relations)
    return Analysis(
        analysed=True,
        language=words.language,
        relations=relations,
        sentences=_judged(sentences(reading, units), relations),
        hedges=tuple(settling.done.hedges),
        times=moments,
    )


def _foreign(text: str, words: Grammar) -> str:
    """Return why ``text`` cannot be of the language, or nothing."""
    head = text[:_LOOKED_AT]
    letters = len(regex.findall(r"\p{L}", head))
    own = len(regex.findall(rf"\p{{{words.script}}}", head))
    if letters >= _LETTERS_AT_LEAST and own < _IN_SCRIPT * letters:
        return f"the text is marked as {words.name} and hardly has a letter of {words.name}"
    found = [fold(word, words.letters) for word in _WORD.findall(head)]
    if len(found) >= _WORDS_AT_LEAST:
        common = sum(word in words.words["common"] for word in found)
        if common < _COMMON * len(found):
            return f"the text is marked as {words.name} and hardly has a word of {words.name}"
    return ""


def _judged(
    cut: Sequence[tuple[tuple[int, int], bool]], relations: Sequence[AttributionRelation]
) -> tuple[Sentence, ...]:
    starts = [span[0] for span, _ in cut]
    standing: dict[int, set[int]] = defaultdict(set)
    for number, relation in enumerate(relations):
        for start, end in (*relation.cue, *relation.content):
            place = max(0, bisect_right(starts, start) - 1)
            while place < len(cut) and cut[place][0][0] < end:
                if start < cut[place][0][1]:
                    standing[place].add(number)
                place += 1
    return tuple(
        Sentence(span, tuple(sorted(standing[place])), claims=claims)
        for place, (span, claims) in enumerate(cut)
    )
