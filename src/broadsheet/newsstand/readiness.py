"""Whether the paper works right now: the checks behind /readyz, cheap enough to ask often."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from broadsheet.newsstand import heartbeat, outages
from broadsheet.press.models import PressOrder

# What a publication orders is pressed within a second; after this long something is wrong.
LATE = timedelta(minutes=2)
# The press's own mark for work that may wait: a batch import, pressing everything again.
_MAY_WAIT = -5
_APPLIED_FOR_S = 60.0


@dataclass(frozen=True)
class Check:
    """One thing that must hold. ``reason`` says what does not, or what is worth knowing.

    Without one that is not ``needed`` the paper works on, if slower or with older pages: were a
    node not ready for that, a load balancer would take all of them out at once.
    """

    name: str
    ok: bool
    reason: str = ""
    needed: bool = True


def checks() -> list[Check]:
    """Return every check as it stands now; one that raises counts as failed."""
    first = _tried("database", _database)
    if not first.ok:
        # Each of the others would wait for the database as long again.
        in_home = [_tried("pressed_folder", _pressed_folder), _tried("worker", _worker)]
        return [first, *in_home]
    needed = [_tried(name, check) for name, check in _CHECKS.items()]
    return [first, *needed, *_outages()]


def _outages() -> list[Check]:
    try:
        found = outages.present()
    except DatabaseError as error:
        return [Check("outages", False, f"{type(error).__name__}: {error}", needed=False)]
    return [
        Check(
            f"{outage.kind} {outage.node}".strip(),
            False,
            f"for {outage.seconds:.0f} s" + (f": {outage.reason}" if outage.reason else ""),
            needed=False,
        )
        for outage in found
        if outage.kind != "workers"  # of this node's own a check of its own tells
    ]


def _tried(name: str, check: Callable[[], str]) -> Check:
    try:
        reason = check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the paper does not work
        reason = f"{type(error).__name__}: {error}"
    return Check(name, not reason, reason)


def _database() -> str:
    # What was asked last may have broken off with the server.
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def database_answers() -> bool:
    """Tell whether the database answers."""
    return _tried("database", _database).ok


_applied_at = 0.0


def unapplied() -> list[str]:
    """Return the migrations that are not applied yet, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _migrations() -> str:
    global _applied_at  # noqa: PLW0603 - a finding that stays true for the life of the process
    if time.monotonic() - _applied_at < _APPLIED_FOR_S and _applied_at:
        return ""
    missing = unapplied()
    if missing:
        return f"{len(missing)} not applied: run `broadsheet init`"
    _applied_at = time.monotonic()
    return ""


def _pressed_folder() -> str:
    root = Path(settings.PRESSED_ROOT)
    if not root.is_dir():
        return f"{root} is not there: run `broadsheet init`"
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        return f"{root} cannot be written"
    return ""


def _worker() -> str:
    beat = heartbeat.read()
    if beat is None:
        return "no worker runs"
    return "" if beat.alive else f"the worker has been silent for {beat.age:.0f} s"


def _press() -> str:
    late = (
        PressOrder.objects.filter(
            priority__gt=_MAY_WAIT, ordered_at__lt=timezone.now() - LATE, attempts=0
        )
        .order_by("ordered_at")
        .first()
    )
    if late is None:
        return ""
    age = (timezone.now() - late.ordered_at).total_seconds()
    return f"{late} has waited {age:.0f} s to be pressed"


_CHECKS: dict[str, Callable[[], str]] = {
    "migrations": _migrations,
    "pressed_folder": _pressed_folder,
    "worker": _worker,
    "press": _press,
}
