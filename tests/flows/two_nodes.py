"""A paper on two nodes: two homes and two ports, one PostgreSQL, one Redis and one S3 store."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests

import private_postgresql
import private_redis
import private_s3
from flows.desk import LOGIN, PASSWORD
from flows.papers import BROADSHEET, RunningPaper, environment, free_port, soon, stop

LANGUAGES = "en"


@dataclass
class Shared:
    """What the nodes share, each part of which can be taken away for a while."""

    server: private_postgresql.Server
    database: str
    redis: private_redis.Server
    s3: private_s3.Server
    settings: dict[str, str]

    def ask(self, home: Path, question: str, *values: object) -> list[Any]:
        """Put a question in SQL to the database, whichever home asks."""
        with psycopg.connect(self.server.url(self.database)) as connection:
            found = connection.execute(
                question.replace("?", "%s").encode(), tuple(values)
            ).fetchall()
        return list(found)

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Break every connection off, and take no new ones for the block."""
        name = self.database
        self.server.run(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        of_it = f"datname = '{name}'"
        self.server.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {of_it}"  # noqa: S608
        )
        try:
            yield
        finally:
            self.server.run(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


def prepare(shared: Shared, home: Path, furnish: str) -> None:
    """Make the first home and the database, with an administrator and what ``furnish`` makes."""
    # In one process: each takes seconds to start.
    made = f"""
from django.core.management import call_command
call_command("init")
call_command("createadmin", username={LOGIN!r})
{furnish}
"""
    done = subprocess.run(
        [BROADSHEET, "shell", "--no-imports", "-c", made],
        env={**_environment(shared, home), "BROADSHEET_ADMIN_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _environment(shared: Shared, home: Path) -> dict[str, str]:
    return {**environment(home), "BROADSHEET_LANGUAGES": LANGUAGES, **shared.settings}


def launch(shared: Shared, home: Path, name: str, printed: Path) -> RunningPaper:
    """Start a node as a container does, and return at once; :func:`await_ready` waits for it."""
    port = free_port()
    made = "" if home.is_dir() else f"{BROADSHEET} init &&"
    with printed.open("a") as out:
        process = subprocess.Popen(
            ["sh", "-c", f"{made} exec {BROADSHEET} serve --port {port}"],
            env={**_environment(shared, home), "BROADSHEET_NODE_NAME": name},
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    return RunningPaper(f"http://127.0.0.1:{port}", home, process, printed)


def await_ready(node: RunningPaper) -> None:
    """Wait until a node is ready."""

    def ready() -> bool:
        assert node.process.poll() is None, node.printed.read_text()
        try:
            return bool(node.get("/readyz").status_code == requests.codes.ok)
        except requests.ConnectionError:
            return False

    soon(ready, within=120)


@contextmanager
def running(shared: Shared, homes: dict[str, Path], folder: Path) -> Iterator[list[RunningPaper]]:
    """Run a node in each of ``homes`` for the block."""
    nodes = [launch(shared, home, name, folder / f"{name}.txt") for name, home in homes.items()]
    try:
        for node in nodes:
            await_ready(node)
        yield nodes
    finally:
        for node in nodes:
            stop(node)


@dataclass
class Readers:
    """Readers of pressed pages of one node, who go on reading until told to stop."""

    node: RunningPaper
    paths: list[str]
    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _stopping: threading.Event = field(default_factory=threading.Event, repr=False)

    def read(self) -> None:
        """Read page after page."""
        with requests.Session() as session:
            while not self._stopping.is_set():
                for path in self.paths:
                    self._read(session, path)
                time.sleep(0.01)

    def _read(self, session: requests.Session, path: str) -> None:
        began = time.monotonic()
        try:
            status = session.get(self.node.url + path, timeout=10).status_code
        except requests.RequestException as error:
            self.wrong.append(f"{path}: {error}")
        else:
            if status != requests.codes.ok:
                self.wrong.append(f"{path}: {status}")
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.answers += 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read for the block."""
        thread = threading.Thread(target=self.read, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join()


def seconds_until(holds: Callable[[], Any], *, within: float = 30.0) -> float:
    """Wait until something holds, looking often, and return how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not come true in time"
        time.sleep(0.01)
    return time.monotonic() - began
