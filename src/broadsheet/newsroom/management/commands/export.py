"""``broadsheet export``: the paper as a folder of open formats, and as a file for WordPress."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn

from broadsheet.newsroom.export.folder import FolderError
from broadsheet.newsroom.export.whole import Exported, export


class Command(BaseCommand):
    """Export the paper."""

    help = (
        "Writes the paper into FOLDER: every story as ninjs, drafts as well, with its comments, "
        "pictures and everything around it. `broadsheet import FOLDER` in an empty home makes "
        "the same paper of it. The folder is as private as the newsroom: keep it safe. Exit "
        "status 1 where a picture's file is missing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the arguments."""
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="empty, or not there yet")
        parser.add_argument(
            "--wxr", type=Path, metavar="FILE", help="write WordPress's format (WXR 1.2) as well"
        )
        parser.add_argument(
            "--no-media", action="store_true", help="leave out the files of the pictures"
        )
        parser.add_argument(
            "--since",
            type=_day,
            metavar="DATE",
            help="only stories that were changed or commented since, such as 2026-03-01 (UTC)",
        )
        parser.add_argument(
            "--resume", action="store_true", help="complete an export that was interrupted"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say what was written."""
        folder: Path = options["folder"]
        wxr: Path | None = options["wxr"]
        if wxr is not None and wxr.exists() and not options["resume"]:
            raise CommandError(f"{wxr} is there already. Name another file.")
        try:
            with _progress(hidden=options["json"]) as progress:
                result = export(
                    folder,
                    since=options["since"],
                    media=not options["no_media"],
                    resume=options["resume"],
                    wxr=wxr,
                    progress=progress,
                )
        except FolderError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The export could not be written: {error}. Make room or name another folder; "
                "--resume goes on with this one."
            ) from error
        self._tell(folder, wxr, result, as_json=options["json"])
        if result.missing:
            sys.exit(1)

    def _tell(
        self,
        folder: Path,
        wxr: Path | None,
        result: Exported,
        *,
        as_json: bool,
    ) -> None:
        if as_json:
            told = {
                "folder": str(folder),
                "counts": dict(sorted(result.counts.items())),
                "files": result.files,
                "bytes": result.bytes,
                "missing": result.missing,
                "wxr": {"file": str(wxr), **result.wxr} if wxr is not None else None,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        counts = ", ".join(f"{count:,} {what}" for what, count in result.counts.items() if count)
        self.stdout.write(f"{folder}: {counts}.")
        self.stdout.write(f"{result.files:,} files, {result.bytes / 2**20:,.1f} MiB.")
        if wxr is not None:
            told_posts = ", ".join(f"{count:,} {what}" for what, count in result.wxr.items())
            self.stdout.write(f"{wxr}: {told_posts}.")
        for name in result.missing[:20]:
            self.stderr.write(self.style.ERROR(f"missing    {name}: the picture has no file."))
        if len(result.missing) > 20:  # noqa: PLR2004 - a handful shows what is wrong
            self.stderr.write(self.style.ERROR(f"missing    {len(result.missing):,} in all."))


def _day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no day, such as 2026-03-01") from error


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Callable[[str, int], None]]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, count: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(f"Writing {what}", total=None)
            progress.update(tasks[what], completed=count)

        yield tell
