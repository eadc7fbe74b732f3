"""Letters as they are compared: one for its variants, without vowel signs and joiners."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

Letters = tuple[tuple[str, str], ...]
"""Pairs of a letter and what it counts as; what it counts as may be empty."""

_DROPPED = regex.compile(r"[\p{M}\p{Cf}ـ ]")


@lru_cache(maxsize=65_536)
def fold(word: str, letters: Letters) -> str:
    """Return what ``word`` is compared by; ``letters`` are pairs of a letter and what it counts as.

    A letter is taken before its compatibility form, so that ``آ`` can stay apart from ``ا``.
    """
    table = dict(letters)
    composed = unicodedata.normalize("NFKC", word).lower()
    changed = "".join(table.get(letter, letter) for letter in composed)
    return str(_DROPPED.sub("", changed))
