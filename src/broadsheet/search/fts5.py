"""The index in SQLite: two FTS5 tables, one of what readers may see, one of everything else.

FTS5 (https://sqlite.org/fts5.html) keeps no text here and no positions, only which tokens
(:mod:`broadsheet.search.impacts`) each story has; to take a story out again it must be told
what was put in, which ``IndexedStory.tokens`` remembers. A story's row number is its place in
time, so that the newest matches come first without sorting, and days are ranges of rows.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from broadsheet.search.expressions import Every, Expression, Has, Without
from broadsheet.search.models import IndexedStory
from broadsheet.search.rows import Row
from broadsheet.search.shelves import Engine, Shelf

_TABLES = {True: "search_public", False: "search_drafts"}
# How many lists of one size there are before they are merged into a longer one
# (https://sqlite.org/fts5.html#the_automerge_configuration_option): usually, by SQLite's own
# measure, and while an archive comes in, when each is written half as often.
_MERGED_FROM, _BULK_MERGED_FROM = 4, 16
# Pages that are merged in one transaction: others may write after each.
_MERGED_AT_ONCE = 2_000


def _written(expression: Expression) -> str:
    """Return ``expression`` as FTS5 reads it."""
    if isinstance(expression, Has):
        quoted = expression.token.replace('"', '""')
        return f'"{quoted}" *' if expression.begins else f'"{quoted}"'
    if isinstance(expression, Without):
        return f"({_written(expression.wanted)} NOT {_written(expression.unwanted)})"
    joint = " AND " if isinstance(expression, Every) else " OR "
    return f"({joint.join(map(_written, expression.parts))})"


class Fts5Shelf(Shelf):
    """One of the two tables, between two places."""

    def __init__(self, *, public: bool, first: int, last: int) -> None:
        super().__init__(public=public, first=first, last=last)
        self._table = _TABLES[public]

    def count(self, expression: Expression, most: int) -> int:
        """Return how many stories are meant, ``most`` if there are more."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {self._table} "  # noqa: S608
                f"WHERE {self._table} MATCH %s AND rowid >= %s AND rowid < %s LIMIT %s)",
                (_written(expression), self._first, self._last, most),
            )
            return int(cursor.fetchone()[0])

    def places(self, expression: Expression, most: int) -> list[int]:
        """Return the places of the stories that are meant, the newest first."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {self._table} "  # noqa: S608
                f"WHERE {self._table} MATCH %s AND rowid >= %s AND rowid < %s "
                "ORDER BY rowid DESC LIMIT %s",
                (_written(expression), self._first, self._last, most),
            )
            return [place for (place,) in cursor.fetchall()]

    def levels(
        self, steps: Sequence[tuple[Expression, float]]
    ) -> Iterator[tuple[list[int], float]]:
        """Yield the places of the stories that each step means, with its value, in order."""
        with connection.cursor() as cursor:
            for expression, value in steps:
                cursor.execute(
                    f"SELECT rowid FROM {self._table} "  # noqa: S608
                    f"WHERE {self._table} MATCH %s AND rowid >= %s AND rowid < %s",
                    (_written(expression), self._first, self._last),
                )
                yield [place for (place,) in cursor.fetchall()], value


class Fts5(Engine):
    """SQLite's FTS5 as the paper's search engine."""

    def shelf(self, *, public: bool, first: int, last: int) -> Fts5Shelf:
        """Return the published stories, or the others, from ``first`` until before ``last``."""
        return Fts5Shelf(public=public, first=first, last=last)

    @contextmanager
    def in_bulk(self) -> Generator[None]:
        """Merge lists more seldom in the block, and those that are left at its end."""
        self._set("automerge", _BULK_MERGED_FROM)
        try:
            yield
        finally:
            self._set("automerge", _MERGED_FROM)
        for table in _TABLES.values():
            while self._merge(table):
                pass

    def _set(self, option: str, value: int) -> None:
        with connection.cursor() as cursor:
            for table in _TABLES.values():
                cursor.execute(
                    f"INSERT INTO {table}({table}, rank) VALUES (%s, %s)",  # noqa: S608
                    (option, value),
                )

    def _merge(self, table: str) -> bool:
        """Merge some of the lists; tell whether there were any to merge."""
        with connection.cursor() as cursor:
            before = connection.connection.total_changes
            cursor.execute(
                f"INSERT INTO {table}({table}, rank) VALUES ('merge', %s)",  # noqa: S608
                (_MERGED_AT_ONCE,),
            )
            # The statement itself counts as one.
            return bool(connection.connection.total_changes - before > 1)

    def _clear(self) -> None:
        with connection.cursor() as cursor:
            for table in _TABLES.values():
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('delete-all')")  # noqa: S608

    def _take_in(self, rows: Iterable[Row]) -> None:
        # FTS5 writes its buffer out whenever a row comes before the last one.
        rows = sorted(rows, key=lambda row: row.story.place)
        with connection.cursor() as cursor:
            for public, table in _TABLES.items():
                cursor.executemany(
                    f"INSERT INTO {table}(rowid, tokens) VALUES (%s, %s)",  # noqa: S608
                    [(row.story.place, row.tokens) for row in rows if row.story.public == public],
                )

    def _take_out(self, stories: Iterable[IndexedStory]) -> None:
        with connection.cursor() as cursor:
            for story in stories:
                table = _TABLES[story.public]
                cursor.execute(
                    f"INSERT INTO {table}({table}, rowid, tokens) "  # noqa: S608
                    "VALUES ('delete', %s, %s)",
                    (story.place, Row.of(story).tokens),
                )
