"""``broadsheet restore``: a paper from its backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.newsstand import bundles, home
from broadsheet.press import actions
from broadsheet.press.models import PressedFile


class Command(BaseCommand):
    """Restore the paper."""

    help = (
        "Fills an empty home (BROADSHEET_HOME) from FILE, which `broadsheet backup` wrote, checks "
        "every byte of it and orders the whole paper to be pressed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("file", type=Path, metavar="FILE", help="the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Put the backup back and say what comes next."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"{file} is not there.")
        try:
            manifest = bundles.put_back(file)
        except (bundles.BundleError, OSError) as error:
            raise CommandError(str(error)) from error
        bundles.forget_connections()
        secret = Path(settings.SECRET_KEY_FILE)
        if secret.is_file():
            settings.SECRET_KEY = secret.read_text("ascii").strip()
        made = [*home.prepare_folders(), *home.prepare_secret()]
        call_command("migrate", interactive=False, verbosity=0)
        # The ledger speaks of a folder that is not here: nothing has been pressed yet.
        PressedFile.objects.all().delete()
        ordered = actions.order_everything()
        self.stdout.write(
            f"Restored the paper of {manifest.made_at} (Broadsheet {manifest.version}): "
            f"{len(manifest.members):,} files, every checksum right."
        )
        for line in made:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            f"{ordered:,} sheets are ordered. `broadsheet serve` presses them, or "
            "`broadsheet press --pending` does at once."
        )
        if settings.PRESS_STORE is not None:
            self.stdout.write(
                f"{settings.PRESS_STORE} may hold pages of a later day. Once all is pressed, "
                "`broadsheet press --recover` takes away what this paper does not have."
            )
