"""The duties every paper has, registered when the newsstand starts."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from broadsheet import databases
from broadsheet.newsstand import home, schedule
from broadsheet.newsstand.duties import Duty, Of, register
from broadsheet.newsstand.wire_watch import WireWatch

_SECOND = 1.0
_SECONDS = 3.0
_HOUR = 3600.0
_DAY = 24 * _HOUR


def register_all() -> None:
    """Register them."""
    register(Duty("press everything for a new address", _DAY, press_for_new_address, of=Of.NODE))
    register(Duty("keep the schedule", _SECONDS, schedule.keep))
    register(Duty("order what time has changed", _SECONDS, _order_due))
    register(
        Duty(
            "read stories for their sources", _SECOND, _read_stories, _end_reading,
            make_room=_end_reading,
        )
    )  # fmt: skip
    watch = WireWatch()
    register(Duty("watch the wire", _SECONDS, watch.perform, watch.stop, Of.NODE))
    register(Duty("sweep the letters", _HOUR, LettersSweep().perform))
    if settings.PRESS_STORE is not None:
        register(Duty("prune the journal of the press", _HOUR, _prune_changes))
    register(Duty("clear old sessions", _DAY, _clear_sessions))
    register(Duty("tidy the database", _DAY, _tidy_database, of=Of.NODE))


def press_for_new_address() -> int:
    """Order every sheet where the paper's public address is not the one they were pressed with.

    Links, feeds and sitemaps carry the address. Returns how many sheets were ordered.
    """
    from broadsheet.press import actions  # late: only the worker needs the whole press

    if home.address_pressed_for() == settings.BASE_URL:
        return 0
    ordered = actions.order_everything()
    home.note_address_pressed_for()
    return ordered


def _order_due() -> int:
    from broadsheet.press import actions

    return actions.order_due()


def _prune_changes() -> int:
    from broadsheet.press import changes

    return changes.prune()


class LettersSweep:
    """Sweeps the letters, and knows until when it has."""

    def __init__(self) -> None:
        self._until: datetime | None = None

    def perform(self) -> int:
        """Do what is due; returns how much that was."""
        from broadsheet.letters import duties as letters_duties

        now = timezone.now()
        done = sum(letters_duties.sweep(now, since=self._until))
        self._until = now
        return done


def _read_stories() -> int:
    from broadsheet.attribution import duties as attribution_duties
    from broadsheet.press import actions, bulk

    # Whoever reads takes as much memory as all who press a bulk: one after the other.
    if bulk.has_hands() or actions.is_bulk_waiting():
        return 0
    return attribution_duties.read_waiting()


def _end_reading() -> None:
    from broadsheet.attribution import duties as attribution_duties

    attribution_duties.make_room()


def _clear_sessions() -> None:
    call_command("clearsessions")


def _tidy_database() -> None:
    databases.take_statistics()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
