"""How sure a relation is: a calibrated probability.

Platt's scaling (1999): a logistic regression over what model and rules say of the relation, fitted
on stories that the model had not learnt. Its weights stand in ``model/confidence.json``.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction.tagger.model import FOLDER, ModelMissingError

if TYPE_CHECKING:
    from broadsheet.attribution.extraction.tagger.merging import Merged

FILE = "confidence.json"
NAMES = (
    "bias", "cue", "source doubt", "content doubt", "no source", "no rule", "rule's strength",
    "rule's cue", "rule's source", "rule's content", "noun", "no model",
)  # fmt: skip
_MOST = 6.0


def _alike(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def evidence(one: Merged) -> list[float]:
    """Return what speaks for and against ``one``, in the order of ``NAMES``."""
    finding, linked, rule = one.finding, one.linked, one.rule
    chance = min(max(linked.chance, 1e-4), 1 - 1e-4) if linked else 0.5
    return [
        1.0,
        max(-_MOST, min(_MOST, math.log(chance / (1 - chance)))),
        min(1.0, linked.source_doubt) if linked else 0.5,
        min(1.0, linked.content_doubt) if linked else 0.5,
        float(not finding.source),
        float(rule is None),
        rule.strength if rule else 0.0,
        _alike(finding.cue, rule.cue) if rule else 0.0,
        _alike(finding.source, rule.source) if rule else 0.0,
        _alike(finding.content, rule.content) if rule else 0.0,
        float(finding.cue_kind.value == "noun"),
        float(linked is None),
    ]


@cache
def weights(folder: Path = FOLDER) -> tuple[float, ...]:
    """Return the weights of ``NAMES``.

    Raises :class:`ModelMissingError` where their file is not there.
    """
    path = folder / FILE
    if not path.is_file():
        raise ModelMissingError(
            f"{FILE} not found in {folder}; install the package anew, or train the model as "
            "docs/howto/train-attribution.md says"
        )
    values: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(values[name] for name in NAMES)


def probability(one: Merged) -> float:
    """Return the probability that ``one`` is right."""
    score = sum(w * x for w, x in zip(weights(), evidence(one), strict=True))
    return 1 / (1 + math.exp(-score))
