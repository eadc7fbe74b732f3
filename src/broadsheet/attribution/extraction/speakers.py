"""Every quotation gets its speaker: the verb beside it, or whoever spoke before.

The rules of the other modules see the grammar of one sentence. Here the quotations that they found
are made whole, and those they missed go, in this order, to a reporting verb beside them, to the
speaker of the quotation they go on from, to the relation of the sentence before, or to the person
the sentence before is about.
"""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import Lexicon
from broadsheet.attribution.extraction.tokens import QUOTES, Tokens
from broadsheet.attribution.relation import CueKind

_SCARE_WORDS = 3
"""A quotation of at most so many words, inside a clause, may be there for distance alone."""
_WINDOW = 40
_PEOPLE = frozenset("he she they who i we it".split())


class Speakers:
    """Gives the quotations of one text to findings, and makes findings for the rest."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, found: list[Finding]) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.found = found
        self.owner: dict[int, Finding] = {}
        self.by_head = {one.head: one for one in found}

    def assign(self) -> list[Finding]:
        """Return the findings with quotations made whole and new ones for those left over."""
        tokens = self.tokens
        for number, (begin, stop) in enumerate(tokens.extent):
            if begin == stop:
                continue
            owner = self._owner(begin, stop, number)
            if owner is not None:
                self._give(number, owner)
        for number, (begin, stop) in enumerate(tokens.extent):
            if begin == stop or number in self.owner:
                continue
            for look in (
                self._beside,
                self._any_verb_beside,
                self._continued,
                self._paragraph_runs_on,
                self._sentence_before,
                self._line_before,
                self._person_before,
                self._nobody,
            ):
                finding = look(number, begin, stop)
                if finding is not None:
                    self._give(number, finding)
                    break
        return self.found

    def _give(self, number: int, finding: Finding) -> None:
        tokens = self.tokens
        begin, stop = tokens.extent[number]
        self.owner[number] = finding
        whole = {t for t in range(begin, stop) if not tokens.space[t]}
        finding.content |= whole - finding.cue - finding.source

    def _owner(self, begin: int, stop: int, number: int) -> Finding | None:
        """Return the finding outside the quotation whose content holds some of it."""
        tokens = self.tokens
        best: Finding | None = None
        for one in self.found:
            if tokens.inside[one.head] == number:
                continue
            shared = sum(1 for t in range(begin, stop) if t in one.content)
            if not shared:
                continue
            if one.rule in {"attributive", "adverb"}:
                continue
            if best is None or self._rank(one, begin) < self._rank(best, begin):
                best = one
        return best

    def _rank(self, one: Finding, begin: int) -> tuple[bool, int]:
        return (not one.speaks, abs(one.head - begin))

    def _is_scare(self, begin: int, stop: int) -> bool:
        tokens = self.tokens
        words = [t for t in range(begin, stop) if tokens.words[t][0].isalnum()]
        if len(words) > _SCARE_WORDS:
            return False
        return not any(tokens.words[t] in {",", ".", "!", "?"} for t in range(begin, stop))

    # Beside -----------------------------------------------------------------------------------

    def _speaking(self, at: int) -> bool:
        tokens = self.tokens
        if (
            tokens.tag[at] not in {"VBD", "VBZ", "VBP", "VBG", "VB", "VBN"}
            or tokens.inside[at] >= 0
        ):
            return False
        if tokens.tag[at] == "VBN" and not tokens.is_finite(at):
            return False
        entry = self.lexicon.verb(tokens.lower[at], tokens.lemma[at])
        return entry is not None and "quote" in entry.frames

    def _any_verb_beside(self, number: int, begin: int, stop: int) -> Finding | None:
        """Take a verb of any kind where its clause is all that stands beside the quotation.

        "…," one woman began: what is done with words is said by the place alone.
        """
        tokens = self.tokens
        mark = stop - 1 if tokens.words[stop - 1] not in QUOTES else stop - 2
        end = tokens.bounds[tokens.sentence[stop - 1]][1]
        if mark < begin or tokens.words[mark] not in {",", "?", "!", "—", "–"} or stop >= end:
            return None
        for at in range(stop, min(stop + 12, end)):
            if tokens.words[at] in {",", ";"}:
                return None
            if tokens.tag[at] in {"VBD", "VBZ"} and tokens.inside[at] < 0:
                if tokens.lemma[at] in {"be", "have", "do"}:
                    return None
                made = self._with_verb(at, stop, after=True)
                if not made.source:
                    made.source = set(range(stop, at)) or self._noun_after(at)
                return made
        return None

    def _beside(self, number: int, begin: int, stop: int) -> Finding | None:
        tokens = self.tokens
        last = tokens.sentence[stop - 1]
        end = min(tokens.bounds[last][1], stop + _WINDOW)
        for at in range(stop, end):
            if tokens.inside[at] >= 0 or tokens.words[at] in {";"}:
                break
            if self._speaking(at) and self._near_after(at, stop):
                return self._with_verb(at, stop, after=True)
        first = tokens.sentence[begin]
        start = max(tokens.bounds[first][0], begin - _WINDOW)
        for at in range(begin - 1, start - 1, -1):
            if self._speaking(at) and self._near_before(at, begin):
                return self._with_verb(at, begin, after=False)
        return None

    def _near_after(self, at: int, stop: int) -> bool:
        tokens = self.tokens
        subject = phrases.own_subject(tokens, at)
        if subject is not None and tokens.left[subject] >= stop:
            return (
                all(
                    tokens.words[t] in {",", "—", "–", "-", ".", "--"}
                    or tokens.lower[t] in {"and", "but", "then"}
                    for t in range(stop, min(tokens.left[subject], at))
                )
                or tokens.left[subject] - stop <= 3
            )
        return at - stop <= 3

    def _near_before(self, at: int, begin: int) -> bool:
        tokens = self.tokens
        mark = begin - 1
        while mark > at and tokens.space[mark]:
            mark -= 1
        if mark == at or tokens.words[mark] in {",", ":"}:
            return True
        return begin - at <= 3

    def _with_verb(self, at: int, near: int, *, after: bool) -> Finding:
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
            source = self._noun_after(at)
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
        self._add(finding)
        return finding

    def _noun_after(self, at: int) -> set[int]:
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

    def _add(self, finding: Finding) -> None:
        self.found.append(finding)
        self.by_head[finding.head] = finding

    # Further off ------------------------------------------------------------------------------

    def _continued(self, number: int, begin: int, stop: int) -> Finding | None:
        before = self.tokens.quotations[number].continues
        return None if before is None else self.owner.get(before)

    def _paragraph_runs_on(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the finding of the quotation before in the same line, if this one stands alone."""
        tokens = self.tokens
        if not self._stands_alone(begin, stop):
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
            if one is not None and tokens.sentence[begin] - tokens.sentence[max(one.cue)] <= 3:
                return one
            return None
        return None

    def _stands_alone(self, begin: int, stop: int) -> bool:
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        end = tokens.bounds[tokens.sentence[stop - 1]][1]
        outside = [
            t
            for t in [*range(start, begin), *range(stop, end)]
            if not tokens.space[t] and tokens.words[t][0].isalnum()
        ]
        return not outside

    def _sentence_before(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the last saying of the sentence before, where it names who speaks."""
        if not self._stands_alone(begin, stop):
            return None
        tokens = self.tokens
        sentence = tokens.sentence[begin]
        for back in (1, 2):
            low, high = tokens.bounds[sentence - back] if sentence >= back else (0, 0)
            if high == 0 or tokens.line[high - 1] < tokens.line[begin] - 0 and back > 1:
                return None
            if tokens.line[low] != tokens.line[begin]:
                return None
            spoken = [
                one
                for one in self.found
                if low <= one.head < high
                and one.speaks
                and one.source
                and tokens.inside[one.head] < 0
            ]
            if spoken:
                return min(spoken, key=lambda one: self._depth(one.head))
        return None

    def _depth(self, at: int) -> int:
        steps = 0
        while self.tokens.head[at] != at:
            at = self.tokens.head[at]
            steps += 1
        return steps

    def _line_before(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the last saying of the paragraph before, for a paragraph that is a quotation."""
        tokens = self.tokens
        if not self._stands_alone(begin, stop):
            return None
        sentence = tokens.sentence[begin]
        start = tokens.bounds[sentence][0]
        if sentence == 0 or (start and tokens.line[start - 1] == tokens.line[begin]):
            return None
        low, high = tokens.bounds[sentence - 1]
        colon = any(tokens.words[t] == ":" for t in range(max(low, high - 4), high))
        spoken = [
            one
            for one in self.found
            if low <= one.head < high and one.speaks and one.source and tokens.inside[one.head] < 0
        ]
        if not spoken:
            return None
        best = min(spoken, key=lambda one: self._depth(one.head))
        return best if colon or best.content else None

    def _person_before(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding whose source is whom this sentence or the one before is about."""
        tokens = self.tokens
        if self._is_scare(begin, stop) and not self._stands_alone(begin, stop):
            return None
        sentence = tokens.sentence[begin]
        alone = self._stands_alone(begin, stop)
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
            return self._by_mark(begin, source, 0.55 if alone else 0.4)
        return None

    def _by_mark(self, begin: int, source: set[int], strength: float) -> Finding:
        finding = Finding(
            head=begin,
            cue={begin},
            content=set(),
            source=source,
            cue_kind=CueKind.PUNCTUATION,
            rule="quotation mark",
            strength=strength,
        )
        self._add(finding)
        return finding

    def _nobody(self, number: int, begin: int, stop: int) -> Finding | None:
        if self.tokens.words[begin] not in QUOTES:
            return None
        if self._is_scare(begin, stop) and not self._stands_alone(begin, stop):
            return None
        return self._by_mark(begin, set(), 0.3)
