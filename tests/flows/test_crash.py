"""The paper is killed while the newsroom publishes and readers write: nothing promised is lost."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import pytest
import requests

import home_databases
from flows.desk import Desk
from flows.papers import RunningPaper, ask, environment, kill, run, settled, soon, start, stop
from flows.readers import Reader

pytestmark = pytest.mark.flow
ROUNDS = 5
LONGEST_SECONDS = 2.5  # of work before the end comes
FEWEST_ON_THE_FRONT, ON_A_PAGE, IN_A_FEED, IN_A_TOPICS_FEED = 5, 40, 30, 15
_PAGES = ("/", "/section/world/", "/topic/water/", "/by/mira-doe/")
_FEEDS = [
    f"/feeds/{name}.{kind}"
    for name in ("all", "world", "topic/water", "en")
    for kind in ("rss", "atom", "json")
]


@dataclass
class Promises:
    """What the server has acknowledged, and the one act whose answer never came."""

    published: list[str] = field(default_factory=list)
    taken_down: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    in_doubt: set[str] = field(default_factory=set)


def publish(paper: RunningPaper, promises: Promises, turn: int) -> None:
    """Publish story after story, and take every third down again, until nobody answers."""
    try:
        desk = Desk(paper)
        for number in count():
            headline = f"Story {turn}-{number}"
            desk.publish(headline)
            promises.published.append(headline)
            if number % 3 == 1:
                news_id = desk.news_id(headline)
                promises.in_doubt.add(headline)
                desk.unpublish(news_id)
                promises.taken_down.append(headline)
                promises.in_doubt.discard(headline)
    except requests.RequestException:
        return


def write(paper: RunningPaper, promises: Promises, turn: int) -> None:
    """Write letter after letter, each from another address, until nobody answers."""
    try:
        for number in count():
            text = f"Letter {turn}-{number}"
            if not Reader(paper, f"127.0.{turn + 1}.{number + 1}").write(1, text):
                pytest.fail(f"{text} was not taken")
            promises.letters.append(text)
    except requests.RequestException:
        return


def test_kill_9_in_the_middle_of_everything(town: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(town, tmp_path / "home"))
    chance = random.Random(207166)  # noqa: S311 - the same moments in every run
    promises = Promises()
    paper = start(home, "serve", tmp_path / "printed-first.txt")
    try:
        Desk(paper).publish("The story they write about")
        for turn in range(ROUNDS):
            work_until_killed(paper, promises, turn, chance.uniform(0, LONGEST_SECONDS))
            paper = start(home, "serve", tmp_path / f"printed-{turn}.txt")
            soon(partial(has_recovered, paper), within=120)
            nothing_promised_is_lost(home, promises)
            pages_agree_with_the_database(paper)
    finally:
        stop(paper)
    assert promises.taken_down
    assert promises.letters
    pressing_again_changes_nothing(home)


def work_until_killed(paper: RunningPaper, promises: Promises, turn: int, seconds: float) -> None:
    """Have people publish and write, and end the paper so long after the first story."""
    so_far = len(promises.published)
    errors: list[threading.ExceptHookArgs] = []
    people = [
        threading.Thread(target=work, args=(paper, promises, turn)) for work in (publish, write)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", errors.append)
        for person in people:
            person.start()
        soon(lambda: errors or enough(promises, so_far, turn), within=90)
        time.sleep(seconds)
        kill(paper)
        for person in people:
            person.join(timeout=90)
    assert not errors, errors[0].exc_value


def enough(promises: Promises, so_far: int, turn: int) -> bool:
    """Whether the paper may be killed: a slow machine has taken nothing down before the last."""
    is_last = turn == ROUNDS - 1
    return len(promises.published) > so_far and bool(promises.taken_down or not is_last)


def nothing_promised_is_lost(home: Path, promises: Promises) -> None:
    live = dict(ask(home, "SELECT headline, live FROM stories_story"))
    for headline in promises.published:
        assert headline in live, headline
        if headline not in promises.in_doubt:
            assert live[headline] == (headline not in promises.taken_down), headline
    written = ask(home, "SELECT text FROM letters_letter")
    for text in promises.letters:
        assert written.count((text,)) == 1, text
    if "DATABASE_URL" in os.environ:
        return  # PostgreSQL has no such question; it holds its constraints at any time
    with home_databases.opened(home) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def shown_at(paper: RunningPaper, path: str) -> set[int]:
    answer = paper.get(path)
    assert answer.status_code == requests.codes.ok, path
    return {int(number) for number in re.findall(r"/news/(\d+)/", answer.text)}


def pages_agree_with_the_database(paper: RunningPaper) -> None:
    rows = ask(
        paper.home,
        "SELECT news_id, live, headline FROM stories_story WHERE first_published_at IS NOT NULL "
        "ORDER BY first_published_at DESC, news_id DESC",
    )
    live = [number for number, is_live, _ in rows if is_live]
    for number, is_live, headline in rows:
        answer = paper.get(f"/news/{number}/")
        assert answer.status_code == (200 if is_live else 410), headline
        assert not is_live or headline in answer.text
        assert paper.get(f"/news/{number}.json").status_code == (200 if is_live else 410)
    day = datetime.now(UTC).strftime("/archive/%Y/%m/%d/")
    # The tests may pass midnight; the stories of the day before stand on its page.
    pages = [*_PAGES, day] if paper.get(day).status_code == requests.codes.ok else _PAGES
    for path in pages:
        shown = shown_at(paper, path)
        assert shown <= set(live), path
        if path == "/":
            # Its layout fills whole rows: the newest, as many as make them.
            assert shown == set(live[: len(shown)])
            assert len(shown) >= min(len(live), FEWEST_ON_THE_FRONT)
        elif path != day:
            assert shown >= set(live[:ON_A_PAGE]), path
    for path in _FEEDS:
        most = IN_A_TOPICS_FEED if path.startswith("/feeds/topic/") else IN_A_FEED
        assert shown_at(paper, path) == set(live[:most]), path
    for path in ("/sitemaps/0.xml", "/sitemap-news.xml"):
        assert shown_at(paper, path) == set(live), path
    # The new worker may still be taking away what the one before had half-written.
    deadline = time.monotonic() + 60
    while found := what_disagrees(paper.home):
        assert time.monotonic() < deadline, found
        time.sleep(1)
    leftover = [path for path in (paper.home / "pressed").rglob(".*") if path.is_file()]
    assert not leftover


def has_recovered(paper: RunningPaper) -> bool:
    """Whether all is done that the crash left undone; ready is said before it is looked for."""
    return "recovered" in paper.printed.read_text() and settled(paper.home)


def what_disagrees(home: Path) -> list[dict[str, str]]:
    """Return what a deep check finds wrong with the pressed files."""
    checked = run(home, "check", "--deep", "--json")
    found = {finding["subject"]: finding for finding in json.loads(checked.stdout)}
    return [
        found[subject] for subject in ("pressed files", "press") if found[subject]["level"] != "ok"
    ]


def pressing_again_changes_nothing(home: Path) -> None:
    """Press the whole paper anew: no file may come out other than it lies there."""
    done = subprocess.run(
        [sys.executable, "-c", "import json; from press.crashing import check; "
         "print(json.dumps(check()))"],
        env={**environment(home), "PYTHONPATH": os.pathsep.join(["tests", *sys.path])},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    found.pop("headlines")
    assert found == {
        "waiting": [],
        "stale": [],
        "missing": [],
        "too many": [],
        "not in the ledger": [],
    }
