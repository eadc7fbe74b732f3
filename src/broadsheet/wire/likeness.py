"""Whether two texts are the same story, one of them perhaps rewritten."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Long enough that two stories of one language share hardly any by accident, and counted in
# characters, since not every language puts spaces between words.
_SHINGLE = 12
_READ_AT_MOST = 40_000
# Rewritten stories share far more than this, different ones far less (about 0.02).
_SAME_STORY = 0.2


def folded(text: str) -> str:
    """Return ``text`` without case, compatibility forms and spacing, for comparing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def share(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how much of the shorter text stands in the longer one, from 0 to 1."""
    first, second = _shingles(one), _shingles(other)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def same_story(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two bodies are states of one story."""
    return share(one, other) >= _SAME_STORY


def _shingles(paragraphs: Iterable[str]) -> set[str]:
    text = folded(" ".join(paragraphs))[:_READ_AT_MOST]
    letters = "".join(char for char in text if char.isalnum() or char == " ")
    if len(letters) <= _SHINGLE:
        return {letters} if letters else set()
    return {letters[at : at + _SHINGLE] for at in range(len(letters) - _SHINGLE + 1)}
