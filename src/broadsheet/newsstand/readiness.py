"""Whether the paper works right now: the checks behind /readyz, cheap enough to ask often."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from broadsheet.newsstand import heartbeat
from broadsheet.press.models import PressOrder

# What a publication orders is pressed within a second; after this long something is wrong.
LATE = timedelta(minutes=2)
# The press's own mark for work that may wait: a batch import, pressing everything again.
_MAY_WAIT = -5
_APPLIED_FOR_S = 60.0


@dataclass(frozen=True)
class Check:
    """One thing that must hold. ``reason`` says what does not, or what is worth knowing."""

    name: str
    ok: bool
    reason: str = ""


def checks() -> list[Check]:
    """Return every check as it stands now; one that raises counts as failed."""
    return [_tried(name, check) for name, check in _CHECKS.items()]


def _tried(name: str, check: Callable[[], str]) -> Check:
    try:
        reason = check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the paper does not work
        reason = f"{type(error).__name__}: {error}"
    return Check(name, not reason, reason)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


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
    "database": _database,
    "migrations": _migrations,
    "pressed_folder": _pressed_folder,
    "worker": _worker,
    "press": _press,
}
