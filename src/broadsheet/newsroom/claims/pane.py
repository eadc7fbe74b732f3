"""The story's text with every claim marked in it: what is claimed, by whom, in which words.

Marks of different claims overlap, so that the text is cut wherever any of them begins or ends;
each piece says of which claims it is what. Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from broadsheet.attribution.kept import Placed
from broadsheet.attribution.relation import Span, Spans, Status
from broadsheet.attribution.story_text import HEADLINE, StoryText

CONTENT, SOURCE, CUE, HEDGE, TIME = "content", "source", "cue", "hedge", "time"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and what it is of the claim with this number.

    ``opens`` tells that the claim's content begins with it.
    """

    span: Span
    role: str
    number: int
    status: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one block that is marked alike throughout.

    ``start`` counts code points of the whole text. ``opens`` are the claims whose content begins
    here. ``roles`` has the numbers of the claims that each role is of.
    """

    start: int
    text: str
    roles: Mapping[str, tuple[int, ...]]
    opens: tuple[int, ...]
    decided: bool

    @property
    def classes(self) -> str:
        """The names of the styles it is drawn in."""
        names = [f"is-{role}" for role in self.roles]
        if CONTENT in self.roles:
            names.append("is-decided" if self.decided else "is-open")
        return " ".join(names)

    @property
    def named_roles(self) -> str:
        """What it is of which claim, for the page's script: ``content-3 source-4``."""
        return " ".join(
            f"{role}-{each}" for role, numbers in self.roles.items() for each in numbers
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of the story, in pieces."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def is_headline(self) -> bool:
        """Whether it is the story's headline."""
        return self.kind == HEADLINE


def passages(text: StoryText, placed: Iterable[Placed]) -> list[Passage]:
    """Return the blocks of ``text`` with the claims that stand in it; rejected ones are left out.

    They remain in the list; in the text they would say that somebody claims what nobody does.
    """
    marks = list(_marks(placed))
    return [
        Passage(
            block.kind,
            tuple(_cut(text.text, (block.start, block.end), marks)),
        )
        for block in text.blocks
    ]


def _marks(placed: Iterable[Placed]) -> Iterator[Mark]:
    for each in placed:
        row, relation = each.row, each.relation
        if relation.status == Status.REJECTED:
            continue
        times = [time.span for time in (relation.statement_time, relation.event_time) if time]
        parts: list[tuple[str, Spans]] = [
            (CONTENT, relation.content),
            (SOURCE, relation.source),
            (CUE, relation.cue),
            (HEDGE, tuple(hedge.span for hedge in relation.hedges)),
            (TIME, tuple(span for span in times if span[0] < span[1])),
        ]
        for role, spans in parts:
            yield from (
                Mark(span, role, row.number, row.status, role == CONTENT and place == 0)
                for place, span in enumerate(spans)
            )


def _cut(text: str, block: Span, marks: Sequence[Mark]) -> Iterator[Piece]:
    start, end = block
    inside = [mark for mark in marks if mark.span[0] < end and start < mark.span[1]]
    cuts = {start, end, *(at for mark in inside for at in mark.span if start < at < end)}
    places = sorted(cuts)
    for begin, finish in pairwise(places):
        over = [mark for mark in inside if mark.span[0] <= begin and finish <= mark.span[1]]
        yield Piece(
            begin,
            text[begin:finish],
            _roles(over),
            tuple(sorted(m.number for m in over if m.opens and m.span[0] == begin)),
            _decided(over),
        )


def _roles(over: Iterable[Mark]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for mark in over:
        found.setdefault(mark.role, set()).add(mark.number)
    return {role: tuple(sorted(numbers)) for role, numbers in found.items()}


def _decided(over: Iterable[Mark]) -> bool:
    """Tell whether somebody stands behind every claim here."""
    statuses = {mark.status for mark in over if mark.role == CONTENT}
    return bool(statuses) and Status.SUGGESTED not in statuses
