"""Whoever spoke before, or whom the text is about, where nothing beside a quotation tells."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.speakers.quoted import LEAD_IN, Quoted
from broadsheet.attribution.extraction.tokens import QUOTES

_SAME_BREATH = 3
"""Sentences from a saying to a quotation of the same paragraph that still goes on from it."""
_PEOPLE = word_set("he she they who i we it")


class Before(Quoted):
    """What in the sentences before says who speaks."""

    def continued(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the finding of the paragraph before, whose quotation goes on here."""
        before = self.tokens.quotations[number].continues
        return None if before is None else self.owner.get(before)

    def paragraph_runs_on(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the finding of the quotation before in the same line, if this one stands alone."""
        tokens = self.tokens
        if not self.stands_alone(begin, stop) and not self._led_in(begin):
            return None
        for before in range(number - 1, -1, -1):
            if tokens.extent[before] == (0, 0):
                continue
            here = tokens.extent[before]
            if (
                tokens.line[here[0]] != tokens.line[begin]
                and tokens.line[here[1] - 1] != tokens.line[begin]
            ):
                return None
            one = self.owner.get(before)
            if (
                one is not None
                and tokens.sentence[begin] - tokens.sentence[max(one.cue)] <= _SAME_BREATH
            ):
                return one
            return None
        return None

    def _led_in(self, begin: int) -> bool:
        """Whether only "And then:" or the like stands before the quotation."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        words = [t for t in range(start, begin) if tokens.words[t][0].isalnum()]
        return (
            0 < len(words) <= LEAD_IN
            and tokens.words[begin - 1] in {":", ","}
            and not any(tokens.is_verb(t) or tokens.tag[t].startswith("NNP") for t in words)
            and any(tokens.lower[t] in {"then", "later", "pause", "again", "now"} for t in words)
        )

    def sentence_before(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the last saying of the sentence before, where it names who speaks."""
        if not self.stands_alone(begin, stop):
            return None
        tokens = self.tokens
        sentence = tokens.sentence[begin]
        for back in (1, 2):
            low, high = tokens.bounds[sentence - back] if sentence >= back else (0, 0)
            if high == 0 or (tokens.line[high - 1] < tokens.line[begin] and back > 1):
                return None
            if tokens.line[low] != tokens.line[begin]:
                return None
            spoken = self.spoken_in(sentence - back)
            if spoken:
                return min(spoken, key=lambda one: self.depth(one.head))
        return None

    def line_before(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the last saying of the paragraph before, for a paragraph that is a quotation."""
        tokens = self.tokens
        if not self.stands_alone(begin, stop):
            return None
        sentence = tokens.sentence[begin]
        start = tokens.bounds[sentence][0]
        if sentence == 0 or (start and tokens.line[start - 1] == tokens.line[begin]):
            return None
        low, high = tokens.bounds[sentence - 1]
        colon = any(tokens.words[t] == ":" for t in range(max(low, high - 4), high))
        spoken = self.spoken_in(sentence - 1)
        if not spoken:
            return None
        best = min(spoken, key=lambda one: self.depth(one.head))
        return best if colon or best.content else None

    def person_before(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding whose source is whom this sentence or the one before is about."""
        tokens = self.tokens
        if self.is_scare(begin, stop) and not self.stands_alone(begin, stop):
            return None
        sentence = tokens.sentence[begin]
        alone = self.stands_alone(begin, stop)
        candidates = [sentence - 1] if alone else [sentence]
        for one in candidates:
            if one < 0:
                continue
            low, high = tokens.bounds[one]
            root = next(
                (t for t in range(low, high) if tokens.head[t] == t and not tokens.space[t]), None
            )
            if root is None:
                continue
            subject = phrases.own_subject(tokens, root)
            if subject is None or tokens.inside[subject] >= 0:
                continue
            if tokens.lower[subject] not in _PEOPLE and not tokens.tag[subject].startswith("NN"):
                continue
            source = phrases.source_of(tokens, subject, root)
            return self.by_mark(begin, source, 0.55 if alone else 0.4)
        return None

    def nobody(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding without a source; nothing where the marks are there for distance."""
        if self.tokens.words[begin] not in QUOTES:
            return None
        if self.is_scare(begin, stop) and not self.stands_alone(begin, stop):
            return None
        return self.by_mark(begin, set(), 0.3)
