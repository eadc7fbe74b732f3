"""The quotations of a text while they are given away, and what all ways of doing so ask."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import Lexicon
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind

_SCARE_WORDS = 3
"""A quotation of at most so many words, inside a clause, may be there for distance alone."""
LEAD_IN = 6


class Quoted:
    """The quotations of one text, and the findings they are given to."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, found: list[Finding]) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.found = found
        self.owner: dict[int, Finding] = {}
        self.by_head = {one.head: one for one in found}
        self.by_sentence: dict[int, list[Finding]] = {}
        for one in found:
            self.by_sentence.setdefault(tokens.sentence[one.head], []).append(one)

    def is_scare(self, begin: int, stop: int) -> bool:
        """Whether the quotation is short enough, and bare enough, to keep a distance only."""
        tokens = self.tokens
        words = [t for t in range(begin, stop) if tokens.words[t][0].isalnum()]
        if len(words) > _SCARE_WORDS:
            return False
        return not any(tokens.words[t] in {",", ".", "!", "?"} for t in range(begin, stop))

    def stands_alone(self, begin: int, stop: int) -> bool:
        """Whether its sentence holds nothing but the quotation."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        end = tokens.bounds[tokens.sentence[stop - 1]][1]
        outside = [
            t
            for t in [*range(start, begin), *range(stop, end)]
            if not tokens.space[t] and tokens.words[t][0].isalnum()
        ]
        return not outside

    def depth(self, at: int) -> int:
        """Return how many words stand above the one at ``at``."""
        steps = 0
        while self.tokens.head[at] != at:
            at = self.tokens.head[at]
            steps += 1
        return steps

    def with_verb(self, at: int, near: int, *, after: bool) -> Finding:
        """Return the finding of the verb at ``at``, made where there is none."""
        tokens = self.tokens
        finding = self.by_head.get(at)
        if finding is not None:
            finding.speaks = True
            return finding
        subject = phrases.subject(tokens, at)
        source: set[int] = set()
        if subject is not None and tokens.inside[subject] < 0:
            source = phrases.source_of(tokens, subject, at)
        elif after:
            source = self.noun_after(at)
        source = {t for t in source if tokens.inside[t] < 0}
        finding = Finding(
            head=at,
            cue=phrases.verb_group(tokens, at),
            content=set(),
            source=source,
            cue_kind=CueKind.VERB,
            rule="beside quotation",
            strength=0.9 if source else 0.6,
            speaks=True,
        )
        self.add(finding)
        return finding

    def noun_after(self, at: int) -> set[int]:
        """Return the noun phrase right behind ``at``: "said the mayor"."""
        tokens = self.tokens
        end = tokens.bounds[tokens.sentence[at]][1]
        for here in range(at + 1, min(at + 8, end)):
            if tokens.words[here] in {",", "."}:
                break
            if tokens.tag[here] in {"NNP", "NN", "NNS", "NNPS", "PRP"} and (
                tokens.dep[here] not in {"compound", "poss", "nmod"}
            ):
                return phrases.noun_phrase(tokens, here)
        return set()

    def by_mark(self, begin: int, source: set[int], strength: float) -> Finding:
        """Make a finding whose cue is the opening mark of the quotation."""
        finding = Finding(
            head=begin,
            cue={begin},
            content=set(),
            source=source,
            cue_kind=CueKind.PUNCTUATION,
            rule="quotation mark",
            strength=strength,
        )
        self.add(finding)
        return finding

    def add(self, finding: Finding) -> None:
        """Keep a new finding."""
        self.found.append(finding)
        self.by_head[finding.head] = finding
        sentence = self.tokens.sentence[finding.head]
        self.by_sentence.setdefault(sentence, []).append(finding)

    def spoken_in(self, sentence: int) -> list[Finding]:
        """Return the sayings of a sentence, outside of quotations, that name who speaks."""
        return [
            one
            for one in self.by_sentence.get(sentence, ())
            if one.speaks and one.source and self.tokens.inside[one.head] < 0
        ]
