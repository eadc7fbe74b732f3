"""A light stemmer for Persian: endings that leave the word what it is, and no more.

Snowball has a Persian stemmer, but it takes «ایرانی» to «ایر» and leaves «ایران» alone, and
takes «استانی» (provincial) to «است» (is). For retrieval, light stemming of Persian is known to
do at least as well as thorough stemming. The input is folded already (``folding.fold``).
"""

from __future__ import annotations

# Plural with what may hang on it, and comparison; the longest first.
_ENDINGS = (
    *("هایمان", "هایتان", "هایشان", "هایی", "هایم", "هایت", "هایش", "ترین"),
    *("های", "تری", "ها", "تر"),
)
# What must be left over, or the ending is part of the word («بها» price, «دفتر» office).
_LEAST = 3
_LEAST_BEFORE_COMPARISON = 4
_LEAST_BEFORE_YEH = 3


def stem(word: str) -> str:
    """Return ``word`` without plural, comparison and the final ی (ezafe, indefinite, adjective)."""
    if word.endswith(_ENDINGS):
        ending = next(each for each in _ENDINGS if word.endswith(each))
        least = _LEAST_BEFORE_COMPARISON if ending.startswith("تر") else _LEAST
        if len(word) - len(ending) >= least:
            word = word[: -len(ending)]
    if word.endswith("ی") and len(word) > _LEAST_BEFORE_YEH:
        word = word[:-1]
    return word
