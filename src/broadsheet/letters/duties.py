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
# A page may be drawn just before a form closes and be there just after.
_ONCE_MORE = timedelta(minutes=10)
_AT_ONCE = 500


class Swept(NamedTuple):
    """How much was done, by kind."""

    keys: int
    counts: int
    marks: int
    bans: int
    closed: int


def sweep(now: datetime | None = None, *, since: datetime | None = None) -> Swept:
    """Delete dead keys, old counts and ended bans, forget old addresses, close forms in time.

    ``since`` is when the caller did it last, if it knows. Safe to call at any time and from several
    processes; hourly is often enough.
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
        closed=close_forms(now, since),
    )


def close_forms(now: datetime, since: datetime | None = None) -> int:
    """Order the pages that still show a form although its time has passed; returns how many.

    Those are looked for whose time has passed since ``since``, or in the last thirty days: of an
    archive that was brought in then, those are all its stories.
    """
    paper = Paper.objects.first() or Paper()
    begin = now - _LOOK_BACK
    if since is not None:
        begin = max(begin, since - _ONCE_MORE)
    closing = opening.closing(paper, now, begin)
    news_ids = list(closing)
    count = 0
    for start in range(0, len(news_ids), _AT_ONCE):
        some = [str(news_id) for news_id in news_ids[start : start + _AT_ONCE]]
        pressed = PressedFile.objects.filter(kind="story", key__in=some)
        late = {
            Sheet("story", key)
            for key, pressed_at in pressed.values_list("key", "pressed_at")
            if pressed_at < closing[int(key)]
        }
        with transaction.atomic():
            press.order(late, priority=-5)
        count += len(late)
    return count
