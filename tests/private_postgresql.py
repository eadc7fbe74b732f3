"""A PostgreSQL of the tests' own: in a folder for the time being, reached by a socket in it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

_START_WITHIN_S = 60.0
_PR_SET_PDEATHSIG = 1
# The server refuses to run as root, which is who runs the tests in a container.
_USERS = ("postgres", "nobody")
# For speed: what is in it is thrown away, and nothing of it has to outlive a power cut.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "panic",
}


@dataclass(frozen=True)
class Server:
    """A server that runs. ``folder`` holds its socket."""

    folder: Path

    def url(self, name: str) -> str:
        """Return the address of the database ``name``, as ``DATABASE_URL`` takes it."""
        return f"postgres://paper@/{name}?host={self.folder}"

    def create(self, name: str, *, like: str = "template0") -> str:
        """Make a database, empty or a copy of ``like``, and return its address."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Take a database away, whoever still uses it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def has(self, name: str) -> bool:
        """Tell whether there is a database ``name``."""
        with psycopg.connect(self.url("postgres")) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            return found.fetchone() is not None

    def run(self, statement: str) -> None:
        """Carry a statement out in the server's own database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def of_the_run() -> Server | None:
    """Return the server that all tests of a run are on, where it is one of `make test-postgres`."""
    url = os.environ.get("DATABASE_URL", "")
    return Server(Path(url.partition("?host=")[2])) if url else None


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, or nothing where it is not installed."""
    found = shutil.which("postgres")
    if found:
        return Path(found).parent
    # Debian keeps them off the path, one folder for each version.
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4])
    )
    return versions[-1].parent if versions else None


@contextmanager
def running() -> Iterator[Server]:
    """Run a server for the block. Raises ``RuntimeError`` where it cannot be started."""
    found = programs()
    if found is None:
        raise RuntimeError("PostgreSQL is not installed; `make programs` installs what tests need")
    # A short name, since the path of a socket may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _other_user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    identity: dict[str, Any] = (
        {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    )
    try:
        subprocess.run(
            [
                *(found / "initdb", "--pgdata", folder / "data", "--username", "paper"),
                *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **identity,
        )
        settings = [part for pair in _SETTINGS.items() for part in ("-c", "=".join(pair))]
        process = subprocess.Popen(
            [found / "postgres", "-D", folder / "data", "-k", folder, *settings],
            stdin=subprocess.DEVNULL,
            cwd=folder,
            # A signal to the tests must not end it before they have.
            start_new_session=True,
            preexec_fn=_end_with_the_tests,  # noqa: PLW1509 - nothing else runs yet in the child
            **identity,
        )
        server = Server(folder)
        try:
            _await(server, process)
            yield server
        finally:
            # SIGQUIT: nothing is worth being written down, see _SETTINGS.
            process.send_signal(signal.SIGQUIT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_the_tests() -> None:
    # prctl(2): SIGQUIT comes when the parent dies, also by force.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _other_user() -> pwd.struct_passwd | None:
    if os.geteuid():
        return None
    for name in _USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL does not run as root, and there is nobody else here")


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_WITHIN_S
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start: {error}") from error
            time.sleep(0.05)
        else:
            return
