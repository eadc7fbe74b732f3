"""What must be done to the letters now and then, whoever keeps the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from broadsheet.letters import keys, opening, rates
from broadsheet.letters.models import Ban, Letter, RateCount, SecurityKey
from broadsheet.press import actions as press
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Paper

# An address, even hashed, points at a person: long enough to see a nuisance come back.
FORGET_AFTER = timedelta(days=90)
# Kept a while after they ended, so that a moderator sees them when the nuisance returns.
_KEEP_BANS = timedelta(days=90)
# A form that should have closed while nothing ran is found for so long.
_LOOK_BACK = timedelta(days=30)
_AT_ONCE = 500


class Swept(NamedTuple):
    """How much was done, by kind."""

    keys: int
    counts: int
    marks: int
    bans: int
    closed: int


def sweep(now: datetime | None = None) -> Swept:
    """Delete dead keys, old counts and ended bans, forget old addresses, close forms in time.

    Safe to call at any time and from several processes; hourly is often enough.
    """
    now = now or timezone.now()
    dead = SecurityKey.objects.filter(expires_at__lt=now - keys.LIFETIME)
    old = RateCount.objects.filter(starts_at__lt=now - 2 * rates.LONGEST)
    ended = Ban.objects.filter(until__lt=now - _KEEP_BANS)
    remembered = Letter.objects.filter(written_at__lt=now - FORGET_AFTER).exclude(author_mark="")
    return Swept(
        keys=dead.delete()[0],
        counts=old.delete()[0],
        marks=remembered.update(author_mark=""),
        bans=ended.delete()[0],
        closed=close_forms(now),
    )


def close_forms(now: datetime) -> int:
    """Order the pages that still show a form although its time has passed; returns how many."""
    paper = Paper.objects.first() or Paper()
    closing = opening.closing(paper, now, now - _LOOK_BACK)
    news_ids = list(closing)
    ordered: set[Sheet] = set()
    for start in range(0, len(news_ids), _AT_ONCE):
        some = [str(news_id) for news_id in news_ids[start : start + _AT_ONCE]]
        pressed = PressedFile.objects.filter(kind="story", key__in=some)
        for key, pressed_at in pressed.values_list("key", "pressed_at"):
            if pressed_at < closing[int(key)]:
                ordered.add(Sheet("story", key))
    with transaction.atomic():
        press.order(ordered, priority=-5)
    return len(ordered)
