"""``broadsheet check``: one page on how the paper stands, with Django's own checks."""

from __future__ import annotations

import json
from typing import Any

from django.core import checks
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as DjangosCheck

from broadsheet.newsstand.findings import Finding, Level, findings

_DJANGOS = ("tags", "list_tags", "deploy", "databases")
_MARKS = {Level.FINE: "ok   ", Level.NOTE: "note ", Level.ERROR: "ERROR"}


class Command(DjangosCheck):
    """Check the paper."""

    help = (
        "Checks the paper: secret, hosts, home, migrations, disk, press, worker, mail, and what "
        "Django checks. Ends with status 1 where something is wrong. With one of Django's own "
        "options, or apps to check, it is Django's command."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add our options to Django's."""
        super().add_arguments(parser)
        parser.add_argument(
            "--deep", action="store_true", help="compare every pressed file with the ledger"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Print the findings; raise ``CommandError`` where there is an error among them."""
        if app_labels or any(options[name] for name in _DJANGOS):
            super().handle(*app_labels, **options)
            return
        found = [*findings(deep=options["deep"]), _djangos()]
        if options["json"]:
            self.stdout.write(
                json.dumps([finding.as_json() for finding in found], ensure_ascii=False, indent=2)
            )
        else:
            width = max(len(finding.subject) for finding in found)
            for finding in found:
                mark = _MARKS[finding.level]
                self.stdout.write(f"{mark}  {finding.subject:<{width}}  {finding.sentence}")
        wrong = sum(finding.level is Level.ERROR for finding in found)
        if wrong:
            raise CommandError(f"{wrong} of {len(found)} are wrong.")


def _djangos() -> Finding:
    issues = checks.run_checks()
    if not issues:
        return Finding("Django", Level.FINE, "System checks passed.")
    worst = max(issues, key=lambda issue: issue.level)
    level = Level.ERROR if worst.is_serious() else Level.NOTE
    return Finding(
        "Django", level, f"{len(issues)} issues; the worst is {' '.join(str(worst).split())}"
    )
