"""Orders: what must be pressed, kept in the database until it is on disk.

They are written in the transaction of the change itself. That makes them the one truth about
what is still to do: a crash can come at any moment and loses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from broadsheet import prepared
from broadsheet.press.models import PressOrder
from broadsheet.press.sheets import Sheet, in_order

# A sheet that fails is tried again after 5, 10, 20 … seconds, at most an hour apart.
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)
_LONGEST_ERROR = 2_000
# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 500


def write(sheets: Iterable[Sheet], *, priority: int = 0, at: datetime | None = None) -> int:
    """Write an order for each of ``sheets`` and return how many there are.

    A sheet that is ordered already keeps its one order: its turn is raised, its priority if the
    new one is higher, and its failures so far are forgotten, for what failed has changed. Part
    of the caller's transaction. ``at`` is when they are ordered (now): what has the same time
    and priority is pressed in the order in which it is written.
    """
    rows = [(sheet.kind, sheet.key) for sheet in in_order(sheets)]
    if not rows:
        return 0
    name = connection.ops.quote_name
    table = name(PressOrder._meta.db_table)
    kind, key = name("kind"), name("key")
    now = connection.ops.adapt_datetimefield_value(at or timezone.now())
    # The ORM's upsert can only set what it would have inserted, not raise what is there. In two
    # statements an order could be pressed and struck out between them, and be lost.
    sql = f"""
        INSERT INTO {table}
            ({kind}, {key}, priority, turn, ordered_at, attempts, not_before, last_error)
        VALUES (%s, %s, %s, 0, %s, 0, NULL, '')
        ON CONFLICT ({kind}, {key}) DO UPDATE SET
            turn = {table}.turn + 1,
            priority = CASE WHEN excluded.priority > {table}.priority
                THEN excluded.priority ELSE {table}.priority END,
            ordered_at = excluded.ordered_at,
            attempts = 0,
            not_before = NULL,
            last_error = ''
    """  # noqa: S608 - only names of our own table are put in
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, [(*row, priority, now) for row in rows])
    return len(rows)


def due(*, least: int | None = None, at: datetime | None = None) -> QuerySet[PressOrder]:
    """Return the orders that may be pressed at ``at`` (now), the most pressing first.

    Higher priority goes first, then what was ordered last: the desk waits for its story of this
    minute, not for the import of this morning. ``least`` leaves out lower priorities.
    """
    orders = PressOrder.objects.filter(
        Q(not_before__isnull=True) | Q(not_before__lte=at or timezone.now())
    )
    if least is not None:
        orders = orders.filter(priority__gte=least)
    return orders.order_by("-priority", "-ordered_at", "id")


def first_due(count: int, *, least: int | None = None) -> list[PressOrder]:
    """Return the first ``count`` of what is :func:`due` now."""
    if count <= 0:
        return []
    return prepared.objects(PressOrder, _first_due, count, least, at=timezone.now())


def _first_due(count: int, least: int | None, at: datetime) -> QuerySet[PressOrder]:
    return due(least=least, at=at)[:count]


def waiting(kind: str, keys: Sequence[str]) -> set[str]:
    """Return those of ``keys`` that are ordered of ``kind``, to be pressed now or later."""
    some_of_it = prepared.rows(_keys_of_kind, _AT_ONCE, kind=kind)
    if len(some_of_it) < _AT_ONCE:
        # All there are: mostly what a publication has ordered.
        return {key for (key,) in some_of_it}.intersection(keys)
    name = connection.ops.quote_name
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        sql = f"""
            SELECT {name("key")} FROM {name(PressOrder._meta.db_table)}
            WHERE {name("kind")} = %s AND {name("key")} IN ({_places(some)})
        """  # noqa: S608 - only names of our own table are put in
        with connection.cursor() as cursor:
            cursor.execute(sql, [kind, *some])
            found.update(row[0] for row in cursor.fetchall())
    return found


def _keys_of_kind(limit: int, kind: str) -> QuerySet[PressOrder, Any]:
    found: QuerySet[PressOrder, Any] = PressOrder.objects.filter(kind=kind).values_list("key")
    return found[:limit]


def _places(values: Sequence[object]) -> str:
    """Return where ``values`` are put into a statement."""
    return ", ".join(["%s"] * len(values))


def strike_out(done: Sequence[PressOrder]) -> None:
    """Delete the orders in ``done``, except those that were ordered again since they were read.

    Nor those that somebody orders again at this moment: whoever does holds their rows, and to wait
    for them could be to wait in a circle.
    """
    turns = {order.pk: order.turn for order in done}
    now = prepared.rows(_turns, orders=list(turns))
    unchanged = [pk for pk, turn in now if turn == turns[pk]]
    name = connection.ops.quote_name
    for start in range(0, len(unchanged), _AT_ONCE):
        some = unchanged[start : start + _AT_ONCE]
        # Without reading the rows a second time: nothing hangs on an order.
        sql = f"""
            DELETE FROM {name(PressOrder._meta.db_table)} WHERE id IN ({_places(some)})
        """  # noqa: S608 - only names of our own table are put in
        with connection.cursor() as cursor:
            cursor.execute(sql, some)


def _turns(orders: Sequence[int]) -> QuerySet[PressOrder, Any]:
    rows = PressOrder.objects.select_for_update(skip_locked=True).filter(pk__in=orders)
    found: QuerySet[PressOrder, Any] = rows.values_list("pk", "turn")
    return found


def put_off(order: PressOrder, error: str) -> None:
    """Note that ``order`` failed with ``error`` and when it may be tried again."""
    attempts = order.attempts + 1
    wait = min(_FIRST_WAIT * 2 ** min(attempts - 1, 16), _LONGEST_WAIT)
    PressOrder.objects.filter(pk=order.pk, turn=order.turn).update(
        attempts=attempts,
        not_before=timezone.now() + wait,
        last_error=error[:_LONGEST_ERROR],
    )
