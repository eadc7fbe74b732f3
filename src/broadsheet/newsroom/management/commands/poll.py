"""``broadsheet poll``: agencies' copy comes in through the channels."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, reset_queries
from django.utils import timezone

from broadsheet import leash, locks
from broadsheet.newsroom.wire_terms import adopter_for
from broadsheet.wire.models import Channel
from broadsheet.wire.polling import Look, poll, poll_due

# A channel that is added or changed in the newsroom is noticed within so long.
_LONGEST_SLEEP_S = 10.0
# So long nobody watches after a node has died.
_STAND_BY_S = 2.0
_REFUSED = 2


class Command(BaseCommand):
    """Ask the channels for new copy."""

    help = (
        "Asks each channel (feed, folder, mailbox) for new copy when its time has come, until it "
        "is told to stop; where several nodes run this, one asks and the others stand by. "
        "`broadsheet serve` does this by itself. With --once, every channel that "
        "is due is asked once; exit status 1 where one of them failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the arguments."""
        parser.add_argument("--once", action="store_true", help="ask those that are due, and end")
        parser.add_argument(
            "--channel",
            metavar="NAME",
            action="append",
            default=[],
            help="ask this channel now, whether it is due or not, and end (may be repeated)",
        )
        parser.add_argument(
            "--leash",
            type=int,
            metavar="PID",
            help="end when this process, which started this one, ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask the channels."""
        if Channel._meta.db_table not in connection.introspection.table_names():
            raise CommandError("This home holds no newspaper yet. Run “broadsheet init” first.")
        if options["leash"]:
            leash.tie_to(options["leash"], signal.SIGTERM)
        if options["channel"]:
            looks = [poll(each, adopter_for(each)) for each in _named(options["channel"])]
        elif options["once"]:
            looks = list(poll_due(adopter_for))
        else:
            self._watch()
            return
        for look in looks:
            self._tell(look)
        if not looks:
            self.stdout.write("No channel is due.")
        if any(look.error for look in looks):
            sys.exit(1)

    def _watch(self) -> None:
        stopping = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stopping.set())
        while not stopping.is_set():
            # One watches for all the nodes of the paper; the others stand by.
            with locks.held("watch-the-wire", wait=False) as mine:
                if mine:
                    self._watch_while(mine, stopping)
            stopping.wait(_STAND_BY_S)

    def _watch_while(self, mine: locks.Hold, stopping: threading.Event) -> None:
        while not stopping.is_set() and mine.lasts():
            for look in poll_due(adopter_for):
                if look.error or look.counts:
                    self._tell(look)
                if stopping.is_set():
                    return
            reset_queries()
            stopping.wait(_until_next())

    def _tell(self, look: Look) -> None:
        if look.error:
            self.stderr.write(self.style.ERROR(f"{look.channel.name}: {look.error}"))
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(look.counts.items()))
        if counts or not look.error:
            self.stdout.write(f"{look.channel.name}: {counts or 'nothing new'}.")


def _named(names: list[str]) -> list[Channel]:
    channels = []
    for name in names:
        found = Channel.objects.filter(name=name).select_related("agency", "section").first()
        if found is None:
            known = ", ".join(Channel.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(
                f"There is no channel “{name}”. The paper has: {known}.", returncode=_REFUSED
            )
        channels.append(found)
    return channels


def _until_next() -> float:
    following = (
        Channel.objects.filter(is_active=True)
        .order_by("next_poll_at")
        .values_list("next_poll_at", flat=True)
        .first()
    )
    if following is None:
        return _LONGEST_SLEEP_S
    return min(max((following - timezone.now()).total_seconds(), 0.2), _LONGEST_SLEEP_S)
