"""Where the paper is kept: SQLite in its home, or PostgreSQL at the address of ``DATABASE_URL``.

What comes in is that address, what leaves is Django's description of a database. An address that
cannot be used is refused in a sentence that does not repeat it, for there is a password in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError, DataError, InterfaceError, OperationalError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

_SCHEMES = ("postgres", "postgresql")
# Of libpq's parameters (https://www.postgresql.org/docs/current/libpq-connect.html) those that
# say how a server is reached and trusted; the others are set here or change what Django counts on.
_PARAMETERS = {
    "application_name", "channel_binding", "connect_timeout", "gssencmode", "host",
    "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "passfile",
    "port", "require_auth", "service", "sslcert", "sslcrl", "sslkey", "sslmode", "sslrootcert",
    "target_session_attrs", "tcp_user_timeout",
}  # fmt: skip
# A server that has gone without a word is given up after about ten seconds, by the operating
# system; and a node that has gone so is given up by the server, which lets its locks go.
_REACHED = {
    "connect_timeout": "5",
    "keepalives_idle": "4",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_SESSION = {
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
    # As long as SQLite is waited for.
    "lock_timeout": "30000",
    # Whoever holds rows and does nothing must not hold up the others for ever.
    "idle_in_transaction_session_timeout": "300000",
}

# SQLite's memory for pages, as a negative number of KB, and the pages of its log after which it
# is carried over (https://www.sqlite.org/pragma.html): usually, the latter SQLite's own measure,
# and while an archive comes in.
_CACHE, _BULK_CACHE = -16_384, -65_536
_CHECKPOINT, _BULK_CHECKPOINT = 1_000, 16_000
# Bytes of its log that stay on the disk when all of it has been carried over; -1 for all.
_LOG_KEPT, _BULK_LOG_KEPT = 64 * 2**20, -1
# Rows. Of a table that has so many, hundreds are looked for one by one by their keys.
_LEAST = 10_000
_CARRIED_EVERY_S = 1.0
# What SQLite says for "secure_delete=FAST".
_FAST = 2


def described(url: str, home: Path) -> dict[str, Any]:
    """Return Django's description of the database at ``url``; that in ``home`` where it is empty.

    Raises ``ImproperlyConfigured`` where ``url`` is not as
    ``postgres://user:password@host:port/name``; libpq's parameters may follow it
    (``?sslmode=verify-full``), and the folder of a socket stands as ``?host=/run/postgresql``.
    """
    return _postgresql(url) if url else _sqlite(home)


def take_statistics() -> None:
    """Have the database look at how its tables are filled, by which it chooses how to ask them.

    To be called when a paper has grown: what was right for a thousand stories reads a hundred
    thousand one by one. In SQLite a sample is looked at and the rows are counted, which takes some
    seconds where there are 200,000 stories (https://www.sqlite.org/lang_analyze.html#approx). No
    table is noted as a small one there: the ledger of a paper that has just taken in its archive
    has a few rows, and is asked while it grows by a million.
    """
    from django.db import connection  # this module is read with the settings

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=400")
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            _count_rows(cursor)


def _count_rows(cursor: CursorWrapper) -> None:
    """Put the true number of rows into SQLite's statistics.

    From a sample it is reckoned for each index by itself, often twice too many, and an index that
    seems to hold more rows than its table is passed over. What may be written there is documented
    (https://www.sqlite.org/fileformat2.html#stat1tab). Of a table that seems small every row
    would be read, and read again as it grows.
    """
    cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
    for (table,) in cursor.fetchall():
        quoted = table.replace('"', '""')
        cursor.execute(f'SELECT count(*) FROM "{quoted}"')  # noqa: S608 - a name of the database's
        (rows,) = cursor.fetchone()
        cursor.execute(
            """
            UPDATE sqlite_stat1 SET stat = %s || substr(stat, instr(stat || ' ', ' '))
            WHERE tbl = %s AND idx IN (SELECT name FROM pragma_index_list(%s) WHERE NOT partial)
            """,
            [str(max(rows, _LEAST)), table, table],
        )
    # Has this connection read them anew; others do when they open.
    cursor.execute("ANALYZE sqlite_master")


def forget_pages() -> None:
    """Have this connection give back the memory in which SQLite keeps pages it has read.

    The operating system still has them (https://www.sqlite.org/pragma.html#pragma_shrink_memory).
    """
    from django.db import connection  # this module is read with the settings

    if connection.vendor == "sqlite" and connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA shrink_memory")


@contextmanager
def in_bulk() -> Generator[None]:
    """Have this connection write much in the block.

    A transaction of many rows stays in memory until it is committed, rather than being written
    page by page before; and SQLite's log is synced and carried over into its file by a thread
    beside this one, for which no commit waits. What is committed stays, however the process ends;
    where power fails, the last second's transactions may be missing, in whole and from the end.
    All are on disk when the block ends, and whenever another connection commits
    (https://www.sqlite.org/pragma.html#pragma_synchronous). Other databases see to this themselves.
    """
    from django.db import connection  # this module is read with the settings

    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA cache_size={_BULK_CACHE}")
        cursor.execute(f"PRAGMA wal_autocheckpoint={_BULK_CHECKPOINT}")
        cursor.execute(f"PRAGMA journal_size_limit={_BULK_LOG_KEPT}")
        # Some builds of SQLite write zeros over all that is moved, lists of the index above all.
        cursor.execute("PRAGMA secure_delete")
        (zeroed,) = cursor.fetchone()
        cursor.execute("PRAGMA secure_delete=FAST")
    try:
        with _carried_over(connection):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={_CACHE}")
            cursor.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT}")
            cursor.execute(f"PRAGMA journal_size_limit={_LOG_KEPT}")
            cursor.execute(f"PRAGMA secure_delete={'FAST' if zeroed == _FAST else zeroed}")


@contextmanager
def _carried_over(connection: Any) -> Generator[None]:
    """Have what is committed in the block synced and carried over beside it, every second."""
    # Within a transaction nothing is committed, and SQLite changes no levels.
    if connection.in_atomic_block or connection.is_in_memory_db():
        yield
        return
    over = Event()
    file = connection.settings_dict["NAME"]
    beside = Thread(target=_carry_over, args=(file, over), name="log carried over", daemon=True)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join()
            cursor.execute("PRAGMA synchronous=FULL")
            # To carry the log over syncs it only where somebody who reads does not keep it from
            # being carried over; a commit always does. This one changes nothing.
            cursor.execute("PRAGMA user_version")
            (version,) = cursor.fetchone()
            cursor.execute(f"PRAGMA user_version={int(version)}")
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _carry_over(file: str | Path, over: Event) -> None:
    with closing(sqlite3.connect(file)) as log:
        while not over.wait(_CARRIED_EVERY_S):
            # Where somebody else is at it, or the disk is full, whoever commits will hear of it.
            with suppress(sqlite3.Error):
                # What the writer's open transaction has not committed stays in the log.
                log.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def cannot_be_reached(error: DatabaseError) -> bool:
    """Tell whether ``error`` is of a server that is not there, refuses us, or has just ended.

    Never so with SQLite, whose errors are about what was asked.
    """
    cause: Any = error.__cause__
    if not isinstance(error, OperationalError | InterfaceError) or not hasattr(cause, "sqlstate"):
        return False
    state = cause.sqlstate or ""
    # https://www.postgresql.org/docs/current/errcodes-appendix.html; none where nobody answered.
    return not state or state.startswith(("08", "28", "3D", "53", "57P"))


def prepare(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Make ``connection`` ready for text of any kind, much of it too; called when it was opened.

    PostgreSQL takes no text with the character NUL. What comes in is freed of it where it is
    parsed; what readers write into an address (``/search/?q=%00``) comes through here, and finds
    what it would find without.
    """
    if connection.vendor != "postgresql":
        return
    from broadsheet.postgresql_lists import QuickListDumper  # no other paper needs the driver

    connection.connection.adapters.register_dumper(list, QuickListDumper)
    if _without_nul not in connection.execute_wrappers:
        connection.execute_wrappers.append(_without_nul)


def _without_nul(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    try:
        return execute(sql, params, many, context)
    except DataError as error:
        # Said by psycopg before anything is sent: the transaction goes on.
        if "NUL (0x00)" not in str(error):
            raise
        cleaned = [_cleaned(each) for each in params] if many else _cleaned(params)
        return execute(sql, cleaned, many, context)


def _cleaned(params: Any) -> Any:
    if isinstance(params, dict):
        return {key: _cleaned(value) for key, value in params.items()}
    if isinstance(params, list | tuple):
        return type(params)(_cleaned(value) for value in params)
    return params.replace("\0", "") if isinstance(params, str) else params


def _sqlite(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "broadsheet.sqlite",
        "NAME": home / "broadsheet.sqlite3",
        "OPTIONS": {
            # A transaction that reads and then writes must take the write lock at its start,
            # or two of them fail with "database is locked" however long the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size={_CACHE}; "
                f"PRAGMA journal_size_limit={_LOG_KEPT};"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
        given = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        # Not the error itself, which may hold the password.
        raise ImproperlyConfigured(_refusal("It cannot be read as an address.")) from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in _SCHEMES:
        raise ImproperlyConfigured(_refusal("It does not begin with postgres://."))
    if not name or "/" in name:
        raise ImproperlyConfigured(_refusal("It does not end with the name of one database."))
    if unknown := sorted(given.keys() - _PARAMETERS):
        raise ImproperlyConfigured(_refusal(f"It cannot set {', '.join(unknown)}."))
    session = " ".join(f"-c {key}={value}" for key, value in _SESSION.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": given.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": given.pop("port", "") or str(port or ""),
        # Each request has a thread of its own, which ends with it: a connection that was kept
        # would be kept by nobody. Worker and commands keep theirs as it is.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **_REACHED,
            "application_name": "broadsheet",
            "options": session,
            **given,
        },
    }


def _refusal(reason: str) -> str:
    return (
        f"DATABASE_URL cannot be used. {reason} It is written as "
        "postgres://user:password@host:port/name, with %40 for an @ in the password."
    )
