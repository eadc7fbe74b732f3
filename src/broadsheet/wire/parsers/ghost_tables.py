"""The tables of a Ghost export, read as a stream, and set aside where posts will need them.

An export has its posts before the tables that say who wrote them and what they are about. They
are read twice: first everything small goes into a temporary database that SQLite keeps on disk
beyond a few megabytes, then each post is put together. So memory does not grow with the file.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Any, BinaryIO, Self

import ijson
from ijson.common import ObjectBuilder

from broadsheet.wire.parsers.json_text import said

Row = dict[str, Any]

# A post with every picture written into it; longer rows are refused, unread.
LARGEST_ROW = 32 * 1024 * 1024
_DEEPEST = 100
_MOST_SETTINGS = 2000
_KEPT = {
    "users": ("id", "name", "slug", "email", "bio"),
    "tags": ("id", "name", "slug", "description", "parent_id", "visibility"),
    "members": ("id", "name"),
}
_PAIRS = {"posts_authors": "author_id", "posts_tags": "tag_id"}
_ROWS = {"posts_meta": "post_id", "comments": "post_id"}
SMALL = {*_KEPT, *_PAIRS, *_ROWS, "settings"}


class BrokenExportError(Exception):
    """The file ends or breaks off here; ``str()`` is a sentence that says so."""


class _Bounded:
    """A file that refuses to be read on within one row without end."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.since = file, 0

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.since += len(content)
        if self.since > LARGEST_ROW:
            raise BrokenExportError(
                f"The export has a row of more than {LARGEST_ROW // 1024 // 1024} MB; it and what "
                "follows it were not read."
            )
        return content


def rows(file: BinaryIO, tables: Collection[str]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of ``tables`` with the name of their table, in the file's order.

    Raises :class:`BrokenExportError` where the file is no JSON, or breaks off.
    """
    try:
        yield from _rows(_Bounded(file), tables)
    except ijson.JSONError as error:
        raise BrokenExportError(
            f"The export is no whole JSON ({_said(error)}); what stands before the break was "
            "read. Export it again."
        ) from error
    except (UnicodeError, ValueError, OverflowError) as error:
        raise BrokenExportError(
            "The export cannot be decoded any further. Export it again."
        ) from error


def _rows(file: _Bounded, tables: Collection[str]) -> Iterator[tuple[str, Row]]:
    path: list[str] = []
    builder: ObjectBuilder | None = None
    start = 0
    for event, value in ijson.basic_parse(file, use_float=True):
        if event == "start_map" and builder is None and _table_of(path) in tables:
            builder, start = ObjectBuilder(), len(path)
        _follow(path, event, value)
        if builder is None:
            file.since = 0
            continue
        builder.event(event, value)
        if event == "end_map" and len(path) == start:
            row, builder = builder.value, None
            yield _table_of(path), row


def _follow(path: list[str], event: str, value: Any) -> None:
    """Keep ``path`` at where the reading is: names within objects, "[" within lists."""
    if event in {"start_map", "start_array"}:
        if len(path) > _DEEPEST:
            raise BrokenExportError(
                "The export is nested deeper than any; what follows was not read."
            )
        path.append("[" if event == "start_array" else "")
    elif event in {"end_map", "end_array"}:
        path.pop()
    elif event == "map_key" and path:
        path[-1] = value if len(value) < 100 else ""  # noqa: PLR2004 - no table's name


def _table_of(path: list[str]) -> str:
    """Return the table whose rows stand at ``path``: db[0].data.TABLE[…] or data.TABLE[…]."""
    inner = path[2:] if path[:2] == ["db", "["] else path
    is_table = len(inner) == 3 and inner[0] == "data" and inner[2] == "["  # noqa: PLR2004
    return inner[1] if is_table else ""


def _said(error: Exception) -> str:
    words = re.sub(r"\s+", " ", str(error)).strip()
    return words[:80] or "it ends in the middle"


class Tables:
    """Who wrote a post and what it is about. To be used ``with``: it is a file on disk."""

    def __init__(self) -> None:
        # An empty name is SQLite's for a database that is spilled to disk and then forgotten.
        self.database = sqlite3.connect("")
        self.settings: dict[str, str] = {}
        run = self.database.execute
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA cache_size = -8000")
        for table, names in _KEPT.items():
            run(f"CREATE TABLE {table} ({', '.join(names)}, place INTEGER PRIMARY KEY)")
        for table in _PAIRS:
            run(f"CREATE TABLE {table} (post_id, other_id, sort, place INTEGER PRIMARY KEY)")
        for table in _ROWS:
            run(f"CREATE TABLE {table} (post_id, said, place INTEGER PRIMARY KEY)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.database.close()

    def fill(self, file: BinaryIO) -> None:
        """Set aside what ``file`` has. Raises :class:`BrokenExportError` where it breaks off."""
        try:
            for table, row in rows(file, SMALL):
                self._keep(table, row)
        finally:
            for table in (*_PAIRS, *_ROWS):
                self.database.execute(f"CREATE INDEX {table}_post ON {table} (post_id)")
            for table in _KEPT:
                self.database.execute(f"CREATE INDEX {table}_id ON {table} (id)")

    def _keep(self, table: str, row: Row) -> None:
        run = self.database.execute
        if table == "settings":
            if len(self.settings) < _MOST_SETTINGS:
                self.settings[said(row, "key")[:200]] = said(row, "value")[:1000]
        elif table in _KEPT:
            values = [said(row, name) for name in _KEPT[table]]
            marks = ", ".join("?" * len(values))
            run(f"INSERT INTO {table} VALUES ({marks}, NULL)", values)  # noqa: S608 - our own names
        elif table in _PAIRS:
            sort = row.get("sort_order")
            run(
                f"INSERT INTO {table} VALUES (?, ?, ?, NULL)",  # noqa: S608
                (
                    said(row, "post_id"),
                    said(row, _PAIRS[table]),
                    sort if isinstance(sort, int) and abs(sort) < 2**31 else 0,
                ),
            )
        else:
            run(
                f"INSERT INTO {table} VALUES (?, ?, NULL)",  # noqa: S608
                (said(row, "post_id"), json.dumps(row)),
            )

    def all(self, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of ``users`` or ``tags``, in the file's order."""
        names = _KEPT[table]
        found = self.database.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY place")  # noqa: S608
        for values in found:
            yield dict(zip(names, values, strict=True))

    def one(self, table: str, identity: str) -> dict[str, str] | None:
        """Return the row of ``users``, ``tags`` or ``members`` that has this id."""
        names = _KEPT[table]
        values = self.database.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE id = ?",  # noqa: S608
            (identity,),
        ).fetchone()
        return dict(zip(names, values, strict=True)) if values else None

    def of_post(self, pairs: str, table: str, post_id: str) -> list[dict[str, str]]:
        """Return the ``users`` or ``tags`` that ``pairs`` ties to a post, in their order."""
        found = self.database.execute(
            f"SELECT other_id FROM {pairs} WHERE post_id = ? ORDER BY sort, place LIMIT 200",  # noqa: S608
            (post_id,),
        ).fetchall()
        return [row for (identity,) in found if (row := self.one(table, identity)) is not None]

    def told_of(self, table: str, post_id: str) -> Iterator[Row]:
        """Yield the rows of ``posts_meta`` or ``comments`` that belong to a post."""
        found = self.database.execute(
            f"SELECT said FROM {table} WHERE post_id = ? ORDER BY place LIMIT 50000",  # noqa: S608
            (post_id,),
        )
        for (text,) in found:
            yield json.loads(text)

    def primary_tags(self) -> set[str]:
        """Return the ids of the tags that are the first public one of some post."""
        return {
            identity
            for (identity,) in self.database.execute(
                "SELECT DISTINCT other_id FROM (SELECT other_id, row_number() OVER (PARTITION BY "
                "post_id ORDER BY sort, p.place) AS rank FROM posts_tags AS p JOIN tags ON "
                "tags.id = other_id WHERE visibility <> 'internal' AND name NOT LIKE '#%') "
                "WHERE rank = 1"
            )
        }
