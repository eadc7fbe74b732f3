"""Queries that are asked again and again, and differ in their values alone.

Django takes longer to write such a query than the database to answer it. So it is written once,
with values in it that stand for those to come.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import DateTimeField, Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime

Query = Callable[..., QuerySet[Any, Any]]
Value = int | str | datetime
Row = tuple[Any, ...]
Found = TypeVar("Found", bound=Model)

_FIRST_NUMBER = 2**62
# A list of numbers is filled up to one of these lengths, and asked in parts beyond the last.
_LENGTHS = (1, 4, 16, 64, 128, 256)
_LONGEST = _LENGTHS[-1]


def numbers(query: Query, *fixed: Hashable, **values: Value | Sequence[int]) -> list[int]:
    """Return the first column, of integers, of what ``query(*fixed, **values)`` finds.

    As :func:`rows` otherwise.
    """
    return [row[0] for row in rows(query, *fixed, **values)]


def rows(query: Query, *fixed: Hashable, **values: Value | Sequence[int]) -> list[Row]:
    """Return what ``query(*fixed, **values)`` finds, as the database gives it.

    ``query`` must be a function that is kept, and may look at ``fixed`` only: each of ``values``
    has to come, as it is and at least once, into what the database is asked. One of them may be a
    list of numbers, to be asked for by ``__in``; where it is long the query is asked several
    times, so that what it finds is in order within each part only. Of an empty list nothing is
    found. A number must be one that a big integer is compared with: what has less room belongs to
    ``fixed``. Raises ``ValueError`` where a value does not come into the query.
    """
    return [row for row, _statement in _found(query, fixed, values)]


def values(query: Query, *fixed: Hashable, **values: Value | Sequence[int]) -> list[Row]:
    """Return what ``query(*fixed, **values)`` finds, as its fields read it.

    As :func:`rows` otherwise.
    """
    return [_read(row, statement) for row, statement in _found(query, fixed, values)]


def objects(
    model: type[Found], query: Query, *fixed: Hashable, **values: Value | Sequence[int]
) -> list[Found]:
    """Return what ``query(*fixed, **values)``, a query for whole rows of ``model``, finds.

    Of its joins and prefetched parts nothing comes along; deferred fields stay away. As
    :func:`rows` otherwise.
    """
    return [
        model.from_db(connection.alias, statement.fields, _read(row, statement))
        for row, statement in _found(query, fixed, values)
    ]


def as_kept(model: type[Model], names: Iterable[str]) -> list[str | Cast]:
    """Return how to ask for the fields ``names`` of ``model`` so that no time of it is parsed.

    SQLite keeps times as text, which is enough to compare them and is read with :func:`moment`.
    """
    if connection.vendor != "sqlite":
        return list(names)
    own = {field.attname: type(field) for field in model._meta.concrete_fields}
    times = {name for name, kind in own.items() if issubclass(kind, DateTimeField)}
    return [Cast(name, TextField()) if name in times else name for name in names]


def moment(stored: datetime | str | None) -> datetime | None:
    """Return a time that the database gave as it keeps it, in UTC."""
    value = parse_datetime(stored) if isinstance(stored, str) else stored
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def in_turn(chain: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    """Return how a value of the column ``expression`` is read, by Django's converters for it."""

    def convert(value: Any) -> Any:
        for step in chain:
            value = step(value, expression, connection)
        return value

    return convert


class _Slot(NamedTuple):
    """The place of a value in a statement, or of one of its numbers."""

    name: str
    number: int


# What an expression is called that is no field.
_UNNAMED = SimpleNamespace(attname="")


class _Statement(NamedTuple):
    """A query as it is written, what stands for the values, and how its columns are read."""

    sql: str
    slots: tuple[Any, ...]
    fields: list[str]
    # How many columns were asked for: by what else a query orders comes behind them.
    width: int | None
    converters: list[tuple[int, Callable[[Any], Any]]]


def _found(
    query: Query, fixed: tuple[Hashable, ...], values: dict[str, Any]
) -> Iterable[tuple[Row, _Statement]]:
    lists = [name for name, value in values.items() if isinstance(value, list | tuple)]
    if not lists:
        return _asked(query, fixed, values)
    (name,) = lists
    some = values[name]
    parts = [some[begin : begin + _LONGEST] for begin in range(0, len(some), _LONGEST)]
    return (each for part in parts for each in _asked(query, fixed, values | {name: part}))


def _asked(
    query: Query, fixed: tuple[Hashable, ...], values: dict[str, Any]
) -> list[tuple[Row, _Statement]]:
    asked: dict[_Slot, Any] = {}
    lengths = []
    for name, value in sorted(values.items()):
        if isinstance(value, list | tuple):
            length = next(each for each in _LENGTHS if each >= len(value))
            for number in range(length):
                # The last one is asked for again where there are fewer.
                asked[_Slot(name, number)] = value[min(number, len(value) - 1)]
            lengths.append((name, int, length))
        else:
            asked[_Slot(name, 0)] = _as_asked(value)
            lengths.append((name, type(value), 0))
    statement = _statement(connection.vendor, query, fixed, tuple(lengths))
    parameters = [asked[slot] if isinstance(slot, _Slot) else slot for slot in statement.slots]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, parameters)
        return [(row[: statement.width], statement) for row in cursor.fetchall()]


@cache
def _statement(
    vendor: str,
    query: Query,
    fixed: tuple[Hashable, ...],
    names: tuple[tuple[str, type, int], ...],
) -> _Statement:
    """Write ``query`` as the database of this ``vendor`` reads it."""
    stand_ins: dict[str, Any] = {}
    of_slots: dict[Any, _Slot] = {}
    for place, (name, kind, length) in enumerate(names):
        numbers = [_FIRST_NUMBER + place * _LONGEST + number for number in range(max(length, 1))]
        stand_ins[name] = numbers if length else _stand_in(kind, place)
        for number, each in enumerate(numbers if length else [stand_ins[name]]):
            of_slots[_as_asked(each)] = _Slot(name, number)
    compiler = query(*fixed, **stand_ins).query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select or ()]
    fields = [getattr(column, "target", _UNNAMED).attname for column in columns]
    converters = [
        (place, in_turn(chain, expression))
        for place, (chain, expression) in compiler.get_converters(columns).items()
    ]
    slots = tuple(of_slots.get(each, each) for each in parameters)
    if {slot for slot in slots if isinstance(slot, _Slot)} != set(of_slots.values()):
        raise ValueError("not every value comes as it is into what the database is asked")
    width = len(columns) if compiler.has_extra_select else None
    return _Statement(sql, slots, fields, width, converters)


def _read(row: Row, statement: _Statement) -> Row:
    if not statement.converters:
        return row
    read = list(row)
    for place, convert in statement.converters:
        read[place] = convert(read[place])
    return tuple(read)


def _stand_in(kind: type, place: int) -> Value:
    if kind is int:
        return _FIRST_NUMBER + place * _LONGEST
    if kind is str:
        return f"\ufdd0{place}"
    return datetime(1, 2, 3, microsecond=place, tzinfo=UTC)


def _as_asked(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
