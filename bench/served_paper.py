"""A paper for measurements, filled with stories and served whole by `broadsheet serve`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_KB = 1024
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Served:
    """A paper that is served on ``port``; its first answer came after ``seconds``."""

    home: Path
    port: int
    pid: int
    seconds: float

    def memory(self, when: str) -> str:
        """Return a line that says what its processes take in MB: shared once, and by each."""
        figures = []
        for pid in family(self.pid):
            rolled = _rolled(pid)
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            called = Path(f"/proc/{pid}/comm").read_text().strip()
            names = (word for word in ("attribute", "poll") if word.encode() in words)
            name = "worker" if called == "broadsheet-work" else next(names, "serve")
            figures.append((name, rolled["Pss:"], rolled["Rss:"]))
        each = ", ".join(f"{name} {own:.0f} (RSS {all_:.0f})" for name, own, all_ in figures)
        whole, resident = (sum(figure[at] for figure in figures) for at in (1, 2))
        return f"memory {when}: {whole:.0f} MB, RSS in all {resident:.0f}: {each}"


def environment(home: Path) -> dict[str, str]:
    """Return what the processes of the paper in ``home`` read, and nothing of the caller's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("BROADSHEET_") and not name.endswith("_URL")
    }
    return kept | {
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_LOG_LEVEL": "ERROR",
        "BROADSHEET_SECRET_KEY": "for measurements only " + "x" * 50,
    }


def filled(home: Path, stories: int, *options: str) -> None:
    """Prepare the paper in ``home`` and fill it with so many stories."""
    script = Path(__file__).with_name("filled_paper.py")
    for command in (
        [sys.executable, "-m", "broadsheet", "init"],
        [sys.executable, str(script), str(stories), *options],
    ):
        done = subprocess.run(
            command, env=environment(home), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


@contextmanager
def served(
    home: Path,
    *,
    stories: int = 0,
    pressed: Path | None = None,
    page_workers: int = 2,
    worker: bool = True,
    settings: Mapping[str, str] | None = None,
) -> Generator[Served]:
    """Serve the paper in ``home`` for the block, with ``settings`` beside its usual ones.

    A new one is filled with so many stories, or hands out the files in ``pressed``. Without
    ``worker`` no background worker runs beside it.
    """
    without_worker = [] if worker else ["--no-worker"]
    if pressed is None:
        if not (home / "pressed" / "news").is_dir():
            filled(home, stories, "--pages")
    else:
        filled(home, 0)
        # A worker would take away what its ledger does not know.
        without_worker = ["--no-worker"]
        shutil.rmtree(home / "pressed")
        (home / "pressed").symlink_to(pressed.resolve(), target_is_directory=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    own = environment(home) | {
        "BROADSHEET_BASE_URL": address,
        "BROADSHEET_PAGE_WORKERS": str(page_workers),
    }
    own |= settings or {}
    if pressed is None:
        (home / "pressed-for").write_text(f"{address}\n")
    command = [sys.executable, "-m", "broadsheet", "serve", "--port", str(port), *without_worker]
    begun = time.perf_counter()
    with subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield Served(home, port, process.pid, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(60)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until somebody answers on ``port``. Ends the measurement where nobody does."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                if connection.recv(100):
                    return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"nobody answers on {port}")


def family(pid: int) -> list[int]:
    """Return the process ``pid`` and all that descend from it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found


def _rolled(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {line.split()[0]: int(line.split()[1]) / _KB for line in lines}
