"""``broadsheet worker``: the background worker by itself."""

from __future__ import annotations

import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet import leash
from broadsheet.newsstand import home, readiness
from broadsheet.newsstand.worker import Worker

_REFUSED = 2
# A worker of a paper that was killed a moment ago may still be ending.
_PATIENCE_S = 20.0


class Command(BaseCommand):
    """Run the background worker."""

    help = (
        "Presses what is ordered, keeps the schedule and cleans up, until it is told to stop. "
        "`broadsheet serve` starts one by itself."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument(
            "--leash",
            type=int,
            metavar="PID",
            help="end when this process, which started the worker, ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT."""
        if options["leash"]:
            leash.tie_to(options["leash"], signal.SIGTERM)
        if not home.is_initialised() or readiness.unapplied():
            raise CommandError(
                "The home is not prepared. Run `broadsheet init`.", returncode=_REFUSED
            )
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                with home.claimed("worker"):
                    self._work(options["leash"])
                    return
            except home.HomeInUseError as error:
                if not options["leash"] or time.monotonic() > deadline:
                    raise CommandError(str(error), returncode=_REFUSED) from error
                time.sleep(0.5)

    def _work(self, parent: int | None) -> None:
        worker = Worker(parent)
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, lambda *_: worker.stop())
        worker.work()
