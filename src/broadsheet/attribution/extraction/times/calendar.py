"""Days, weeks, months and years, and how EDTF (ISO 8601-2:2019, levels 0 and 1) writes them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = 7
MONTHS = 12
_JALALI = 100
_JALALI_YEARS = 1500


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression of time means: its EDTF value, or why it has none.

    ``first`` and ``last`` are the days it begins and ends with, as far as they are known.
    ``precision`` is the smallest part that is told: ``"clock"``, ``"day"``, ``"week"``,
    ``"month"``, ``"season"``, ``"year"``, ``"decade"``, or ``"span"`` for an interval.
    ``clock`` holds hour, minute and zone of a time of day whose date stands beside it.
    """

    edtf: str | None
    first: date | None = None
    last: date | None = None
    precision: str = "day"
    anchor: str = ""
    unresolved: str = ""
    clock: tuple[int, int, str] | None = None


def unresolved(reason: str, anchor: str = "") -> Meaning:
    """Return the meaning of what cannot be told, with the ``reason``."""
    return Meaning(None, anchor=anchor, unresolved=reason)


def day(at: date, anchor: str = "", *, about: bool = False) -> Meaning:
    """Return the day ``at``; ``about`` marks it approximate."""
    return Meaning(at.isoformat() + "~" * about, at, at, "day", anchor)


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month(year: int, number: int, anchor: str = "", *, about: bool = False) -> Meaning:
    """Return a whole month."""
    text = f"{year:04}-{number:02}" + "~" * about
    return Meaning(text, date(year, number, 1), last_of_month(year, number), "month", anchor)


def year(number: int, anchor: str = "", *, about: bool = False) -> Meaning:
    """Return a whole year."""
    return Meaning(
        f"{number:04}" + "~" * about, date(number, 1, 1), date(number, 12, 31), "year", anchor
    )


def years(first: int, last: int, digits: int) -> Meaning:
    """Return a decade or century, of which the first ``digits`` digits are told (EDTF level 1)."""
    text = f"{first:04}"[:digits] + "X" * (4 - digits)
    return Meaning(text, date(first, 1, 1), date(last, 12, 31), "decade")


def season(of: int, number: int, anchor: str = "") -> Meaning:
    """Return a season, ``number`` 21 (spring) to 24 (winter), without a hemisphere.

    Its days are those of the northern hemisphere, and are only compared with others.
    """
    begins = date(of, 3 * (number - 20), 1)
    ends = last_of_month(*shifted(begins.year, begins.month, 2))
    return Meaning(f"{of:04}-{number}", begins, ends, "season", anchor)


def span(first: date, last: date, anchor: str = "", precision: str = "day") -> Meaning:
    """Return the interval from ``first`` to ``last``, both told to ``precision``."""
    cut = {"day": 10, "month": 7, "year": 4}[precision]
    head, tail = first.isoformat()[:cut], last.isoformat()[:cut]
    if head == tail:
        return Meaning(head, first, last, precision, anchor)
    return Meaning(f"{head}/{tail}", first, last, "span", anchor)


def week_of(at: date, week_start: int) -> tuple[date, date]:
    """Return the first and last day of the week of ``at``, which starts on that weekday."""
    first = at - (at.weekday() - week_start) % WEEK * DAY
    return first, first + 6 * DAY


def shifted(of: int, number: int, by: int) -> tuple[int, int]:
    """Return year and month ``by`` months later."""
    months = of * MONTHS + number - 1 + by
    return months // MONTHS, months % MONTHS + 1


def months_before(at: date, by: int) -> date:
    """Return the same day ``by`` months earlier, or the last of that month."""
    of, number = shifted(at.year, at.month, -by)
    return date(of, number, min(at.day, calendar.monthrange(of, number)[1]))


def easter(of: int) -> date:
    """Return Western Easter Sunday (Meeus, *Astronomical Algorithms*, chapter 8)."""
    a, b, c = of % 19, of // 100, of % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    whole, rest = divmod(h + m - 7 * n + 114, 31)
    return date(of, whole, rest + 1)


def weekday_of_month(of: int, number: int, weekday: int, nth: int) -> date:
    """Return the ``nth`` (1 to 5) ``weekday`` of a month; ``nth`` 0 is the last."""
    if nth == 0:
        last = last_of_month(of, number)
        return last - (last.weekday() - weekday) % WEEK * DAY
    first = date(of, number, 1)
    return first + ((weekday - first.weekday()) % WEEK + (nth - 1) * WEEK) * DAY


def from_jalali(of: int, number: int, day_of_month: int) -> date:
    """Return the day of a Jalali date; raises :class:`ValueError` where there is none."""
    import jdatetime  # wanted for Persian alone

    at: date = jdatetime.date(of, number, day_of_month).togregorian()
    return at


def is_jalali(of: int) -> bool:
    """Whether a year of four digits is one of the Jalali calendar."""
    return of < _JALALI_YEARS


def jalali_year_of(at: date) -> int:
    """Return the Jalali year of a day."""
    import jdatetime  # wanted for Persian alone

    found: int = jdatetime.date.fromgregorian(date=at).year
    return found


def _last_jalali(of: int, number: int) -> date:
    if number == MONTHS:
        return from_jalali(of + 1, 1, 1) - DAY
    return from_jalali(of, number + 1, 1) - DAY


def dated(of: int, number: int, day_of_month: int | None, anchor: str = "") -> Meaning | None:
    """Return a day, or with ``day_of_month`` None a month; None where there is no such day.

    ``number`` from 101 on is a Jalali month, and ``of`` then a Jalali year.
    """
    try:
        if number > _JALALI:
            if day_of_month is None:
                first = from_jalali(of, number - _JALALI, 1)
                return span(first, _last_jalali(of, number - _JALALI), anchor)
            return day(from_jalali(of, number - _JALALI, day_of_month), anchor)
        if day_of_month is None:
            return month(of, number, anchor)
        return day(date(of, number, day_of_month), anchor)
    except ValueError:
        return None


def whole_year(of: int) -> Meaning:
    """Return a year of either calendar; a Jalali one as the days it lasts."""
    if is_jalali(of):
        return span(from_jalali(of, 1, 1), _last_jalali(of, MONTHS))
    return year(of)


def with_clock(at: date, clock: tuple[int, int, str], anchor: str) -> Meaning:
    """Return a time of day on the day ``at``.

    The zone is an offset in hours (``"-4"``), an IANA name, or ``"local"`` where the text names
    none: the value then has no offset, as EDTF level 0 allows.
    """
    hour, minute, zone = clock
    moment = datetime(at.year, at.month, at.day, hour, minute)  # noqa: DTZ001 -- EDTF's local time
    text = moment.isoformat()
    if zone != "local":
        offset: tzinfo
        offset = ZoneInfo(zone) if "/" in zone else timezone(timedelta(hours=float(zone)))
        text = moment.replace(tzinfo=offset).isoformat().replace("+00:00", "Z")
    return Meaning(text, at, at, "clock", anchor, clock=clock)
