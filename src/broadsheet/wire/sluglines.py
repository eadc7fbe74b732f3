"""Which sluglines are of one story: agencies that give no guid take copy back by its slug."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+")
# What agencies add to the slug of a story when they send it again.
_ADDED_WORDS = """
    bc am pm eu af as us la ml uk intl kill kills killed mandatory withdraw withdrawal withdrawn
    advisory correction corrective corrected corr correct ld lead leadall writethru writethrough
    update updated urgent bulletin newsalert newsbreak alert flash add sub insert take repeat rpt
    refile adv hfr with photo photos pictures graphic st nd rd th new recasts
"""
_ADDED = frozenset(_ADDED_WORDS.split())
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_SHORTEST = 4


def base(slugline: str) -> frozenset[str]:
    """Return the words of ``slugline`` that name its story; none where nothing is left to tell it.

    "BC-Harbor-Fire, 2nd Ld-Writethru" and "BC-Harbor-Fire--KILL" have the same base.
    """
    words = {
        word
        for word in _WORD.findall(slugline[:300].casefold())
        if word not in _ADDED and not _ORDINAL.fullmatch(word)
    }
    return frozenset(words) if any(len(word) >= _SHORTEST for word in words) else frozenset()
