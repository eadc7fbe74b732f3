"""What the model is told of each word, and of each pair of a cue and a word, beside the words.

Grammar comes from spaCy's parse, quotation marks from ``quotations``, and what the rules found
stands beside both, so that the model learns when to trust them. Everything is a small whole
number: the row of a table of the model. The tables' order is part of the model: append, never
reorder, and train anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from broadsheet.attribution.extraction.finding import Finding
    from broadsheet.attribution.extraction.tokens import Tokens

Numbers = npt.NDArray[np.int64]

_TAGS_AS_TEXT = """
    $ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS PDT
    POS PRP PRP$ RB RBR RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX _SP ``
"""
TAGS = tuple(_TAGS_AS_TEXT.split())
_LABELS_AS_TEXT = """
    ROOT acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj
    csubj csubjpass dative dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass
    nummod oprd parataxis pcomp pobj poss preconj predet prep prt punct quantmod relcl xcomp
"""
LABELS = tuple(_LABELS_AS_TEXT.split())
_TAG = {name: number for number, name in enumerate(TAGS, 1)}
_LABEL = {name: number for number, name in enumerate(LABELS, 1)}
_DISTANCES = (1, 2, 3, 4, 5, 8, 12, 18, 28, 44, 76)
_SENTENCES = 3
_BLOCK = len(LABELS) + 1

TOKEN_SIZES = (len(TAGS) + 1, len(LABELS) + 1, 5, 6, 4, 8)
"""Rows of the tables of a word: tag, label, quotation, shape, place in the text, rules."""
PAIR_SIZES = (4 + 3 * _BLOCK, 2 * len(_DISTANCES) + 1, 2 * (2 * _SENTENCES + 1), 7, 5)
"""Rows of the tables of a pair: grammar, distance, sentences, quotations, rules."""
RULES_TOKEN, RULES_PAIR = 5, 4
"""Which of the tables say what the rules found."""
DISTANCE_PAIR = 1
"""Which of a pair's tables says how far apart the two are."""
_FAR = 2
_FEW = 6
"""Words, with its marks, of a quotation that is as often a scare quote."""


@dataclass(frozen=True)
class Reading:
    """A text's words (white space left out) with their features; arrays run over the words.

    ``place`` is each word's number among the text's tokens, ``head`` the number, here, of its
    head. ``rules`` are the words of each rule's relation: cue, source, content.
    """

    place: Numbers
    start: Numbers
    end: Numbers
    words: tuple[str, ...]
    head: Numbers
    label: Numbers
    sentence: Numbers
    paragraph: Numbers
    quote: Numbers
    features: Numbers
    rules: tuple[tuple[frozenset[int], frozenset[int], frozenset[int]], ...]

    def covered(self, spans: Sequence[tuple[int, int]]) -> frozenset[int]:
        """Numbers of the words that the character ``spans`` touch."""
        found: set[int] = set()
        for first, last in spans:
            low = int(np.searchsorted(self.end, first, side="right"))
            high = int(np.searchsorted(self.start, last, side="left"))
            found.update(range(low, high))
        return frozenset(found)


def _shape(word: str) -> int:
    if not any(sign.isalnum() for sign in word):
        return 1
    if word.isdigit() or any(sign.isdigit() for sign in word):
        return 2
    if word[0].isupper():
        return 4 if len(word) > 1 and word.isupper() else 3
    return 5


def _quotes(tokens: Tokens, keep: list[int]) -> tuple[Numbers, Numbers]:
    """Return for each word the quotation it stands in (0 for none) and its state in it."""
    number = np.zeros(len(keep), np.int64)
    state = np.zeros(len(keep), np.int64)
    first: dict[int, int] = {}
    for at, one in enumerate(tokens.quotations):
        # What runs on from the paragraph before is the same quotation.
        first[at] = at + 1 if one.continues is None else first[one.continues]
    inside = [tokens.inside[at] for at in keep]
    runs: dict[int, list[int]] = {}
    for word, at in enumerate(inside):
        if at >= 0:
            runs.setdefault(at, []).append(word)
    for at, words in runs.items():
        number[words] = first[at]
        state[words] = 4 if len(words) <= _FEW else 1
        state[words[0]] = 2
        if tokens.quotations[at].closed:
            state[words[-1]] = 3
    return number, state


def read(tokens: Tokens, findings: Sequence[Finding]) -> Reading:
    """Return the words of a parsed text with their features; ``findings`` are the rules'."""
    keep = [at for at, space in enumerate(tokens.space) if not space]
    count = len(keep)
    where = np.full(len(tokens) + 1, -1, np.int64)
    where[keep] = np.arange(count)
    place = np.array(keep, np.int64)
    words = tuple(tokens.words[at] for at in keep)
    head = where[np.array([tokens.head[at] for at in keep], np.int64)]
    head = np.where(head < 0, np.arange(count), head)
    label = np.array([_LABEL.get(tokens.dep[at], 0) for at in keep], np.int64)
    sentence = np.array(tokens.sentence, np.int64)[place]
    paragraph = np.array(tokens.line, np.int64)[place]
    quote, state = _quotes(tokens, keep)
    features = np.zeros((count, len(TOKEN_SIZES)), np.int64)
    features[:, 0] = [_TAG.get(tokens.tag[at], 0) for at in keep]
    features[:, 1] = label
    features[:, 2] = state
    features[:, 3] = [_shape(word) for word in words]
    opens = np.concatenate(([True], paragraph[1:] != paragraph[:-1]))[:count]
    leading = np.maximum.accumulate(np.where(opens, sentence, 0))
    features[:, 4] = np.minimum(paragraph, 1) * 2 + np.minimum(1, sentence - leading)

    def here(part: set[int]) -> frozenset[int]:
        return frozenset(int(where[at]) for at in part if where[at] >= 0)

    rules = tuple((here(one.cue), here(one.source), here(one.content)) for one in findings)
    for parts in rules:
        for bit, part in zip((1, 2, 4), parts, strict=True):
            features[sorted(part), RULES_TOKEN] |= bit
    start = np.array([tokens.start[at] for at in keep], np.int64)
    end = np.array([tokens.end[at] for at in keep], np.int64)
    return Reading(
        place, start, end, words, head, label, sentence, paragraph, quote, features, rules
    )


def _grammar(reading: Reading, anchor: int, low: int, high: int) -> Numbers:
    """Return for the words of the anchor's sentence how grammar leads from it to them."""
    head, label = reading.head, reading.label
    found = np.zeros(high - low, np.int64)
    level = {}
    at, depth = anchor, 0
    while at not in level:
        level[at] = depth
        at, depth = int(head[at]), depth + 1
    way: dict[int, int] = {}
    for place, depth in level.items():
        way[place] = 1 + min(depth, _FAR)
    for word in range(low, high):
        trail = []
        at = word
        while at not in way:
            trail.append(at)
            way[at] = 0  # a parse is a tree; should it not be, this ends the climb
            at = int(head[at])
        if not trail:
            continue
        if at in level:
            block = 4 + min(level[at], _FAR) * _BLOCK + int(label[trail[-1]])
        else:
            block = way[at]
        for one in trail:
            way[one] = block
    for word in range(low, high):
        found[word - low] = way[word]
    return found


def _quotation_pair(quote: Numbers, anchor: int, low: int, high: int) -> Numbers:
    ours = quote[anchor]
    theirs = quote[low:high]
    found = np.zeros(high - low, np.int64)
    if ours:
        found[theirs == ours] = 1
        found[theirs == 0] = 2
        found[(theirs != 0) & (theirs != ours)] = 3
        return found
    found[theirs != 0] = 4
    before, after = theirs[: anchor - low], theirs[anchor - low :]
    if before.any():
        found[: anchor - low][before == before[before != 0][-1]] = 5
    if after.any():
        found[anchor - low :][after == after[after != 0][0]] = 6
    return found


def pairs(reading: Reading, anchor: int, low: int, high: int) -> Numbers:
    """Return the features of the pairs of the cue at ``anchor`` and the words ``low:high``."""
    count = high - low
    found = np.zeros((count, len(PAIR_SIZES)), np.int64)
    sentence = reading.sentence
    first = max(low, int(np.searchsorted(sentence, sentence[anchor], side="left")))
    last = min(high, int(np.searchsorted(sentence, sentence[anchor], side="right")))
    found[first - low : last - low, 0] = _grammar(reading, anchor, first, last)
    away = np.arange(low, high) - anchor
    steps = np.searchsorted(_DISTANCES, np.abs(away), side="right")
    found[:, 1] = np.where(away < 0, steps + len(_DISTANCES), steps)
    offset = np.clip(sentence[low:high] - sentence[anchor], -_SENTENCES, _SENTENCES) + _SENTENCES
    same = reading.paragraph[low:high] == reading.paragraph[anchor]
    found[:, 2] = offset + same * (2 * _SENTENCES + 1)
    found[:, 3] = _quotation_pair(reading.quote, anchor, low, high)
    for cue, source, content in reading.rules:
        if anchor not in cue:
            continue
        found[:, 4] = 1
        for mark, part in ((3, content), (2, source), (4, cue)):
            for word in part:
                if low <= word < high:
                    found[word - low, 4] = mark
        break
    return found
