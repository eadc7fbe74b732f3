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
from dataclasses import dataclass
from heapq import nlargest
from math import log
from operator import itemgetter

from broadsheet.search.cutting import Cut

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


@dataclass(frozen=True)
class Weighed:
    """The weight of each form of a story or of a part of it, and how many words it has."""

    weights: dict[str, float]
    length: int

    def with_more(self, texts: Mapping[str, Cut]) -> Weighed:
        """Return this with the cut texts of further :data:`FIELDS`, by their names."""
        weights = dict(self.weights)
        for name, text in texts.items():
            _add(weights, text.forms, FIELDS[name])
            _add(weights, text.others, FIELDS[name] * _OTHER)
        return Weighed(weights, self.length + sum(text.length for text in texts.values()))


def weigh(body: Cut) -> Weighed:
    """Return what the words of a story's body weigh; the other texts come to it."""
    # What stands there once counts for one (:data:`FIELDS`): it is its own weight.
    weights: dict[str, float] = dict(body.forms)
    _add(weights, body.others, _OTHER)
    return Weighed(weights, body.length)


def _add(weights: dict[str, float], counts: Mapping[str, int], each: float) -> None:
    weight_of = weights.get
    for form, count in counts.items():
        weights[form] = weight_of(form, 0.0) + each * count


def tokens(weights: Mapping[str, float], marks: Sequence[str]) -> str:
    """Return what goes into the index for a story, with spaces between."""
    if len(weights) > _MOST_FORMS:
        weights = dict(nlargest(_MOST_FORMS, weights.items(), key=itemgetter(1)))
    found = [mark(name) for name in marks]
    found.extend(weights)
    first = _BOUNDS[0]
    found.extend(
        [
            f"{form}{_LEVEL_SIGN}{_LETTERS[bisect_right(_BOUNDS, weight)]}"
            for form, weight in weights.items()
            if weight >= first
        ]
    )
    return " ".join(found)
