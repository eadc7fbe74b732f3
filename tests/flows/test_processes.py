"""The processes of a served paper: who is there, who stands in, and how they end."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from flows.papers import (
    RunningPaper,
    children_of,
    is_running,
    name_of,
    soon,
    start,
    stop,
)

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def paper(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPaper]:
    """A served paper without a story."""
    folder = tmp_path_factory.mktemp("served")
    home = Path(shutil.copytree(new_home, folder / "home"))
    paper = start(home, "serve", folder / "printed.txt")
    soon(lambda: paper.get("/").status_code == 200)
    yield paper
    stop(paper)


@pytest.fixture
def hang_up() -> Iterator[Callable[[signal.Handlers], object]]:
    """Sets what SIGHUP does to the programs started from here; the tests may run under nohup."""
    before = signal.getsignal(signal.SIGHUP)
    yield partial(signal.signal, signal.SIGHUP)
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_everything_it_started(
    home: Path,
    tmp_path: Path,
    signum: signal.Signals,
    hang_up: Callable[[signal.Handlers], object],
) -> None:
    hang_up(signal.SIG_DFL)
    paper = start(home, "serve", tmp_path / "printed.txt")
    children = children_of(paper.process.pid)
    assert sorted(map(name_of, children)) == [
        *("broadsheet-page", "broadsheet-page", "broadsheet-web", "broadsheet-work")
    ]
    paper.process.send_signal(signum)
    assert paper.process.wait(timeout=30) == 0
    assert not any(is_running(pid) for pid in children)
    assert not (home / "run" / "worker.json").exists()
    assert "Traceback" not in paper.printed.read_text()


def test_it_outlives_its_terminal_where_it_is_told_to(
    home: Path, tmp_path: Path, hang_up: Callable[[signal.Handlers], object]
) -> None:
    hang_up(signal.SIG_IGN)
    paper = start(home, "serve", tmp_path / "printed.txt")
    paper.process.send_signal(signal.SIGHUP)
    try:
        assert paper.get("/healthz").status_code == 200
        assert is_running(paper.process.pid)
    finally:
        stop(paper)


@pytest.mark.parametrize(
    ("name", "address"), [("broadsheet-page", "/"), ("broadsheet-web", "/search/?q=first")]
)
def test_readers_wait_while_a_serving_process_is_replaced(
    paper: RunningPaper, name: str, address: str
) -> None:
    for serving in [pid for pid in children_of(paper.process.pid) if name_of(pid) == name]:
        os.kill(serving, signal.SIGKILL)
        soon(partial(lambda pid: not is_running(pid), serving))
    assert paper.get(address).status_code == 200


def test_pages_do_not_wait_for_what_django_does(paper: RunningPaper) -> None:
    (busy,) = (pid for pid in children_of(paper.process.pid) if name_of(pid) == "broadsheet-web")
    os.kill(busy, signal.SIGSTOP)
    try:
        for _ in range(20):
            assert paper.get("/").status_code == 200
        with pytest.raises(requests.Timeout):
            requests.get(paper.url + "/search/?q=first", timeout=1)
    finally:
        os.kill(busy, signal.SIGCONT)
    assert paper.get("/search/?q=first").status_code == 200


def test_one_process_may_do_it_all(home: Path, tmp_path: Path) -> None:
    paper = start(home, "serve", tmp_path / "printed.txt", BROADSHEET_PAGE_WORKERS="0")
    try:
        assert sorted(map(name_of, children_of(paper.process.pid))) == [
            *("broadsheet-web", "broadsheet-work")
        ]
        assert paper.get("/search/?q=first").status_code == 200
        assert paper.get("/robots.txt").status_code == 200
    finally:
        stop(paper)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one processor")
def test_pages_are_handed_out_by_each_processor_where_there_are_few(
    home: Path, tmp_path: Path
) -> None:
    allowed = os.sched_getaffinity(0)
    two = set(sorted(allowed)[:2])
    os.sched_setaffinity(0, two)
    try:
        paper = start(home, "serve", tmp_path / "printed.txt")
    finally:
        os.sched_setaffinity(0, allowed)
    pages = [pid for pid in children_of(paper.process.pid) if name_of(pid) == "broadsheet-page"]
    try:
        soon(
            lambda: (
                sorted(sorted(os.sched_getaffinity(pid)) for pid in pages)
                == [[one] for one in sorted(two)]
            )
        )
    finally:
        stop(paper)
