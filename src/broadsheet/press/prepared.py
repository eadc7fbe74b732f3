"""Queries that are asked again and again, and differ in their values alone.

Django takes longer to write such a query than the database to answer it. So it is written once,
with values in it that stand for those to come.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

Query = Callable[..., QuerySet[Any, Any]]

_FIRST_NUMBER = 2**62


def numbers(query: Query, *fixed: Hashable, **values: int | str | datetime) -> list[int]:
    """Return the first column, of integers, of what ``query(*fixed, **values)`` finds.

    As :func:`rows` otherwise.
    """
    return [row[0] for row in rows(query, *fixed, **values)]


def rows(query: Query, *fixed: Hashable, **values: int | str | datetime) -> list[tuple[Any, ...]]:
    """Return what ``query(*fixed, **values)`` finds, as the database gives it.

    ``query`` must be a function that is kept, and may look at ``fixed`` only: each of ``values``
    has to come, as it is and at least once, into what the database is asked.
    """
    names = tuple((name, type(value)) for name, value in sorted(values.items()))
    sql, slots = _statement(query, fixed, names)
    asked = {name: _as_asked(value) for name, value in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [asked[slot.name] if isinstance(slot, _Slot) else slot for slot in slots]
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def moment(stored: datetime | str | None) -> datetime | None:
    """Return a time that the database gave as it keeps it, in UTC."""
    value = parse_datetime(stored) if isinstance(stored, str) else stored
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class _Slot:
    """The place of a value in a statement."""

    def __init__(self, name: str) -> None:
        self.name = name


@cache
def _statement(
    query: Query, fixed: tuple[Hashable, ...], names: tuple[tuple[str, type], ...]
) -> tuple[str, tuple[Any, ...]]:
    stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(names)}
    sql, parameters = query(*fixed, **stand_ins).query.sql_with_params()
    found = {_as_asked(value): _Slot(name) for name, value in stand_ins.items()}
    slots = tuple(found.get(each, each) for each in parameters)
    if {slot.name for slot in slots if isinstance(slot, _Slot)} != stand_ins.keys():
        raise ValueError("not every value comes as it is into what the database is asked")
    return sql, slots


def _stand_in(kind: type, place: int) -> int | str | datetime:
    if kind is int:
        return _FIRST_NUMBER + place
    if kind is str:
        return f"\ufdd0{place}"
    return datetime(1, 2, 3, microsecond=place, tzinfo=UTC)


def _as_asked(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
