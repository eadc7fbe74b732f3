"""Limits: how often one address may ask, and how many letters one story takes at a time.

Counted in the database, in fixed stretches of time, so that several processes count as one
and a restart forgives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from broadsheet.letters.models import RateCount


@dataclass(frozen=True)
class Limit:
    """At most ``most`` times in ``stretch`` for one subject."""

    name: str
    most: int
    stretch: timedelta


_TEN_MINUTES = timedelta(minutes=10)
# A key is asked for by whoever looks at a form, and a whole office may share one address.
KEYS = Limit("keys", 300, _TEN_MINUTES)
SOUNDS = Limit("sounds", 15, _TEN_MINUTES)
# Of all readers together: what pictures take in room, and sounds in computing.
ALL_KEYS = Limit("all-keys", 3_000, _TEN_MINUTES)
ALL_SOUNDS = Limit("all-sounds", 300, _TEN_MINUTES)
TRIES = Limit("tries", 30, _TEN_MINUTES)
LETTERS = Limit("letters", 10, _TEN_MINUTES)
LETTERS_A_DAY = Limit("letters-day", 50, timedelta(days=1))
STORY = Limit("story", 60, _TEN_MINUTES)
LONGEST = LETTERS_A_DAY.stretch


class TooManyError(Exception):
    """A limit is reached; ``wait`` says for how long."""

    def __init__(self, limit: Limit, wait: timedelta) -> None:
        super().__init__(f"more than {limit.most} in {limit.stretch}: {limit.name}")
        self.limit = limit
        self.wait = wait

    @property
    def seconds(self) -> int:
        """Seconds until it is worth trying again, for Retry-After (RFC 9110, 10.2.3)."""
        return max(1, int(self.wait.total_seconds()))

    @property
    def minutes(self) -> int:
        """The same in whole minutes, rounded up, for people."""
        return max(1, -(-self.seconds // 60))


def count(*counted: tuple[Limit, str]) -> None:
    """Count one more of each (limit, subject).

    Raises :class:`TooManyError` where one of them is reached already; then none is counted,
    and a flood costs the database no writing.
    """
    now = timezone.now()
    stretches = [(limit, subject, _start(limit, now)) for limit, subject in counted]
    for limit, subject, starts_at in stretches:
        reached = RateCount.objects.filter(
            limit=limit.name, subject=subject, starts_at=starts_at, count__gte=limit.most
        )
        if reached.exists():
            raise TooManyError(limit, starts_at + limit.stretch - now)
    with transaction.atomic():
        for limit, subject, starts_at in stretches:
            row, _ = RateCount.objects.get_or_create(
                limit=limit.name, subject=subject, starts_at=starts_at
            )
            RateCount.objects.filter(pk=row.pk).update(count=F("count") + 1)


def _start(limit: Limit, now: datetime) -> datetime:
    length = limit.stretch.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // length * length, UTC)
