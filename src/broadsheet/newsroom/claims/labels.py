"""What the desk calls the values of the attribution model, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from broadsheet.attribution.relation import CueKind, HedgeKind, QuoteType

BY_HAND = "hand"

_LIKELIHOODS: tuple[tuple[float, Promise], ...] = (
    (0.9, _("very likely")),
    (0.75, _("likely")),
    (0.5, _("uncertain")),
    (0.0, _("doubtful")),
)
_HEDGES: dict[str, Promise] = {
    HedgeKind.HEARSAY: _("hearsay"),
    HedgeKind.DISTANCING: _("keeps its distance"),
    HedgeKind.AGENTLESS: _("by nobody in particular"),
    HedgeKind.SCARE: _("so-called"),
}
QUOTE_TYPES: dict[str, Promise] = {
    QuoteType.DIRECT: _("in the source's own words"),
    QuoteType.INDIRECT: _("in other words"),
    QuoteType.MIXED: _("partly in the source's own words"),
}
CUE_KINDS: dict[str, Promise] = {
    CueKind.VERB: pgettext_lazy("part of speech", "verb"),
    CueKind.NOUN: pgettext_lazy("part of speech", "noun"),
    CueKind.PREPOSITION: pgettext_lazy("part of speech", "preposition"),
    CueKind.ADVERB: pgettext_lazy("part of speech", "adverb or adjective"),
    CueKind.PUNCTUATION: pgettext_lazy("part of speech", "punctuation"),
}
_METHODS: dict[str, Promise] = {
    "rules": _("found by grammar"),
    "model": _("found by the trained model"),
    "rules+model": _("found by grammar and by the trained model"),
    BY_HAND: _("added by hand"),
}


def likelihood(confidence: float) -> str:
    """Return a probability in words."""
    return next(str(words) for least, words in _LIKELIHOODS if confidence >= least or not least)


def thresholds() -> list[tuple[str, Promise]]:
    """Return from which probabilities suggestions can be confirmed together, each in words."""
    return [(f"{least:.2f}", words) for least, words in _LIKELIHOODS if least]


def hedge(kind: str) -> str:
    """Return the name of a kind of hedge."""
    return str(_HEDGES.get(kind, kind))


def quote_type(kind: str) -> str:
    """Return in whose words a claim is."""
    return str(QUOTE_TYPES.get(kind, kind))


def method(name: str) -> str:
    """Return what found a relation."""
    return str(_METHODS.get(name, name))


def counts(numbers: Mapping[str, int]) -> list[str]:
    """Return how many claims there are of each sort: a status, or ``lost``; none is left out."""
    sentences = {
        "suggested": ngettext("%d suggested", "%d suggested", numbers.get("suggested", 0)),
        "confirmed": ngettext("%d confirmed", "%d confirmed", numbers.get("confirmed", 0)),
        "edited": ngettext("%d edited", "%d edited", numbers.get("edited", 0)),
        "rejected": ngettext("%d rejected", "%d rejected", numbers.get("rejected", 0)),
        "lost": ngettext("%d lost", "%d lost", numbers.get("lost", 0)),
    }
    return [words % numbers[name] for name, words in sentences.items() if numbers.get(name)]
