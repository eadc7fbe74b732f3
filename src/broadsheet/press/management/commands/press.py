"""``broadsheet press``: press by hand."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from broadsheet.object_stores import StoreDownError
from broadsheet.press import ledger, store_trouble
from broadsheet.press.actions import (
    Outcome,
    held,
    order,
    order_everything,
    order_story,
    press_orders,
    recover,
)
from broadsheet.press.models import PressOrder
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Story

_FAILURES_SHOWN = 20
# As shells tell it of a command that Ctrl-C has ended.
_INTERRUPTED = 130
# Above everything the newsroom orders: somebody waits at the terminal.
_BY_HAND = 10


class Command(BaseCommand):
    """Press stories, or the whole paper."""

    help = (
        "Presses what is ordered and not yet pressed. With News IDs, presses those stories and "
        "every page that shows them; with --all, the whole paper, as after a change of the "
        "templates. Exit status 1 where a sheet failed or a News ID is unknown."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the arguments."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "news_ids", nargs="*", type=int, metavar="ID", default=[], help="a News ID"
        )
        what.add_argument("--all", action="store_true", help="press the whole paper")
        what.add_argument(
            "--pending",
            action="store_true",
            help="press what is ordered, as without any argument",
        )
        what.add_argument(
            "--recover",
            action="store_true",
            help="compare database, ledger and disk first, and press what they disagree on",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Order what is asked for, press all that is ordered, and tell."""
        begun = time.perf_counter()
        with held():
            unknown = self._order(options)
        try:
            outcome = self._press(quiet=options["json"])
        except KeyboardInterrupt:
            self.stderr.write(
                "Interrupted. What is pressed stands, and the rest stays ordered: run "
                "`broadsheet press` to go on."
            )
            sys.exit(_INTERRUPTED)
        seconds = time.perf_counter() - begun
        failures = list(PressOrder.objects.exclude(last_error="").order_by("kind", "key"))
        if options["json"]:
            self.stdout.write(_as_json(outcome, seconds, failures, unknown))
        else:
            self._tell(outcome, seconds, failures, unknown)
        trouble = store_trouble.trouble()
        if trouble:
            self.stderr.write(self.style.ERROR(trouble))
        if failures or unknown or trouble:
            sys.exit(1)

    def _order(self, options: dict[str, Any]) -> list[int]:
        """Write the orders; return the News IDs that no story has or had."""
        if options["all"]:
            order_everything()
            return []
        if options["recover"]:
            try:
                recover(whole_store=True)
            except StoreDownError as error:
                raise CommandError(f"The store of pressed pages: {error}") from error
            return []
        unknown = []
        for news_id in dict.fromkeys(options["news_ids"]):
            with transaction.atomic():
                story = Story.objects.filter(pk=news_id).first()
                stood = ledger.shown_on("story", [str(news_id)])
                if story is not None:
                    order_story(story, priority=_BY_HAND)
                elif stood:
                    order(stood, priority=_BY_HAND)
                else:
                    unknown.append(news_id)
        return unknown

    def _press(self, *, quiet: bool) -> Outcome:
        # To standard error, so that what is printed can be piped.
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(
            *columns,
            TimeRemainingColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
        ) as progress:
            task = progress.add_task("Pressing", total=None)

            def tell(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            return press_orders(progress=tell, wait=True)

    def _tell(
        self,
        outcome: Outcome,
        seconds: float,
        failures: Sequence[PressOrder],
        unknown: Sequence[int],
    ) -> None:
        for news_id in unknown:
            self.stderr.write(self.style.ERROR(f"{news_id}: no story has this News ID"))
        for failure in failures[:_FAILURES_SHOWN]:
            sheet = Sheet(failure.kind, failure.key)
            self.stderr.write(self.style.ERROR(f"{sheet.kind} {sheet.key}: {failure.last_error}"))
        if len(failures) > _FAILURES_SHOWN:
            more = len(failures) - _FAILURES_SHOWN
            self.stderr.write(self.style.ERROR(f"and {more} more, see --json"))
        rate = f", {outcome.total / seconds:.0f} a second" if seconds >= 1 else ""
        self.stdout.write(
            f"{outcome.pressed} sheets pressed, {outcome.removed} taken away, "
            f"{len(failures)} failed in {seconds:.1f} s{rate}."
        )


def _as_json(
    outcome: Outcome, seconds: float, failures: Sequence[PressOrder], unknown: Sequence[int]
) -> str:
    return json.dumps(
        {
            "pressed": outcome.pressed,
            "removed": outcome.removed,
            "failed": [
                {"kind": each.kind, "key": each.key, "error": each.last_error} for each in failures
            ],
            "unknown": list(unknown),
            "seconds": round(seconds, 3),
        },
        ensure_ascii=False,
    )
