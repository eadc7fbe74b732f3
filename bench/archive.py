"""A whole archive: bring it in, press it, publish into it, read, search and edit it.

    .venv/bin/python bench/archive.py [--stories 207166] [--form ninjs] [--record]

Builds the archive in a home of its own, which is thrown away (unless ``--keep`` names a folder),
in steps: the first has 1,000 stories, the last all of them, and every figure is taken at both.
Publishing is measured at each step. The import and the press of the last column are the sums
over the steps, or one run each with ``--at-once``. With ``--record`` the table goes into
docs/benchmarks.md and the plot beside it. Needs nginx and wrk; takes about half an hour at full
size on two cores, and wants them for itself. With ``--database-url`` the paper is in that
database; what its server takes is not counted in the memory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import archive_asking as asking
import archive_copy
import archive_telling as telling
from archive_paper import PASSWORD, Paper, Run, resident_mb, wait_until_idle
from archive_serving import Beside, beside_nginx
from archive_telling import Row, row

ROOT = Path(__file__).resolve().parents[1]
_FIRST = 1_000
_KB = 1024


@dataclass
class Figures:
    """What was found at one size; seconds, megabytes and milliseconds as the names say."""

    stories: int
    import_s: float = 0.0
    import_mb: float = 0.0
    press_s: float = 0.0
    press_mb: float = 0.0
    publish: dict[str, list[float]] = field(default_factory=dict)
    disk_kb: float = 0.0
    files: float = 0.0
    database_kb: float = 0.0
    index_s: float = 0.0
    search: dict[str, Any] = field(default_factory=dict)
    start_s: float = 0.0
    idle_mb: float = 0.0
    reading_mb: float = 0.0
    busy_mb: float = 0.0
    newsroom: dict[str, list[float]] = field(default_factory=dict)
    search_page: list[float] = field(default_factory=list)
    served: dict[str, Beside] = field(default_factory=dict)


def main() -> None:
    """Measure, print, and record where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=int, default=207_166)
    parser.add_argument("--form", choices=("ninjs", "wxr"), default="ninjs")
    parser.add_argument("--between", type=int, nargs="*", default=[20_000, 80_000])
    parser.add_argument("--at-once", action="store_true", help="no steps between the two sizes")
    parser.add_argument("--publications", type=int, default=40)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--turns", type=int, default=5, help="at the newsstand and at nginx")
    parser.add_argument("--seconds", type=int, default=4, help="of each turn")
    parser.add_argument("--database-url", default="", help="of an empty database in PostgreSQL")
    parser.add_argument("--record", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--keep", type=Path, help="a new folder for the paper, which stays")
    options = parser.parse_args()
    place = options.keep or Path(tempfile.mkdtemp(prefix="broadsheet-bench-"))
    place.mkdir(parents=True, exist_ok=True)
    try:
        measured = measure(place, options)
    finally:
        if not options.keep:
            shutil.rmtree(place)
    text = told(measured, options)
    print(text)
    if options.record:
        telling.put_into(ROOT / "docs" / "benchmarks.md", text)
        points = [
            (each.stories, *asking.median_and_p95(each.publish["whole"])) for each in measured
        ]
        (ROOT / "docs" / "publish-time.svg").write_text(telling.plot(points), "utf-8")


def measure(place: Path, options: argparse.Namespace) -> list[Figures]:
    """Build the archive step by step and return the figures of each."""
    paper = Paper(place / "home", options.database_url)
    paper.prepare(archive_copy.SECTIONS)
    between = [] if options.at_once else options.between
    sizes = sorted({_FIRST, *(size for size in between if size < options.stories)})
    sizes.append(options.stories)
    measured: list[Figures] = []
    before = 0
    for size in sizes:
        figures = Figures(size)
        copy = archive_copy.write(
            place / f"copy-{size}", range(before + 1, size + 1), options.stories, options.form
        )
        bring_in(paper, figures, copy)
        shutil.rmtree(place / f"copy-{size}")
        published = paper.run_script("archive_publish.py", str(options.publications))
        figures.publish = json.loads(published.output)
        say(figures, "published", statistics.median(figures.publish["whole"]), "ms, the median")
        if size in {_FIRST, options.stories}:
            look(paper, figures, options)
        measured.append(figures)
        before = size
    return measured


def say(figures: Figures, what: str, value: float, unit: str) -> None:
    """Tell how far the measurement is."""
    print(f"{time.strftime('%X')}  {figures.stories:>9,}  {what} {value:.1f} {unit}", flush=True)


def bring_in(paper: Paper, figures: Figures, copy: Path) -> None:
    """Import ``copy`` and press what it orders."""
    taken = paper.run("import", "--publish", "--leave-pressing", str(copy))
    figures.import_s, figures.import_mb = taken.seconds, taken.megabytes
    say(figures, "imported in", taken.seconds, f"s, {taken.megabytes:.0f} MB")
    pressed: Run = paper.run("press")
    figures.press_s, figures.press_mb = pressed.seconds, pressed.megabytes
    say(figures, "pressed in", pressed.seconds, f"s, {pressed.megabytes:.0f} MB")


def look(paper: Paper, figures: Figures, options: argparse.Namespace) -> None:
    """Take every figure of the paper as it stands."""
    files, room = paper.pressed()
    figures.files, figures.disk_kb = files / figures.stories, room / _KB / figures.stories
    figures.database_kb = paper.database_bytes() / _KB / figures.stories
    figures.index_s = paper.run("search", "--rebuild").seconds
    say(figures, "indexed from nothing in", figures.index_s, "s")
    found = paper.run_script("archive_search.py", str(options.queries))
    figures.search = json.loads(found.output)
    say(figures, "searched in", statistics.median(figures.search["by relevance"]), "ms")
    with paper.served() as running:
        address = f"http://127.0.0.1:{running.port}"
        figures.start_s, figures.idle_mb = running.seconds, resident_mb(running.pid)
        figures.reading_mb = wait_until_idle(running.pid)
        queries = figures.search["queries"]
        words = [query.split()[0] for query in queries]
        figures.newsroom = asking.newsroom(address, PASSWORD, words, 20)
        figures.search_page = asking.search_pages(address, queries[:20])
        figures.served = beside_nginx(running, turns=options.turns, seconds=options.seconds)
        figures.busy_mb = resident_mb(running.pid)
    say(figures, "served with", figures.busy_mb, "MB")


def _asked() -> list[str]:
    """Return what was asked for, without the places: they say nothing about the figures."""
    asked = sys.argv[1:]
    for option in ("--keep", "--database-url"):
        if option in asked:
            place = asked.index(option)
            del asked[place : place + 2]
    return asked


def told(measured: list[Figures], options: argparse.Namespace) -> str:
    """Return the table, with what it was measured on."""
    small, full = measured[0], measured[-1]
    import_s = sum(each.import_s for each in measured)
    press_s = sum(each.press_s for each in measured)
    rows = [
        row("import: parse, store, index", small.import_s, import_s, "s", "≤ 600 s"),
        row("… stories a second", small.stories / small.import_s, full.stories / import_s, "/s"),
        row("… resident, the most", small.import_mb, max(e.import_mb for e in measured), "MB",
            "≤ 600 MB"),
        row("press them all", small.press_s, press_s, "s", "≤ 480 s"),
        row("… stories a second", small.stories / small.press_s, full.stories / press_s, "/s"),
        row("… resident, the most", small.press_mb, max(e.press_mb for e in measured), "MB"),
        row("pressed: disk a story, blocks and folders", small.disk_kb, full.disk_kb, "KB",
            "≤ 12 KB"),
        row("database a story", small.database_kb, full.database_kb, "KB"),
        *publishing(small, full),
        row("search index from nothing", small.index_s, full.index_s, "s", "≤ 180 s"),
        *searching(small, full),
        *editing(small, full),
        *(each for name in full.served for each in reading(name, small, full)),
        row("start to first answer", small.start_s, full.start_s, "s", "≤ 3 s"),
        row("the whole paper resident, just started", small.idle_mb, full.idle_mb, "MB"),
        row("… while new stories are read for their sources", small.reading_mb, full.reading_mb,
            "MB", "≤ 500 MB"),
        row("… after all of the above", small.busy_mb, full.busy_mb, "MB", "≤ 500 MB"),
    ]  # fmt: skip
    where = (
        f"\nTaken {time.strftime('%Y-%m-%d')} on {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, archive as {options.form}, in "
        f"{'PostgreSQL' if options.database_url else 'SQLite'}, with "
        f"`{' '.join([Path(sys.executable).name, 'bench/archive.py', *_asked()])}`.\n"
    )
    return telling.table(rows, (small.stories, full.stories)) + where


def publishing(small: Figures, full: Figures) -> list[Row]:
    """Return the rows of publishing one story: with its transaction, and what comes after that."""
    few, all_of = (asking.median_and_p95(each.publish["whole"]) for each in (small, full))
    few_after, all_after = (
        asking.median_and_p95(each.publish["pressing"]) for each in (small, full)
    )
    return [
        row("publish a story: committed until all is pressed, p50", few_after[0], all_after[0],
            "ms", "≤ 60 ms, ratio ≤ 1.3"),
        row("… p95", few_after[1], all_after[1], "ms"),
        row("… with the transaction itself, p50", few[0], all_of[0], "ms"),
        row("… p95", few[1], all_of[1], "ms"),
        row("… pages pressed", statistics.median(small.publish["sheets"]),
            statistics.median(full.publish["sheets"]), ""),
    ]  # fmt: skip


def searching(small: Figures, full: Figures) -> list[Row]:
    """Return the rows of readers' searches."""
    rows = []
    bars = {"by relevance": ("≤ 15 ms", "≤ 60 ms"), "by date": ("", "")}
    for order, (half, most) in bars.items():
        few, all_of = (asking.median_and_p95(each.search[order]) for each in (small, full))
        rows += [
            row(f"search, two words, {order}, p50", few[0], all_of[0], "ms", half),
            row("… p95", few[1], all_of[1], "ms", most),
        ]
    few, all_of = (asking.median_and_p95(each.search_page) for each in (small, full))
    rows.append(row("search page over HTTP, p95", few[1], all_of[1], "ms"))
    return rows


def editing(small: Figures, full: Figures) -> list[Row]:
    """Return the rows of the newsroom's list."""
    return [
        row(
            f"newsroom stories: {name}, p95",
            asking.median_and_p95(small.newsroom[name])[1],
            asking.median_and_p95(full.newsroom[name])[1],
            "ms",
            "≤ 300 ms",
        )
        for name in full.newsroom
    ]


def reading(name: str, small: Figures, full: Figures) -> list[Row]:
    """Return the rows of pressed pages handed out, beside nginx with the same files."""
    few, all_of = small.served[name], full.served[name]
    rows = [row(f"{name}, requests", few.rate, all_of.rate, "/s")]
    if few.bar:
        rows += [
            row("… beside plain nginx", few.rate_ratio, all_of.rate_ratio, "×", few.bar),
            row("… p99 beside plain nginx's", few.most_ratio, all_of.most_ratio, "×", "≤ 2 ×"),
        ]
    return rows


if __name__ == "__main__":
    main()
