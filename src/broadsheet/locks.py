"""Locks of the paper: what one process at a time may do, on however many machines it runs.

Each lock has a name. Where the database is PostgreSQL it is an advisory lock there
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS), which holds among
all nodes of the paper and in its database alone; where it is SQLite, a lock of the kernel on a
file in the home (``flock``). Both are let go whatever becomes of the process that holds them, and
both exclude two threads of one process, and one thread from itself.

Locks about the home (``newsstand.home.claimed``) are not of this kind: each node has its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

_NAME = re.compile(r"[a-z]+(-[a-z]+)*")


class Hold(Protocol):
    """What became of asking for a lock. True where it is held."""

    def __bool__(self) -> bool:
        """Tell whether the lock was had."""

    def lasts(self) -> bool:
        """Tell whether it is held still: a server that was started anew has forgotten it."""


@contextmanager
def held(name: str, *, wait: bool) -> Generator[Hold]:
    """Hold the lock ``name`` (small letters and hyphens) for the block.

    With ``wait`` the block starts when the lock is had; without, it starts at once, with a false
    value where somebody else has it. Raises ``ValueError`` for another kind of name, ``OSError``
    or ``django.db.OperationalError`` where file or server cannot be reached.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a lock")
    ask = _in_database if connection.vendor == "postgresql" else _in_home
    with ask(name, wait=wait) as hold:
        yield hold


def alone(name: str) -> None:
    """Have no other transaction that called this with ``name`` go on until this one has ended.

    To be called in a transaction. Does nothing on SQLite, where every transaction begins by
    taking the one lock on writing (see ``broadsheet.databases``).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(f"alone {name}")])


class _FileHold:
    def __init__(self, *, had: bool) -> None:
        self._had = had

    def __bool__(self) -> bool:
        return self._had

    def lasts(self) -> bool:
        return self._had


@contextmanager
def _in_home(name: str, *, wait: bool) -> Generator[Hold]:
    path = Path(settings.RUN_ROOT) / f"{name}.lock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Opened anew each time, which is what makes two threads exclude each other.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield _FileHold(had=False)
        else:
            yield _FileHold(had=True)
    finally:
        os.close(descriptor)


class _Session:
    """A connection that holds at most one lock: within one session a lock can be had twice."""

    def __init__(self) -> None:
        import psycopg  # only where the paper is kept in PostgreSQL

        self._errors = psycopg.Error
        # Of Django's parameters those of libpq; the rest is about how Django reads rows.
        known = connection.get_connection_params().items()
        reached: dict[str, Any] = {key: value for key, value in known if isinstance(value, str)}
        with connection.wrap_database_errors:
            self._connection = psycopg.connect(**reached, autocommit=True)

    def take(self, number: int, *, wait: bool) -> bool:
        """Take the lock ``number``; raises ``django.db.OperationalError`` where it cannot ask."""
        with connection.wrap_database_errors:
            if not wait:
                asked = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [number])
                return asked.fetchone() == (True,)
            # However long the other needs: pressing everything takes minutes.
            self._connection.execute("SET lock_timeout = 0")
            self._connection.execute("SELECT pg_advisory_lock(%s)", [number])
            self._connection.execute("RESET lock_timeout")
            return True

    def let_go(self, number: int) -> bool:
        """Let the lock go, and tell whether the session can be used again."""
        try:
            self._connection.execute("SELECT pg_advisory_unlock(%s)", [number])
        except self._errors:
            self.close()
            return False
        return True

    def lives(self) -> bool:
        """Tell whether the server still knows this session, and with it the lock."""
        try:
            self._connection.execute("SELECT 1")
        except self._errors:
            return False
        return True

    def close(self) -> None:
        """End it."""
        with suppress(self._errors):
            self._connection.close()


class _SessionHold:
    def __init__(self, session: _Session, *, had: bool) -> None:
        self._session, self._had = session, had

    def __bool__(self) -> bool:
        return self._had

    def lasts(self) -> bool:
        return self._had and self._session.lives()


# Kept for the next lock: opening one takes some milliseconds, which every publication would wait.
_idle: dict[tuple[int, str], list[_Session]] = {}
_idle_lock = Lock()
_MOST_IDLE = 4


@contextmanager
def _in_database(name: str, *, wait: bool) -> Generator[Hold]:
    number = _number(name)
    # A process that was forked has no part in its parent's sessions.
    place = (os.getpid(), str(connection.settings_dict["NAME"]))
    session, had = _asked(place, number, wait=wait)
    usable = True
    try:
        yield _SessionHold(session, had=had)
    finally:
        if had:
            usable = session.let_go(number)
        with _idle_lock:
            kept = _idle.setdefault(place, [])
            keep = usable and len(kept) < _MOST_IDLE
            if keep:
                kept.append(session)
        if usable and not keep:
            session.close()


def _asked(place: tuple[int, str], number: int, *, wait: bool) -> tuple[_Session, bool]:
    """Ask in a session that is kept; in a new one where there is none, or it has died."""
    with _idle_lock:
        kept = _idle.get(place, [])
        session = kept.pop() if kept else None
    if session is not None:
        if session.lives():
            return _taken(session, number, wait=wait)
        session.close()
    return _taken(_Session(), number, wait=wait)


def _taken(session: _Session, number: int, *, wait: bool) -> tuple[_Session, bool]:
    try:
        return session, session.take(number, wait=wait)
    except BaseException:  # also when the waiting is broken off
        session.close()
        raise


def close_sessions() -> None:
    """End the sessions that are kept for the next lock."""
    with _idle_lock:
        sessions = [session for kept in _idle.values() for session in kept]
        _idle.clear()
    for session in sessions:
        session.close()


def _number(name: str) -> int:
    """Return the number that stands for ``name``; the database is part of every lock's own."""
    digest = hashlib.sha256(f"broadsheet {name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
