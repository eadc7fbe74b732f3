"""Starting and ending a whole paper as a person would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

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
    """Return an environment in which only the home is set."""
    clean = {name: value for name, value in os.environ.items() if "BROADSHEET" not in name}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    return {**clean, "BROADSHEET_HOME": str(home)}


def start(home: Path, command: str, printed: Path) -> RunningPaper:
    """Start ``broadsheet <command>`` on a free port and wait until the paper is ready."""
    port = free_port()
    with printed.open("w") as out:
        process = subprocess.Popen(
            [BROADSHEET, command, "--port", str(port)],
            env=environment(home),
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


def stop(paper: RunningPaper) -> None:
    """End the paper as Ctrl-C does, and wait for it."""
    if paper.process.poll() is None:
        paper.process.send_signal(signal.SIGINT)
        paper.process.wait(timeout=30)
