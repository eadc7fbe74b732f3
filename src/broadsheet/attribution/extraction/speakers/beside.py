"""The verb, noun or colon that stands beside a quotation."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.speakers.quoted import LEAD_IN, Quoted
from broadsheet.attribution.extraction.tokens import FINITE, QUOTES
from broadsheet.attribution.relation import CueKind

_WINDOW = 40
"""Words at most from a quotation to the verb it is given to."""
_NEAR = 3
"""Words so few that nothing can stand between."""
_ANSWERS = word_set(
    "answer response reply reaction verdict message statement comment words word explanation motto "
    "slogan retort quote tweet description advice"
)
_GIVING = word_set("give introduce put bill open begin close end sign invoke greet title use offer")


class Beside(Quoted):
    """What in the quotation's own sentence says who speaks."""

    def beside(self, number: int, begin: int, stop: int) -> Finding | None:
        """Take the verb of saying behind the quotation, or else before it."""
        tokens = self.tokens
        last = tokens.sentence[stop - 1]
        end = min(tokens.bounds[last][1], stop + _WINDOW)
        for at in range(stop, end):
            if tokens.inside[at] >= 0 or tokens.words[at] == ";":
                break
            if not self._speaking(at):
                continue
            if self._near_after(at, stop):
                return self.with_verb(at, stop, after=True)
            if self._is_phrase_between(begin, stop, at):
                made = self.with_verb(at, stop, after=True)
                made.source = phrases.trim(
                    tokens, set(range(stop, min(made.cue | {at}))), comma=True
                )
                return made
        first = tokens.sentence[begin]
        start = max(tokens.bounds[first][0], begin - _WINDOW)
        for at in range(begin - 1, start - 1, -1):
            if self._speaking(at) and self._near_before(at, begin):
                return self.with_verb(at, begin, after=False)
        return None

    def any_verb_beside(self, number: int, begin: int, stop: int) -> Finding | None:
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
                made = self.with_verb(at, stop, after=True)
                if not made.source:
                    made.source = set(range(stop, at)) or self.noun_after(at)
                return made
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
                or tokens.left[subject] - stop <= _NEAR
            )
        return at - stop <= _NEAR

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
        return begin - at <= _NEAR

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

    def in_sentence(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the finding that stands before the quotation in its sentence and leads to it."""
        tokens = self.tokens
        near = [
            one
            for one in self.by_sentence.get(tokens.sentence[begin], ())
            if one.head < begin
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

    def after_colon(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding of a noun phrase and a colon: "A woman in a pink hat: “…”"."""
        tokens = self.tokens
        colon = begin - 1
        while colon > 0 and tokens.space[colon]:
            colon -= 1
        start = tokens.bounds[tokens.sentence[begin]][0]
        if tokens.words[colon] not in {":", "—", "–", "--"} or colon <= start:
            return None
        phrase = [t for t in range(start, colon) if not tokens.space[t]]
        if any(tokens.tag[t] in FINITE for t in phrase) or len(phrase) > LEAD_IN * 2:
            return None
        noun = next((t for t in phrase if tokens.tag[t].startswith(("NN", "PRP", "CD"))), None)
        if noun is None:
            return None
        for t in phrase:
            if tokens.lower[t] in _ANSWERS:
                source = phrases.possessor(tokens, t)
                finding = self.by_mark(begin, source, 0.8)
                finding.cue, finding.cue_kind, finding.head = {t}, CueKind.NOUN, t
                return finding
        finding = self.by_mark(begin, phrases.trim(tokens, set(phrase)), 0.75)
        finding.cue = {colon}
        return finding

    def after_verb(self, number: int, begin: int, stop: int) -> Finding | None:
        """Make a finding of the verb that governs the words around: "gave it “a fair chance”"."""
        tokens = self.tokens
        start = tokens.bounds[tokens.sentence[begin]][0]
        for at in range(begin - 1, max(start, begin - 15) - 1, -1):
            if tokens.words[at] == ";" or tokens.inside[at] >= 0:
                return None
            if tokens.tag[at] not in FINITE | {"VBG", "VBN", "VB"} or tokens.tag[at] == "MD":
                continue
            if tokens.dep[at] in {"aux", "auxpass"}:
                continue
            known = self.lexicon.verb(tokens.lower[at], tokens.lemma[at])
            if known is None and tokens.lemma[at] not in _GIVING:
                return None
            made = self.with_verb(at, begin, after=False)
            made.strength = min(made.strength, 0.75)
            made.content |= set(range(at + 1, begin)) - made.cue - made.source
            return made
        return None
