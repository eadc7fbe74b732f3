"""`kill -9` at any moment of a publication; two processes that publish at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import home_databases

PROGRAM = Path(__file__).with_name("crashing.py")


class Paper:
    """A newspaper with a home and a database of its own, run by processes that may die."""

    def __init__(self, home: Path, forker: subprocess.Popen[str]) -> None:
        self.home = home
        self.forker = forker

    def run_at_once(self, *tasks: list[str]) -> list[tuple[int, Any]]:
        """Run each task in a process of its own and return their exit statuses and outputs."""
        assert self.forker.stdin is not None
        assert self.forker.stdout is not None
        named = home_databases.named_in(self.home)
        asked = {
            "home": str(self.home),
            "database": (self.home / home_databases.MARK).read_text() if named else "",
            "tasks": tasks,
        }
        self.forker.stdin.write(json.dumps(asked) + "\n")
        self.forker.stdin.flush()
        answers: list[tuple[int, Any]] = json.loads(self.forker.stdout.readline())
        return answers

    def run(self, *task: str, killed: bool = False) -> Any:
        ((status, output),) = self.run_at_once(list(task))
        assert status == (-signal.SIGKILL if killed else 0), output
        return output


@pytest.fixture(scope="module")
def forker() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        env={**os.environ, "BROADSHEET_LOG_LEVEL": "CRITICAL"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="module")
def running_paper(
    new_home: Path, tmp_path_factory: pytest.TempPathFactory, forker: subprocess.Popen[str]
) -> Path:
    """A home with one published story, to be copied."""
    home = Path(shutil.copytree(new_home, tmp_path_factory.mktemp("crashes") / "home"))
    made = Paper(home, forker)
    made.run("publish", "The first")
    made.run("recover")
    return home


@pytest.fixture
def paper(running_paper: Path, tmp_path: Path, forker: subprocess.Popen[str]) -> Paper:
    home = tmp_path / "home"
    shutil.copytree(running_paper, home)
    return Paper(home, forker)


def agreed(found: dict[str, Any]) -> dict[str, Any]:
    """Return what was found without what is as it should be."""
    return {name: what for name, what in found.items() if name != "headlines" and what}


@pytest.mark.parametrize(
    "moment",
    [
        "after the commit",
        "while drawing",
        "while storing",
        "before the ledger",
        "in the ledger",
        "above the rest",
        "while writing",
    ],
)
def test_a_publication_survives_the_death_of_its_process(paper: Paper, moment: str) -> None:
    paper.run("publish", "The second", moment, killed=True)
    paper.run("recover")
    found = paper.run("check")
    assert found["headlines"] == ["The first", "The second"]
    assert agreed(found) == {}


def test_what_was_not_committed_never_happened(paper: Paper) -> None:
    paper.run("publish", "The second", "before the commit", killed=True)
    paper.run("recover")
    found = paper.run("check")
    assert found["headlines"] == ["The first"]
    assert agreed(found) == {}


@pytest.mark.parametrize("moment", ["after the commit", "while taking away", "in the ledger"])
def test_a_withdrawal_survives_the_death_of_its_process(paper: Paper, moment: str) -> None:
    paper.run("withdraw", moment, killed=True)
    paper.run("recover")
    found = paper.run("check")
    assert found["headlines"] == []
    assert agreed(found) == {}
    assert not list((paper.home / "pressed" / "news").rglob("*.gz"))


def test_two_processes_that_publish_at_once_strand_nothing(paper: Paper) -> None:
    answers = paper.run_at_once(*(["publish", f"Story {number}"] for number in range(4)))
    assert [status for status, _ in answers] == [0, 0, 0, 0], answers
    # Before any recovery: every story is on its page, and nothing the desk waits for is left.
    stories = list((paper.home / "pressed" / "news").rglob("*.html.gz"))
    assert len(stories) == 5
    found = paper.run("check")
    assert len(found["headlines"]) == 5
    assert agreed(found) == {}


def test_recovery_mends_what_a_hand_did_to_the_folder(paper: Paper) -> None:
    pressed = paper.home / "pressed"
    (pressed / "index.html.gz").unlink()
    shutil.rmtree(pressed / "feeds")
    (pressed / "news" / "0" / "77.html.gz").write_bytes(b"of a paper that is no more")
    (pressed / "news" / "0" / ".press-abcdef").write_bytes(b"half a page")
    paper.run("recover")
    assert agreed(paper.run("check")) == {}
    assert not list(pressed.rglob(".press-*"))
