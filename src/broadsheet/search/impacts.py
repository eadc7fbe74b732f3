"""Impacts: how much a word says about a story, as far as it is known when it is indexed.

BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; fields as in 3.6.2)
is a sum over the words that were asked for: how rare a word is, times how much it says about
the story, which grows with how often it stands there (its weight), the less the longer the
story is. The weight is put into the index as a level beside the word (after Anh and Moffat,
Impact transformation, 2002), the length into the story's place, so that ranking reads lists of
places and no texts, and can read the best stories first.
"""

from __future__ import annotations

from array import array
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
    """What the words of some texts of a story come to in the index.

    ``forms`` are their forms and ``levels`` the tokens of those that weigh more than one that
    stands there once, with spaces between; ``weights`` the weight of each form, in their order,
    as floating-point numbers of eight bytes; ``length`` how many words they have.

    Two texts and bytes, since it goes from one process to another by the hundred thousand, which
    takes far longer for a dictionary of as many words.
    """

    forms: str
    levels: str
    weights: bytes
    length: int

    def tokens(self, marks: Sequence[str], more: Mapping[str, Cut]) -> str:
        """Return what goes into the index for a story, with spaces between.

        ``marks`` are the names of what it is filed under, ``more`` its further cut texts by the
        names of their :data:`FIELDS`.
        """
        forms, levels = f" {self.forms} ", f" {self.levels} "
        weights = memoryview(self.weights).cast("d")
        new: list[str] = []
        raised: list[str] = []
        for form, weight in _weights(more).items():
            place = forms.find(f" {form} ")
            before = weights[forms.count(" ", 0, place)] if place >= 0 else 0.0
            if not before:
                new.append(form)
            token = _leveled(form, before + weight)
            if (other := _leveled(form, before)) != token:
                if other:
                    levels = levels.replace(f" {other} ", " ")
                raised.append(token)
        found = (*map(mark, marks), self.forms, *new, levels.strip(" "), *raised)
        return " ".join(filter(None, found))


def weigh(texts: Mapping[str, Cut]) -> Weighed:
    """Return what cut ``texts`` of a story, by the names of their :data:`FIELDS`, come to."""
    weights = _weights(texts)
    if len(weights) > _MOST_FORMS:
        weights = dict(nlargest(_MOST_FORMS, weights.items(), key=itemgetter(1)))
    first = _BOUNDS[0]
    # As _leveled has it; called for each, it takes twice as long.
    levels = [
        f"{form}{_LEVEL_SIGN}{_LETTERS[bisect_right(_BOUNDS, weight)]}"
        for form, weight in weights.items()
        if weight >= first
    ]
    return Weighed(
        " ".join(weights),
        " ".join(levels),
        # Of a list, whose length it knows.
        array("d", list(weights.values())).tobytes(),
        sum(text.length for text in texts.values()),
    )


def _weights(texts: Mapping[str, Cut]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for name, text in texts.items():
        each = FIELDS[name]
        if not weights and each == ONCE:
            # What stands in the body once counts for one: how often it stands is its weight.
            weights.update(text.forms)
        else:
            _add(weights, text.forms, each)
        _add(weights, text.others, each * _OTHER)
    return weights


def _add(weights: dict[str, float], counts: Mapping[str, int], each: float) -> None:
    weight_of = weights.get
    for form, count in counts.items():
        weights[form] = weight_of(form, 0.0) + each * count


def _leveled(form: str, weight: float) -> str:
    """Return the token for a form of this weight beside the form itself, or none."""
    letter = _LETTERS[bisect_right(_BOUNDS, weight)]
    return f"{form}{_LEVEL_SIGN}{letter}" if letter else ""
