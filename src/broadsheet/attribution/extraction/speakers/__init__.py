"""Every quotation gets its speaker: the verb beside it, or whoever spoke before.

The rules of the other modules see the grammar of one sentence. Here the quotations that they found
are made whole, and those they missed go, in this order, to a reporting verb beside them, to the
speaker of the quotation they go on from or that goes on from them, to the relation of the sentence
before, or to the person the sentence before is about.
"""

from __future__ import annotations

from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.speakers.before import Before
from broadsheet.attribution.extraction.speakers.beside import Beside


class Speakers(Beside, Before):
    """Gives the quotations of one text to findings, and makes findings for the rest."""

    def assign(self) -> list[Finding]:
        """Return the findings with quotations made whole and new ones for those left over."""
        tokens = self.tokens
        holders = self._holders()
        for number, (begin, stop) in enumerate(tokens.extent):
            if begin == stop:
                continue
            owner = self._owner(holders.get(number, []), begin, number)
            if owner is not None:
                self._give(number, owner)
        for number, (begin, stop) in enumerate(tokens.extent):
            if begin == stop or number in self.owner:
                continue
            for look in (
                self.beside,
                self.any_verb_beside,
                self.in_sentence,
                self.after_colon,
                self.after_verb,
                self.continued,
                self.goes_on,
                self.paragraph_runs_on,
                self.sentence_before,
                self.line_before,
                self.person_before,
                self.nobody,
            ):
                finding = look(number, begin, stop)
                if finding is not None:
                    self._give(number, finding)
                    break
        return self.found

    def goes_on(self, number: int, begin: int, stop: int) -> Finding | None:
        """Return the finding of the next paragraph, where a quotation left open goes on."""
        quotations = self.tokens.quotations
        for later in range(number + 1, len(quotations)):
            if quotations[later].continues == number:
                where = self.tokens.extent[later]
                return (
                    self.owner.get(later)
                    or self.beside(later, *where)
                    or self.any_verb_beside(later, *where)
                )
            if self.tokens.extent[later] != (0, 0):
                break
        return None

    def _give(self, number: int, finding: Finding) -> None:
        tokens = self.tokens
        begin, stop = tokens.extent[number]
        self.owner[number] = finding
        whole = {t for t in range(begin, stop) if not tokens.space[t]}
        finding.content |= whole - finding.cue - finding.source

    def _holders(self) -> dict[int, list[Finding]]:
        """Return for each quotation the findings whose content holds some of it."""
        inside = self.tokens.inside
        found: dict[int, list[Finding]] = {}
        for one in self.found:
            if one.rule not in {"attributive", "adverb"}:
                for number in {inside[t] for t in one.content} - {-1}:
                    found.setdefault(number, []).append(one)
        return found

    def _owner(self, holders: list[Finding], begin: int, number: int) -> Finding | None:
        """Return the one of ``holders`` outside the quotation that it is given to."""
        outside = [one for one in holders if self.tokens.inside[one.head] != number]
        return min(outside, key=lambda one: self._rank(one, begin), default=None)

    def _rank(self, one: Finding, begin: int) -> tuple[bool, int]:
        return (not one.speaks, abs(one.head - begin))
