"""``broadsheet backup``: the whole paper in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.newsstand import bundles


class Command(BaseCommand):
    """Back the paper up."""

    help = (
        "Writes database, media and secret into FILE (.tar.gz or .tar.zst) while the paper is "
        "served. The file holds everything there is to know of the paper: keep it safe."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")
        parser.add_argument(
            "--without-secret",
            action="store_true",
            help="leave the secret out; whoever restores gets a new one and logs in again",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup and say what is in it."""
        file: Path = options["file"]
        try:
            manifest = bundles.make(file, with_secret=not options["without_secret"])
        except (bundles.BundleError, OSError) as error:
            raise CommandError(str(error)) from error
        size = file.stat().st_size
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "file": str(file),
                        "bytes": size,
                        "version": manifest.version,
                        "made_at": manifest.made_at,
                        "members": len(manifest.members),
                    }
                )
            )
        else:
            media = sum(name.startswith("media/") for name in manifest.members)
            self.stdout.write(
                f"{file}: the database and {media:,} media files, {size / 2**20:,.1f} MiB."
            )
