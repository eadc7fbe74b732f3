"""One unit: where its words report, and how far the name of a source reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from broadsheet.attribution.extraction.reporting.atoms import QUOTE, SIGN, WORD, Reading, Unit
from broadsheet.attribution.extraction.reporting.grammar import Entry
from broadsheet.attribution.relation import Span, Spans

COMMAS = frozenset({",", "،", "؛", ";"})
COLON = ":"
_KEPT = frozenset({")", "(", "%", "٪", "€", "$", "£", "§", "#", "@", "°"})
"""Signs that belong to the words beside them."""
DASHES = frozenset({"-", "–", "—"})
_MOST_CUES = 60
"""More cues than this in one sentence are no news."""
_FAR = 40
"""Words over which a clause is followed."""
_LONGEST_CONTENT = 400
_APPOSITION = 14
_HEAD = 4
"""Words among which the head of a name stands."""
_NAME = 24
"""Words of the longest name of a source, with what describes it."""


@dataclass(slots=True, eq=False)
class Found:
    """An attribution in the making; ranges count atoms of its unit.

    ``origin`` is set on a station that was cited by another one: the attribution it belongs to.
    ``inherits`` tells that its source is that of the attribution before it.
    """

    entry: Entry
    cue: list[Span]
    content: list[Span]
    source: Span | None = None
    strength: float = 0.0
    inherits: bool = False
    cited_by: Found | None = None
    recipient: Span | None = None
    opening: bool = False
    """Whether the cue is the opening mark of the quotation that is its content."""
    takes_up: bool = False
    """Whether its content is the quotation that the unit before consists of."""
    said_in: list[Found] = field(default_factory=list)


@dataclass(slots=True)
class Cue:
    """An entry of the lexicon met in the unit: atoms ``first`` up to, not including, ``last``."""

    first: int
    last: int
    entry: Entry


class Clause:
    """A unit with its cues; what all orders of words have in common."""

    def __init__(self, reading: Reading, unit: Unit) -> None:
        self.reading, self.grammar, self.unit = reading, reading.grammar, unit
        self.atoms = unit.atoms
        self.words = [atom.folded for atom in unit.atoms]
        end = len(self.atoms)
        while end and self.atoms[end - 1].kind == SIGN and self.words[end - 1][0] in ".!?؟…۔":
            end -= 1
        self.end = end
        self.cues = self._cues()
        self.at_cue = {place: cue for cue in self.cues for place in range(cue.first, cue.last)}

    def _cues(self) -> list[Cue]:
        found: list[Cue] = []
        at = 0
        while at < self.end and len(found) < _MOST_CUES:
            met = self.grammar.match(self.words, at) if self.words[at] else None
            if met is None or not self._allows(at, met[1]):
                at += 1
                continue
            length, entry = met
            found.append(Cue(at, at + length, entry))
            at += length
        return found

    def _allows(self, at: int, entry: Entry) -> bool:
        """Whether what stands before ``at`` lets the phrase there report."""
        if entry.wants:
            return at > 0 and (self.words[at - 1] in COMMAS or self.atoms[at - 1].kind == QUOTE)
        return entry.role != "before" or not self.has(at - 1, "reacting")

    # -- single atoms ----------------------------------------------------------------------------

    def word(self, at: int) -> str:
        """Return the folded word at ``at``; empty outside the unit and for a quotation."""
        return self.words[at] if 0 <= at < self.end else ""

    def has(self, at: int, kind: str) -> bool:
        """Whether the word at ``at`` is of the class ``kind`` of the grammar."""
        return 0 <= at < self.end and self.words[at] in self.grammar.words[kind]

    def is_finite(self, at: int) -> bool:
        """Whether the word at ``at`` looks like a verb that ends a clause."""
        return self.has(at, "finite") or (
            bool(self.word(at)) and self.grammar.finite_like.match(self.words[at]) is not None
        )

    def is_comma(self, at: int) -> bool:
        """Whether a comma or semicolon stands at ``at``."""
        return 0 <= at < self.end and self.words[at] in COMMAS

    def is_said(self, at: int) -> bool:
        """Whether a quotation long enough to be somebody's words stands at ``at``."""
        return 0 <= at < self.end and self.atoms[at].kind == QUOTE and self.atoms[at].says

    def is_time(self, at: int) -> bool:
        """Whether the atom at ``at`` belongs to an expression of time."""
        times = self.unit.times
        return 0 <= at < len(times) and times[at]

    def is_capital(self, at: int) -> bool:
        """Whether the atom at ``at`` begins with a capital letter."""
        return 0 <= at < self.end and self.atoms[at].capital

    def chars(self, span: Span) -> Span | None:
        """Return the characters of the atoms ``span`` without signs at its edges."""
        first, last = span
        while first < last and self.atoms[first].kind == SIGN and self._drops(first):
            first += 1
        while last > first and self.atoms[last - 1].kind == SIGN and self._drops(last - 1):
            last -= 1
        return None if first >= last else (self.atoms[first].start, self.atoms[last - 1].end)

    def _drops(self, at: int) -> bool:
        return self.words[at] not in _KEPT

    def spans(self, ranges: Sequence[Span]) -> Spans:
        """Return the characters of ``ranges`` in reading order, without empty ones."""
        found = sorted(span for one in ranges if (span := self.chars(one)) is not None)
        out: list[Span] = []
        for start, end in found:
            if out and start < out[-1][1]:
                out[-1] = (out[-1][0], max(out[-1][1], end))
            else:
                out.append((start, end))
        return tuple(out)

    def words_of(self, cue: Sequence[Span]) -> Spans:
        """Return the characters of a cue, a sign too: "X: Y"."""
        return tuple((self.atoms[first].start, self.atoms[last - 1].end) for first, last in cue)

    # -- names of sources ------------------------------------------------------------------------

    def name_end(
        self, first: int, limit: int, *, apposition: bool = True, closed: bool = False
    ) -> int:
        """Return where the name of a source that begins at ``first`` ends, at most ``limit``.

        Without ``apposition`` it ends at the first comma; with ``closed`` an apposition counts
        only where another comma closes it.
        """
        limit = min(limit, self.end, first + _NAME)
        at = first
        while at < limit:
            if at in self.at_cue and at > first:
                break
            atom = self.atoms[at]
            if atom.kind == QUOTE:
                if atom.says:
                    break
            elif atom.kind == SIGN:
                if self.is_comma(at) and not apposition:
                    break
                onward = self._over_sign(at, first, limit, closed)
                if onward == at:
                    break
                # One apposition: what stands behind its comma is the clause.
                apposition = apposition and not self.is_comma(at)
                at = onward
                continue
            elif self._stops(at, first, limit):
                break
            at += 1
        while at > first and self._ends_badly(at - 1):
            at -= 1
        return at

    def _stops(self, at: int, first: int, limit: int) -> bool:
        """Whether the word at ``at`` can be no part of the name that begins at ``first``."""
        if self.is_time(at) or self.has(at, "that"):
            return True
        if self.has(at, "while") and not self.is_comma(at - 1):
            return True
        if self.has(at, "stops") and not self._goes_on(at, first):
            return True
        return self.grammar.cased and not self._fits(at, first, limit)

    def _ends_badly(self, at: int) -> bool:
        if self.atoms[at].kind == SIGN:
            return self.words[at] != ")"
        return self.has(at, "openers") or (
            self.grammar.cased and self.words[at] in self.grammar.words["inner"]
        )

    def _over_sign(self, at: int, first: int, limit: int, closed: bool) -> int:
        sign = self.words[at]
        if sign in COMMAS and at > first:
            return self._apposition(at, limit, closed)
        if sign == "(" and at > first:
            for here in range(at + 1, min(at + 7, limit)):
                if self.words[here] == ")":
                    return here + 1
        if sign in {".", "/", "&", "-", "–", "@", "'", "’"} and at > first:
            close = self.atoms[at - 1].end == self.atoms[at].start
            return at + 1 if close and at + 1 < limit else at
        return at

    def _apposition(self, comma: int, limit: int, closed: bool) -> int:
        """Return where the apposition behind ``comma`` ends, or ``comma`` where none stands there.

        It is closed by another comma, or ends where the clause does; in it nobody does anything.
        """
        first = comma + 1
        if first >= limit or self.has(first, "stops") or self.has(first, "openers"):
            return comma
        if self.grammar.cased and not (
            self.is_capital(first) or (self.has(first, "inner") and self.is_capital(first + 1))
        ):
            return comma
        last = min(limit, first + _APPOSITION)
        for at in range(first, last):
            if at in self.at_cue or self.is_said(at) or self.is_time(at):
                return comma
            if self.has(at, "that") or self.is_finite(at) or self.words[at] == COLON:
                return comma
            if self.is_comma(at):
                return at
            if at > first and self.has(at, "stops") and not self._goes_on(at, first):
                return comma if closed else at
            if self.has(at, "konjunktiv"):
                return comma
        if last == limit and not closed:
            if self.grammar.cased and limit == self.end and self._lower(first, limit):
                return comma
            return limit
        return comma

    def _lower(self, first: int, last: int) -> bool:
        """Whether its last word is in lower case, as a verb at the end of a subclause is."""
        return self.atoms[last - 1].kind == WORD and not self.is_capital(last - 1)

    def _goes_on(self, at: int, first: int) -> bool:
        """Whether a small word stands inside a name: "منبع نزدیک به دولت", "Behörden in Kiew"."""
        if at == first:
            return False
        before = self.word(at - 1)
        if before in self.grammar.words["near"]:
            return True
        word, after = self.word(at), at + 1
        if self.is_time(after) or self.has(after, "channels") or self.has(after, "stops"):
            return False
        if word in {"از", "من"} and before in self.grammar.words["partitives"]:
            return True
        vague = self.has(first, "vague") or self.has(first + 1, "vague")
        if self.grammar.order == "behind" and at == first + 1:
            vague = vague or not self.word(first).startswith("ال")  # "a trader in …"
        return vague and word in {"در", "از", "في", "من", "in", "im", "bei"} and at - first < _HEAD

    def _fits(self, at: int, first: int, limit: int) -> bool:
        """Whether a word of a language with capital nouns can stand in a name."""
        if self.is_capital(at) or self.atoms[at].kind != WORD or self.has(at, "outlets"):
            return True
        if self.words[at] in self.grammar.pronouns:
            return at == first
        if not self.has(at, "inner"):
            # An adjective stands before its noun, behind an article: "Sprecher der nahen Stadt".
            noun = self.is_capital(at - 1) and not self.has(at - 1, "inner")
            lower = at == first or not (noun or self.has(at - 1, "outlets"))
            if not lower or not self.words[at].endswith(("e", "en", "er", "es", "em")):
                return False
        nouns = range(at + 1, min(at + _HEAD, limit))
        return any(self.is_capital(here) or self.atoms[here].kind == QUOTE for here in nouns)

    def is_pronoun(self, span: Span) -> bool:
        """Whether ``span`` is a pronoun alone."""
        return span[1] - span[0] == 1 and self.word(span[0]) in self.grammar.pronouns

    def floor(self, at: int, floor: int) -> int:
        """Return where the clause that ends at ``at`` begins, not before ``floor``."""
        floor = max(floor, at - _FAR)
        here = at
        while here > floor:
            before = here - 1
            if self.is_said(before) or self.words[before] in {COLON, "؛", ";"}:
                break
            met = self.at_cue.get(before)
            # "که" after a noun begins a relative clause, "أن" never does.
            own = (
                before - 1 in self.at_cue
                or self.is_finite(before - 1)
                or self.grammar.order == "behind"
            )
            if self.has(before, "that") and own:
                break
            if met is not None and met.entry.role in {"verb", "agentless"}:
                break
            if self.is_finite(before) and (self.is_comma(here) or self.has(here, "openers")):
                break
            here = before
        return here

    def limit(self, at: int) -> int:
        """Return how far a content that begins at ``at`` can reach."""
        return min(self.end, at + _LONGEST_CONTENT)
