"""``broadsheet attribute`` among the paper's commands; it does not need the paper."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from broadsheet.attribution import commandline


class Command(BaseCommand):
    """Say who stands behind which words of a text."""

    help = commandline.HELP
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Define the arguments."""
        commandline.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command, and exit with its status where that is not 0."""
        if status := commandline.run(argparse.Namespace(**options)):
            sys.exit(status)
