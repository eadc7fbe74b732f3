"""A text as atoms: words, signs and whole quotations, and the units that attributions stand in.

A quotation in the line is one atom, whatever stands in it, so that its full stops end nothing and
its verbs report nothing. Letters are folded for comparison alone (Arabic and Persian forms of one
letter, vowel signs, the zero-width non-joiner, upper case); positions are those of the text given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from broadsheet.attribution.extraction import quotations
from broadsheet.attribution.extraction.quotations import Quotation
from broadsheet.attribution.extraction.reporting.grammar import Grammar
from broadsheet.attribution.extraction.reporting.letters import fold
from broadsheet.attribution.relation import Span

_TOKEN = regex.compile(
    r"(?P<dash>ـ++(?!\p{L}))"
    r"|(?P<number>\p{N}++(?:[.,:٫٬/]\p{N}++)*+)"
    r"|(?P<word>(?:به|بر|از)(?=\u200c)"
    r"|ن?می[\u200c ]\p{L}[\p{L}\p{M}\p{N}]*+(?:\u200c[\p{L}\p{M}]++)*+"
    r"|[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*+(?:[\u200c\u200d\u00ad'’\-‑][\p{L}\p{N}][\p{L}\p{M}\p{N}]*+)*+)"
    r"|(?P<stop>[.!?؟…۔]++)"
    r"|(?P<sign>[\p{P}\p{S}])"
)
_LINE = regex.compile(r"[^\n\r\u2028\u2029]+")
_CLOSING = "\"'”’“‘»«›‹)]*"
_NAME_WORDS = 4
"""Words of a quotation that may be a name or a nickname; a longer one is what somebody said."""
_DAY = 2
"""Digits of a day; with a full stop behind it, it is an ordinal number."""
_NO_SENTENCE = 2
"""Words that claim nothing yet."""
WORD, NUMBER, SIGN, QUOTE = "word", "number", "sign", "quote"


@dataclass(slots=True)
class Atom:
    """``text[start:end]``; ``folded`` is what it is compared by, empty for a quotation.

    ``words`` counts those of a quotation, ``inner`` is what stands between its marks.
    """

    kind: str
    start: int
    end: int
    folded: str
    words: int = 0
    inner: Span = (0, 0)
    says: bool = False
    """Whether a quotation is long enough to be what somebody said."""
    capital: bool = False


@dataclass(slots=True)
class Unit:
    """Atoms up to a full stop outside quotation marks; ``line`` counts paragraphs.

    ``ended`` tells whether it ends in a full stop; ``whole`` whether it is all its line has.
    """

    atoms: list[Atom]
    line: int
    ended: bool
    whole: bool
    nested: bool = False
    goes_on: bool = False
    """Whether its first quotation continues the one that the paragraph before left open."""
    times: list[bool] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """Return its first and last character."""
        return self.atoms[0].start, self.atoms[-1].end


def _says(text: str, one: Quotation, words: int) -> bool:
    inner = text[slice(*one.inner)].rstrip()
    return words > _NAME_WORDS or (words > 1 and inner[-1:] in ".!?؟…,،")


def _quote(text: str, one: Quotation) -> Atom:
    words = sum(1 for _ in _TOKEN.finditer(text, *one.inner) if _.lastgroup in {WORD, NUMBER})
    return Atom(
        QUOTE, one.start, one.end, "", words=words, inner=one.inner, says=_says(text, one, words)
    )


def _quotations(text: str) -> tuple[list[Quotation], set[int]]:
    """Return the outermost quotations, and where those begin that go on from the line before."""
    found = quotations.find(text)
    open_ones = {one.continues for one in found if one.continues is not None}
    kept, on = [], set()
    for number, one in enumerate(found):
        if one.level:
            continue
        if one.closed or number in open_ones or one.continues is not None:
            kept.append(one)
        if one.continues is not None:
            on.add(one.start)
    return kept, on


class Reading:
    """A text cut into atoms, units and sentences by the ``grammar`` of its language."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text, self.grammar = text, grammar
        self.quotations, self._going_on = _quotations(text)
        self._starts = [one.start for one in self.quotations]

    def units(self) -> Iterator[Unit]:
        """Yield the units of the text, in order."""
        for number, line in enumerate(_LINE.finditer(self.text)):
            if line[0].strip():
                yield from self.cut(self._atoms(*line.span()), number)

    def inside(self, quote: Atom, line: int) -> list[Unit]:
        """Return the units of what stands between the marks of ``quote``."""
        found = []
        for number, part in enumerate(_LINE.finditer(self.text, *quote.inner)):
            atoms = [self._atom(match) for match in _TOKEN.finditer(self.text, *part.span())]
            for unit in self.cut(atoms, line + number):
                unit.nested, unit.whole = True, False
                found.append(unit)
        return found

    def _atom(self, match: regex.Match[str]) -> Atom:
        group = match.lastgroup or SIGN
        kind = SIGN if group in {"stop", "dash"} else group
        raw = match[0]
        folded = fold(raw, self.grammar.letters) if kind != SIGN else raw
        return Atom(kind, *match.span(), folded, capital=raw[0].isupper())

    def _atoms(self, first: int, last: int) -> list[Atom]:
        out: list[Atom] = []
        at = first
        place = bisect_left(self._starts, first)
        while at < last:
            one = self.quotations[place] if place < len(self.quotations) else None
            upto = min(last, one.start) if one else last
            out.extend(self._atom(match) for match in _TOKEN.finditer(self.text, at, upto))
            at = upto
            if one is not None and one.start < last:
                out.append(_quote(self.text, one))
                at, place = max(one.end, at + 1), place + 1
        return out

    def cut(self, atoms: Sequence[Atom], line: int) -> list[Unit]:
        """Return ``atoms`` of one line cut at its full stops."""
        found: list[Unit] = []
        first = 0
        for at in range(len(atoms)):
            if self._ends(atoms, at):
                found.append(Unit(list(atoms[first : at + 1]), line, ended=True, whole=False))
                first = at + 1
        if first < len(atoms):
            rest = list(atoms[first:])
            found.append(Unit(rest, line, ended=False, whole=False))
        for unit in found:
            unit.whole = len(found) == 1
            unit.goes_on = unit.atoms[0].start in self._going_on
        return found

    def _ends(self, atoms: Sequence[Atom], at: int) -> bool:
        here = atoms[at]
        after = atoms[at + 1] if at + 1 < len(atoms) else None
        if here.kind == QUOTE:
            inner = self.text[slice(*here.inner)].rstrip(_CLOSING + " ")
            return bool(inner) and inner[-1] in ".!?؟…۔" and self._begins(after, atoms, at)
        if here.kind != SIGN or here.folded[0] not in ".!?؟…۔":
            return False
        if after is None:
            return True
        if self.text[here.end : after.start].strip(_CLOSING) == "" and after.start == here.end:
            return False
        if here.folded == "." and at and self._abbreviated(atoms, at):
            return False
        return after.kind == QUOTE or self._begins(after, atoms, at)

    def _abbreviated(self, atoms: Sequence[Atom], at: int) -> bool:
        before, after = atoms[at - 1], atoms[at + 1]
        if before.end != atoms[at].start or before.kind not in {WORD, NUMBER}:
            return False
        raw = self.text[before.start : before.end]
        if before.kind == NUMBER:
            return self.grammar.cased and len(raw) <= _DAY  # "3. Oktober"
        return (
            len(raw) == 1
            or before.folded in self.grammar.abbreviations
            or (self.grammar.cased and after.kind == WORD and not after.capital)
        )

    def _begins(self, after: Atom | None, atoms: Sequence[Atom], at: int) -> bool:
        """Whether what stands behind a full stop begins a sentence: no comma, no verb of saying."""
        if after is None:
            return True
        if after.kind == SIGN:
            return after.folded not in {",", "،", ";", "؛", ":", "–", "—", "-", ")", "]"}
        if atoms[at].kind != QUOTE:
            return not self.grammar.cased or after.capital or after.kind != WORD
        if self.grammar.cased:
            return after.capital or after.kind == QUOTE
        return not (self.grammar.tells(after.folded) or self._resumes(atoms, at + 1))

    def _resumes(self, atoms: Sequence[Atom], at: int) -> bool:
        """Whether what follows a quotation takes it up as an object: «…» این را او گفت."""
        words = [atom.folded for atom in atoms[at : at + 3]]
        return self.grammar.opener(words, 0) > 1 and words[0] in self.grammar.words["resumes"]


def sentences(reading: Reading, units: Sequence[Unit]) -> list[tuple[Span, bool]]:
    """Return the sentences, also those within a quotation, each with whether it could claim."""
    out: list[tuple[Span, bool]] = []
    for unit in units:
        out.extend(_sentences(reading, unit))
    return out


def _sentences(reading: Reading, unit: Unit) -> Iterator[tuple[Span, bool]]:
    text = reading.text
    cuts: list[int] = []
    for atom in unit.atoms:
        if atom.kind == QUOTE and atom.words > _NAME_WORDS:
            inner = reading.inside(atom, unit.line)
            # The last one in a quotation ends with what follows the closing mark.
            cuts.extend(one.span[1] for one in inner[:-1] if one.ended)
    first, last = unit.span
    edges = [first, *cuts, last]
    for begin, end in pairwise(edges):
        piece = text[begin:end]
        start = begin + len(piece) - len(piece.lstrip())
        if start >= end:
            continue
        bare = piece.rstrip(_CLOSING + " \t")
        words = sum(1 for _ in _TOKEN.finditer(text, start, end) if _.lastgroup == WORD)
        heading = unit.whole and not unit.ended and not (bare and bare[-1] in ".!?؟…۔")
        claims = bool(bare) and bare[-1] not in "?؟" and words > _NO_SENTENCE and not heading
        yield (start, end), claims
