# ruff: noqa: N999 - the module is named as its command is, and Django loads it by name.
"""``broadsheet import``: stories, agencies' copy and whole archives come in from files."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, reset_queries, transaction
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from broadsheet import allocator
from broadsheet.attribution.arrivals import archive
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.actions.filing import section_named
from broadsheet.newsroom.importing.journal import Journal
from broadsheet.newsroom.importing.telling import Report, as_json, tell
from broadsheet.newsroom.importing.together import Import
from broadsheet.newsroom.moving.finding import find_in, find_on_the_web, first_of
from broadsheet.newsroom.moving.pictures import Pictures, nothing
from broadsheet.newsroom.moving.records import Filing
from broadsheet.press.actions import held, press_orders
from broadsheet.press.orders import due
from broadsheet.wire.incoming import Unreadable
from broadsheet.wire.models import ReceivedItem
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in
from broadsheet.wire.reading import read
from broadsheet.wire.reading_apart import is_worth_it, read_apart
from broadsheet.wire.retrievers import files

# How long to wait for another process that is pressing, and how often to look.
_LONGEST_WAIT = 300.0
_LOOK_EVERY = 0.2
_INTERRUPTED = 130
_LARGE = 1024 * 1024


class Command(BaseCommand):
    """Import files: saved pages, agencies' copy, photographs, archives."""

    help = (
        "Takes in stories from files, folders, zip files or standard input (-): saved pages, "
        "agencies' copy (NewsML-G2, NewsML 1, NITF, ninjs, ANPA 1312, IPTC 7901, e-mail, feeds), "
        "photographs, lists of feeds, and whole archives (WordPress, Ghost, an export of this "
        "paper). What was taken in before changes nothing. Ends with accounts of all that was "
        "found. Exit status 1 where anything was refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the arguments."""
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a file, a folder of files, or -"
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish and press the stories at once"
        )
        parser.add_argument(
            "--leave-pressing",
            action="store_true",
            help="leave the pressing to the worker of the running paper, or to `press`",
        )
        parser.add_argument(
            "--drafts",
            action="store_true",
            help="make drafts of an archive's stories, whatever they were where it comes from",
        )
        parser.add_argument(
            "--section",
            metavar="S",
            default="",
            help="file every story in this section (name or slug); without it, in the section "
            "its copy names, else in “News”",
        )
        parser.add_argument(
            "--topics-only",
            action="store_true",
            help="make no sections of an archive's categories, only topics",
        )
        parser.add_argument(
            "--media",
            metavar="FOLDER",
            action="append",
            default=[],
            type=Path,
            help="a copy of the old site's pictures, such as wp-content/uploads (may be repeated)",
        )
        parser.add_argument(
            "--fetch-pictures", action="store_true", help="fetch pictures from the web as well"
        )
        parser.add_argument(
            "--resume", action="store_true", help="go on where an interrupted import stopped"
        )
        parser.add_argument(
            "--report",
            metavar="FILE",
            type=Path,
            help="write all that was refused, noted or odd to this file (.jsonl: as JSON Lines)",
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON list, an object a record"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, tell, and exit with status 1 where anything was refused."""
        _check_home()
        _check_section(options["section"])
        found = files.find(options["paths"])
        self._open_journal(found, options)
        self._filing = Filing(make_sections=not options["topics_only"], dry_run=options["dry_run"])
        try:
            self._import(found, options)
        except BrokenPipeError:
            # Whoever read what is printed has gone; what is stored is stored.
            self._journal.write()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except KeyboardInterrupt:
            self._journal.write()
            self._summary(options)
            self.stderr.write(
                "Interrupted. What is listed above is stored; run the same command with --resume "
                "to go on."
            )
            sys.exit(_INTERRUPTED)
        failed = 0
        if not options["dry_run"]:
            if not options["leave_pressing"]:
                failed = _press(quiet=options["json"])
            self._journal.close()
        self._summary(options)
        if failed:
            self.stderr.write(
                self.style.ERROR(f"{failed} pages could not be pressed; the log says why.")
            )
        if failed or self._journal.accounts.refused:
            sys.exit(1)

    def _open_journal(self, found: list[Path | Unreadable], options: dict[str, Any]) -> None:
        # For no longer than this takes: a hundred thousand paths take a hundred megabytes.
        named = [file for file in found if isinstance(file, Path)]
        self._journal = Journal.open(named, resume=options["resume"])
        self._journal.is_kept = not options["dry_run"]
        self._hint(named, options)

    def _import(self, found: list[Path | Unreadable], options: dict[str, Any]) -> None:
        with ExitStack() as stack:
            stack.enter_context(held())
            if options["publish"]:
                # What is published unseen is an archive; drafts are for the desk, which asks
                # for sources.
                stack.enter_context(archive())
            report = None
            if options["report"]:
                report = Report(options["report"], append=options["resume"])
                stack.enter_context(closing(report))
            listing = stack.enter_context(_Listing(self.stdout)) if options["json"] else None
            for counted in self._outcomes(found, options):
                if report is not None:
                    report.add(counted)
                if listing is not None:
                    listing.add(counted)
                else:
                    self._tell(counted, options)
                reset_queries()
            if report is not None:
                report.close_with(self._journal.accounts)

    def _outcomes(
        self, found: list[Path | Unreadable], options: dict[str, Any]
    ) -> Iterator[Outcome]:
        terms = Terms(
            publish=options["publish"],
            section=options["section"],
            stages=not options["drafts"],
            sections=self._filing.sections,
            pictures=_pictures(options),
        )
        with _progress(len(found), of_archives=_are_large(found)) as progress:
            task = progress.add_task("Importing", total=len(found))
            last = ""
            for outcome in self._taken_in(found, Adopter(terms), options):
                if outcome.origin != last:
                    progress.advance(task)
                    last = outcome.origin
                done = self._journal.done
                progress.update(task, description=f"Importing, {done} records")
                yield outcome

    def _taken_in(
        self,
        found: list[Path | Unreadable],
        adopter: Adopter,
        options: dict[str, Any],
    ) -> Iterator[Outcome]:
        """Take everything in; yield what became of each, as the journal counts it."""
        skip = self._journal.done
        incoming = files.read(found, sys.stdin.buffer)
        if not options["dry_run"]:
            is_much = is_worth_it(found)
            if is_much:
                # What stays for ever need not be looked through each time that garbage is sought.
                gc.freeze()
                gc.set_threshold(50_000, 20, 20)
                allocator.keep_lean(_LARGE)
            reads = read_apart(found, skip=skip) if is_much else read(incoming, skip=skip)
            yield from Import(adopter, self._filing, self._journal).bring_in(reads)
            return
        outcomes = bring_in(incoming, adopter, file_record=self._filing, dry_run=True, skip=skip)
        yield from map(self._journal.add, outcomes)
        yield from map(self._journal.add, self._filing.finish())

    def _hint(self, named: list[Path], options: dict[str, Any]) -> None:
        if options["resume"]:
            if self._journal.done:
                self.stderr.write(f"Going on after {self._journal.done} records.")
            return
        if earlier := Journal.is_interrupted(named):
            self.stderr.write(
                f"An earlier import of these files stopped after {earlier} records; --resume goes "
                "on from there. Beginning anew: what is there already is left alone."
            )

    def _tell(self, outcome: Outcome, options: dict[str, Any]) -> None:
        is_of_archive = outcome.item is not None and outcome.item.raw is not None
        tell(
            outcome,
            self.stdout.write,
            lambda text: self.stderr.write(self.style.ERROR(text)),
            briefly=is_of_archive and options["verbosity"] < 2,  # noqa: PLR2004 - Django's levels
        )

    def _summary(self, options: dict[str, Any]) -> None:
        if options["json"]:
            return
        for line in self._journal.accounts.table():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Nothing was written (--dry-run).")
        waiting = self._journal.accounts.number("photo", "noted")
        if waiting and not options["media"] and not options["fetch_pictures"]:
            self.stdout.write(
                f"{waiting} photos came without their bytes: their words were kept. Name a copy of "
                "the old site's pictures (--media) or fetch them (--fetch-pictures)."
            )


class _Listing:
    """Prints one JSON list, an object at a time."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._is_empty = True

    def __enter__(self) -> Self:
        self._out.write("[")
        return self

    def __exit__(self, *_: object) -> None:
        self._out.write("]")

    def add(self, outcome: Outcome) -> None:
        """Print ``outcome`` as the next object."""
        text = json.dumps(as_json(outcome), ensure_ascii=False, indent=2)
        self._out.write(text if self._is_empty else f",\n{text}")
        self._is_empty = False


def _pictures(options: dict[str, Any]) -> Pictures:
    if options["dry_run"]:
        return Pictures(nothing)
    finds = [find_in(folder) for folder in options["media"]]
    if options["fetch_pictures"]:
        finds.append(find_on_the_web)
    return Pictures(first_of(*finds) if finds else nothing)


def _check_home() -> None:
    if ReceivedItem._meta.db_table not in connection.introspection.table_names():
        raise CommandError("This home holds no newspaper yet. Run “broadsheet init” first.")


def _check_section(name: str) -> None:
    """Refuse a section that is none before the first file is read, not once a file."""
    if not name:
        return
    try:
        with transaction.atomic():
            section_named(name)
            # Where it would be made, the first story that needs it makes it.
            transaction.set_rollback(True)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def _progress(total: int, *, of_archives: bool = False) -> Progress:
    console = Console(stderr=True)
    # Of one file nobody knows how many records it has until it is read.
    bar = [] if of_archives else [BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    return Progress(
        TextColumn("{task.description}"),
        *bar,
        TimeElapsedColumn(),
        console=console,
        # A bar for two files, or in a log, is noise.
        disable=(total < 10 and not of_archives) or not console.is_terminal,  # noqa: PLR2004
    )


def _are_large(found: list[Path | Unreadable]) -> bool:
    """Tell whether the files are few and large: archives, with many records each."""
    files = [file for file in found if isinstance(file, Path) and file.is_file()]
    return len(found) < 10 and any(  # noqa: PLR2004 - as for the bar
        file.stat().st_size > _LARGE for file in files
    )


def _press(*, quiet: bool) -> int:
    """Press what the import published; when this returns, the pages are there.

    Returns how many of them could not be pressed; the press tries those again later.
    """
    until = time.monotonic() + _LONGEST_WAIT
    with _progress(0 if quiet else sys.maxsize) as progress:
        task = progress.add_task("Pressing", total=None)

        def on_progress(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        failed = press_orders(progress=on_progress).failed
        # Another process may be pressing; then our orders are among its own.
        while due().exists() and time.monotonic() < until:
            time.sleep(_LOOK_EVERY)
            failed += press_orders(progress=on_progress).failed
    return failed
