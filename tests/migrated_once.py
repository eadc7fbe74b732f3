"""One database with every migration, made once for all processes of a run, and copied.

Every migration takes a dozen seconds of computing; reading a copy in takes a moment. Those tests
that want PostgreSQL have one like it there, written down for whoever starts another server.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.backends.sqlite3.creation import DatabaseCreation

import home_databases
import private_postgresql

_NAME = "broadsheet.sqlite3"
_TEMPLATE = "migrated"


def migrated(shared: Path) -> Path:
    """Return the file of a database as ``broadsheet migrate`` leaves it, below ``shared``."""
    home = shared / "migrated"
    with (shared / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            home.mkdir(exist_ok=True)
            broadsheet = Path(sys.executable).with_name("broadsheet")
            _run([broadsheet, "migrate", "--verbosity", "0"], {"BROADSHEET_HOME": str(home)})
            (home / "done").touch()
    return home / _NAME


def copy_to(home: Path, shared: Path) -> None:
    """Begin ``home`` with a copy of that database, so that its first command has it already."""
    home.mkdir(mode=0o700)
    if server := private_postgresql.of_the_run():
        home_databases.begin(home, in_postgresql(server, shared))
        return
    with closing(sqlite3.connect(home / _NAME)) as copy:
        _copy(shared, copy)
        copy.execute("PRAGMA journal_mode=WAL")
    (home / _NAME).chmod(0o600)


def in_postgresql(server: private_postgresql.Server, shared: Path) -> str:
    """Return the name of a database on ``server`` with every table, to be copied."""
    written = shared / "migrated.sql"
    with (shared / "migrated-sql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if server.has(_TEMPLATE):
            # The processes of a run share a server where all tests are on PostgreSQL.
            return _TEMPLATE
        url = server.create(_TEMPLATE)
        if written.exists():
            read_in: list[str | Path] = [_program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1"]
            _run([*read_in, "--output", os.devnull, "--file", written, url], {})
            return _TEMPLATE
        home = shared / "migrated-sql"
        home.mkdir()
        named = {"BROADSHEET_HOME": str(home), "DATABASE_URL": url}
        broadsheet = Path(sys.executable).with_name("broadsheet")
        _run([broadsheet, "migrate", "--verbosity", "0"], named)
        _run([_program("pg_dump"), "--file", written, url], {})
    return _TEMPLATE


def empty_the_index_with_the_rest(connection: Any) -> None:
    """Have the lists of the search emptied with its table, by Django, which knows that alone.

    Django empties its tables after a test that commits; a story of the next test would meet one
    of the test before in the lists.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION empty_the_lists() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN TRUNCATE search_public, search_drafts; RETURN NULL; END';
            CREATE TRIGGER empty_the_lists AFTER TRUNCATE ON search_indexedstory
                EXECUTE FUNCTION empty_the_lists();
            """
        )


def _program(name: str) -> Path:
    folder = private_postgresql.programs()
    if folder is not None and (folder / name).exists():
        return folder / name
    return Path(shutil.which(name) or name)


def _run(command: list[str | Path], named: dict[str, str]) -> None:
    subprocess.run(command, env={**os.environ, **named}, check=True, timeout=600)


class CopiedCreation(DatabaseCreation):
    """Makes Django's database for tests by copying that one into memory."""

    def __init__(self, connection: Any, shared: Path) -> None:
        super().__init__(connection)
        self._shared = shared

    def create_test_db(
        self,
        verbosity: int = 1,
        autoclobber: bool = False,
        serialize: bool | None = True,
        keepdb: bool = False,
    ) -> str:
        """Return the name of the database, as Django's own does."""
        untyped: Any = self
        name = str(untyped._get_test_db_name())
        untyped._create_test_db(verbosity, autoclobber, keepdb)
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name
        self.connection.ensure_connection()
        _copy(self._shared, self.connection.connection)
        call_command("createcachetable", database=self.connection.alias)
        return name


def _copy(shared: Path, into: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(migrated(shared))) as original:
        original.backup(into)
