"""From what the units hold to relations: names, kinds, chains, hedges, times, and what goes on.

A pronoun, and a verb without a subject, stand for the last source of the paragraph; where the
paragraph has named none, for that of the paragraph before, if it had only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from broadsheet.attribution.extraction import hedges
from broadsheet.attribution.extraction.reporting.atoms import QUOTE, SIGN, WORD, Reading, Unit
from broadsheet.attribution.extraction.reporting.clause import Clause, Found
from broadsheet.attribution.extraction.reporting.stations import found_in
from broadsheet.attribution.relation import (
    AttributionRelation,
    CueKind,
    Hedge,
    HedgeKind,
    Hop,
    QuoteType,
    SourceKind,
    Spans,
    TimeExpression,
)

_KINDS = {
    "verb": CueKind.VERB,
    "aside": CueKind.VERB,
    "agentless": CueKind.VERB,
    "before": CueKind.PREPOSITION,
    "after": CueKind.PREPOSITION,
    "relay": CueKind.PREPOSITION,
    "adverb": CueKind.ADVERB,
}
_MOST_TIMES = 30
_FAR_BACK = 0.85
"""What remains of the certainty where a source is looked for in the paragraph before."""


@dataclass(frozen=True, slots=True)
class Named:
    """A source as the text named it; ``determiner`` is the first word, as it is compared."""

    name: str
    kind: SourceKind
    spans: Spans
    determiner: str = ""


@dataclass(slots=True)
class _Memory:
    """The sources of this paragraph and of the one before, newest last."""

    line: int = -1
    here: list[Named] = field(default_factory=list)
    before: list[Named] = field(default_factory=list)

    def at(self, line: int) -> None:
        if line != self.line:
            if self.here:
                self.before = self.here
            self.here, self.line = [], line

    def note(self, source: Named) -> None:
        self.here.append(source)

    def last(self, fits: str = "") -> tuple[Named, float] | None:
        """Return the source that is meant, and how sure that is."""
        for one in reversed(self.here):
            if _agrees(one, fits):
                return one, 1.0
        if len({one.name for one in self.before}) == 1 and _agrees(self.before[-1], fits):
            return self.before[-1], _FAR_BACK
        return None


def _agrees(one: Named, fits: str) -> bool:
    if one.determiner == "der":
        return "f" not in fits
    if one.determiner in {"die", "das"}:
        return "m" not in fits
    return True


@dataclass(slots=True)
class Settled:
    """The relations of a text so far, and all its hedges."""

    relations: list[AttributionRelation] = field(default_factory=list)
    hedges: list[Hedge] = field(default_factory=list)


class Settling:
    """Goes through the units of a text in order."""

    def __init__(self, reading: Reading, times: Sequence[TimeExpression]) -> None:
        self.reading, self.times = reading, times
        self.done = Settled()
        self._memory = _Memory()
        self._time = 0
        self._open: int | None = None
        """The relation that a sentence without a source of its own may go on with."""
        self._opened_at = -1

    def take(self, unit: Unit) -> None:
        """Add the relations of ``unit``."""
        self._memory.at(unit.line)
        times = self._mark_times(unit)
        clause = Clause(self.reading, unit)
        found = found_in(clause)
        if self._went_on(clause, found):
            return
        first = len(self.done.relations)
        relations = [self._relation(clause, one) for one in found]
        own_hedges = self._hedges(clause, found)
        for atom in unit.atoms:
            if atom.kind == QUOTE and atom.says and not unit.nested:
                for inner in self.reading.inside(atom, unit.line):
                    more, distances = self._inside(inner, times)
                    relations.extend(more)
                    own_hedges.extend(distances)
        relations = _nested(relations, first)
        relations = list(hedges.attach(relations, own_hedges))
        self.done.relations.extend(_timed(one, times) for one in relations)
        self.done.hedges.extend(own_hedges)
        self._open = self._last_of(first, relations, found)

    def _last_of(
        self, first: int, relations: Sequence[AttributionRelation], found: Sequence[Found]
    ) -> int | None:
        for place in range(len(found) - 1, -1, -1):
            one = relations[place]
            told = one.source and one.cue_kind is not CueKind.ADVERB
            if one.nested_in is None and told and found[place].cited_by is None:
                return first + place
        return None

    def _inside(
        self, unit: Unit, times: Sequence[TimeExpression]
    ) -> tuple[list[AttributionRelation], list[Hedge]]:
        """Return the relations of a unit within a quotation; they name nobody for later."""
        unit.times = _flags(unit, times)
        clause = Clause(self.reading, unit)
        found = [one for one in found_in(clause) if not one.inherits]
        memory, self._memory = self._memory, _Memory(line=unit.line)
        try:
            return [self._relation(clause, one) for one in found], self._hedges(clause, found)
        finally:
            self._memory = memory

    def _mark_times(self, unit: Unit) -> list[TimeExpression]:
        start, end = unit.span
        while self._time < len(self.times) and self.times[self._time].span[1] <= start:
            self._time += 1
        here: list[TimeExpression] = []
        at = self._time
        while at < len(self.times) and self.times[at].span[0] < end:
            here.append(self.times[at])
            at += 1
        self._time = at
        unit.times = _flags(unit, here)
        return here[:_MOST_TIMES]

    # -- a sentence that goes on with what was said before ----------------------------------------

    def _went_on(self, clause: Clause, found: Sequence[Found]) -> bool:
        """Add a unit to the relation before where it only continues what somebody said."""
        if self._open is None or not self.done.relations:
            return False
        quotes = (
            bool(found)
            and all(one.opening for one in found)
            and all(atom.kind in {QUOTE, SIGN} for atom in clause.atoms)
        )
        reported = not found and any(
            clause.has(at, "konjunktiv") and clause.word(at - 1) not in {"ich", "als"}
            for at in range(clause.end)
        )
        before = self.done.relations[self._open]
        same = self._memory.line == self._opened_at or clause.unit.goes_on
        if quotes and not (same and before.quote_type is not QuoteType.INDIRECT):
            return False
        if not quotes and not reported:
            return False
        span = clause.chars((0, clause.end))
        if span is None:
            return False
        quote_type = before.quote_type
        if not quotes and quote_type is QuoteType.DIRECT:
            quote_type = QuoteType.MIXED
        self.done.relations[self._open] = replace(
            before, content=(*before.content, span), quote_type=quote_type
        )
        return True

    # -- one relation -----------------------------------------------------------------------------

    def _relation(self, clause: Clause, one: Found) -> AttributionRelation:
        source, sure = self._source(clause, one)
        if one.cited_by is None:
            self._opened_at = clause.unit.line
        chain = self._chain(clause, one, source)
        content, cue = clause.spans(one.content), clause.spans(one.cue)
        if one.opening:
            start, end = content[0]
            inner = clause.atoms[one.cue[0][0]].inner
            cue, content = ((start, inner[0]),), ((inner[0], end),)
        return AttributionRelation(
            source=source.spans,
            cue=cue,
            content=content,
            source_kind=source.kind,
            cue_kind=_KINDS.get(one.entry.role, CueKind.PUNCTUATION),
            quote_type=_quote_type(clause, one),
            source_name=source.name,
            chain=chain,
            confidence=round(one.strength * sure, 3),
            method="rules",
        )

    def _source(self, clause: Clause, one: Found) -> tuple[Named, float]:
        if one.source is not None and clause.is_pronoun(one.source):
            spans = clause.spans([one.source])
            pronoun = clause.word(one.source[0])
            meant = self._memory.last(clause.grammar.pronouns[pronoun])
            if meant is None:
                return Named(_text(clause, spans), SourceKind.UNNAMED, spans), 0.9
            who, sure = meant
            return Named(who.name, who.kind, spans), 0.97 * sure
        named = self.named(clause, one)
        if named is not None and named.spans:
            if one.cited_by is None and not clause.unit.nested:
                self._memory.note(named)
            return named, 1.0
        if one.inherits:
            meant = self._memory.last()
            if meant is not None and not one.opening:
                return meant
            if one.entry.role == "verb":
                return Named("", SourceKind.MISSING, ()), 0.75
        return Named("", SourceKind.IMPLICIT, ()), 1.0

    def named(self, clause: Clause, one: Found) -> Named | None:
        """Return the source of ``one`` with its name and kind, or ``None`` where it has none."""
        return None if one.source is None else _named(clause, one.source, one.entry.joined)

    def _chain(self, clause: Clause, one: Found, source: Named) -> tuple[Hop, ...]:
        if source.kind is SourceKind.IMPLICIT and not one.said_in:
            return ()
        nearest = [Hop(_short(source.name), source.kind, source.spans)]
        if one.recipient is not None:
            joined = "ل" if clause.grammar.clitics else ""
            outlet = _named(clause, one.recipient, joined)
            if outlet.spans:
                nearest.append(Hop(_short(outlet.name), outlet.kind, outlet.spans))
        cited = one.said_in
        if one.cited_by is not None:
            # A station stands for those that it has it from, too.
            siblings = one.cited_by.said_in
            cited = siblings[siblings.index(one) + 1 :]
        told = (self.named(clause, station) for station in reversed(cited))
        hops = [Hop(_short(who.name), who.kind, who.spans) for who in told if who is not None]
        return (*hops, *nearest)

    def _hedges(self, clause: Clause, found: Sequence[Found]) -> list[Hedge]:
        out: set[Hedge] = set()
        for one in found:
            span = clause.spans(one.cue)
            if not span:
                continue
            if one.entry.distance:
                out.add(Hedge(span[0], HedgeKind.DISTANCING))
            elif one.entry.role in {"adverb", "agentless"}:
                kind = HedgeKind(one.entry.hedge) if one.entry.hedge else HedgeKind.HEARSAY
                out.add(Hedge(span[0], kind))
        for cue in clause.cues:
            if cue.entry.role == "scare" and (where := clause.chars((cue.first, cue.last))):
                out.add(Hedge(where, HedgeKind.SCARE))
        return sorted(out, key=lambda hedge: (hedge.span, hedge.kind))


def _flags(unit: Unit, times: Sequence[TimeExpression]) -> list[bool]:
    out = [False] * len(unit.atoms)
    place = 0
    for at, atom in enumerate(unit.atoms):
        while place < len(times) and times[place].span[1] <= atom.start:
            place += 1
        if place < len(times) and times[place].span[0] < atom.end and atom.kind != QUOTE:
            out[at] = True
    return out


def _text(clause: Clause, spans: Spans) -> str:
    return " ".join(clause.reading.text[start:end] for start, end in spans)


def _short(name: str) -> str:
    for comma in (",", "،", "("):
        head, found, _ = name.partition(comma)
        if found and head.strip():
            name = head
    return name.strip()


def _named(clause: Clause, span: tuple[int, int], joined: str) -> Named:
    spans = clause.spans([span])
    name = _text(clause, spans)
    if joined and name.startswith(joined * 2):
        name = "ا" + name[1:]  # "للشرطة" is "ل" and "الشرطة"
    elif joined and name.startswith(joined) and len(name) > len(joined):
        name = name[len(joined) :]
    words = [clause.words[at] for at in range(*span) if clause.atoms[at].kind == WORD]
    vague = clause.grammar.words["vague"]
    head = [word.removeprefix(joined) if joined else word for word in words[:1]]
    if clause.grammar.cased:
        head = words[:2]
    elif words[:1] and span[1] - span[0] > 1 and clause.atoms[span[0]].kind != WORD:
        head = ["یک"]  # a number of people
    unnamed = any(word in vague for word in (*words[:1], *head))
    kind = SourceKind.UNNAMED if unnamed else SourceKind.NAMED
    return Named(name, kind, spans, words[0] if words else "")


def _quote_type(clause: Clause, one: Found) -> QuoteType:
    quoted = outside = 0
    for first, last in one.content:
        for at in range(first, last):
            atom = clause.atoms[at]
            if atom.kind == QUOTE:
                quoted += atom.words
            elif atom.kind != SIGN and not clause.has(at, "that"):
                outside += 1
    if not quoted:
        return QuoteType.INDIRECT
    return QuoteType.MIXED if outside else QuoteType.DIRECT


def _nested(relations: list[AttributionRelation], first: int) -> list[AttributionRelation]:
    """Return ``relations`` of one unit with the smallest content that holds each one's cue."""
    out = []
    for number, one in enumerate(relations):
        best: int | None = None
        size = 0
        for other, outer in enumerate(relations):
            if other == number or outer.cue == one.cue or outer.content == one.content:
                continue
            start, end = one.cue[0]
            if any(begin <= start and end <= last for begin, last in outer.content):
                length = sum(last - begin for begin, last in outer.content)
                if best is None or length < size:
                    best, size = other, length
        out.append(replace(one, nested_in=None if best is None else first + best))
    return out


def _timed(one: AttributionRelation, times: Sequence[TimeExpression]) -> AttributionRelation:
    """Return ``one`` with the time it was said at, outside its content, and that of its content."""

    def holds(spans: Spans, time: TimeExpression) -> bool:
        return any(start <= time.span[0] and time.span[1] <= end for start, end in spans)

    cue = one.cue[0][0]
    said = [time for time in times if not holds((*one.content, *one.source), time)]
    told = [time for time in times if holds(one.content, time)]
    near = min(said, key=lambda time: abs(time.span[0] - cue), default=None)
    if one.nested_in is not None:
        near = None
    return replace(one, statement_time=near, event_time=told[0] if told else None)
