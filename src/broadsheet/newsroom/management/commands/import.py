# ruff: noqa: N999 - the module is named as its command is, and Django loads it by name.
"""``broadsheet import``: stories come in from saved pages."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from broadsheet.attribution.arrivals import archive
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.actions.filing import section_named
from broadsheet.press.actions import held, press_orders
from broadsheet.press.orders import due
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.models import ReceivedItem
from broadsheet.wire.pipeline import Outcome, bring_in
from broadsheet.wire.retrievers import files

# How long to wait for another process that is pressing, and how often to look.
_LONGEST_WAIT = 300.0
_LOOK_EVERY = 0.2


class Command(BaseCommand):
    """Import saved pages, text or HTML."""

    help = (
        "Takes in saved pages of stories, as text or HTML, from files, folders or standard "
        "input (-). Each story keeps the News ID and the publication time of its page. A page "
        "that was taken in before changes nothing. Exit status 1 where anything was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the arguments."""
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a saved page, a folder of them, or - "
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish and press the stories at once"
        )
        parser.add_argument(
            "--section",
            metavar="S",
            default="",
            help="file every story in this section (name or slug); without it, in the section "
            "its page names, else in “News”",
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON list, an object a story"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, tell, and exit with status 1 where anything was refused."""
        _check_home()
        _check_section(options["section"])
        terms = Terms(publish=options["publish"], section=options["section"])
        # What is published unseen is an archive; drafts are for the desk, which asks for sources.
        with held(), archive() if terms.publish else nullcontext():
            outcomes = list(self._outcomes(options, terms))
        failed = 0
        if options["publish"] and not options["dry_run"]:
            failed = _press(quiet=options["json"])
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    [_as_json(outcome) for outcome in outcomes], ensure_ascii=False, indent=2
                )
            )
        else:
            self._summary(outcomes, dry_run=options["dry_run"])
        if failed:
            self.stderr.write(
                self.style.ERROR(f"{failed} pages could not be pressed; the log says why.")
            )
        if failed or any(outcome.kind == "refused" for outcome in outcomes):
            sys.exit(1)

    def _outcomes(self, options: dict[str, Any], terms: Terms) -> Iterator[Outcome]:
        found = files.find(options["paths"])
        incoming = files.read(found, sys.stdin.buffer)
        with _progress(len(found)) as progress:
            task = progress.add_task("Importing", total=len(found))
            last = ""
            for outcome in bring_in(incoming, Adopter(terms), dry_run=options["dry_run"]):
                if outcome.origin != last:
                    progress.advance(task)
                    last = outcome.origin
                if not options["json"]:
                    self._tell(outcome)
                yield outcome

    def _tell(self, outcome: Outcome) -> None:
        if outcome.kind == "refused":
            self.stderr.write(self.style.ERROR(f"refused    {outcome.origin}: {outcome.error}"))
            return
        number = outcome.news_id if outcome.news_id is not None else "-"
        headline = outcome.item.headline if outcome.item else ""
        self.stdout.write(f"{outcome.kind:<10} {number}  {headline}  ({outcome.section})")
        for oddity in outcome.oddities:
            self.stdout.write(f"           odd: {oddity}")

    def _summary(self, outcomes: list[Outcome], *, dry_run: bool) -> None:
        counts = Counter(outcome.kind for outcome in outcomes)
        parts = [
            f"{counts[kind]} {kind}" for kind in ("imported", "unchanged", "updated", "refused")
        ]
        written = " Nothing was written (--dry-run)." if dry_run else ""
        self.stdout.write(f"{len(outcomes)} found: {', '.join(parts)}.{written}")


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


def _progress(total: int) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        # A bar for two files, or in a log, is noise.
        disable=total < 10 or not console.is_terminal,  # noqa: PLR2004
    )


def _press(*, quiet: bool) -> int:
    """Press what the import published; when this returns, the pages are there.

    Returns how many of them could not be pressed; the press tries those again later.
    """
    until = time.monotonic() + _LONGEST_WAIT
    with _progress(0 if quiet else sys.maxsize) as progress:
        task = progress.add_task("Pressing", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        failed = press_orders(progress=tell).failed
        # Another process may be pressing; then our orders are among its own.
        while due().exists() and time.monotonic() < until:
            time.sleep(_LOOK_EVERY)
            failed += press_orders(progress=tell).failed
    return failed


def _as_json(outcome: Outcome) -> dict[str, Any]:
    item = outcome.item
    published = item.published if item else None
    photos = item.photos if item else ()
    return {
        "file": outcome.origin,
        "news_id": outcome.news_id,
        "headline": item.headline if item else None,
        "published": f"{published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if published else None,
        "language": item.language if item else None,
        "section": outcome.section or None,
        "authors": list(item.authors) if item else [],
        "body": plain_paragraphs(item) if item else [],
        "photos": [{"caption": photo.caption, "credit": photo.credit} for photo in photos],
        "agencies": list(item.agencies) if item else [],
        "outcome": outcome.kind,
        "oddities": list(outcome.oddities),
        "error": outcome.error or None,
    }
