"""The index in PostgreSQL: two tables of tsvectors, for published stories and for the others.

The tokens (:mod:`broadsheet.search.impacts`) are the paper's own, so PostgreSQL's dictionaries
have no part in it, nor has its ranking; its GIN index
(https://www.postgresql.org/docs/current/textsearch-indexes.html) only says which stories have a
token. The place of a story is the key of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from broadsheet.search.expressions import Every, Expression, Has, Without
from broadsheet.search.models import IndexedStory
from broadsheet.search.rows import Row
from broadsheet.search.shelves import Engine, Shelf
from broadsheet.stories.models import Story

_TABLES = {True: "search_public", False: "search_drafts"}


def _written(expression: Expression) -> str:
    """Return ``expression`` as a tsquery is written."""
    if isinstance(expression, Has):
        quoted = expression.token.replace("\\", "\\\\").replace("'", "''")
        return f"'{quoted}':*" if expression.begins else f"'{quoted}'"
    if isinstance(expression, Without):
        return f"({_written(expression.wanted)} & !{_written(expression.unwanted)})"
    joint = " & " if isinstance(expression, Every) else " | "
    return f"({joint.join(map(_written, expression.parts))})"


class PostgresShelf(Shelf):
    """One of the two tables, between two places."""

    def __init__(self, *, public: bool, first: int, last: int) -> None:
        super().__init__(public=public, first=first, last=last)
        self._places = f"{_TABLES[public]}_places(%s::tsquery, %s, %s)"

    def _read(self, statement: str, expression: Expression, *further: int) -> list[int]:
        with connection.cursor() as cursor:
            asked: list[str | int] = [_written(expression), self._first, self._last, *further]
            cursor.execute(statement, asked)
            return [number for (number,) in cursor.fetchall()]

    def count(self, expression: Expression, most: int) -> int:
        """Return how many stories are meant, ``most`` if there are more."""
        return min(self._read(f"SELECT count(*) FROM {self._places}", expression)[0], most)  # noqa: S608

    def places(self, expression: Expression, most: int) -> list[int]:
        """Return the places of the stories that are meant, the newest first."""
        return self._read(
            f"SELECT place FROM {self._places} AS place ORDER BY place DESC LIMIT %s",  # noqa: S608
            expression,
            most,
        )

    def levels(
        self, steps: Sequence[tuple[Expression, float]]
    ) -> Iterator[tuple[list[int], float]]:
        """Yield the places of the stories that each step means, with its value, in order."""
        for expression, value in steps:
            yield self._read(f"SELECT * FROM {self._places}", expression), value  # noqa: S608


class Postgres(Engine):
    """PostgreSQL as the paper's search engine."""

    def shelf(self, *, public: bool, first: int, last: int) -> PostgresShelf:
        """Return the published stories, or the others, from ``first`` until before ``last``."""
        return PostgresShelf(public=public, first=first, last=last)

    def _clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(_TABLES.values())}")

    def _hold(self, news_ids: Sequence[int]) -> None:
        # In SQLite only one writes at a time; here two nodes may save the same story.
        held = Story.objects.select_for_update(no_key=True).filter(pk__in=news_ids)
        list(held.order_by("pk").values_list("pk"))

    def _take_in(self, rows: Iterable[Row]) -> None:
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(
                    f"INSERT INTO {_TABLES[row.story.public]}(place, tokens) "  # noqa: S608
                    "VALUES (%s, array_to_tsvector(%s::text[]))",
                    (row.story.place, row.tokens.split(" ")),
                )

    def _take_out(self, stories: Iterable[IndexedStory]) -> None:
        with connection.cursor() as cursor:
            for table in _TABLES.values():
                cursor.execute(
                    f"DELETE FROM {table} WHERE place = ANY(%s)",  # noqa: S608
                    ([story.place for story in stories],),
                )
