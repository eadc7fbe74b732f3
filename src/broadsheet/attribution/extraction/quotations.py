"""Quotation marks told apart: which open, which close, which are apostrophes.

In comes a text, out go its quotations as ranges of characters, marks included. It works on
characters alone, before anything is parsed, because sentences are cut with its help. Straight,
typographic, single, doubled (`` ``…'' ``) marks and guillemets are known, one inside the other,
and quotations that nobody closed. A quotation that runs over paragraphs has an opening mark at the
head of each and a closing one only at the end of the last (Chicago Manual of Style 13.32).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"``|''|[“”„‟\"«»‹›‘’‚'`]")
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_OPENS = {"“": "”", "„": "“", "‟": "”", "«": "»", "‹": "›", "``": "''", "‚": "‘"}
_DOUBLE_CLOSERS = frozenset({"”", "''", "»", "›"})
_BEFORE_OPENING = frozenset(" \t\u00a0\u2009\u202f([{—–-/:“\"‘«`'")
_AFTER_CLOSING = frozenset(" \t\u00a0\u2009\u202f.,;:!?)]}—–-/”\"’»'…")
_CLIPPED = re.compile(
    r"(?:\d\ds?|em|til|till|tis|twas|cause|bout|round|n|cos|cuz|ere|neath|nuff|kay|sup)\b",
    re.IGNORECASE,
)
"""What an apostrophe, not a quotation mark, stands before: '90s, 'em, 'til."""
_DEEPEST = 8
"""Quotations within quotations, at most."""
_FAR = 400
"""A single-quoted stretch longer than this, in characters, is taken for two apostrophes."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation: ``text[start:end]`` with its marks; ``inner`` is what stands between them.

    ``level`` is 0 for one that stands in no other. ``closed`` tells whether the closing mark is
    there. ``continues`` is the position, in the list returned, of the quotation of the paragraph
    before that this one goes on from.
    """

    start: int
    end: int
    inner: tuple[int, int]
    level: int
    closed: bool
    continues: int | None = None


def _is_letter(character: str) -> bool:
    return character.isalnum()


def _opens_single(text: str, at: int, stop: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < stop else " "
    if not (before in _BEFORE_OPENING or before.isspace()) or after.isspace():
        return False
    return not _CLIPPED.match(text, at + 1)


def _single_close(text: str, at: int, stop: int, closers: str) -> int | None:
    """Return where the single quotation opened at ``at`` closes, or ``None``."""
    fallback = None
    for here in range(at + 2, min(stop, at + _FAR)):
        if text[here] not in closers:
            continue
        before = text[here - 1]
        after = text[here + 1] if here + 1 < stop else " "
        if _is_letter(after) or before.isspace():
            continue
        if before == "s" and after == " " and here + 2 < stop and text[here + 2].islower():
            # "the voters’ choice": a possessive unless nothing better comes.
            fallback = fallback or here
            continue
        return here
    return fallback


@dataclass(slots=True)
class _Open:
    mark: str
    start: int
    closer: str


class _Paragraph:
    """One paragraph, ``text[begin:stop]``, read from mark to mark."""

    def __init__(self, text: str, begin: int, stop: int) -> None:
        self.text = text
        self.begin = begin
        self.stop = stop
        self.found: list[Quotation] = []
        self.open: list[_Open] = []
        self.single_ends: set[int] = set()

    def read(self) -> list[Quotation]:
        """Return its quotations in order of where they open; one may be left open at its end."""
        for mark in _MARK.finditer(self.text, self.begin, self.stop):
            what, at = mark[0], mark.start()
            before = self.text[at - 1] if at > self.begin else " "
            after = self.text[mark.end()] if mark.end() < self.stop else " "
            if what in "‘'`’" or at in self.single_ends:
                self._single(what, at)
            elif what == '"':
                self._straight(at, before, after)
            else:
                self._double(what, at, before, after)
        self._left_open()
        return sorted(self.found, key=lambda one: one.start)

    def _opened(self, what: str, at: int, closer: str) -> None:
        # What is nested deeper is no text: bounding it keeps the time linear in the length.
        if len(self.open) < _DEEPEST:
            self.open.append(_Open(what, at, closer))

    def _close(self, at: int, width: int) -> None:
        one = self.open.pop()
        inner = (one.start + len(one.mark), at)
        self.found.append(Quotation(one.start, at + width, inner, len(self.open), closed=True))

    def _single(self, what: str, at: int) -> None:
        if at in self.single_ends:
            while self.open and self.open[-1].mark not in "‘'`":
                self.open.pop()
            if self.open:
                self._close(at, 1)
            return
        if what == "’" or not _opens_single(self.text, at, self.stop):
            return
        if self.open and self.open[-1].closer in "’'":
            return
        end = _single_close(self.text, at, self.stop, "’" if what == "‘" else "'’")
        if end is not None:
            self.single_ends.add(end)
            self._opened(what, at, "’")

    def _straight(self, at: int, before: str, after: str) -> None:
        if self.open and self.open[-1].mark in {'"', "“"}:
            opens = (before.isspace() or before in "([") and not (after.isspace() or after in ".,")
            nested = self.open[-1].mark == '"' and any(one.closer == '"' for one in self.open[:-1])
            if not (opens and nested):
                self._close(at, 1)
        elif not (before.isdigit() and (after.isspace() or after in ".,;)")):  # inches
            self._opened('"', at, '"')

    def _double(self, what: str, at: int, before: str, after: str) -> None:
        if any(one.closer == what for one in self.open):
            while self.open[-1].closer != what:
                self.open.pop()
            self._close(at, len(what))
        elif what in _OPENS:
            self._opened(what, at, _OPENS[what])
        elif what in _DOUBLE_CLOSERS and self.open and self.open[-1].mark == '"':
            self._close(at, len(what))
        elif what == "»" and _is_letter(after):
            self._opened(what, at, "«")
        elif what in "”''" and before.isspace() and not after.isspace():
            # Typed with the wrong mark at the head.
            self._opened(what, at, "”")

    def _left_open(self) -> None:
        if not self.open:
            return
        first, end = self.open[0], self.stop
        while end > first.start and self.text[end - 1].isspace():
            end -= 1
        inner = (first.start + len(first.mark), end)
        if inner[0] < end:
            self.found.append(Quotation(first.start, end, inner, 0, closed=False))


def find(text: str) -> tuple[Quotation, ...]:
    """Return the quotations of ``text``, in order of where they open, inner ones after outer."""
    found: list[Quotation] = []
    left_open: int | None = None
    for paragraph in _PARAGRAPH.finditer(text):
        if not paragraph[0].strip():
            continue
        quotations = _Paragraph(text, paragraph.start(), paragraph.end()).read()
        continues = None
        if left_open is not None and quotations:
            head = text[paragraph.start() : quotations[0].start]
            if not head.strip():
                continues = left_open
        left_open = None
        for number, one in enumerate(quotations):
            if number == 0 and continues is not None:
                found.append(
                    Quotation(one.start, one.end, one.inner, one.level, one.closed, continues)
                )
            else:
                found.append(one)
            if not one.closed:
                left_open = len(found) - 1
    return tuple(found)
