"""A paper for measurements: a home of its own, its commands, and what its processes take."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from generated_text import LANGUAGES
from served_paper import Served, environment, family, served

PASSWORD = "Measured-by-nobody-else-7"  # noqa: S105 - of a paper that is thrown away
_SETTINGS = {"BROADSHEET_LANGUAGES": ",".join(LANGUAGES), "BROADSHEET_ADMIN_PASSWORD": PASSWORD}
# To add up the pages of a large process takes the kernel some milliseconds of the one measured.
_LOOK_S = 1.0
_BLOCK = 512
# Less of a processor than this is what a paper takes that nobody asks for anything.
_IDLE, _QUIET_S, _LONGEST_WAIT_S = 0.05, 3, 600.0
_KB = 1024


@dataclass(frozen=True)
class Run:
    """What a command took: seconds, the most resident memory of its processes in MB, its words."""

    seconds: float
    megabytes: float
    output: str


@dataclass(frozen=True)
class Paper:
    """The paper in ``home``, with its environment, and in a database on a server if need be."""

    home: Path
    database_url: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """What it is told beside its home."""
        return _SETTINGS | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    @property
    def environment(self) -> dict[str, str]:
        """What its processes read; nothing of the caller's own settings."""
        return environment(self.home) | self.settings

    def database_bytes(self) -> int:
        """Return how large the database is, with its indexes."""
        if not self.database_url:
            return (self.home / "broadsheet.sqlite3").stat().st_size
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(found[0]) if found else 0

    def prepare(self, sections: Sequence[str]) -> None:
        """Make the home, an administrator ("measurer") and the sections the copy names."""
        self.run("init")
        self.run("createadmin", "--username", "measurer", "--email", "measurer@courier.example")
        self.run_script("archive_sections.py", *sections)

    def run(self, *arguments: str) -> Run:
        """Run a command of the paper and watch it. Ends the measurement where it fails."""
        return self._watched([sys.executable, "-m", "broadsheet", *arguments])

    def run_script(self, name: str, *arguments: str) -> Run:
        """Run a script that stands beside this one, in the paper's environment."""
        script = Path(__file__).with_name(name)
        return self._watched([sys.executable, str(script), *arguments])

    def _watched(self, command: list[str]) -> Run:
        begun = time.perf_counter()
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True,
        ) as process:  # fmt: skip
            most = [0.0]
            watching = threading.Thread(target=_watch, args=(process, most))
            watching.start()
            output = process.stdout.read() if process.stdout else ""
            process.wait()
            watching.join()
        if process.returncode:
            sys.exit(f"{' '.join(command)} failed ({process.returncode}):\n{output[-4000:]}")
        return Run(time.perf_counter() - begun, most[0], output)

    @contextmanager
    def served(self) -> Generator[Served]:
        """Serve for the block, whole: newsstand, newsroom and worker."""
        with served(self.home, settings=self.settings) as paper:
            yield paper

    def pressed(self) -> tuple[int, int]:
        """Return how many pressed files there are and the bytes of disk they and folders take."""
        files = blocks = 0
        for folder, _, names in os.walk(self.home / "pressed"):
            blocks += Path(folder).stat().st_blocks
            for name in names:
                files += 1
                blocks += Path(folder, name).stat().st_blocks
        return files, blocks * _BLOCK


def resident_mb(pid: int) -> float:
    """Return the resident MB of ``pid`` and its descendants: pages that they share count once."""
    total = 0
    for each in family(pid):
        try:
            rolled = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rolled.splitlines() if line[:4] == "Pss:")
    return total / _KB


def wait_until_idle(pid: int) -> float:
    """Return once ``pid`` and its descendants have hardly used a processor for some seconds.

    Returns the most resident MB that they had meanwhile (:func:`resident_mb`). A paper that was
    just published into has its new stories read for their sources, which takes a second each. Ends
    the measurement where that does not come to an end.
    """
    tick = os.sysconf("SC_CLK_TCK")
    deadline = time.monotonic() + _LONGEST_WAIT_S
    quiet, before = 0, _ticks(pid)
    most = 0.0
    while quiet < _QUIET_S:
        if time.monotonic() > deadline:
            sys.exit("the paper does not come to rest")
        time.sleep(1)
        most = max(most, resident_mb(pid))
        now = _ticks(pid)
        quiet, before = (quiet + 1 if now - before < tick * _IDLE else 0), now
    return most


def _ticks(pid: int) -> int:
    """Return the processor's time that the living of a family have taken, in the clock's ticks."""
    total = 0
    for each in family(pid):
        try:
            text = Path(f"/proc/{each}/stat").read_text()
        except OSError:
            continue
        # The name, in brackets, may have spaces in it (man 5 proc).
        total += sum(map(int, text.rpartition(")")[2].split()[11:13]))
    return total


def _watch(process: subprocess.Popen[str], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], resident_mb(process.pid))
        time.sleep(_LOOK_S)
