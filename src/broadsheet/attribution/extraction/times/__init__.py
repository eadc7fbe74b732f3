"""Expressions of time in a text, and the times they mean as EDTF (ISO 8601-2:2019)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from spacy.tokens import Doc

from broadsheet.attribution.relation import AttributionRelation, TimeExpression


def find(
    text: str | Doc,
    published: datetime | None,
    zone: str,
    language: str,
    *,
    doc: Doc | None = None,
) -> tuple[TimeExpression, ...]:
    """Return the expressions of time in ``text`` in reading order.

    ``published`` is an aware datetime, or None where it is not known: then what is relative to it
    stays unresolved. ``zone`` is the paper's time zone (IANA name). With ``doc``, the parse of
    ``text``, the tense of the governing verb tells past from future.
    """
    return ()


def assign(
    relation: AttributionRelation, doc: Doc, times: Sequence[TimeExpression]
) -> AttributionRelation:
    """Return ``relation`` with ``statement_time`` and ``event_time`` out of ``times``."""
    return relation


def assign_all(
    relations: Iterable[AttributionRelation], doc: Doc, times: Sequence[TimeExpression]
) -> tuple[AttributionRelation, ...]:
    """Return ``relations`` with their times; what one source goes on to say shares its time.

    Wants relations whose ``source_name`` is resolved.
    """
    return tuple(assign(relation, doc, times) for relation in relations)
