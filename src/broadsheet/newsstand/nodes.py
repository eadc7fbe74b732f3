"""The nodes of a paper, each with its worker's sign of life and what it lacks.

With PostgreSQL they write it into a table that all of them read. A paper in SQLite has one node,
whose sign of life is the file in its home (``heartbeat``).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from broadsheet import troubles
from broadsheet.newsstand import heartbeat
from broadsheet.newsstand.models import Node
from broadsheet.troubles import Trouble

# A node that has been silent for so long is taken to be no node any more.
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class State:
    """What is known of a node: its name, whether it is this one, and seconds since its sign."""

    name: str
    here: bool
    age: float
    duty: str = ""
    troubles: tuple[Trouble, ...] = ()

    @property
    def alive(self) -> bool:
        """Tell whether its worker can be taken to run."""
        return self.age < heartbeat.SILENCE_S


def own_name() -> str:
    """Return what this node is called: as its setting says, else as the machine."""
    return (settings.NODE_NAME or socket.gethostname())[:100]


def _home() -> str:
    return str(settings.HOME)[-300:]


def shared() -> bool:
    """Tell whether the paper can have several nodes."""
    return connection.vendor == "postgresql"


def write(duty: str, found: Sequence[Trouble]) -> None:
    """Tell the other nodes that this one's worker lives, is busy with ``duty`` and lacks what."""
    if not shared():
        return
    table = connection.ops.quote_name(Node._meta.db_table)
    rows = json.dumps([trouble.as_json() for trouble in found])
    with connection.cursor() as cursor:
        # By the database's clock: those of two machines are never quite the same.
        cursor.execute(
            f"""
            INSERT INTO {table} (name, home, seen_at, duty, troubles)
            VALUES (%s, %s, now(), %s, %s)
            ON CONFLICT (name, home) DO UPDATE SET
                seen_at = excluded.seen_at, duty = excluded.duty, troubles = excluded.troubles
            """,  # noqa: S608 - only the name of our own table is put in
            [own_name(), _home(), duty[:100], rows],
        )


def clear() -> None:
    """Take this node's sign of life away: its worker has stopped in good order."""
    if shared():
        Node.objects.filter(name=own_name(), home=_home()).delete()
        Node.objects.filter(seen_at__lt=Now() - _FORGOTTEN_AFTER).delete()


def known() -> list[State]:
    """Return what is known of every node of this paper, by name; none where none ever ran."""
    if not shared():
        beat = heartbeat.read()
        if beat is None:
            return []
        return [State(own_name(), True, beat.age, beat.duty, troubles.read(beat.troubles))]
    rows = Node.objects.filter(seen_at__gt=Now() - _FORGOTTEN_AFTER).order_by("name", "home")
    here = (own_name(), _home())
    return [
        State(
            row.name,
            (row.name, row.home) == here,
            max(0.0, (row.now - row.seen_at).total_seconds()),
            row.duty,
            troubles.read(row.troubles),
        )
        for row in rows.annotate(now=Now())
    ]
