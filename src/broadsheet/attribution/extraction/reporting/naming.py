"""Parts of a relation that one unit tells by itself: name and kind, quote type, nesting, times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from broadsheet.attribution.extraction.reporting.atoms import QUOTE, SIGN, WORD, Unit
from broadsheet.attribution.extraction.reporting.clause import Clause, Found
from broadsheet.attribution.relation import (
    AttributionRelation,
    QuoteType,
    SourceKind,
    Spans,
    TimeExpression,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A source as the text named it; ``determiner`` is the first word, as it is compared."""

    name: str
    kind: SourceKind
    spans: Spans
    determiner: str = ""


def flags(unit: Unit, times: Sequence[TimeExpression]) -> list[bool]:
    """Return for each atom of ``unit`` whether it belongs to one of ``times``."""
    out = [False] * len(unit.atoms)
    place = 0
    for at, atom in enumerate(unit.atoms):
        while place < len(times) and times[place].span[1] <= atom.start:
            place += 1
        if place < len(times) and times[place].span[0] < atom.end and atom.kind != QUOTE:
            out[at] = True
    return out


def text(clause: Clause, spans: Spans) -> str:
    """Return the words of ``spans``."""
    return " ".join(clause.reading.text[start:end] for start, end in spans)


def short(name: str) -> str:
    """Return ``name`` without what only describes it, behind a comma."""
    for comma in (",", "،", "("):
        head, found, _ = name.partition(comma)
        if found and head.strip():
            name = head
    return name.strip()


def named(clause: Clause, span: tuple[int, int], joined: str) -> Named:
    """Return the source at ``span``; ``joined`` is a preposition written as one with it.

    A definite office or body names ("the ministry"), one of many does not ("an official").
    """
    spans = clause.spans([span])
    name = text(clause, spans)
    after = span[1]
    if len(spans) == 1 and clause.is_comma(after) and ("," in name or "،" in name):
        # The comma that closes an apposition belongs to it, as the guide of marking has it.
        spans = ((spans[0][0], clause.atoms[after].end),)
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


def quote_type(clause: Clause, one: Found) -> QuoteType:
    """Return whether the content is in quotation marks wholly, in part, or not at all."""
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


def nested(relations: list[AttributionRelation], first: int) -> list[AttributionRelation]:
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


def timed(one: AttributionRelation, times: Sequence[TimeExpression]) -> AttributionRelation:
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
