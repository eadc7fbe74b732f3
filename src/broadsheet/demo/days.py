"""Days in the samples' texts: ``{weekday-1}`` becomes the name of the day before publication.

``{date-1}`` becomes its date as ISO 8601 writes it, for what only machines read.

The sample paper is always fresh, so no day of the week can stand in a file.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from babel.dates import format_date

_PLACE = re.compile(r"\{(weekday|date)([+-]\d+)?\}")


def with_days(text: str, published: date, language: str) -> str:
    """Return ``text`` with each ``{weekday}``, ``{weekday-2}``, ``{date+1}`` spelled out."""

    def spelled(found: re.Match[str]) -> str:
        day = published + timedelta(days=int(found[2] or 0))
        if found[1] == "date":
            return day.isoformat()
        return format_date(day, "EEEE", locale=language)

    return _PLACE.sub(spelled, text)
