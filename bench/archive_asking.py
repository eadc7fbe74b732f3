"""What readers and editors wait for: pages of the paper asked for over HTTP, one after another."""

from __future__ import annotations

import random
import re
import statistics
import sys
from collections.abc import Callable, Iterable
from time import perf_counter

import requests

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_STORIES = "/newsroom/stories/"


def median_and_p95(taken: Iterable[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile of some figures."""
    figures = list(taken)
    return statistics.median(figures), statistics.quantiles(figures, n=20, method="inclusive")[-1]


def editor(address: str, password: str) -> requests.Session:
    """Return a session of the administrator, logged in as in a browser."""
    session = requests.Session()
    page = session.get(f"{address}/newsroom/login/", timeout=60)
    token = _TOKEN.search(page.text)
    if token is None:
        sys.exit("the log-in page has no form")
    entered = session.post(
        f"{address}/newsroom/login/",
        {"login": "measurer", "password": password, "csrfmiddlewaretoken": token[1]},
        headers={"Referer": page.url},
        timeout=60,
    )
    if "/login" in entered.url:
        sys.exit("the administrator was not let in")
    return session


def newsroom(address: str, password: str, words: list[str], times: int) -> dict[str, list[float]]:
    """Return the milliseconds of the list of stories, by what was asked of it.

    ``words`` are what is looked for in the text, one a question.
    """
    session = editor(address, password)
    chance = random.Random(7)  # noqa: S311 - a measurement
    asked: dict[str, Callable[[], str]] = {
        "list": lambda: "",
        "list, a page far in": lambda: f"?p={chance.randint(2, 40)}",
        "list, by headline": lambda: "?ordering=headline",
        "filter by section": lambda: f"?section={chance.randint(2, 9)}",
        "text search": lambda: "?q=" + chance.choice(words),
    }
    found: dict[str, list[float]] = {}
    for name, query in asked.items():
        _timed(session, f"{address}{_STORIES}{query()}")
        found[name] = [_timed(session, f"{address}{_STORIES}{query()}") for _ in range(times)]
    return found


def search_pages(address: str, queries: list[str]) -> list[float]:
    """Return the milliseconds of readers' pages of results."""
    session = requests.Session()
    return [_timed(session, f"{address}/search/", {"q": query}) for query in queries]


def _timed(session: requests.Session, url: str, query: dict[str, str] | None = None) -> float:
    begun = perf_counter()
    answer = session.get(url, params=query, timeout=120)
    taken = (perf_counter() - begun) * 1000
    if answer.status_code != requests.codes.ok:
        sys.exit(f"{answer.url} answered {answer.status_code}")
    return taken
