"""``broadsheet serve``: the newsstand, the newsroom and the background worker in one command."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from broadsheet.newsstand import home, opening

_REFUSED = 2


class Command(BaseCommand):
    """Serve the paper."""

    help = (
        "Serves the paper and the newsroom and runs the background worker. Ctrl-C stops "
        "everything it started."
    )
    # Ours are stricter and quicker; `broadsheet check` runs Django's as well.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--host", default="127.0.0.1", help="listen here (%(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="and here (%(default)s)")
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="start no background worker; `broadsheet worker` runs elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then serve until told to stop."""
        host, port = options["host"], options["port"]
        reasons = opening.reasons_against(host)
        if not reasons:
            taken = opening.reason_against_port(host, port)
            reasons = [taken] if taken else []
        if reasons:
            lines = "\n".join(f"  - {reason}" for reason in reasons)
            raise CommandError(f"The paper cannot be served:\n{lines}", returncode=_REFUSED)
        try:
            with home.claimed("serve"):
                home.prepare_folders()
                opening.record_base_url(host, port)
                self._take_away_withdrawn()
                self._serve(host, port, with_worker=not options["no_worker"])
        except (home.HomeInUseError, opening.PortError) as error:
            raise CommandError(str(error), returncode=_REFUSED) from error

    def _take_away_withdrawn(self) -> None:
        """See to it that no reader gets what was withdrawn while this node was away."""
        from broadsheet.press import mirror  # late: of those who serve, some share no store

        following = mirror.mirror_of_this_node()
        if following is None:
            return
        try:
            number = following.remove_withdrawn()
        except DatabaseError as error:
            self.stderr.write(
                self.style.WARNING(
                    "The database does not answer, so readers get the pages that lie here, also "
                    f"those that were withdrawn since: {error}"
                )
            )
        else:
            if number:
                self.stdout.write(f"{number:,} pages were withdrawn while this node was away.")

    def _serve(self, host: str, port: int, *, with_worker: bool) -> None:
        from broadsheet.newsstand import serving  # uvicorn, which no other command needs

        def ready() -> None:
            self.stdout.write(
                f"The paper:    {settings.BASE_URL}/\n"
                f"The newsroom: {settings.BASE_URL}/newsroom/\n"
                f"Listening on {host}:{port}. Ctrl-C stops it."
            )
            self.stdout.flush()

        serving.serve(host, port, with_worker=with_worker, ready=ready)
