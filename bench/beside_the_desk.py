"""How long do readers of pages wait while the newsroom is at work?

    .venv/bin/python bench/beside_the_desk.py [--editors 5] [--turns 5]

Two papers of 1,000 stories are served: one by processes that hand out pages and one that does the
rest, as `broadsheet serve` starts them, and one by a single process that does both
(BROADSHEET_PAGE_WORKERS=0). In turns, a reader asks each for a page two hundred times a second,
while nobody is in the newsroom and while so many editors ask for its list of stories, one page
after another. Prints the milliseconds that half of the reader's requests took, 99 in 100 of them
and the longest, as medians of the turns.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from archive_asking import editor
from served_paper import environment, filled, served

_PASSWORD = "for measurements only"  # noqa: S105 - of a paper that is thrown away
_SIDES = {"two for pages, one for the rest": "2", "one for everything": "0"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--editors", type=int, default=5)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name, ExitStack() as running:
        papers = {}
        for side, workers in _SIDES.items():
            home = Path(name) / workers
            filled(home, options.stories, "--pages")
            _administrator(home)
            settings = {"BROADSHEET_PAGE_WORKERS": workers}
            papers[side] = running.enter_context(served(home, settings=settings)).port
        page = f"/news/{options.stories // 2}/"
        for said, editors in (("nobody", 0), (f"{options.editors} editors", options.editors)):
            taken: dict[str, list[list[float]]] = {side: [] for side in papers}
            for _ in range(options.turns):
                for side, port in papers.items():
                    with _desk(port, editors):
                        taken[side].append(_read(port, page, options.seconds))
            for side, turns in taken.items():
                print(f"{said:<12}{side:<32}{_told(turns)}", flush=True)


def _told(turns: list[list[float]]) -> str:
    def of(figures: list[float]) -> tuple[float, float, float]:
        return statistics.median(figures), statistics.quantiles(figures, n=100)[-1], max(figures)

    half, most, longest = map(statistics.median, zip(*map(of, turns), strict=True))
    return f"half {half:6.2f}   99 % {most:7.2f}   longest {longest:7.2f} ms"


def _administrator(home: Path) -> None:
    command = [sys.executable, "-m", "broadsheet", "createadmin", "--username", "measurer"]
    subprocess.run(
        [*command, "--email", "measurer@courier.example"],
        env=environment(home) | {"BROADSHEET_ADMIN_PASSWORD": _PASSWORD},
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def _desk(port: int, editors: int) -> Generator[None]:
    """Have so many editors at work for the block, in a process of their own."""
    if not editors:
        yield
        return
    begun = multiprocessing.Event()
    desk = multiprocessing.Process(target=_edit, args=(port, editors, begun), daemon=True)
    desk.start()
    try:
        if not begun.wait(60):
            sys.exit("the editors do not get in")
        yield
    finally:
        desk.kill()
        desk.join()


def _edit(port: int, editors: int, begun: multiprocessing.synchronize.Event) -> None:
    address = f"http://127.0.0.1:{port}"
    first = editor(address, _PASSWORD)
    first.get(f"{address}/newsroom/stories/", timeout=60)

    def work() -> None:
        session = editor(address, _PASSWORD)
        while session.get(f"{address}/newsroom/stories/", timeout=60).ok:
            pass
        os._exit(1)

    for _ in range(editors):
        threading.Thread(target=work, daemon=True).start()
    time.sleep(1)
    begun.set()
    time.sleep(600)


def _read(port: int, page: str, seconds: float) -> list[float]:
    """Ask for ``page`` for so long, and return the milliseconds of each answer."""
    taken = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status != http.HTTPStatus.OK:
            sys.exit(f"{page} answered {answer.status}")
        time.sleep(0.005)
    connection.close()
    return taken


if __name__ == "__main__":
    main()
