"""Thousands of broken and hostile inputs: what becomes of each, how long it takes, how much memory.

    .venv/bin/python bench/hostile.py [--count 5000] [--seed 1] [--seconds 10] [--megabytes 700]

Every input is read by a process that is told apart from this one, as ``broadsheet import`` reads
it: found, opened, recognised, parsed, and checked for what a database and a page could not take.
Fails on anything but a refusal, and on an input over the limits of time or memory.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
SLOWEST = 12
MEGA = 1024 * 1024
Input = tuple[str, Callable[[], bytes]]


@dataclass(frozen=True)
class Told:
    """What became of one input: an outcome, seconds, and megabytes above what was held before."""

    name: str
    outcome: str
    seconds: float
    megabytes: float
    fault: str = ""


def inputs(count: int, seed: int) -> Iterator[Input]:
    """Yield the inputs: all that are made by hand, and ``count`` that are made by chance."""
    from wire import hostile_shapes as shapes
    from wire.hostile_seeds import SEEDS, Words
    from wire.hostile_words import MARKUP, all_words, everywhere

    for place, words in all_words():
        for name, made in SEEDS.items():
            yield f"{name}: {place}", lambda made=made, words=words: made(words)
    for number, markup in enumerate(MARKUP):
        for name, made in SEEDS.items():
            words = everywhere(markup)
            yield f"{name}: markup {number} everywhere", lambda m=made, words=words: m(words)
    for name, made in SEEDS.items():
        for title, content in shapes.document_types(made(Words())):
            yield f"{name}: {title}", lambda content=content: content
    chance = random.Random(seed)  # noqa: S311 - to be the same in each run
    for title, content in (*shapes.hostile_pictures(chance), *shapes.archives()):
        yield title, lambda content=content: content
    yield from shapes.blown_up()
    seeds = list(SEEDS.items())
    for number in range(count):
        name, made = seeds[number % len(seeds)]
        title, content = shapes.mutated(made(Words()), chance)
        yield f"{name} {number}: {title}", lambda content=content: content


def taken(content: bytes, folder: Path) -> str:
    """Read ``content`` as an import would; return what became of it. Raises what goes wrong."""
    from broadsheet.wire import parsers
    from broadsheet.wire.errors import WireError
    from broadsheet.wire.incoming import IncomingFile, Unreadable
    from broadsheet.wire.items import WireItem
    from broadsheet.wire.retrievers import files

    path = folder / "in"
    path.write_bytes(content)
    kinds: Counter[str] = Counter()
    for file in files.read([path], io.BytesIO()):
        if isinstance(file, Unreadable):
            kinds["refused"] += 1
            continue
        try:
            if isinstance(file, IncomingFile):
                records = list(parsers.read_archive(file))
            else:
                records = list(parsers.parse(file))
        except WireError:
            kinds["refused"] += 1
            continue
        for record in records:
            if isinstance(record, WireItem):
                _check(record)
            kinds[type(record).__name__] += 1
        kinds["read"] += not records
    for kind in ("WireItem", "Unread", "refused"):
        if kinds[kind]:
            return {"WireItem": "read", "Unread": "read in part"}.get(kind, kind)
    return "read"


def _check(item: object) -> None:
    from wire.hostile_checks import check_item

    check_item(item)


def work(pipe: Connection) -> None:
    """Read what comes through ``pipe``, one input after the other, and tell what became of it."""
    os.environ["BROADSHEET_HOME"] = tempfile.mkdtemp(prefix="broadsheet-hostile-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
    import django

    django.setup()
    taken(b"News ID: 1\n\nHead\n\nA text of a story.", Path(os.environ["BROADSHEET_HOME"]))
    while (content := pipe.recv_bytes()) != b"end":
        before = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        start, fault = process_time(), ""
        try:
            outcome = taken(content, Path(os.environ["BROADSHEET_HOME"]))
        except Exception:  # noqa: BLE001 - this is what is looked for
            outcome, fault = "FAULT", traceback.format_exc()
        pipe.send((outcome, process_time() - start, _memory("VmHWM") - before, fault))
    shutil.rmtree(os.environ["BROADSHEET_HOME"])


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


class Reader:
    """A process that reads inputs, and is started anew when it does not come back."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def read(self, name: str, content: bytes) -> Told:
        """Return what became of ``content``."""
        self._pipe.send_bytes(content)
        start = perf_counter()
        try:
            if self._pipe.poll(6 * self._seconds + 60):
                outcome, seconds, megabytes, fault = self._pipe.recv()
                return Told(name, outcome, seconds, megabytes, fault)
            outcome = "WITHOUT END"
        except EOFError:
            outcome = "CRASH"
        self._process.kill()
        self._process.join()
        self._start()
        return Told(name, outcome, perf_counter() - start, 0, outcome)

    def end(self) -> None:
        """End the process."""
        self._pipe.send_bytes(b"end")
        self._process.join()


def main() -> None:
    """Read all inputs, print what became of them, and fail where one did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="inputs made by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10.0, help="longest time for one input")
    parser.add_argument("--megabytes", type=float, default=700.0, help="most memory for one input")
    parser.add_argument("--only", nargs="*", default=[""], help="only names that hold one of these")
    parser.add_argument("--without", nargs="*", default=[], help="no inputs whose names hold these")
    parser.add_argument("--keep", type=Path, help="write inputs that did harm to this folder")
    arguments = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    reader = Reader(arguments.seconds)
    counts: Counter[str] = Counter()
    told: list[Told] = []
    harm: list[Told] = []
    for name, made in inputs(arguments.count, arguments.seed):
        if not any(each in name for each in arguments.only) or any(
            each in name for each in arguments.without
        ):
            continue
        content = made()
        one = reader.read(f"{name} ({len(content) / MEGA:.1f} MB)", content)
        counts[one.outcome] += 1
        told.append(one)
        is_over = one.seconds > arguments.seconds or one.megabytes > arguments.megabytes
        if one.fault or is_over:
            harm.append(one)
            print(
                f"HARM {one.name}: {one.seconds:.1f} s, {one.megabytes:.0f} MB\n{one.fault}",
                flush=True,
            )
            if arguments.keep:
                (arguments.keep / f"{len(harm)}.bin").write_bytes(content)
    reader.end()
    print(f"{len(told)} inputs: " + ", ".join(f"{n} {kind}" for kind, n in counts.most_common()))
    for title, key in (("slowest", "seconds"), ("largest", "megabytes")):
        print(f"The {title}:")
        for one in sorted(told, key=lambda one: -getattr(one, key))[:SLOWEST]:
            print(f"  {one.seconds:6.2f} s  {one.megabytes:5.0f} MB  {one.outcome:12}  {one.name}")
    if harm:
        sys.exit(f"{len(harm)} inputs did harm.")


if __name__ == "__main__":
    main()
