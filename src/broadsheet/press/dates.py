"""How times are printed for readers, and how they are written for machines.

Times are stored in UTC and printed in the paper's zone. The patterns are Unicode CLDR's,
through Babel, except where newspapers have a habit of their own: the publication line of an
English story, and the Solar Hijri calendar (Jalali) of a Persian one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from functools import cache, lru_cache

import jdatetime
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.numbers import format_decimal

from broadsheet.stories.languages import locale_of, main_language

_FALLBACK = "en"
# Languages of the Arabic script, whose comma is their own (Unicode, U+060C).
_ARABIC_COMMA = frozenset({"ar", "ckb", "fa", "ps", "sd", "ug", "ur"})


def _locale(language: str) -> Locale:
    try:
        return locale_of(language)
    except (UnknownLocaleError, ValueError):
        return locale_of(_FALLBACK)


# The first digit of each numbering system that CLDR makes the default of a language; the nine
# others follow it (Unicode, chapter 22.3). Babel knows the systems but prints Latin digits.
_ZERO = {
    "adlm": 0x1E950,
    "arab": 0x0660,
    "arabext": 0x06F0,
    "beng": 0x09E6,
    "cakm": 0x11136,
    "deva": 0x0966,
    "mymr": 0x1040,
    "nkoo": 0x07C0,
    "olck": 0x1C50,
    "rohg": 0x10D30,
    "tibt": 0x0F20,
}


@lru_cache(maxsize=256)
def _numerals(language: str) -> dict[int, int]:
    zero = _ZERO.get(_locale(language).default_numbering_system or "", ord("0"))
    return {ord("0") + figure: zero + figure for figure in range(10)}


def numerals(text: str | int, language: str) -> str:
    """Return ``text`` with its digits as ``language`` writes them (CLDR's default numbering)."""
    return str(text).translate(_numerals(language))


def _comma(language: str) -> str:
    return "،" if main_language(language) in _ARABIC_COMMA else ","


def _is_persian(language: str) -> bool:
    return language.split("-", maxsplit=1)[0] == "fa"


def _jalali(day: date) -> str:
    solar = jdatetime.date.fromgregorian(date=day)
    month = jdatetime.date.j_months_fa[solar.month - 1]
    return numerals(f"{solar.day} {month} {solar.year}", "fa")


# A run of the press prints the days and minutes of neighbouring stories again and again.
@lru_cache(maxsize=2048)
def long_day(day: date, language: str) -> str:
    """Return a day in full, without its weekday: "December 30, 2017", «۹ دی ۱۳۹۶»."""
    if _is_persian(language):
        return _jalali(day)
    return numerals(format_date(day, "long", locale=_locale(language)), language)


def weekday_and_day(day: date, language: str) -> str:
    """Return a day in full with its weekday: "Saturday, December 30, 2017"."""
    locale = _locale(language)
    if _is_persian(language):
        return f"{format_date(day, 'EEEE', locale=locale)} {_jalali(day)}"
    return numerals(format_date(day, "full", locale=locale), language)


def month_name(year: int, month: int, language: str) -> str:
    """Return a Gregorian month with its year: "December 2017"."""
    # CLDR's skeleton, so that languages that put the year first do so.
    text = format_skeleton("yMMMM", date(year, month, 1), locale=_locale(language))
    return numerals(text, language)


def clock(moment: datetime, language: str, zone: tzinfo) -> str:
    """Return the time of day on a clock of 24 hours: "06:58", «۰۶:۵۸»."""
    local = moment.astimezone(zone)
    return _clock(local.hour, local.minute, language)


@lru_cache(maxsize=8192)
def _clock(hour: int, minute: int, language: str) -> str:
    text = format_time(time(hour, minute), "HH:mm", locale=_locale(language))
    return numerals(text, language)


def zone_name(moment: datetime, language: str, zone: tzinfo) -> str:
    """Return what the zone is called at ``moment``: "GMT" for UTC, "CET", or "UTC+03:30".

    Persian readers get the city instead, as their papers print it.
    """
    local = moment.astimezone(zone)
    name = local.tzname() or ""
    if _is_persian(language):
        if name in ("UTC", "GMT"):
            return "به وقت گرینویچ"
        return f"به وقت {get_timezone_location(local, locale='fa', return_city=True)}"
    if name == "UTC":
        return "GMT"
    if name.startswith(("+", "-")):
        offset = local.strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"
    return name


def publication(moment: datetime, language: str, zone: tzinfo) -> str:
    """Return the publication line's time: "0658 GMT December 30, 2017" in English.

    German papers print "30. Dezember 2017, 06:58 Uhr GMT", Persian ones
    «ساعت ۰۶:۵۸ به وقت گرینویچ، ۹ دی ۱۳۹۶»; other languages day, time and zone as CLDR writes them.
    """
    day = long_day(moment.astimezone(zone).date(), language)
    name = zone_name(moment, language, zone)
    hour = clock(moment, language, zone)
    match language.split("-", maxsplit=1)[0]:
        case "en":
            return f"{hour.replace(':', '')} {name} {day}"
        case "de":
            return f"{day}, {hour} Uhr {name}"
        case "fa":
            return f"ساعت {hour} {name}، {day}"
        case _:
            return f"{day}{_comma(language)} {hour} {name}"


def brief(moment: datetime, language: str, zone: tzinfo) -> str:
    """Return a time as lists print it, without the zone: "December 30, 2017, 06:58"."""
    day = long_day(moment.astimezone(zone).date(), language)
    return f"{day}{_comma(language)} {clock(moment, language, zone)}"


def machine(moment: datetime) -> str:
    """Return ``moment`` in UTC as RFC 3339 writes it: ``2017-12-30T06:58:00Z``."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def seconds(length: float, language: str) -> str:
    """Return a length in seconds to four decimals: "0.0032", "0,0032", «۰٫۰۰۳۲»."""
    return numerals(f"{length:.4f}".replace(".", _decimal_point(language)), language)


@cache
def _decimal_point(language: str) -> str:
    text = format_decimal(0.5, "0.0", locale=_locale(language), numbering_system="default")
    return text.strip("05")
