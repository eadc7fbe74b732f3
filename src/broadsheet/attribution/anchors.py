"""Anchors: a place in a text, kept so that it is found again when the text has changed.

A place is kept as the W3C keeps one (Web Annotation Data Model, 4.2.4 and 4.2.5): the words
themselves with what stands before and after them (TextQuoteSelector), and where they stand
(TextPositionSelector). It is found again in one of two ways:

:func:`carry`  where the text before is at hand, by comparing the two word by word
:func:`find`   by the selector alone

What is not found for certain is lost: it never moves to other words that happen to be the same.
Positions count code points. Pure: no database.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from broadsheet.attribution.relation import Span

_CONTEXT = 32
# Repeated words ("he said") get as much context as tells them apart, up to so much.
_LONGEST_CONTEXT = 200
# Words within a long quotation may change a little: so much of them must stay.
_MOSTLY = 0.8
_LONG_WORDS = 5
_MANY_WORDS = 3_000
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Selector:
    """A place in a text, as TextQuoteSelector and TextPositionSelector.

    ``prefix`` and ``suffix`` are at least 32 characters, shorter only at the text's own ends.
    ``occurrences`` is how often ``exact`` stood in the text. ``block`` is the block of the
    story's body that the place begins in ("headline" for the headline).
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    occurrences: int = 1
    block: str = ""

    @property
    def span(self) -> Span:
        """Where it stood."""
        return self.start, self.end

    def as_json(self) -> dict[str, Any]:
        """Return the selector as it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Selector:
        """Return the stored selector; what else is stored beside it is left alone."""
        return cls(**{each.name: stored[each.name] for each in fields(cls) if each.name in stored})


def anchor(text: str, span: Span, block: str = "") -> Selector:
    """Return the selector of ``span`` in ``text``. Raises ``ValueError`` for an empty span."""
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{span} is no span of a text of {len(text)} characters")
    exact = text[start:end]
    others = [at for at in _occurrences(exact, text) if at != start]
    before = after = _CONTEXT
    while before < _LONGEST_CONTEXT and any(_same_before(text, start, at, before) for at in others):
        before += _CONTEXT
    while after < _LONGEST_CONTEXT and any(
        _same_after(text, end, at + len(exact), after) for at in others
    ):
        after += _CONTEXT
    return Selector(
        exact=exact,
        prefix=text[max(0, start - before) : start],
        suffix=text[end : end + after],
        start=start,
        end=end,
        occurrences=len(others) + 1,
        block=block,
    )


def _same_before(text: str, one: int, other: int, size: int) -> bool:
    return text[max(0, one - size) : one] == text[max(0, other - size) : other]


def _same_after(text: str, one: int, other: int, size: int) -> bool:
    return text[one : one + size] == text[other : other + size]


def _occurrences(words: str, text: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def find(selector: Selector, text: str) -> Span | None:
    """Return where the words of ``selector`` stand in ``text``; ``None`` where that is not certain.

    Words that stood once and still do are found wherever they went. Of several, those are meant
    that have everything before or everything after them as it was, if only one has. A long
    quotation may have changed a little inside, where everything around it is the same.
    """
    size = len(selector.exact)
    if text[selector.start : selector.end] == selector.exact and _both(selector, text):
        return selector.span
    places = list(_occurrences(selector.exact, text))
    if not places:
        return _nearly(selector, text)
    if selector.occurrences == 1 and len(places) == 1:
        return places[0], places[0] + size
    before = {at for at in places if _prefixed(selector, text, at)}
    after = {at for at in places if _suffixed(selector, text, at + size)}
    for agreeing in (before & after, before | after):
        if len(agreeing) == 1:
            at = agreeing.pop()
            return at, at + size
    return None


def _both(selector: Selector, text: str) -> bool:
    return _prefixed(selector, text, selector.start) and _suffixed(selector, text, selector.end)


def _prefixed(selector: Selector, text: str, at: int) -> bool:
    # A short prefix says that the words stood at the beginning.
    if len(selector.prefix) < _CONTEXT and at != len(selector.prefix):
        return False
    return at >= len(selector.prefix) and text.startswith(
        selector.prefix, at - len(selector.prefix)
    )


def _suffixed(selector: Selector, text: str, end: int) -> bool:
    if len(selector.suffix) < _CONTEXT and len(text) - end != len(selector.suffix):
        return False
    return text.startswith(selector.suffix, end)


def _nearly(selector: Selector, text: str) -> Span | None:
    """Return the one place between the same contexts whose words are mostly the same."""
    before = _tokens(selector.exact)
    if len(before) < _LONG_WORDS:
        return None
    longest = 2 * len(selector.exact)
    starts = [
        at + len(selector.prefix)
        for at in (_occurrences(selector.prefix, text) if selector.prefix else [0])
    ]
    ends = list(_occurrences(selector.suffix, text)) if selector.suffix else [len(text)]
    found: Span | None = None
    for start in starts:
        if not _prefixed(selector, text, start):
            continue
        for end in ends[bisect_right(ends, start) : bisect_right(ends, start + longest)]:
            if _suffixed(selector, text, end) and _agree(before, _tokens(text[start:end])):
                if found is not None:
                    return None
                found = start, end
    return found


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _MOSTLY


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


class Carrier:
    """Takes spans of one text over into a later version of it.

    The two are compared once, word by word, between what they begin and end with alike.
    """

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._head = _common(old, new)
        rest = min(len(old), len(new)) - self._head
        self._tail = _common(old[::-1], new[::-1], rest)
        self._pairs: list[tuple[Span, Span]] | None = None

    def carry(self, span: Span) -> Span | None:
        """Return where the words of ``span`` stand in the later text, ``None`` where they do not.

        Short words that a change left without any neighbour are not recognised; in a long
        quotation a few words may have changed, though not its first or last.
        """
        start, end = span
        shift = len(self._new) - len(self._old)
        if self._old == self._new or (end <= self._head and not _in_word(self._new, end)):
            return span
        if start >= len(self._old) - self._tail and not _in_word(self._new, start + shift):
            return start + shift, end + shift
        return self._by_words(span)

    def _by_words(self, span: Span) -> Span | None:
        pairs = self._compared()
        inside = [place for place, (old, _) in enumerate(pairs) if _within(old, span)]
        words = [found.span() for found in _TOKEN.finditer(self._old, *span)]
        if not inside or not words or pairs[inside[0]][0][0] != words[0][0]:
            return None
        if pairs[inside[-1]][0][1] != words[-1][1]:
            return None
        first, last = pairs[inside[0]], pairs[inside[-1]]
        # What stands at the edges of the span beside its words: spaces, or nothing.
        begin = first[1][0] - (first[0][0] - span[0])
        finish = last[1][1] + (span[1] - last[0][1])
        there = self._new[begin:finish]
        if there == self._old[slice(*span)]:
            known = len(words) >= _LONG_WORDS or self._has_neighbour(inside)
            return (begin, finish) if known else None
        if len(words) < _LONG_WORDS:
            return None
        return (begin, finish) if _agree(_tokens(self._old[slice(*span)]), _tokens(there)) else None

    def _has_neighbour(self, inside: list[int]) -> bool:
        """Tell whether the words around the span, carried over, still stand around it."""
        sides = [
            self._beside(near, edge)
            for near, edge in ((inside[0] - 1, inside[0]), (inside[-1] + 1, inside[-1]))
        ]
        return "next" in sides or sides == ["near", "near"]

    def _beside(self, near: int, edge: int) -> str:
        pairs = self._compared()
        if not 0 <= near < len(pairs):
            return ""
        (old, new), (old_edge, new_edge) = pairs[near], pairs[edge]
        before, now = _gap(self._old, old, old_edge), _gap(self._new, new, new_edge)
        if _TOKEN.search(before):
            return ""
        if before == now:
            return "next"
        return "near" if len(now) <= _CONTEXT and "\n" not in now else ""

    def _compared(self) -> list[tuple[Span, Span]]:
        if self._pairs is None:
            old = [found.span() for found in _TOKEN.finditer(self._old)]
            new = [found.span() for found in _TOKEN.finditer(self._new)]
            self._pairs = list(self._pair(old, new))
        return self._pairs

    def _pair(self, old: list[Span], new: list[Span]) -> Iterator[tuple[Span, Span]]:
        def words(text: str, spans: list[Span]) -> list[str]:
            return [text[start:end] for start, end in spans]

        head = sum(1 for _, end in old if end < self._head)
        cut = len(self._old) - self._tail
        tail = sum(1 for start, _ in old if start > cut)
        yield from zip(old[:head], new[:head], strict=True)
        last_old, last_new = len(old) - tail, len(new) - tail
        matcher = SequenceMatcher(
            None,
            words(self._old, old[head:last_old]),
            words(self._new, new[head:last_new]),
            # Of words that recur throughout, the comparison takes the square of the length.
            autojunk=max(last_old, last_new) - head > _MANY_WORDS,
        )
        for one, other, size in matcher.get_matching_blocks():
            for step in range(size):
                yield old[head + one + step], new[head + other + step]
        if tail:
            yield from zip(old[-tail:], new[-tail:], strict=True)


def _gap(text: str, one: Span, other: Span) -> str:
    """Return what stands between two words."""
    return text[min(one[1], other[1]) : max(one[0], other[0])]


def _in_word(text: str, at: int) -> bool:
    """Tell whether ``at`` has a letter on either side: "kill" is no more in "killed"."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _common(one: str, other: str, most: int | None = None) -> int:
    size = min(len(one), len(other)) if most is None else most
    if one[:size] == other[:size]:
        return size
    low, high = 0, size
    # The longest common beginning, by halving: comparing slices is fast.
    while low + 1 < high:
        middle = (low + high) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle
    return low
