"""Fit how sure a relation is, on stories that the model had not learnt.

    python training/attribution/calibrate.py [--model FOLDER] [--out FOLDER]

A relation is right where one that was marked has words in common with each of its parts. The
weights (``confidence.NAMES``) are those of a logistic regression, found by Newton's method with a
small ridge; they go to ``confidence.json``. Prints, over five folds of stories, how often
relations of each stated probability are right, so that the figure is of stories not fitted to.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attribution_marks import stories
from attribution_scoring import Parts, parts_of, touches
from broadsheet.attribution.extraction.tagger import confidence, merging
from broadsheet.attribution.extraction.tagger.model import FOLDER, Model
from examples import Example, example

Floats = npt.NDArray[np.float64]
FOLDS = 5
RIDGE = 1.0
SURE = 0.9


def _right(one: Parts, marked: list[Parts]) -> bool:
    return any(
        touches(one.cue, other.cue)
        and touches(one.source, other.source)
        and touches(one.content, other.content)
        for other in marked
    )


def observed(item: Example, model: Model) -> tuple[list[list[float]], list[bool], list[bool]]:
    """Return what speaks for each relation found, whether it is right, and whether its cue is."""
    linked = model.found(item.reading, merging.LEAST)
    merged = merging.merged(item.tokens, item.reading, item.findings, linked)
    say = item.tokens.spans
    text = item.story.text
    found = parts_of(
        text,
        [
            (say(one.finding.source), say(one.finding.cue), say(one.finding.content), 1.0)
            for one in merged
        ],
    )
    marked = parts_of(text, [(m.source, m.cue, m.content, 1.0) for m in item.story.relations])
    cues = frozenset().union(*(one.cue for one in marked))
    return (
        [confidence.evidence(one) for one in merged],
        [_right(one, marked) for one in found],
        [not one.cue.isdisjoint(cues) for one in found],
    )


def fitted(evidence: Floats, right: Floats) -> Floats:
    """Return the weights of a logistic regression (Newton's method, ridge ``RIDGE``)."""
    weights = np.zeros(evidence.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-evidence @ weights))
        slope = evidence.T @ (right - chance) - RIDGE * weights
        bend = (evidence * (chance * (1 - chance))[:, None]).T @ evidence
        step = np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def main() -> None:
    """Fit, print how well it holds, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=FOLDER)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    model = Model(options.model)
    rows = [observed(example(story), model) for story in stories("dev")]
    stated: list[float] = []
    for fold in range(FOLDS):
        learnt = [row for number, row in enumerate(rows) if number % FOLDS != fold]
        weights = fitted(
            np.array([line for row in learnt for line in row[0]]),
            np.array([right for row in learnt for right in row[1]], np.float64),
        )
        for number, row in enumerate(rows):
            if number % FOLDS == fold and row[0]:
                chance = 1 / (1 + np.exp(-np.array(row[0]) @ weights))
                stated += [(number, *each) for each in zip(chance, row[1], row[2], strict=True)]
    table = np.array([each[1:] for each in stated], np.float64)
    print(f"{len(table)} relations found, {100 * table[:, 1].mean():.1f} % of them right")
    for low in np.arange(0.0, 1.0, 0.1):
        here = table[(table[:, 0] >= low) & (table[:, 0] < low + 0.1)]
        if len(here):
            print(
                f"stated {low:.1f} to {low + 0.1:.1f}: {len(here):5d}, on average "
                f"{100 * here[:, 0].mean():5.1f} %, right {100 * here[:, 1].mean():5.1f} %, "
                f"cue right {100 * here[:, 2].mean():5.1f} %"
            )
    sure = table[table[:, 0] >= SURE]
    print(
        f"sure ({SURE}): {100 * len(sure) / len(table):.1f} % of all found, "
        f"cue right {100 * sure[:, 2].mean():.1f} %"
    )
    weights = fitted(
        np.array([line for row in rows for line in row[0]]),
        np.array([right for row in rows for right in row[1]], np.float64),
    )
    values = {name: round(float(w), 4) for name, w in zip(confidence.NAMES, weights, strict=True)}
    (options.out / confidence.FILE).write_text(json.dumps(values, indent=1) + "\n")


if __name__ == "__main__":
    main()
