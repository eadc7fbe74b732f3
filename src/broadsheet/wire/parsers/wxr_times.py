"""The times of a WordPress export: local time, GMT, or neither.

WordPress keeps both for each post, and for drafts the local one alone. What the site's zone was
at a time is told by the posts around it that have both.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

_SHAPE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?(?:Z|\+00:?00)?", re.ASCII
)
_FARTHEST = 14 * 60
_STEP = 15
_LONGEST = 60


class Zone(Protocol):
    """What is known of a site's zone."""

    def offset_at(self, local: datetime) -> int | None:
        """Return the minutes that ``local`` was ahead of GMT; ``None`` where nothing tells."""


def stamp(text: str) -> datetime | None:
    """Return "2012-03-04 05:06:07" as a naive time; ``None`` for no time, such as all zeros."""
    match = _SHAPE.fullmatch(text.strip()[:_LONGEST])
    if match is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        return None


def offset(local: str, gmt: str) -> int | None:
    """Return how many minutes ``local`` is ahead of ``gmt``; ``None`` for no zone there is."""
    here, there = stamp(local), stamp(gmt)
    if here is None or there is None:
        return None
    minutes = round((here - there).total_seconds() / 60)
    return minutes if abs(minutes) <= _FARTHEST and minutes % _STEP == 0 else None


def moment(gmt: str, local: str, zone: Zone, printed: str = "") -> tuple[datetime | None, str]:
    """Return the time in UTC, and what was odd about it.

    ``gmt`` wins; then ``printed``, a date as RSS has it, where it can be the same time as
    ``local``; then ``local`` in the site's zone; then ``printed`` alone.
    """
    if at := stamp(gmt):
        return at.replace(tzinfo=UTC), ""
    if at := stamp(local):
        told = _rss(printed)
        if told and offset(local, f"{told:%Y-%m-%d %H:%M:%S}") is not None:
            return told, ""
        minutes = zone.offset_at(at)
        if minutes is None:
            return at.replace(tzinfo=UTC), "Its time has no zone; it was read as UTC."
        try:
            return (at - timedelta(minutes=minutes)).replace(tzinfo=UTC), (
                f"Its time is local; it was read as UTC{_printed(minutes)}, as other posts tell."
            )
        except OverflowError:
            return None, ""
    return _rss(printed), ""


def _printed(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _rss(printed: str) -> datetime | None:
    if not printed or "-0001" in printed:
        return None
    try:
        at = parsedate_to_datetime(printed[:_LONGEST])
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
