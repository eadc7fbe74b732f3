"""From the model's numbers to relations of words.

The most likely run of labels around each cue is found with a price on every change of label
(Viterbi), so that a lone doubtful word makes no span of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

NONE, SOURCE, CONTENT, CUE = range(4)
CHANGE = 1.0
"""The price of a change of label, in log-odds."""


@dataclass(frozen=True)
class Linked:
    """A relation in words; ``chance`` is that of the cue, ``doubt`` of source and content.

    ``source_doubt`` and ``content_doubt`` are the mean chance, over the words of each and those
    left out, that the label is another one: the smaller the surer.
    """

    anchor: int
    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]
    chance: float
    source_doubt: float
    content_doubt: float


def log_softmax(values: Floats) -> Floats:
    """Return the logarithms of the labels' chances (last axis)."""
    top = values.max(axis=-1, keepdims=True)
    shifted = values - top
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)


def best_labels(scores: Floats, change: float = CHANGE) -> npt.NDArray[np.int64]:
    """Return the best run of labels of each row; ``scores`` is rows by words by labels."""
    rows, words, labels = scores.shape
    total = scores[:, 0].copy()
    back = np.zeros((words, rows, labels), np.int64)
    own = np.arange(labels)
    for word in range(1, words):
        best = total.argmax(axis=1)
        value = total[np.arange(rows), best] - change
        stay = total >= value[:, None]
        back[word] = np.where(stay, own, best[:, None])
        total = np.where(stay, total, value[:, None]) + scores[:, word]
    found = np.zeros((rows, words), np.int64)
    found[:, -1] = total.argmax(axis=1)
    for word in range(words - 1, 0, -1):
        found[:, word - 1] = back[word][np.arange(rows), found[:, word]]
    return found


def linked(
    scores: Floats, places: npt.NDArray[np.int64], anchors: list[int], chances: Floats
) -> list[Linked]:
    """Return the relation of each anchor.

    ``scores`` are the linker's log-odds, ``places`` the numbers of the words asked about, -1
    where there is none, ``chances`` those of the anchors to be cues.
    """
    if not anchors:
        return []
    logs = log_softmax(scores)
    absent = places < 0
    logs[absent] = (0.0, -99.0, -99.0, -99.0)
    labels = best_labels(logs)
    chance = np.exp(logs)
    found = []
    for row, anchor in enumerate(anchors):
        there = ~absent[row]
        words, label, sure = places[row][there], labels[row][there], chance[row][there]
        doubts = []
        for part in (SOURCE, CONTENT):
            taken = label == part
            wrong = np.where(taken, 1 - sure[:, part], sure[:, part]).sum()
            doubts.append(float(wrong) / max(1, int(taken.sum())))
        cue = frozenset(words[label == CUE].tolist()) | {anchor}
        found.append(
            Linked(
                anchor,
                cue,
                frozenset(words[label == SOURCE].tolist()) - cue,
                frozenset(words[label == CONTENT].tolist()) - cue,
                float(chances[row]),
                *doubts,
            )
        )
    return found
