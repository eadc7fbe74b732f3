"""The moment that a note to editors names as an end: "0001 GMT Tuesday, Jan. 2".

Notes leave out what their readers know: the year, the day, the zone. What is left out is taken
from the moment the note was sent; where two readings remain, the later one is meant, since an
embargo broken is worse than one too long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import jdatetime
from babel.dates import get_day_names

from broadsheet.wire.times import month_names, plain_digits, read_zone

_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "da", "sv", "pl", "tr", "ru", "ar", "fa")
_LONGEST = 300
_NOON = r"(?:12\s)?noon|midi|mittag|mediod[ií]a|mezzogiorno|meio-dia"
_MIDNIGHT = r"(?:12\s)?midnight|minuit|mitternacht|medianoche|mezzanotte|meia-noite|نیمه\s?شب"
_HOUR_WORDS = r"uhr|hrs?|hours?|heures?|horas?|h|ساعت"
_AT = r"ore|alle(?:\sore)?|alas|las|às|à|at|um|ab|kl\.?|الساعة|ساعت|в|o"
_CLOCKS = (
    re.compile(
        r"(?<![\d:.,+-])(?P<h>[01]?\d|2[0-4])\s?[:.h]\s?(?P<m>[0-5]\d)(?::[0-5]\d(?:\.\d{1,6})?)?"
        r"(?![\d:])(?!\.\d)(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d:.])(?P<h>1[0-2]|0?\d)\s?(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE),
    re.compile(rf"\b(?P<noon>{_NOON})\b|\b(?P<midnight>{_MIDNIGHT})\b", re.IGNORECASE),
    re.compile(r"(?<![\d:.+-])(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d)(?![\d:])(?!\s?%)"),
    re.compile(rf"(?<![\d:.])(?P<h>[01]?\d|2[0-4])\s?(?:{_HOUR_WORDS})\b", re.IGNORECASE),
    re.compile(rf"(?<!\w)(?:{_AT})\s(?P<h>[01]?\d|2[0-4])(?![\d:.])", re.IGNORECASE),
)
# Four digits that are a year unless a zone or a word for hours stands behind them.
_YEAR_LIKE = re.compile(r"(?:19|20)\d\d")
_HOURS_BEHIND = re.compile(r"\s?(?:[A-Z]{2,5}\b|hrs?\b|hours\b|uhr\b|h\b|local)", re.IGNORECASE)
# Behind "GMT", or behind a time of day; there "-12:00" is more often the end of a span.
_OFFSET = re.compile(
    r"(?:\b(?:GMT|UTC|UT)\s?|(?<=T\d\d:\d\d)|(?<=:\d\d:\d\d)|(?<=\d:\d\d)\s?(?=[+]|-\d{4}\b)|"
    r"(?<=\.\d\d\d))([+\u2212-])\s?(\d{1,2})(?::?([0-5]\d))?(?!\d)"
)
_TODAY = re.compile(
    r"\b(?:today|heute|aujourd['’]hui|hoy|hoje|oggi|vandaag|i\s?dag|bugün|сегодня)\b|"
    r"امروز|اليوم", re.IGNORECASE
)  # fmt: skip
_TOMORROW = re.compile(
    r"\b(?:tomorrow|morgen(?!s\b)|demain|mañana|amanhã|domani|i\s?morgen|i\smorgon|jutro|yarın|"
    r"завтра)\b|فردا|غداً?", re.IGNORECASE
)  # fmt: skip
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:T(?=\d))?")
_NUMBERS = re.compile(
    r"(?<![\d:.])(?P<d>\d{1,2})(?P<s>[./-])\s?(?P<m>\d{1,2})(?:(?P=s)\s?(?P<y>\d{4}|\d{2})?)?(?!\d)"
)
# Abbreviations with several meanings, by the one that comes latest, and words without zone.
_LATEST = {
    "ist": timezone(timedelta(hours=1)), "cst": timezone(timedelta(hours=-6)),
    "ast": timezone(timedelta(hours=-4)), "gst": timezone(timedelta(hours=4)),
    "pht": timezone(timedelta(hours=8)), "pkt": timezone(timedelta(hours=5)),
    "adt": timezone(timedelta(hours=-3)), "nst": timezone(timedelta(hours=-3.5)),
    "nzst": timezone(timedelta(hours=12)), "nzdt": timezone(timedelta(hours=13)),
    "wib": timezone(timedelta(hours=7)), "acst": timezone(timedelta(hours=9.5)),
    "brt": timezone(timedelta(hours=-3)), "art": timezone(timedelta(hours=-3)),
    "ct": ZoneInfo("America/Chicago"), "mt": ZoneInfo("America/Denver"),
    "мск": ZoneInfo("Europe/Moscow"),
}  # fmt: skip
_SEVERAL_MEANINGS = {"ist", "cst", "ast", "bst", "gst", "pst", "est", "mst", "adt"}
_CITY = re.compile(
    r"\b(?:heure|hora(?:rio)?|ora)\s(?:de|di|d['’])\s?(?P<of>[\w.-]{3,20}(?:\s[A-Z]\w{2,12})?)|"
    r"\b(?P<before>[A-Z][\w.]{2,14}(?:[\s-][A-Z]\w{2,12})?)['’]?s?\s"
    r"(?:time|Zeit|Ortszeit|tid|saati)\b|"
    r"(?:بتوقيت|به\sوقت)\s(?P<east>\w{2,12}(?:\s\w{2,12})?)|"
    r"по\s(?P<russian>\w{5,20})у?\sвремени"
)
_CITIES = {
    "washington": "America/New_York", "eastern": "America/New_York", "central": "America/Chicago",
    "pacific": "America/Los_Angeles", "mountain": "America/Denver", "beijing": "Asia/Shanghai",
    "paris": "Europe/Paris", "berliner": "Europe/Berlin", "wiener": "Europe/Vienna",
    "british": "Europe/London", "uk": "Europe/London", "peninsular": "Europe/Madrid",
    "italiana": "Europe/Rome", "roma": "Europe/Rome", "bruxelles": "Europe/Brussels",
    "geneva": "Europe/Zurich", "genève": "Europe/Zurich", "milan": "Europe/Rome",
    "milano": "Europe/Rome", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata", "indian": "Asia/Kolkata", "barcelona": "Europe/Madrid",
    "lisboa": "Europe/Lisbon", "brasília": "America/Sao_Paulo", "méxico": "America/Mexico_City",
    "münchner": "Europe/Berlin", "frankfurt": "Europe/Berlin", "moscou": "Europe/Moscow",
    "تهران": "Asia/Tehran", "القاهرة": "Africa/Cairo", "بيروت": "Asia/Beirut",
    "دمشق": "Asia/Damascus", "بغداد": "Asia/Baghdad", "مكة": "Asia/Riyadh",
    "السعودية": "Asia/Riyadh", "غرينتش": "UTC", "گرینویچ": "UTC", "جرينتش": "UTC",
    "московском": "Europe/Moscow", "greenwich": "UTC", "mosca": "Europe/Moscow",
}  # fmt: skip
_NEAREST_YEARS = (-1, 0, 1)


@dataclass(frozen=True)
class Deadline:
    """A moment (aware, UTC) that a note names, and what had to be assumed to read it.

    ``is_zone_guessed`` tells that the note names a clock's time and no zone.
    """

    at: datetime
    oddities: tuple[str, ...] = ()
    is_zone_guessed: bool = False


@dataclass
class _Reading:
    """What is left of a note to read, and what was found unsaid in it."""

    text: str
    sent: datetime | None
    language: str
    oddities: list[str]

    def cut(self, match: re.Match[str]) -> None:
        self.text = f"{self.text[: match.start()]} | {self.text[match.end() :]}"


def read_deadline(
    text: str,
    sent: datetime | None,
    language: str = "",
    *,
    inclusive: bool = False,
    home: tzinfo | None = None,
) -> Deadline | None:
    """Return the end that ``text`` names, or ``None`` where no machine can tell one.

    ``sent`` (aware) is when the note was sent; without it only whole dates are read. With
    ``inclusive`` a day without a time of day lasts until its end ("until Friday"). A time
    without a zone is read as UTC, or in the zone of ``home`` where that is later.
    """
    reading = _Reading(plain_digits(" ".join(text[:_LONGEST].split())), sent, language, [])
    zone = _zone(reading)
    if zone is None:
        in_utc, at_home = (_in_zone(replace(reading, oddities=[]), each, inclusive=inclusive)
                           for each in (UTC, home or UTC))  # fmt: skip
        if in_utc is None or at_home is None:
            return None
        later, name = max((in_utc, "UTC"), (at_home, f"{home}"), key=lambda each: each[0].at)
        said = f"The note names no time zone that is known; read as {name}."
        return Deadline(later.at, (said, *later.oddities), is_zone_guessed=True)
    return _in_zone(reading, zone, inclusive=inclusive)


def _in_zone(reading: _Reading, zone: tzinfo, *, inclusive: bool) -> Deadline | None:
    sent = reading.sent
    local = sent.astimezone(zone) if sent is not None else None
    day = _day(reading, local)
    clock, days_more = _clock(reading)
    if day is None:
        if clock is None or local is None:
            return None
        day = local.date()
        if not days_more and datetime.combine(day, clock, zone) < local:
            day += timedelta(days=1)
    if clock is None:
        reading.oddities.append("The note names no time of day; the day as a whole was taken.")
        clock, days_more = time(), int(inclusive)
    try:
        at = datetime.combine(day, clock, zone) + timedelta(days=days_more)
        return Deadline(at.astimezone(UTC), tuple(reading.oddities))
    except OverflowError:
        return None


def _zone(reading: _Reading) -> tzinfo | None:
    for offset in _OFFSET.finditer(reading.text):
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if away <= timedelta(hours=14):
            reading.cut(offset)
            return timezone(away if offset[1] == "+" else -away)
    if city := _CITY.search(reading.text):
        name = next(part for part in city.groups() if part)
        for candidate in (name, name.split()[0], name.split()[-1]):
            if zone := _city(candidate.casefold().strip(" .")):
                return zone
    for word in re.findall(r"[^\W\d_]+", reading.text):
        folded = word.casefold()
        if folded in {"z", "et", "pt"} and not word.isupper():
            continue
        zone = _LATEST.get(folded) or read_zone(word)
        if zone is not None:
            if folded in _SEVERAL_MEANINGS and folded in _LATEST:
                reading.oddities.append(
                    f"“{word}” names several time zones; the one that ends latest was taken."
                )
            return zone
    return None


@lru_cache(maxsize=1)
def _zones_by_city() -> dict[str, str]:
    return {
        name.rsplit("/", 1)[-1].replace("_", " ").casefold(): name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
    }


def _city(name: str) -> tzinfo | None:
    key = _CITIES.get(name) or _zones_by_city().get(name)
    return ZoneInfo(key) if key else None


@lru_cache(maxsize=1)
def _weekdays() -> dict[str, int]:
    names: dict[str, int] = {}
    for locale in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_day_names(width, locale=locale).items():
                folded = name.casefold().rstrip(".")
                if len(folded) > len("so"):
                    names.setdefault(folded, number)
    return names | {"tues": 1, "thurs": 3, "weds": 2, "samstag": 5, "sonnabend": 5}


@lru_cache(maxsize=64)
def _named_date(language: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, month_names(language)), key=len, reverse=True))
    year = r"(?:[,،]?\s(?:de\s|del\s)?(?P<y{n}>\d{{4}})(?!\d))?"
    return re.compile(
        rf"(?<![\d:])(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|º)?[.,]?\s?(?:de\s|of\s)?(?P<m1>{names})"
        rf"(?!\w)[.,]?{year.format(n=1)}"
        rf"|(?<!\w)(?P<m2>{names})(?!\w)\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.h]\d|\s?[ap]\.?m)"
        rf"{year.format(n=2)}",
        re.IGNORECASE,
    )


def _day(reading: _Reading, local: datetime | None) -> date | None:
    base = local.date() if local else None
    for match in _ISO.finditer(reading.text):
        if found := _whole(int(match["y"]), int(match["m"]), int(match["d"])):
            reading.cut(match)
            return found
    for match in _named_date(reading.language).finditer(reading.text):
        name = (match["m1"] or match["m2"]).casefold()
        calendar, month = month_names(reading.language)[name]
        number = int(match["d1"] or match["d2"])
        year = match["y1"] or match["y2"]
        if found := _nearest(calendar, year, month, number, base):
            reading.cut(match)
            return found
    if found := _numbers(reading, base):
        return found
    return _relative(reading, base) if base else None


def _numbers(reading: _Reading, base: date | None) -> date | None:
    for match in _NUMBERS.finditer(reading.text):
        year = match["y"]
        if year is None and not (match["s"] == "." and match[0].rstrip().endswith(".")):
            continue
        if year and len(year) == len("24"):
            year = f"20{year}"
        first, second = int(match["d"]), int(match["m"])
        either = [_nearest("gregorian", year, second, first, base)]
        if match["s"] == "/" and first != second:
            either.append(_nearest("gregorian", year, first, second, base))
        found = [each for each in either if each]
        if not found:
            continue
        if len(found) > 1:
            reading.oddities.append(f"“{match[0].strip()}” could be two dates.")
        reading.cut(match)
        # Embargoes end within days: of two readings the nearest that is not over already.
        ahead = [each for each in found if base and each >= base]
        return min(ahead) if ahead else max(found)
    return None


def _relative(reading: _Reading, base: date) -> date | None:
    if match := _TOMORROW.search(reading.text):
        reading.cut(match)
        return base + timedelta(days=1)
    if match := _TODAY.search(reading.text):
        reading.cut(match)
        return base
    for match in re.finditer(r"[^\W\d_]{3,}(?:[\s\u200c-]شنبه)?", reading.text):
        number = _weekdays().get(match[0].casefold())
        if number is not None:
            reading.cut(match)
            return base + timedelta(days=(number - base.weekday()) % 7)
    return None


def _nearest(
    calendar: str, year: str | None, month: int, day: int, base: date | None
) -> date | None:
    """Return the day; of the years that are not said, in the one nearest to ``base``."""
    if year:
        return _whole(int(year), month, day, calendar)
    if base is None:
        return None
    this = base.year
    if calendar == "jalali":
        this = jdatetime.date.fromgregorian(date=base).year
    years = [_whole(this + more, month, day, calendar) for more in _NEAREST_YEARS]
    return min((each for each in years if each), key=lambda each: abs(each - base), default=None)


def _whole(year: int, month: int, day: int, calendar: str = "gregorian") -> date | None:
    try:
        if calendar == "jalali" or 1200 <= year < 1500:  # noqa: PLR2004
            converted: date = jdatetime.date(year, month, day).togregorian()
            return converted
        return date(year, month, day) if 1900 <= year < 2200 else None  # noqa: PLR2004
    except ValueError:
        return None


def _clock(reading: _Reading) -> tuple[time | None, int]:
    """Return the first time of day, and 1 where it is the end of the day that is meant."""
    for pattern in _CLOCKS:
        for match in pattern.finditer(reading.text):
            said = match.groupdict()
            behind = reading.text[match.end() :]
            if _YEAR_LIKE.fullmatch(match[0]) and not _HOURS_BEHIND.match(behind):
                continue
            if said.get("noon"):
                return time(12), 0
            if said.get("midnight"):
                return time(), 1
            hour, minute = int(said["h"]), int(said.get("m") or 0)
            if half := said.get("half"):
                if hour > 12:  # noqa: PLR2004
                    continue
                hour = hour % 12 + (12 if half.lower() == "p" else 0)
            if hour == 24:  # noqa: PLR2004
                return time(0, minute), 1
            return time(hour, minute), 0
    return None, 0
