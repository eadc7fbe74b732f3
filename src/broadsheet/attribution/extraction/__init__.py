"""Extraction: a text in, who is said to stand behind which of its words out.

Pure: no database, no network, no other room. Each language is one module with a function
``analyse(text, published, zone) -> Analysis``; this registry says which. A text in any other
language is not analysed, which the answer says; it is never an empty success.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from importlib import import_module
from zoneinfo import ZoneInfo

from broadsheet.attribution.relation import Analysis, AttributionRelation

ANALYSERS = {
    "en": "broadsheet.attribution.extraction.english",
    "fa": "broadsheet.attribution.extraction.persian",
    "de": "broadsheet.attribution.extraction.german",
    "ar": "broadsheet.attribution.extraction.arabic",
}
"""Primary language subtag (RFC 5646) to the module that analyses it."""

Analyser = Callable[[str, datetime | None, tzinfo], Analysis]


class NotAnalysed(ValueError):  # noqa: N818 -- what it says is not that something went wrong
    """The text was not looked at; the message says why."""


def analyser_for(language: str) -> Analyser | None:
    """Return the function that analyses texts in ``language``, a tag of RFC 5646, or ``None``."""
    module = ANALYSERS.get(language.replace("_", "-").partition("-")[0].lower())
    if module is None:
        return None
    analyser: Analyser = import_module(module).analyse
    return analyser


def _checked(published: datetime | None) -> None:
    if published is not None and published.tzinfo is None:
        raise ValueError("published must carry a time zone")


def analyse(
    text: str,
    published: datetime | None,
    *,
    paper_time_zone: str = "UTC",
    language: str = "en",
    min_confidence: float = 0.0,
) -> Analysis:
    """Return what ``text`` attributes to whom, and the sentences nobody stands behind.

    ``published`` is an aware datetime from which relative times are counted; ``None`` leaves them
    unresolved, which each says. ``paper_time_zone`` is an IANA name. Relations less certain than
    ``min_confidence`` (0 to 1) are left out. In a language that is not supported the answer has
    ``analysed`` false and a reason. Raises :class:`ValueError` for a naive ``published`` and
    :class:`zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
    """
    _checked(published)
    zone = ZoneInfo(paper_time_zone)
    analyser = analyser_for(language)
    if analyser is None:
        return Analysis(
            analysed=False,
            language=language,
            reason=f"attribution is not analysed in the language “{language}”",
        )
    return without_weak(analyser(text, published, zone), min_confidence)


def extract(
    text: str,
    published: datetime | None,
    *,
    paper_time_zone: str = "UTC",
    language: str = "en",
    min_confidence: float = 0.0,
) -> list[AttributionRelation]:
    """Return the relations of ``text``, as :func:`analyse` does.

    Raises :class:`NotAnalysed` where ``language`` is not supported.
    """
    found = analyse(
        text,
        published,
        paper_time_zone=paper_time_zone,
        language=language,
        min_confidence=min_confidence,
    )
    if not found.analysed:
        raise NotAnalysed(found.reason)
    return list(found.relations)


def without_weak(found: Analysis, min_confidence: float) -> Analysis:
    """Return ``found`` without the relations whose confidence is below ``min_confidence``.

    Positions that point at relations are put right; a relation inside a dropped one moves to the
    next that holds it.
    """
    from dataclasses import replace

    if min_confidence <= 0:
        return found
    kept = [i for i, one in enumerate(found.relations) if one.confidence >= min_confidence]
    new = {old: position for position, old in enumerate(kept)}

    def outer(at: int | None) -> int | None:
        while at is not None and at not in new:
            at = found.relations[at].nested_in
        return None if at is None else new[at]

    return replace(
        found,
        relations=tuple(
            replace(found.relations[i], nested_in=outer(found.relations[i].nested_in)) for i in kept
        ),
        sentences=tuple(
            replace(one, relations=tuple(new[i] for i in one.relations if i in new))
            for one in found.sentences
        ),
    )
