"""Dates and times as pages print them, in the languages news comes in.

Month names are those of Unicode CLDR (through Babel) and, for the Persian calendar, of
``jdatetime``. What a page leaves unsaid (the zone, the order of day and month) is read in one
fixed way, and the reading is reported as an oddity.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import jdatetime
from babel import UnknownLocaleError
from babel.dates import get_month_names

# A day outside these is a mistake of the page's. Near the end of the calendar, moreover, no
# page that shows it could be made: the same moment in another zone has no date.
_YEARS = range(1600, 2200)
_JALALI_YEARS = range(1200, 1500)
# Always tried beside the language of the page: datelines are often not in it.
_USUAL = ("en", "fa", "ar", "ar_SY", "ar_DZ", "de", "fr", "es", "pt", "it", "nl", "tr", "ru")
_FIRST_OF_MONTH_NAMES = 3

_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])[:.h]([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?(?![\d:])"
    r"(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_BARE_CLOCK = re.compile(r"(?<!\d)([01]\d|2[0-3])([0-5]\d)(?!\d)")
_OFFSET = re.compile(r"(?:GMT|UTC|Z)?\s*([+\u2212-])\s?(\d{1,2}):?([0-5]\d)?(?!\d)")
_HALF_DAY = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_ZONE_WORD = re.compile(r"[^\W\d_]+")
_HOUR = timedelta(hours=1)
# Abbreviations with one meaning in news use. IST and CST have several and are left out.
_ZONES: dict[str, tzinfo] = {
    **dict.fromkeys(("gmt", "utc", "z", "wet", "گرینویچ", "غرينتش", "غرينيتش", "جرينتش"), UTC),
    **dict.fromkeys(("cet", "mez", "bst", "west"), timezone(_HOUR)),
    **dict.fromkeys(("cest", "mesz", "eet", "sast"), timezone(2 * _HOUR)),
    **dict.fromkeys(("eest", "msk", "trt"), timezone(3 * _HOUR)),
    **dict.fromkeys(("irst", "تهران"), ZoneInfo("Asia/Tehran")),
    **dict.fromkeys(("irdt",), timezone(4.5 * _HOUR)),
    **dict.fromkeys(("edt",), timezone(-4 * _HOUR)),
    **dict.fromkeys(("est", "cdt"), timezone(-5 * _HOUR)),
    **dict.fromkeys(("mdt",), timezone(-6 * _HOUR)),
    **dict.fromkeys(("mst", "pdt"), timezone(-7 * _HOUR)),
    **dict.fromkeys(("pst",), timezone(-8 * _HOUR)),
    **dict.fromkeys(("hkt", "sgt", "awst"), timezone(8 * _HOUR)),
    **dict.fromkeys(("jst", "kst"), timezone(9 * _HOUR)),
    **dict.fromkeys(("aest",), timezone(10 * _HOUR)),
    **dict.fromkeys(("aedt",), timezone(11 * _HOUR)),
    **dict.fromkeys(("et",), ZoneInfo("America/New_York")),
    **dict.fromkeys(("pt",), ZoneInfo("America/Los_Angeles")),
}


@dataclass(frozen=True)
class Moment:
    """A point in time (aware, UTC) as it was read, and what had to be assumed."""

    at: datetime
    oddities: tuple[str, ...] = ()
    has_clock: bool = True


def plain_digits(text: str) -> str:
    """Return ``text`` with the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if char > "9" and char.isdecimal() else char for char in text
    )


def read_moment(text: str, language: str = "") -> Moment | None:
    """Return the moment that ``text`` prints, or ``None`` where it holds no whole date.

    Reads ISO 8601, RFC 5322 and printed forms such as ``0658 GMT December 30, 2017``.
    """
    text = plain_digits(" ".join(text.split()))
    if moment := _machine_form(text):
        return moment
    found = _find_date(text, language)
    if found is None:
        return None
    day, rest, oddities = found
    clock = _read_clock(rest)
    if clock is None:
        return Moment(
            datetime.combine(day, time(), UTC),
            (*oddities, f"“{text}” has no time of day; read as 00:00 UTC."),
            has_clock=False,
        )
    at, rest = clock
    zone = read_zone(rest)
    if zone is None:
        oddities = (*oddities, f"“{text}” names no time zone that is known; read as UTC.")
    try:
        return Moment(datetime.combine(day, at, zone or UTC).astimezone(UTC), oddities)
    except OverflowError:
        return None


def find_day(text: str, language: str = "") -> date | None:
    """Return the first whole date that ``text`` prints, or ``None``."""
    found = _find_date(plain_digits(text), language)
    return found[0] if found else None


def _machine_form(text: str) -> Moment | None:
    at = _iso_or_mail(text)
    if at is None or at.year not in _YEARS:
        return None
    if len(text) <= len("2017-12-30"):
        return Moment(
            at.replace(tzinfo=UTC), (f"“{text}” has no time of day; read as 00:00 UTC.",), False
        )
    if at.tzinfo is None:
        said = f"“{text}” names no time zone that is known; read as UTC."
        return Moment(at.replace(tzinfo=UTC), (said,))
    try:
        return Moment(at.astimezone(UTC))
    except OverflowError:
        return None


def _iso_or_mail(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    # The mail reader is lenient: it drops "PM" and zones that it does not know.
    return None if at.tzinfo is None or _HALF_DAY.search(text) else at


@lru_cache(maxsize=64)
def month_names(language: str) -> dict[str, tuple[str, int]]:
    """Map folded month names to their calendar and number."""
    months: dict[str, tuple[str, int]] = {}
    for name in ("fa", "en"):
        for number, month in enumerate(getattr(jdatetime.date, f"j_months_{name}"), 1):
            months[month.casefold()] = ("jalali", number)
    for locale in (*_USUAL, language.replace("-", "_")):
        for width in ("wide", "abbreviated"):
            try:
                names = get_month_names(width, locale=locale)
            except (UnknownLocaleError, ValueError):
                continue
            for number, month in names.items():
                folded = month.casefold().rstrip(".")
                if len(folded) >= _FIRST_OF_MONTH_NAMES and not folded.isdecimal():
                    months.setdefault(folded, ("gregorian", number))
    months["sept"] = ("gregorian", 9)
    return months


@lru_cache(maxsize=64)
def _printed_date(language: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, month_names(language)), key=len, reverse=True))
    return re.compile(
        rf"(?<!\d)(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|º)?[.,]?\s+(?:de\s+|of\s+)?"
        # Arab papers print the Syriac and the Roman name of a month, with a stroke between.
        rf"(?:[^\W\d]{{2,12}}\s?/\s?)?(?P<m1>{names})(?!\w)(?:\s?/\s?[^\W\d]{{2,12}})?"
        r"[.,]?\s+(?:de\s+|del\s+)?(?P<y1>\d{4})(?!\d)"
        rf"|(?<!\w)(?P<m2>{names})(?!\w)\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[,،]?\s+"
        rf"(?P<y2>\d{{4}})(?!\d)"
        r"|(?<!\d)(?P<y3>\d{4})(?P<s3>[-/.])(?P<m3>\d{1,2})(?P=s3)(?P<d3>\d{1,2})(?!\d)"
        r"|(?<!\d)(?P<a4>\d{1,2})(?P<s4>[-/.])(?P<b4>\d{1,2})(?P=s4)(?P<y4>\d{4})(?!\d)",
        re.IGNORECASE,
    )


def _find_date(text: str, language: str) -> tuple[date, str, tuple[str, ...]] | None:
    """Return the first date, the text around it, and what was assumed."""
    for match in _printed_date(language).finditer(text):
        oddities: tuple[str, ...] = ()
        part = match.groupdict()
        calendar = "gregorian"
        if name := part["m1"] or part["m2"]:
            calendar, month = month_names(language)[name.casefold()]
            year, day = int(part["y1"] or part["y2"]), int(part["d1"] or part["d2"])
        elif part["y3"]:
            year, month, day = int(part["y3"]), int(part["m3"]), int(part["d3"])
        else:
            year, day, month = int(part["y4"]), int(part["a4"]), int(part["b4"])
            if month > 12 >= day:  # noqa: PLR2004
                day, month = month, day
            elif day <= 12 and day != month and part["s4"] == "/":  # noqa: PLR2004
                oddities = (f"“{match[0]}” could be two dates; read with the day first.",)
        if calendar == "jalali" or year in _JALALI_YEARS:
            found = _gregorian(year, month, day)
        else:
            found = _date(year, month, day)
        if found is not None:
            return found, f"{text[: match.start()]} {text[match.end() :]}", oddities
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _gregorian(year: int, month: int, day: int) -> date | None:
    try:
        converted: date = jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return None
    return converted if converted.year in _YEARS else None


def _read_clock(rest: str) -> tuple[time, str] | None:
    match = _CLOCK.search(rest)
    if match:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if match[4]:
            hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    else:
        match = _BARE_CLOCK.search(rest)
        if not match:
            return None
        hour, minute, second = int(match[1]), int(match[2]), 0
    return time(hour, minute, second), f"{rest[: match.start()]} {rest[match.end() :]}"


def read_zone(rest: str) -> tzinfo | None:
    """Return the zone that ``rest`` names by an offset or an abbreviation of one meaning."""
    if offset := _OFFSET.search(rest):
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if away < timedelta(hours=15):
            return timezone(away if offset[1] == "+" else -away)
    for word in _ZONE_WORD.findall(rest):
        if zone := _ZONES.get(word.casefold()):
            return zone
    return None
