"""Days and times in the samples' texts: none can stand in a file, since the paper is always fresh.

In stories, which have a day of their own, ``{weekday-1}`` becomes the name of the day before
publication, and ``{date-1}`` its date as ISO 8601 writes it, for what only machines read.

In agencies' copy, times count from the start of the demo: ``{iso -2h30m}`` (ISO 8601),
``{basic -2h}`` (the same without signs between), ``{mail +1d}`` (RFC 5322), ``{anpa -2h}`` and
``{sent -2h}`` (the head and the foot of ANPA 1312), ``{weekday -2h de}`` (the day's name in a
language).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email.utils import format_datetime

from babel.dates import format_date

_PLACE = re.compile(r"\{(weekday|date)([+-]\d+)?\}")
_MOMENT = re.compile(r"\{(iso|basic|mail|anpa|sent|weekday) ([+-])(\w+)(?: (\w\w))?\}")
_SPAN = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?", re.ASCII)


def with_days(text: str, published: date, language: str) -> str:
    """Return ``text`` with each ``{weekday}``, ``{weekday-2}``, ``{date+1}`` spelled out."""

    def spelled(found: re.Match[str]) -> str:
        day = published + timedelta(days=int(found[2] or 0))
        if found[1] == "date":
            return day.isoformat()
        return format_date(day, "EEEE", locale=language)

    return _PLACE.sub(spelled, text)


def span(text: str) -> timedelta:
    """Return the length of time that "2d 3h 20m" says. Raises ``ValueError``."""
    found = _SPAN.fullmatch(text.strip())
    if not text.strip() or found is None:
        raise ValueError(f"{text!r} is no length of time such as '2d 3h 20m'")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def with_moments(text: str, started: datetime) -> str:
    """Return ``text`` with each ``{iso -2h}`` spelled out, counted from ``started`` (UTC)."""

    def spelled(found: re.Match[str]) -> str:
        form, sign, away, language = found.groups()
        moment = started + span(away) if sign == "+" else started - span(away)
        match form:
            case "iso":
                return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
            case "basic":
                return f"{moment:%Y%m%dT%H%M%SZ}"
            case "mail":
                return format_datetime(moment)
            case "anpa":
                return f"{moment:%m-%d}"
            case "sent":
                return f"{moment:%m-%d-%y %H%MGMT}"
            case _:
                return format_date(moment, "EEEE", locale=language)

    return _MOMENT.sub(spelled, text)
