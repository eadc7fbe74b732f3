"""``broadsheet init``: prepares the home of a newspaper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from broadsheet import locks
from broadsheet.newsstand import home, readiness, welcome


class Command(BaseCommand):
    """Prepare the home."""

    help = (
        "Prepares the home (BROADSHEET_HOME): folders, a random secret, the database (in the home, "
        "or where DATABASE_URL says) with roles and workflow. Running it again brings an older "
        "home up to date and changes nothing else."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the home and say what was done and what comes next."""
        done = [*home.prepare_folders(), *home.prepare_secret()]
        # Of several nodes that are prepared at once, one makes the tables.
        with locks.held("migrate", wait=True):
            existed = home.database_is_there()
            missing = readiness.unapplied()
            if missing:
                call_command("migrate", interactive=False, verbosity=0)
                done.append(
                    f"brought {home.database_name()} up to date ({len(missing)} migrations)"
                    if existed
                    else f"made the database {home.database_name()}"
                )
        file = home.database_file()
        if not existed or (file is None and not home.address_pressed_for()):
            # Nothing is pressed, so no page can carry another address than the one of now; a new
            # node of a paper has none to compare, and those that were there before see a change.
            home.note_address_pressed_for()
        if file:
            # Letters, drafts and passwords are in it.
            file.chmod(0o600)
        done += home.close_to_others()
        done += welcome.tidy()
        for line in done:
            self.stdout.write(f"  {line}")
        if not done:
            self.stdout.write(f"{settings.HOME} is prepared already; nothing to do.")
        else:
            self.stdout.write(f"{settings.HOME} is prepared.")
        if not get_user_model().objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write(
                "\nNext:\n"
                "  broadsheet createadmin        makes the first login of the newsroom\n"
                "  broadsheet import PATH        brings stories in\n"
                "  broadsheet serve              opens the paper at http://127.0.0.1:8000"
            )
