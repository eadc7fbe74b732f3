"""How long does the newsroom take to list stories, and does that grow with the archive?

    .venv/bin/python bench/newsroom.py [--stories 1000 207166] [--turns 12] [--slow 300]

Fills papers of these sizes with stories, versions, histories, letters and pictures, and asks for
the newsroom's lists as an administrator who is logged in: every column's order, every filter, the
search, the choosers and the reports. Prints the milliseconds of half and of 95 in 100 answers of
each at each size, and the ratio of the last size to the first; marks those above --slow. The
first answer of each is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from served_paper import environment, filled

QUESTIONS = {
    "dashboard": "/newsroom/",
    "stories": "/newsroom/stories/",
    **{
        f"stories by {name}": f"/newsroom/stories/?ordering={name}"
        for name in (
            "-news_id", "news_id", "headline", "-headline", "section__name", "-section__name",
            "language", "first_published_at", "-first_published_at",
            "latest_revision__created_at", "-latest_revision__created_at",
        )
    },
    "stories, page 100": "/newsroom/stories/?p=100",
    "stories, last page": "/newsroom/stories/?p={last}",
    "stories, a section": "/newsroom/stories/?section={section}",
    "stories, a section by time": (
        "/newsroom/stories/?section={section}&ordering=-first_published_at"
    ),
    "stories, an agency": "/newsroom/stories/?agency={agency}",
    "stories, a language": "/newsroom/stories/?language=en",
    "stories, no such language": "/newsroom/stories/?language=fa",
    "stories, a month": "/newsroom/stories/?published_from={month}-01&published_to={month}-28",
    "stories, a month of a section": (
        "/newsroom/stories/?section={section}&published_from={month}-01&published_to={month}-28"
    ),
    **{
        f"stories, {state}": f"/newsroom/stories/?status={state}"
        for state in (
            "live", "draft", "changed", "scheduled", "embargoed", "expired", "moderation",
            "withdrawn",
        )
    },
    "search, a number": "/newsroom/stories/?q={number}",
    "search, a common word": "/newsroom/stories/?q={word}",
    "search, two words": "/newsroom/stories/?q={words}",
    "search, no such word": "/newsroom/stories/?q=zzyzx",
    "search, in a section": "/newsroom/stories/?q={words}&section={section}",
    "a story": "/newsroom/stories/edit/{number}/",
    "history of a story": "/newsroom/stories/history/{number}/",
    "new story": "/newsroom/stories/add/",
    "fronts": "/newsroom/fronts/",
    "story chooser": "{chooser}",
    "story chooser, words": "{chooser_results}?q={words}",
    "story chooser, a section": "{chooser_results}?section={section}",
    "pictures": "/newsroom/images/",
    "picture chooser": "/newsroom/images/chooser/",
    "picture chooser, words": "/newsroom/images/chooser/results/?q=picture",
    "letters": "{letters}",
    "letters, waiting": "{letters}?state=held",
    "wire": "/newsroom/wire/",
    "report: locked": "/newsroom/reports/locked/",
    "report: workflow": "/newsroom/reports/workflow/",
    "report: tasks": "/newsroom/reports/workflow_tasks/",
    "report: history": "/newsroom/reports/site-history/",
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--stories", type=int, nargs="+", default=[1_000, 207_166])
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--slow", type=float, default=300, metavar="MS")
    parser.add_argument("--only", default="", help="questions whose name has this in it")
    parser.add_argument(
        "--processor", action="store_true", help="count the processor's time, on a busy machine"
    )
    parser.add_argument("--home", type=Path, help="a paper that was filled before; asked only")
    parser.add_argument("--asked", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.asked:
        clock = time.process_time if options.processor else time.perf_counter
        print(json.dumps(ask(options.turns, options.only, clock)))
        return
    if options.home:
        sizes = {0: _asked(options.home, options)}
    else:
        sizes = {}
        for size in options.stories:
            with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as home:
                filled(Path(home), size, "--desk")
                sizes[size] = _asked(Path(home), options)
    tell(sizes, options.slow)


def tell(sizes: dict[int, dict[str, list[float]]], slow: float) -> None:
    """Print a line a question."""
    heads = "".join(f"{f'{size} p50':>13}{'p95':>8}" for size in sizes)
    print(f"{'milliseconds':<32}{heads}   ratio")
    for name in next(iter(sizes.values())):
        taken = [measured[name] for measured in sizes.values()]
        halves = [statistics.median(each) for each in taken]
        most = [_p95(each) for each in taken]
        figures = "".join(
            f"{half:>13.0f}{long:>8.0f}" for half, long in zip(halves, most, strict=True)
        )
        mark = "  SLOW" if most[-1] > slow else ""
        print(f"{name:<32}{figures}{halves[-1] / halves[0]:>8.2f}{mark}")


def _p95(each: list[float]) -> float:
    return sorted(each)[min(len(each) - 1, round(0.95 * (len(each) - 1)))]


def _asked(home: Path, options: argparse.Namespace) -> dict[str, list[float]]:
    command = [sys.executable, __file__, "--asked"]
    command += [f"--turns={options.turns}", f"--only={options.only}"]
    if options.processor:
        command.append("--processor")
    done = subprocess.run(
        command,
        env=environment(home) | {"BROADSHEET_ALLOWED_HOSTS": "testserver"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def ask(turns: int, only: str, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Ask the paper of the environment; return the milliseconds of each answer by ``clock``."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username="measurer"))
    names = _names()
    taken: dict[str, list[float]] = {}
    for name, question in QUESTIONS.items():
        if only not in name:
            continue
        address = question.format(**names)
        for turn in range(turns + 1):
            begun = clock()
            answer = client.get(address)
            if answer.status_code != 200:  # noqa: PLR2004
                print(f"{name}: {address} answers {answer.status_code}", file=sys.stderr)
                break
            if turn:
                taken.setdefault(name, []).append((clock() - begun) * 1000)
    return taken


def _names() -> dict[str, str]:
    from django.urls import reverse

    from broadsheet.letters.models import Letter
    from broadsheet.stories.models import Agency, Section, Story

    middle = Story.objects.order_by("news_id")[Story.objects.count() // 2]
    words = middle.headline.split()
    chooser = Story.snippet_viewset.chooser_viewset
    return {
        "last": str(-(-Story.objects.count() // 25)),
        "section": str(Section.objects.order_by("pk")[0].pk),
        "agency": str(Agency.objects.order_by("pk")[0].pk),
        "month": f"{middle.first_published_at:%Y-%m}",
        "number": str(middle.pk),
        "word": words[0],
        "words": f"{words[1]}+{words[2]}",
        "chooser": reverse(chooser.get_url_name("choose")),
        "chooser_results": reverse(chooser.get_url_name("choose_results")),
        "letters": reverse(Letter.snippet_viewset.get_url_name("list")),
    }


if __name__ == "__main__":
    main()
