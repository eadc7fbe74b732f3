"""The statistical layer: what rules miss, where they are wrong, and how sure one can be.

In come a parsed text and what the rules found; out go relations with a calibrated confidence. A
small encoder reads words with their grammar, quotation marks and the rules' finds; for each word
it tells the chance that it is a cue, and for each cue, which words are its source and its content.
Where the model's files are missing it refuses to work (:class:`ModelMissingError`); it never falls
back on the rules alone in silence.

::

    reading = features.read(tokens, findings)
    linked  = model.found(reading)                    windows, encoder, linker, decoding
    merged  = merging.merged(findings, linked)        one list of both
    merged  = confidence.calibrated(merged)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction.tagger.model import ModelMissingError

if TYPE_CHECKING:
    from broadsheet.attribution.extraction.finding import Finding
    from broadsheet.attribution.extraction.tagger.merging import Merged
    from broadsheet.attribution.extraction.tokens import Tokens

__all__ = ["ModelMissingError", "refine"]


def refine(tokens: Tokens, findings: Sequence[Finding]) -> list[Finding]:
    """Return ``findings`` added to, corrected, and with ``strength`` a calibrated probability.

    It is the probability that cue, source and content are right. Raises :class:`ModelMissingError`
    where the model's files are not installed.
    """
    # Here, not above: numpy and onnxruntime are for those who extract.
    from broadsheet.attribution.extraction.tagger import confidence, features, merging, model

    if not len(tokens):
        return []
    reading = features.read(tokens, findings)
    found = model.loaded().found(reading, merging.LEAST)
    return [
        replace(one.finding, strength=confidence.probability(one), method=_method(one))
        for one in merging.merged(tokens, reading, findings, found)
    ]


def _method(one: Merged) -> str:
    if one.linked is None:
        return "rules"
    return "model" if one.rule is None else "rules+model"
