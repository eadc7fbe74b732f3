"""The ledger: which files stand in the pressed folder, and which sheets show a story.

Taking away goes by the ledger, so that a story whose row is gone is still found everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from broadsheet import new_rows, prepared
from broadsheet.press import pieces
from broadsheet.press.models import PressedFile
from broadsheet.press.reading import once
from broadsheet.press.sheets import Sheet

# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 500
# So many letters of a page's hash tell to which version of it a look belongs.
_VERSION = 12


def _slices(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def entries(sheets: Iterable[Sheet]) -> dict[Sheet, list[PressedFile]]:
    """Return the ledger's rows for each of ``sheets``; a sheet that never was pressed has none."""
    wanted = list(sheets)
    found: dict[Sheet, list[PressedFile]] = {sheet: [] for sheet in wanted}
    for start in range(0, len(wanted), _AT_ONCE):
        numbers = _numbers_of(list(dict.fromkeys(wanted[start : start + _AT_ONCE])))
        for row in prepared.objects(PressedFile, _of_numbers, numbers=numbers):
            found[Sheet(row.kind, row.key)].append(row)
    return found


def _of_numbers(numbers: Sequence[int]) -> QuerySet[PressedFile]:
    return PressedFile.objects.filter(pk__in=numbers).defer("pieces")


def _numbers_of(sheets: Sequence[Sheet]) -> list[int]:
    """Return the primary keys of the rows of ``sheets``."""
    if not sheets:
        return []
    name = connection.ops.quote_name
    # Pair by pair. Asked for some kinds and some keys, SQLite reads every row of the kinds: there
    # are a few of most of them, and it reckons by the mean, but of stories there are 200,000.
    pairs = ", ".join(["(%s, %s)"] * len(sheets))
    sql = f"""
        SELECT file.id FROM (VALUES {pairs}) AS asked
        CROSS JOIN {name(PressedFile._meta.db_table)} AS file
        WHERE file.{name("kind")} = asked.column1 AND file.{name("key")} = asked.column2
    """  # noqa: S608 - only names of our own table are put in
    with connection.cursor() as cursor:
        cursor.execute(sql, [part for sheet in sheets for part in sheet])
        return [row[0] for row in cursor.fetchall()]


def known(sheets: Iterable[Sheet]) -> set[Sheet]:
    """Return those of ``sheets`` that stand in the pressed folder."""
    return {sheet for sheet, rows in entries(sheets).items() if rows}


def shown_on(kind: str, keys: Iterable[str]) -> set[Sheet]:
    """Return the sheets that showed the stories of ``keys`` when these were last pressed."""
    found: set[Sheet] = set()
    for some in _slices([*dict.fromkeys(keys)]):
        numbers = _numbers_of([Sheet(kind, key) for key in some])
        for row in prepared.objects(PressedFile, _of_numbers, numbers=numbers):
            found.update(Sheet(*pair) for pair in row.shown_on)
    return found


def pieces_of(rows: Iterable[PressedFile]) -> dict[str, list[pieces.Place]]:
    """Return, by address, where the pieces of each file stand that was made of some."""
    numbers = [row.pk for row in rows]
    found = prepared.objects(PressedFile, _pieces_of_numbers, numbers=numbers)
    return {row.address: row.pieces for row in found if row.pieces}


def _pieces_of_numbers(numbers: Sequence[int]) -> QuerySet[PressedFile]:
    return PressedFile.objects.filter(pk__in=numbers).only("address", "pieces")


def as_kept(sha256: str, look: str | None) -> str | None:
    """Return how the ledger keeps the ``look`` of the version ``sha256`` (``press.looks``)."""
    return None if look is None else f"{sha256[:_VERSION]} {look}"


def looks(keys: Sequence[str]) -> list[tuple[str, str]]:
    """Return the key and the look of each story of ``keys`` whose page was pressed with one."""
    name = connection.ops.quote_name
    found: list[tuple[str, str]] = []
    for some in _slices(keys):
        # Joined to so many values, SQLite would first make a filter of all rows of the kind.
        sql = f"""
            SELECT {name("key")}, sha256, look FROM {name(PressedFile._meta.db_table)}
            WHERE {name("kind")} = %s AND {name("key")} IN ({", ".join(["%s"] * len(some))})
                AND look IS NOT NULL
        """  # noqa: S608 - only names of our own table are put in
        with connection.cursor() as cursor:
            cursor.execute(sql, ["story", *some])
            found += [
                (key, look[_VERSION + 1 :])
                for key, sha256, look in cursor.fetchall()
                if look[:_VERSION] == sha256[:_VERSION]
            ]
    return found


def tallies(kind: str, keys: Sequence[str] | None = None) -> list[tuple[str, int]]:
    """Return key and tally of the pressed sheets of ``kind`` (among ``keys``), by key."""
    return [(row.key, row.tally) for row in standing(kind, keys) if row.tally]


class Standing(NamedTuple):
    """A pressed sheet: its key and address, how many stories it shows, when its bytes changed.

    The time is as the database keeps it (``prepared.moment``).
    """

    key: str
    address: str
    tally: int
    pressed_at: datetime | str


def standing(kind: str, keys: Sequence[str] | None = None) -> list[Standing]:
    """Return what stands of ``kind`` (among ``keys``), by key, as the batch at work leaves it."""
    if keys is None:
        rows = prepared.rows(_of_kind, kind=kind)
    else:
        numbers = _numbers_of([Sheet(kind, key) for key in keys])
        rows = prepared.rows(_named, numbers=numbers)
    found = {row[1]: Standing(*row) for row in rows}
    ahead: dict[str, PressedFile | None] = once("the ledger to be", dict)
    for address, row in ahead.items():
        if row is None:
            found.pop(address, None)
        elif row.kind == kind and (keys is None or row.key in keys):
            found[address] = Standing(row.key, address, row.tally, row.pressed_at)
    return sorted(found.values())


def _of_kind(kind: str) -> QuerySet[PressedFile, Any]:
    return _told(PressedFile.objects.filter(kind=kind))


def _named(numbers: Sequence[int]) -> QuerySet[PressedFile, Any]:
    return _told(PressedFile.objects.filter(pk__in=numbers))


def _told(rows: QuerySet[PressedFile]) -> QuerySet[PressedFile, Any]:
    names = prepared.as_kept(PressedFile, Standing._fields)
    found: QuerySet[PressedFile, Any] = rows.values_list(*names)
    return found


def look_ahead(rows: Iterable[PressedFile], gone: Iterable[PressedFile]) -> None:
    """Let :func:`standing` count, for this reading, with what is about to be written."""
    ahead: dict[str, PressedFile | None] = once("the ledger to be", dict)
    ahead.update({row.address: None for row in gone})
    ahead.update({row.address: row for row in rows})


def enter(rows: Sequence[PressedFile]) -> None:
    """Write ``rows`` into the ledger; the row of an address replaces the one before."""
    new_rows.insert_or_replace(rows, "address")


def strike_out(rows: Iterable[PressedFile]) -> None:
    """Take ``rows`` out of the ledger: their files are gone."""
    PressedFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
