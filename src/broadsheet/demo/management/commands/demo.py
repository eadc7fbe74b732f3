"""``broadsheet demo``: the sample newspaper, loaded, pressed and served."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from broadsheet.demo import loading, premises, samples
from broadsheet.demo.filing import PASSWORD
from broadsheet.newsstand import home, opening
from broadsheet.press.actions import press_orders

_REFUSED = 2


class Command(BaseCommand):
    """Load, press and serve the sample newspaper."""

    help = (
        "Serves a sample newspaper with its newsroom. The first start loads and presses it, "
        "later ones keep what you wrote. Ctrl-C stops everything it started."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--host", default="127.0.0.1", help="listen here (%(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="and here (%(default)s)")
        parser.add_argument(
            "--no-serve", action="store_true", help="load and press only, and then end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the home, load and press what is missing, then serve."""
        host, port = options["host"], options["port"]
        self._refuse(host, port, serving=not options["no_serve"])
        try:
            started = premises.claim(settings.HOME, database=_database_in_use())
        except premises.RealPaperError as error:
            raise CommandError(str(error), returncode=_REFUSED) from error
        begun = time.monotonic()
        # The address first: init notes which one the pages will carry.
        opening.record_base_url(host, port)
        call_command("init", stdout=io.StringIO())
        loaded = self._load(started)
        pressed = self._press()
        if loaded or pressed:
            self.stdout.write(
                f"Loaded {loaded} samples and pressed {pressed} files in "
                f"{time.monotonic() - begun:.0f} seconds."
            )
        self._welcome()
        if not options["no_serve"]:
            call_command("serve", host=host, port=port)

    def _refuse(self, host: str, port: int, *, serving: bool) -> None:
        if not settings.DEMO:
            raise CommandError(
                "BROADSHEET_DEMO is off. Unset it, or set it to true, to run the demo.",
                returncode=_REFUSED,
            )
        if not serving:
            return
        if not opening.is_loopback(host) and settings.ALLOWED_HOSTS == settings.LOOPBACK_HOSTS:
            raise CommandError(
                f"The demo's passwords are published, and {host} is open to other machines. "
                "If that is what you want, set BROADSHEET_ALLOWED_HOSTS to the names it has.",
                returncode=_REFUSED,
            )
        taken = opening.reason_against_port(host, port)
        if taken:
            raise CommandError(taken, returncode=_REFUSED)

    def _load(self, started: datetime) -> int:
        with self._bar() as bar, _without_wagtails_notes():
            task = bar.add_task("Loading the sample newspaper", total=None)
            return loading.load(
                started, lambda done, total: bar.update(task, completed=done, total=total)
            )

    def _press(self) -> int:
        with self._bar() as bar:
            task = bar.add_task("Pressing its pages", total=None)
            outcome = press_orders(
                progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
        if outcome.failed:
            self.stderr.write(
                f"{outcome.failed} sheets could not be pressed; `broadsheet check` says why."
            )
        return outcome.pressed

    def _bar(self) -> Progress:
        console = Console()
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            # A bar that nobody sees move is noise in a log.
            disable=not console.is_terminal,
        )

    def _welcome(self) -> None:
        users = samples.paper()["users"]
        width = max(len(row["username"]) for row in users)
        self.stdout.write(
            "\n".join(
                [
                    "",
                    "The Averin Courier, a sample newspaper. Log in to its newsroom as",
                    *(
                        f"  {row['username']:<{width}}  password {PASSWORD}   ({row['role']})"
                        for row in users
                    ),
                    f"Its home is {settings.HOME}; delete the folder to start afresh.",
                    "",
                ]
            )
        )
        self.stdout.flush()


def _database_in_use() -> str:
    """Return the name of a server's database that holds a paper, or an empty text."""
    return home.database_name() if not home.database_file() and home.database_is_there() else ""


@contextmanager
def _without_wagtails_notes() -> Generator[None]:
    """Keep Wagtail from logging each of some fifty publications beside the progress bar."""
    logger = logging.getLogger("wagtail")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)
