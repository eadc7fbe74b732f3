"""``broadsheet attribute``: who stands behind which words of a text, for people and programs.

It runs without Django and without a paper's home, so that it starts fast and anywhere. The desk's
own analyses go the same way (``analyst``).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.attribution import reading_lines, telling
from broadsheet.attribution.reading_lines import Job, Terms

HELP = (
    "Says who stands behind which words of a text: sources, cues, contents, chains, hedges and "
    "times. Reads plain text from a file or standard input (-); with --jsonl, one JSON document a "
    'line: {"id": …, "text": …, "published": …}. Spans are [start, end] in characters of the '
    "text. Exit status 1 where any line or text could not be read; the others are done all the "
    "same."
)
_BAD, _REFUSED, _INTERRUPTED = 1, 2, 130
_TELL_EVERY_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the arguments."""
    parser.add_argument("path", metavar="PATH", help="a file with plain text or JSON lines, or -")
    parser.add_argument(
        "--published",
        metavar="ISO",
        default="",
        help="when the text was published (ISO 8601): relative dates count from there; a line's "
        "own goes before it",
    )
    parser.add_argument(
        "--language", metavar="TAG", default="en", help="the text's language (BCP 47; default: en)"
    )
    parser.add_argument(
        "--time-zone",
        metavar="ZONE",
        default="UTC",
        help="the paper's time zone (IANA; default: UTC)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON document")
    form.add_argument(
        "--jsonl",
        action="store_true",
        help="read one JSON document a line and print one for each, in the same order",
    )
    parser.add_argument(
        "--processes",
        type=int,
        metavar="N",
        default=0,
        help="with --jsonl: work in so many processes (default: one a core)",
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit status."""
    parser = argparse.ArgumentParser("broadsheet attribute", description=HELP)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> int:
    """Do what ``options`` say and return the exit status."""
    try:
        terms = _terms(options)
        with _opened(options.path) as file:
            if options.jsonl:
                return _lines(file, terms, options.processes or _cores())
            return _one(file, terms, options)
    except (_RefusedError, PermissionError) as error:
        _say(str(error))
        return _REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the answers has enough of them; nothing can be written any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BAD


class _RefusedError(Exception):
    """The command cannot be run as it was asked; the message says what to do."""


def _terms(options: argparse.Namespace) -> Terms:
    try:
        ZoneInfo(options.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _RefusedError(
            f"“{options.time_zone}” is no IANA time zone, such as Europe/Berlin."
        ) from error
    published = None
    if options.published:
        try:
            published = reading_lines.moment(options.published, options.time_zone)
        except ValueError as error:
            raise _RefusedError(
                f"--published: “{options.published}” is no time of ISO 8601, such as "
                "2017-12-30T06:58:00Z."
            ) from error
    return Terms(published, options.time_zone, options.language)


@contextmanager
def _opened(path: str) -> Generator[IO[bytes]]:
    if path == "-":
        yield sys.stdin.buffer
        return
    if not Path(path).is_file():
        raise _RefusedError(f"{path}: There is no such file.")
    with Path(path).open("rb") as file:
        yield file


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _one(file: IO[bytes], terms: Terms, options: argparse.Namespace) -> int:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RefusedError(
            f"{options.path} is no text in UTF-8 ({error}). Save it as such; saved pages are read "
            "by `broadsheet import`."
        ) from error
    found = reading_lines.answer(Job(1, options.path, text, terms))
    if found.error:
        _say(f"{options.path}: {found.error}")
        return _BAD
    if options.json:
        _write(json.dumps(found.document, ensure_ascii=False, indent=2))
    else:
        for line in telling.lines(text, found.document):
            _write(line)
    sys.stdout.flush()
    return 0


def _lines(file: IO[bytes], terms: Terms, processes: int) -> int:
    bad = 0
    with _counting() as counter:
        jobs = reading_lines.read(file, terms)
        for found in reading_lines.answers(jobs, processes):
            # Flushed line by line: a program may wait for each answer before it asks again.
            _write(json.dumps(found.document, ensure_ascii=False, separators=(",", ":")))
            sys.stdout.flush()
            if found.error:
                bad += 1
                _say(f"line {found.line}: {found.error}")
            counter.count(len(found.document.get("relations", ())))
    counter.sum_up(bad)
    return _BAD if bad else 0


@dataclass
class _Counter:
    """What was done so far, told on standard error now and then."""

    progress: Any = None
    texts: int = 0
    relations: int = 0
    began: float = 0.0
    told: float = 0.0

    def count(self, relations: int) -> None:
        """Count one line."""
        self.texts += 1
        self.relations += relations
        now = time.monotonic()
        if self.progress is not None:
            self.progress.update(0, completed=self.texts)
        elif now - self.told > _TELL_EVERY_S:
            self.told = now
            _say(f"{self.texts} texts, {self.texts / (now - self.began):.1f} a second")

    def sum_up(self, bad: int) -> None:
        """Say what was done in all."""
        refused = f", {bad} lines could not be read" if bad else ""
        _say(f"{self.texts - bad} texts, {self.relations} attributions{refused}.")


@contextmanager
def _counting() -> Generator[_Counter]:
    now = time.monotonic()
    counter = _Counter(began=now, told=now)
    if not sys.stderr.isatty():
        yield counter
        return
    from rich.console import Console  # late: only a terminal needs it
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as counter.progress:
        counter.progress.add_task("Reading", total=None)
        yield counter


def _write(line: str) -> None:
    sys.stdout.buffer.write(f"{line}\n".encode())


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
