"""The database of each home that tests make: in the home, or on the server of the whole run.

On PostgreSQL a home that is a copy gets a copy of its original's database. A file in the home says
which database it had last, and so of what it is a copy.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from private_postgresql import Server, of_the_run

MARK = "database-of-the-tests"
_COPY_WITHIN_S = 60.0


def named_in(home: Path) -> dict[str, str]:
    """Return what the environment must say for ``home`` to have a database, making that first."""
    found = of_the_run()
    if found is None:
        return {}
    name = f"home-{hashlib.sha256(str(home).encode()).hexdigest()[:20]}"
    mark = home / MARK
    if not found.has(name):
        _make(found, name, mark.read_text() if mark.is_file() else "template0")
    if home.is_dir():
        mark.write_text(name)
    return {"DATABASE_URL": found.url(name)}


def begin(home: Path, original: str) -> None:
    """Have ``home`` get a copy of the database ``original`` when it first needs one."""
    (home / MARK).write_text(original)


def _make(server: Server, name: str, original: str) -> None:
    deadline = time.monotonic() + _COPY_WITHIN_S
    while True:
        try:
            server.create(name, like=original)
        except psycopg.errors.ObjectInUse:
            # Somebody looks into the original at this moment.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


class Database:
    """A database that is asked in SQL, with a question mark for each value."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection, self._mark = connection, mark

    def execute(self, statement: str, values: Sequence[object] = ()) -> Any:
        """Carry ``statement`` out and return its cursor."""
        return self._connection.execute(statement.replace("?", self._mark), tuple(values))


@contextmanager
def opened(home: Path) -> Iterator[Database]:
    """Open the database of ``home``, whoever else works with it; what is done is kept."""
    named = named_in(home)
    if named:
        with psycopg.connect(named["DATABASE_URL"]) as connection:
            # As text, which is how the other database keeps it.
            connection.adapters.register_loader("jsonb", TextLoader)
            yield Database(connection, "%s")
        return
    with closing(sqlite3.connect(home / "broadsheet.sqlite3", timeout=30)) as found, found:
        yield Database(found, "?")
