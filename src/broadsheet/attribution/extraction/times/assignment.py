"""Which of a text's times a relation was said at, and at which its content happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from broadsheet.attribution.relation import AttributionRelation, TimeExpression

if TYPE_CHECKING:
    from spacy.tokens import Doc


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
