"""The dump of a database on PostgreSQL, for bundles: written, looked into, and put back.

PostgreSQL's own programs do the work (``pg_dump``, ``pg_restore``); they must be installed where
a backup is made, in the server's version or a later one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


class DumpError(Exception):
    """A dump that cannot be made, read or put back; the message says why and what to do."""


def write(dump: Path) -> None:
    """Write the whole database into ``dump`` as it is at one moment, while others work with it.

    Raises :class:`DumpError`.
    """
    with _address() as address:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
             f"--file={dump}", f"--dbname={address}")  # fmt: skip
    check(dump)


def check(dump: Path) -> None:
    """Raise :class:`DumpError` where the dump cannot be read to its end."""
    _run("pg_restore", "--file=/dev/null", str(dump))


def migrations(dump: Path) -> set[tuple[str, str]]:
    """Return the migrations that the dumped database had, as pairs of app and name.

    Raises :class:`DumpError` where the dump cannot be read.
    """
    said = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(dump))
    found = re.search(r"^COPY \S*django_migrations \((.*)\) FROM stdin;\n", said, re.MULTILINE)
    columns = found[1].split(", ") if found else []
    if not found or not {"app", "name"} <= set(columns):
        raise DumpError("The dump of the database is of no paper: it has no migrations")
    app, name = columns.index("app"), columns.index("name")
    # The format of COPY: tabs between columns, a line with \. at the end.
    rows = said[found.end() :].partition("\n\\.")[0]
    values = [row.split("\t") for row in rows.splitlines()]
    return {(row[app], row[name]) for row in values}


def put_back(dump: Path) -> None:
    """Fill the empty database from ``dump``, wholly or not at all.

    Raises :class:`DumpError`.
    """
    with _address() as address:
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
             "--single-transaction", f"--dbname={address}", str(dump))  # fmt: skip
    with connection.cursor() as cursor:
        # A fresh database knows nothing of how much is where.
        cursor.execute("ANALYZE")


@contextmanager
def _address() -> Generator[str]:
    """Give the address of the database for the block; its password in a file, out of sight."""
    from psycopg.conninfo import make_conninfo  # only where the paper is kept in PostgreSQL

    known = connection.get_connection_params()
    known.pop("options", None)
    address = {key: value for key, value in known.items() if isinstance(value, str)}
    password = address.pop("password", "")
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        if password:
            file = Path(folder) / "pgpass"
            file.touch(mode=0o600)
            escaped = password.replace("\\", "\\\\").replace(":", "\\:")
            file.write_text(f"*:*:*:*:{escaped}\n", "utf-8")
            address["passfile"] = str(file)
        yield make_conninfo("", **address)


def _run(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise DumpError(
            f"{program} is not installed here. Install the client programs of PostgreSQL "
            "(postgresql-client) in the server's version or a later one, or back the database up "
            "on its server and the folder `media` with it."
        )
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
        [path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip() or f"it ended with status {done.returncode}"
        raise DumpError(f"{program} failed: {said}")
    return done.stdout
