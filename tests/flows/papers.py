"""Starting and ending a whole paper as a person would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

import home_databases

BROADSHEET = Path(sys.executable).with_name("broadsheet")
START_SECONDS = 180


@dataclass(frozen=True)
class RunningPaper:
    """A served paper: where it answers, where it lives, and the process that serves it."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    printed: Path

    def get(self, path: str, **options: object) -> requests.Response:
        """Fetch a path of the paper, without following redirects."""
        return requests.get(self.url + path, timeout=20, allow_redirects=False, **options)  # type: ignore[arg-type]


def free_port() -> int:
    """Return a loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which only the home and the languages are set."""
    clean = {name: value for name, value in os.environ.items() if "BROADSHEET" not in name}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    return {
        **clean,
        **home_databases.named_in(home),
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_LANGUAGES": "en,fa,de",
    }


def run(home: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``broadsheet <command>`` on a home to its end."""
    return subprocess.run(
        [BROADSHEET, *command],
        env={**environment(home), **settings},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def ask(home: Path, question: str, *values: object) -> list[Any]:
    """Put a question in SQL to the database of a home, whoever else works with it."""
    with home_databases.opened(home) as database:
        found: list[Any] = database.execute(question, values).fetchall()
        return found


def pending(home: Path) -> int:
    """Return how many sheets are ordered and not pressed yet."""
    ((number,),) = ask(home, "SELECT count(*) FROM press_pressorder")
    return int(number)


def settled(home: Path) -> bool:
    """Whether nothing is left to do: a story read for its sources orders its pages anew."""
    ((unread,),) = ask(
        home, "SELECT count(*) FROM attribution_storyreading WHERE state = 'waiting'"
    )
    return not unread and not pending(home)


def soon(holds: Callable[[], Any], *, within: float = 30.0) -> Any:
    """Wait until something holds, and return it; fail where it does not in ``within`` seconds."""
    deadline = time.monotonic() + within
    while True:
        found = holds()
        if found or time.monotonic() > deadline:
            assert found, "it did not come true in time"
            return found
        time.sleep(0.1)


def start(home: Path, command: str, printed: Path, **settings: str) -> RunningPaper:
    """Start ``broadsheet <command>`` on a free port and wait until the paper is ready."""
    port = free_port()
    with printed.open("w") as out:
        process = subprocess.Popen(
            [BROADSHEET, command, "--port", str(port)],
            env={**environment(home), **settings},
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    paper = RunningPaper(f"http://127.0.0.1:{port}", home, process, printed)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(
                f"broadsheet {command} ended with {process.returncode}:\n{printed.read_text()}"
            )
        try:
            if paper.get("/readyz").status_code == requests.codes.ok:
                return paper
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    stop(paper)
    pytest.fail(f"broadsheet {command} was not ready in time:\n{printed.read_text()}")


def kill(paper: RunningPaper) -> None:
    """End everything the paper consists of at once, as a power cut does."""
    os.killpg(paper.process.pid, signal.SIGKILL)
    paper.process.wait()
    soon(lambda: not _group_lives(paper.process.pid))


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def stop(paper: RunningPaper) -> None:
    """End the paper as Ctrl-C does, and wait for it."""
    if paper.process.poll() is None:
        paper.process.send_signal(signal.SIGINT)
        paper.process.wait(timeout=30)


def children_of(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started and that run or wait to be looked after."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def name_of(pid: int) -> str:
    """Return what the system calls the process ``pid``."""
    return Path(f"/proc/{pid}/comm").read_text().strip()


def is_running(pid: int) -> bool:
    """Tell whether the process ``pid`` is there and has not ended."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
