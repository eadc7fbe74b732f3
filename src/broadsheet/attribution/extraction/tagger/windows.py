"""Stretches of a text that the model reads at once.

A window is whole paragraphs, as many as fit, with some words of what stands before and after, so
that a speaker named in the sentence before is seen. Cues are looked for only in the window's own
words, so that none is found twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from broadsheet.attribution.extraction.tagger.features import (
    PAIR_SIZES,
    TOKEN_SIZES,
    Numbers,
    Reading,
    pairs,
)
from broadsheet.attribution.extraction.tagger.pieces import Pieces

OWN = 352
"""Pieces of a window's own words, at most; BERT's positions end at 512."""
BEFORE, AFTER = 44, 28
"""Words of context on either side."""
LONGEST = 500
BACK, AHEAD = 72, 110
"""How many words before and after a cue its source and content are looked for."""
_OFFSETS = np.cumsum((1, *TOKEN_SIZES[:-1]))
_PAIR_OFFSETS = np.cumsum((1, *PAIR_SIZES[:-1]))
TOKEN_ROWS, PAIR_ROWS = 1 + sum(TOKEN_SIZES), 1 + sum(PAIR_SIZES)
"""Rows of the joined tables; row 0 is for what is no word, or no pair."""


@dataclass(frozen=True)
class Window:
    """Words ``low:high`` of a reading, of which ``own`` are the window's own.

    ``pieces`` are numbers of word pieces, ``features`` the rows of each piece's word in the
    joined table, ``first`` each word's first piece.
    """

    low: int
    high: int
    own: tuple[int, int]
    pieces: Numbers
    features: Numbers
    first: Numbers


def _window(
    reading: Reading, cut: list[tuple[int, ...]], vocabulary: Pieces, own: tuple[int, int]
) -> Window:
    low, high = own
    length = sum(len(cut[word]) for word in range(low, high))
    while low > 0 and own[0] - low < BEFORE and length + len(cut[low - 1]) < LONGEST - AFTER:
        low -= 1
        length += len(cut[low])
    while (
        high < len(cut) and high - own[1] < AFTER and length + len(cut[high]) < LONGEST - AFTER // 2
    ):
        length += len(cut[high])
        high += 1
    pieces, owner, first = [vocabulary.start], [-1], []
    for word in range(low, high):
        if word > low and reading.paragraph[word] != reading.paragraph[word - 1]:
            pieces.append(vocabulary.separator)
            owner.append(-1)
        first.append(len(pieces))
        pieces.extend(cut[word])
        owner.extend([word] * len(cut[word]))
    pieces.append(vocabulary.separator)
    owner.append(-1)
    whose = np.array(owner, np.int64)
    features = reading.features[whose] + _OFFSETS
    features[whose < 0] = 0
    return Window(low, high, own, np.array(pieces, np.int64), features, np.array(first, np.int64))


def windows(reading: Reading, vocabulary: Pieces) -> Iterator[Window]:
    """Yield the windows of ``reading``; their own words are all of its words, once."""
    cut = [vocabulary.cut(word) for word in reading.words]
    lengths = [len(pieces) for pieces in cut]
    paragraph, sentence = reading.paragraph, reading.sentence
    first = 0
    while first < len(cut):
        last, length = first, 0
        by_paragraph = by_sentence = first
        while last < len(cut) and length + lengths[last] <= OWN:
            length += lengths[last]
            last += 1
            if last == len(cut) or paragraph[last] != paragraph[last - 1]:
                by_paragraph = last
                length += 1
            elif sentence[last] != sentence[last - 1]:
                by_sentence = last
        # A paragraph that is too long is cut between sentences, a sentence anywhere.
        end = by_paragraph if by_paragraph > first else max(by_sentence, first)
        if end == first:
            end = max(last, first + 1)
        yield _window(reading, cut, vocabulary, (first, end))
        first = end


def reach(window: Window, anchor: int) -> tuple[int, int]:
    """Return the words in which source and content of the cue at ``anchor`` are looked for."""
    return max(window.low, anchor - BACK), min(window.high, anchor + AHEAD)


def linking(reading: Reading, window: Window, anchors: list[int]) -> tuple[Numbers, Numbers]:
    """Return, a row an anchor, the words asked about and the rows of their pairs' features.

    Words are counted from the window's first; -1 where there is none.
    """
    width = BACK + AHEAD
    words = np.full((len(anchors), width), -1, np.int64)
    features = np.zeros((len(anchors), width, len(PAIR_SIZES)), np.int64)
    for row, anchor in enumerate(anchors):
        low, high = reach(window, anchor)
        words[row, : high - low] = np.arange(low, high) - window.low
        features[row, : high - low] = pairs(reading, anchor, low, high) + _PAIR_OFFSETS
    return words, features
