"""Impacts: how much a word says about a story, as far as it is known when it is indexed.

BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; fields as in 3.6.2)
is a sum over the words that were asked for: how rare a word is, times how much it says about
the story, which grows with how often it stands there (its weight), the less the longer the
story is. The weight is put into the index as a level beside the word (after Anh and Moffat,
Impact transformation, 2002), the length into the story's place, so that ranking reads lists of
places and no texts, and can read the best stories first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import log

# Fields in the order in which the index keeps them, and what a word there counts for.
FIELDS = {"headline": 3.0, "lead": 1.5, "body": 1.0, "captions": 1.0, "names": 1.5}
# What a form counts for that does not stand in the text as it is: a stem, a compound.
_OTHER = 0.8
# Where the levels of weight begin, and what each counts for. Most words stand in a text once:
# they have no level.
_BOUNDS = (1.5, 2.5, 3.5, 5.0, 7.0, 10.0, 15.0)
ONCE = 1.0
LEVELS: Mapping[str, float] = dict(
    zip("abcdefg", (2.0, 3.0, 4.2, 6.0, 8.3, 12.0, 20.0), strict=True)
)
_LETTERS = ("", *LEVELS)
# Lengths, in words, are told apart in so many steps, each a third longer than the one before.
LENGTH_BITS = 4
_SHORTEST = 30
_STEP = 4 / 3
# BM25's parameters: how soon more of a word says no more, and how much of that is by length.
_SATURATION = 1.2
_LENGTH_SHARE = 0.75
_USUAL_LENGTH = 400
ROOMS = tuple(
    _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * _SHORTEST * _STEP**step / _USUAL_LENGTH)
    for step in range(1 << LENGTH_BITS)
)
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


def length_step(words: int) -> int:
    """Return the step of a story of so many words; :data:`ROOMS` has one number for each."""
    step = round(log(max(words, _SHORTEST) / _SHORTEST) / log(_STEP))
    return min(step, (1 << LENGTH_BITS) - 1)


def weigh(texts: Sequence[Mapping[tuple[str, str], int]]) -> tuple[dict[str, float], int]:
    """Return the weight of each form of a story, and the story's length in words.

    ``texts`` are the counted words of each of :data:`FIELDS` (:func:`broadsheet.search.words.cut`).
    """
    weights: dict[str, float] = {}
    weight_of = weights.get
    length = 0
    for words, weight in zip(texts, FIELDS.values(), strict=True):
        length += sum(words.values())
        for (main, other), count in words.items():
            each = weight * count
            for form in main.split(" ") if " " in main else (main,):
                weights[form] = weight_of(form, 0.0) + each
            if other:
                for form in other.split(" "):
                    weights[form] = weight_of(form, 0.0) + each * _OTHER
    weights.pop("", None)
    return weights, length


def tokens(weights: Mapping[str, float], marks: Sequence[str]) -> str:
    """Return what goes into the index for a story, with spaces between."""
    first = _BOUNDS[0]
    if len(weights) > _MOST_FORMS:
        weights = dict(list(weights.items())[:_MOST_FORMS])
    found = [mark(name) for name in marks]
    found.extend(weights)
    found.extend(
        [
            f"{form}{_LEVEL_SIGN}{_LETTERS[bisect_right(_BOUNDS, weight)]}"
            for form, weight in weights.items()
            if weight >= first
        ]
    )
    return " ".join(found)
