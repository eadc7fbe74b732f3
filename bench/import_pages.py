"""How many saved pages a second `broadsheet import --publish` takes in, pressing included.

    .venv/bin/python bench/import_pages.py [--pages 2000] [--runs 3] [--characters 2700]

Writes pages of made-up text in the shape of a saved page (number, time, headline twice,
caption with its credit, paragraphs, page furniture), makes a fresh home for every run and runs
the real command as a process of its own. Prints each run and the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from generated_text import Tongue, headline, paragraphs, sentence, tongue

BROADSHEET = Path(sys.executable).parent / "broadsheet"
LAST = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
_AGENCIES = ("AFP", "AP", "Reuters")


def page(chance: random.Random, words: Tongue, news_id: int, at: datetime, characters: int) -> str:
    """Return one saved page as text."""
    title = headline(chance, words)
    texts = "\n\n".join(paragraphs(chance, words, characters))
    return (
        f"News ID: {news_id}\n"
        f"Published: {at:%H%M} GMT {at:%B} {at.day}, {at.year}\n\n"
        f"{title}\n\n{title}\n"
        f"{sentence(chance, words)} ({chance.choice(_AGENCIES)})\n\n"
        f"{texts}\n\n"
        "Security Key:\nCaptcha refresh\n"
        f"Page Generated in 0/{chance.randint(100, 2000):04} sec\n"
    )


def write_pages(folder: Path, count: int, characters: int) -> None:
    """Write ``count`` pages of the years before :data:`LAST`, an hour apart."""
    chance = random.Random(207166)  # noqa: S311 - text, no secret
    words = tongue("en")
    for number in range(count):
        at = LAST - timedelta(hours=number)
        text = page(chance, words, 207_166 - number, at, characters)
        (folder / f"{number:05}.txt").write_text(text, "utf-8")


def run(home: Path, *arguments: str) -> tuple[float, str]:
    """Run the command in ``home`` and return the seconds it took and what it printed."""
    environment = {
        **{name: value for name, value in os.environ.items() if "BROADSHEET" not in name},
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_LOG_LEVEL": "ERROR",
    }
    start = perf_counter()
    done = subprocess.run(
        [BROADSHEET, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    took = perf_counter() - start
    if done.returncode:
        sys.exit(f"broadsheet {arguments[0]} failed ({done.returncode}):\n{done.stderr[-2000:]}")
    return took, done.stdout


def main() -> int:
    """Write the pages, import them, print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=2_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--characters", type=int, default=2_700, help="of body text, a page")
    given = options.parse_args()
    first: list[float] = []
    again: list[float] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as scratch:
        pages = Path(scratch) / "pages"
        pages.mkdir()
        write_pages(pages, given.pages, given.characters)
        for number in range(1, given.runs + 1):
            home = Path(scratch) / f"home-{number}"
            run(home, "init")
            took, printed = run(home, "import", str(pages), "--publish", "--json")
            outcomes = [story["outcome"] for story in json.loads(printed)]
            if outcomes != ["imported"] * given.pages:
                sys.exit(f"only {outcomes.count('imported')} of {given.pages} were imported")
            repeated, printed = run(home, "import", str(pages), "--publish", "--json")
            if {story["outcome"] for story in json.loads(printed)} != {"unchanged"}:
                sys.exit("a second import changed something")
            first.append(given.pages / took)
            again.append(given.pages / repeated)
            print(f"run {number}: {first[-1]:.1f} stories/s; once more {again[-1]:.1f}", flush=True)
    print(
        f"median of {given.runs}: {statistics.median(first):.1f} stories/s imported, published "
        f"and pressed; {statistics.median(again):.1f} recognised as unchanged"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
