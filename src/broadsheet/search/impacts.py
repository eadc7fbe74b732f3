"""Impacts: how much a word says about a story, worked out once, when the story is indexed.

BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; fields as in 3.6.2)
is a sum over the words that were asked for: how rare a word is, times how much it says about
the story, which lies between 0 and 1. The second factor does not depend on the question. It is
put into the index as a level beside the word (Anh and Moffat, Impact transformation, 2002), so
that ranking reads lists of stories and no texts, and can read the best stories first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

# Fields in the order in which the index keeps them, and what a word there counts for.
FIELDS = {"headline": 3.0, "lead": 1.5, "body": 1.0, "captions": 1.0, "names": 1.5}
# What a form counts for that does not stand in the text as it is: a stem, a compound.
_OTHER = 0.8
_SATURATION = 1.2
_LENGTH_SHARE = 0.75
# The length BM25 goes by, in words. Fixed, so that a story's levels never change by others.
_USUAL_LENGTH = 400
# Where the levels begin, and what each counts for; below the first a word has no level.
_BOUNDS = (0.40, 0.48, 0.56, 0.64, 0.72, 0.80, 0.88)
BASE = 0.32
LEVELS: Mapping[str, float] = dict(
    zip("abcdefg", (0.44, 0.52, 0.60, 0.68, 0.76, 0.84, 0.91), strict=True)
)
_LETTERS = ("", *LEVELS)
_TIMES = tuple(bound / (1 - bound) for bound in _BOUNDS)
# Private characters, which no word of a text can have in it.
_LEVEL_SIGN = "\ue000"
_MARK_SIGN = "\ue001"
# A text with more different words is a table or an attack.
_MOST_FORMS = 20_000


def level(form: str, letter: str) -> str:
    """Return the token by which the index knows the stories that ``form`` says so much about."""
    return f"{form}{_LEVEL_SIGN}{letter}"


def mark(name: str) -> str:
    """Return the token for what a story is filed under, which is no word of its text."""
    return f"{_MARK_SIGN}{name}"


def tokens(texts: Sequence[tuple[str, str]], marks: Sequence[str]) -> str:
    """Return what goes into the index for a story, with spaces between.

    ``texts`` are the main forms and the other forms of each of :data:`FIELDS`
    (:func:`broadsheet.search.words.index_texts`).
    """
    weights: dict[str, float] = {}
    length = 0
    for (main, other), weight in zip(texts, FIELDS.values(), strict=True):
        if not main:
            continue
        words = main.split(" ")
        length += len(words)
        for forms, each in ((words, weight), (other.split(" ") if other else (), weight * _OTHER)):
            if not weights and each == 1:
                weights.update(Counter(forms))
                continue
            for form, count in Counter(forms).items():
                weights[form] = weights.get(form, 0.0) + each * count
    room = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / _USUAL_LENGTH)
    bounds = [times * room for times in _TIMES]
    first = bounds[0]
    found = [mark(name) for name in marks]
    found.extend(list(weights)[:_MOST_FORMS])
    found.extend(
        f"{form}{_LEVEL_SIGN}{_LETTERS[bisect_right(bounds, weight)]}"
        for form, weight in list(weights.items())[:_MOST_FORMS]
        if weight >= first
    )
    return " ".join(found)
