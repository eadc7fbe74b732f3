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


def _paragraph(text: str, begin: int, stop: int) -> list[Quotation]:
    found: list[Quotation] = []
    stack: list[_Open] = []
    single_ends: dict[int, None] = {}

    def close(at: int, width: int) -> None:
        one = stack.pop()
        inner = (one.start + len(one.mark), at)
        found.append(Quotation(one.start, at + width, inner, len(stack), closed=True))

    for mark in _MARK.finditer(text, begin, stop):
        what, at = mark[0], mark.start()
        before = text[at - 1] if at > begin else " "
        after = text[mark.end()] if mark.end() < stop else " "
        if at in single_ends:
            while stack and stack[-1].mark not in "‘'`":
                stack.pop()
            if stack:
                close(at, 1)
        elif what in "‘'`’":
            if what == "’" or not _opens_single(text, at, stop):
                continue
            if stack and stack[-1].closer in "’'":
                continue
            end = _single_close(text, at, stop, "’" if what == "‘" else "'’")
            if end is not None:
                single_ends[end] = None
                stack.append(_Open(what, at, "’"))
        elif what == '"':
            _straight(stack, close, at, before, after)
        elif stack and any(one.closer == what for one in stack):
            while stack[-1].closer != what:
                stack.pop()
            close(at, len(what))
        elif what in _OPENS:
            stack.append(_Open(what, at, _OPENS[what]))
        elif what in _DOUBLE_CLOSERS and stack and stack[-1].mark == '"':
            close(at, len(what))
        elif what == "»" and _is_letter(after):
            stack.append(_Open(what, at, "«"))
        elif what in "”''" and before.isspace() and not after.isspace():
            # Typed with the wrong mark at the head.
            stack.append(_Open(what, at, "”"))
    if stack:
        first = stack[0]
        end = stop
        while end > first.start and text[end - 1].isspace():
            end -= 1
        inner = (first.start + len(first.mark), end)
        if inner[0] < end:
            found.append(Quotation(first.start, end, inner, 0, closed=False))
    return sorted(found, key=lambda one: one.start)


def _straight(stack: list[_Open], close: object, at: int, before: str, after: str) -> None:
    inside = bool(stack) and stack[-1].mark in {'"', "“"}
    if inside:
        opens = (before.isspace() or before in "([") and not after.isspace() and after not in ".,"
        if opens and stack[-1].mark == '"' and any(one.closer == '"' for one in stack[:-1]):
            return
        assert callable(close)
        close(at, 1)
        return
    if before.isdigit() and (after.isspace() or after in ".,;)"):
        return  # inches
    stack.append(_Open('"', at, '"'))


def find(text: str) -> tuple[Quotation, ...]:
    """Return the quotations of ``text``, in order of where they open, inner ones after outer."""
    found: list[Quotation] = []
    left_open: int | None = None
    for paragraph in _PARAGRAPH.finditer(text):
        if not paragraph[0].strip():
            continue
        quotations = _paragraph(text, paragraph.start(), paragraph.end())
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
