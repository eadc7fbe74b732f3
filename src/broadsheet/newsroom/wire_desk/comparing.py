"""What a version of an item says otherwise than the one before: words taken out and put in.

Paragraphs are compared first, words only within those that changed, and both up to a bound:
comparing takes the square of what it compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# No wire item has as many paragraphs, or changes as many words at once. What goes beyond is shown
# as taken out and put in as a whole.
_MOST_PARAGRAPHS, _MOST_PAIRS_OF_WORDS = 1000, 3_000_000
# What has less in common is another paragraph: crossing out word by word could not be read.
_ALIKE = 0.4
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words, and what became of them."""

    kind: Literal["same", "out", "in"]
    text: str


Paragraph = tuple[Piece, ...]


def compared(before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs of both, in the order of ``after``, with what changed in each."""
    if before == after:
        return [(Piece("same", text),) for text in after]
    before, after = _bounded(before), _bounded(after)
    words = _Words()
    found: list[Paragraph] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        old, new = before[a_start:a_end], after[b_start:b_end]
        if kind == "equal":
            found += [(Piece("same", text),) for text in new]
            continue
        both = min(len(old), len(new))
        found += [tuple(words.compared(*pair)) for pair in zip(old[:both], new[:both], strict=True)]
        found += [(Piece("out", text),) for text in old[both:]]
        found += [(Piece("in", text),) for text in new[both:]]
    return found


def _bounded(paragraphs: Sequence[str]) -> list[str]:
    rest = paragraphs[_MOST_PARAGRAPHS:]
    return [*paragraphs[:_MOST_PARAGRAPHS], *(["\n".join(rest)] if rest else [])]


class _Words:
    """Compares paragraph after paragraph, as long as what it may spend on that lasts."""

    def __init__(self) -> None:
        self._left = _MOST_PAIRS_OF_WORDS

    def compared(self, before: str, after: str) -> Iterator[Piece]:
        """Return the words of both, in the order of ``after``."""
        old, new = _WORD.findall(before), _WORD.findall(after)
        self._left -= len(old) * len(new)
        if self._left < 0:
            yield Piece("out", before)
            yield Piece("in", after)
            return
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() < _ALIKE:
            yield Piece("out", before)
            yield Piece("in", after)
            return
        for kind, a_start, a_end, b_start, b_end in matcher.get_opcodes():
            if kind == "equal":
                yield Piece("same", "".join(new[b_start:b_end]))
                continue
            if a_end > a_start:
                yield Piece("out", "".join(old[a_start:a_end]))
            if b_end > b_start:
                yield Piece("in", "".join(new[b_start:b_end]))
