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
from broadsheet.attribution.extraction.tokens import FINITE, QUOTES, Tokens
from broadsheet.attribution.relation import CueKind

_SCARE_WORDS = 3
"""A quotation of at most so many words, inside a clause, may be there for distance alone."""
_WINDOW = 40
_PEOPLE = frozenset("he she they who i we it".split())
_LEAD_IN = 6
_ANSWERS = frozenset(
    "answer response reply reaction verdict message statement comment words word explanation "
    "motto slogan retort quote tweet description advice".split()
)
_GIVING = frozenset("give introduce put bill open begin close end sign invoke greet title use offer".split())


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
                self._in_sentence,
                self._after_colon,
                self._after_verb,
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
        if tokens.lower[at] in {"said", "says"} and tokens.inside[at] < 0:
            return True
        if (
            tokens.tag[at] not in {"VBD", "VBZ", "VBP", "VBG", "VB", "VBN"}
            or tokens.inside[at] >= 0
        ):
            return False
        if tokens.tag[at] == "VBN" and tokens.dep[at] in {"acl", "amod", "advcl"}:
            return False
        entry = self.lexicon.verb(tokens.lower[at], tokens.lemma[at])
        return entry is not None and "quote" in entry.frames

    def _any_verb_beside(self, number: int, begin: int, stop: int) -> Finding | None:
        """Take a verb of any kind where its clause is all that stands beside the quotation.

        "…," one woman began: what is done with words is said by the place alone.
        """
        tokens = self.tokens
        mark = stop - 1
        while mark > begin and tokens.words[mark] in QUOTES:
            mark -= 1
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
            if not self._speaking(at):
                continue
            if self._near_after(at, stop):
                return self._with_verb(at, stop, after=True)
            if self._is_phrase_between(begin, stop, at):
                made = self._with_verb(at, stop, after=True)
                made.source = phrases.trim(
                    tokens, set(range(stop, min(made.cue | {at}))), comma=True
                )
                return made
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

    def _is_phrase_between(self, begin: int, stop: int, at: int) -> bool:
        """Whether a speaker alone stands between the quotation and the verb at ``at``.

        The order of words tells it where the parser made the speaker part of the quotation.
        """
        tokens = self.tokens
        mark = stop - 1
        while mark > begin and tokens.words[mark] in QUOTES:
            mark -= 1
        if mark <= begin or tokens.words[mark] not in {",", "?", "!", "—", "–"}:
            return False
        between = range(stop, at)
        return bool(between) and (
            any(tokens.tag[t].startswith(("NN", "PRP", "JJS", "CD", "DT")) for t in between)
            and not any(
                tokens.tag[t] in FINITE and not self._is_relative(t) and tokens.dep[t] != "aux"
                for t in between
            )
        )

    def _is_relative(self, at: int) -> bool:
        tokens = self.tokens
        return any(tokens.lower[t] in {"who", "which", "that"} for t in range(max(0, at - 4), at))

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
        if not self._stands_alone(begin, stop) and not self._led_in(begin):
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

    def _led_in(self, begin: int) -> bool:
        """Whether only "And then:" or the like stands before the quotation."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        words = [t for t in range(start, begin) if tokens.words[t][0].isalnum()]
        return (
            0 < len(words) <= _LEAD_IN
            and tokens.words[begin - 1] in {":", ","}
            and not any(tokens.is_verb(t) or tokens.tag[t].startswith("NNP") for t in words)
            and any(tokens.lower[t] in {"then", "later", "pause", "again", "now"} for t in words)
        )

    def _in_sentence(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the finding that stands before the quotation in its sentence and leads to it."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        near = [
            one
            for one in self.found
            if start <= one.head < begin
            and tokens.inside[one.head] < 0
            and one.cue_kind is CueKind.VERB
            and tokens.line[one.head] == tokens.line[begin]
        ]
        if not near:
            return None
        best = max(near, key=lambda one: one.head)
        between = range(best.head + 1, begin)
        if any(tokens.words[t] == ";" for t in between):
            return None
        if best.content and max(best.content) < begin:
            gap = range(max(best.content) + 1, begin)
            if not any(tokens.tag[t] in {"VBD", "VBZ", "VBP"} for t in gap):
                best.content |= {t for t in gap if t not in best.cue and t not in best.source}
        return best

    def _after_colon(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding of a noun phrase and a colon: "A woman in a pink hat: “…”"."""
        tokens = self.tokens
        colon = begin - 1
        while colon > 0 and tokens.space[colon]:
            colon -= 1
        start = tokens.bounds[tokens.sentence[begin]][0]
        if tokens.words[colon] not in {":", "—", "–", "--"} or colon <= start:
            return None
        phrase = [t for t in range(start, colon) if not tokens.space[t]]
        if any(tokens.tag[t] in FINITE for t in phrase) or len(phrase) > _LEAD_IN * 2:
            return None
        noun = next((t for t in phrase if tokens.tag[t].startswith(("NN", "PRP", "CD"))), None)
        if noun is None:
            return None
        for t in phrase:
            if tokens.lower[t] in _ANSWERS:
                source = phrases.possessor(tokens, t)
                finding = self._by_mark(begin, source, 0.8)
                finding.cue, finding.cue_kind, finding.head = {t}, CueKind.NOUN, t
                return finding
        finding = self._by_mark(begin, phrases.trim(tokens, set(phrase)), 0.75)
        finding.cue = {colon}
        return finding

    def _after_verb(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding of the verb that governs the words around: "gave it “a fair chance”"."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        for at in range(begin - 1, max(start, begin - 15) - 1, -1):
            if tokens.words[at] in {";"} or tokens.inside[at] >= 0:
                return None
            if tokens.tag[at] not in FINITE | {"VBG", "VBN", "VB"} or tokens.tag[at] == "MD":
                continue
            if tokens.dep[at] in {"aux", "auxpass"}:
                continue
            known = self.lexicon.verb(tokens.lower[at], tokens.lemma[at])
            if known is None and tokens.lemma[at] not in _GIVING:
                return None
            made = self._with_verb(at, begin, after=False)
            made.strength = min(made.strength, 0.75)
            made.content |= set(range(at + 1, begin)) - made.cue - made.source
            return made
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
