"""Times that name their date: days, months, years, decades, seasons, quarters, holidays, clocks.

Where the year is left out, as news does, the publication and the tense tell it.
"""

from __future__ import annotations

import re
from datetime import date

from broadsheet.attribution.extraction.times import calendar
from broadsheet.attribution.extraction.times.calendar import DAY, Meaning, unresolved
from broadsheet.attribution.extraction.times.context import (
    FUTURE,
    NOT_PUBLISHED,
    NOTHING_BEFORE,
    PAST,
    PUBLICATION,
    TEXT,
    Context,
    Form,
)

_JALALI = 100
_NOON, _HALF_DAY = 12, 12
_HOURS, _MINUTES = 24, 60
_TWO_DIGITS, _FOUR_DIGITS = 2, 4
_LATEST_CENTURY = 21
_DECADE = 10
_ROUND = 100
_OF_YEARS = frozenset({"levels", "elections", "olympics", "census", "prices", "rates", "games"})
"""What a round year may stand before, as "2000 people" is no year."""
_PIVOT = 30
"""A decade of two digits before it is of this century: "the 20s", but "the 70s"."""


def stated(form: Form, context: Context) -> Meaning | None:
    """Read ``2017-12-30``, ``2017-12-30T06:58Z`` and ``30/12/2017``."""
    text = str(form.value("iso", "isotime", "slash"))
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if form.has("slash"):
        return _slashed(numbers, text, context)
    found = calendar.dated(numbers[0], numbers[1], numbers[2])
    if found is None or found.first is None or not form.has("isotime"):
        return found
    zone = re.search(r"z$|([+-]\d\d):?(\d\d)$", text)
    offset = "local"
    if zone:
        offset = f"{int(zone[1]) + int(zone[2]) / 60:+g}" if zone[1] else "+0"
    if numbers[3] >= _HOURS or numbers[4] >= _MINUTES:
        return None
    return calendar.with_clock(found.first, (numbers[3], numbers[4], offset), "")


def _slashed(numbers: list[int], text: str, context: Context) -> Meaning | None:
    if numbers[0] > _ROUND:
        return calendar.dated(numbers[0], numbers[1] + _jalali(numbers[0]), numbers[2])
    first, second, year = numbers
    both = first <= _NOON and second <= _NOON and first != second
    if both and context.words.ambiguous_order and "." not in text:
        return unresolved("Day and month cannot be told apart.")
    if (context.words.order == "dmy" and first > _NOON) or "." in text:
        return calendar.dated(year, second, first)
    if second > _NOON:
        return calendar.dated(year, first, second)
    return calendar.dated(year, second, first)


def _jalali(year: int) -> int:
    return _JALALI if calendar.is_jalali(year) else 0


def _year_of_phrase(form: Form, context: Context) -> int | Meaning | None:
    """Return the year that "of the same year", "this year", "last year" mean."""
    if form.value("unit") != "year":
        return None
    at = form.start
    if form.has("same", "that") or form.has("past", "coming"):
        year = context.last_year(at)
        if year is None:
            return NOTHING_BEFORE
        return year + form.has("coming") - form.has("past")
    if context.today is None:
        return NOT_PUBLISHED
    return context.today.year + form.has("next") - form.has("last")


def date_(form: Form, context: Context) -> Meaning | None:
    """Read a day or a month by name, with the year, with "last year", or without."""
    month = form.integer("month", "maybe")
    day = form.integer("day", "ordinal", "rank")
    if month is None:
        return None
    year = form.integer("year")
    if year is not None:
        return calendar.dated(year, month + _jalali(year) * (month < _JALALI), day)
    if form.has("unit"):
        told = _year_of_phrase(form, context)
        if told is None or isinstance(told, Meaning):
            return told
        anchor = TEXT if form.has("same", "that", "past", "coming") else PUBLICATION
        return calendar.dated(told, month, day, anchor)
    if context.today is None:
        return NOT_PUBLISHED
    tense = context.tense(form.start, form.end)
    if form.has("last", "next") or (form.has("this") and form.has("past")):
        return _beside(month, context.today, 1 if form.has("next") else -1)
    if form.has("this"):
        return calendar.dated(_this_year(month, context.today), month, day, PUBLICATION)
    if context.stated_year and tense == PAST and day is not None:
        return calendar.dated(context.stated_year[1], month, day, TEXT)
    weekday = form.integer("weekday", "wday")
    return without_year(month, day, context.today, tense, weekday)


def _this_year(month: int, today: date) -> int:
    return calendar.jalali_year_of(today) if month > _JALALI else today.year


def _beside(month: int, today: date, side: int) -> Meaning | None:
    """Return the next month of that name after this one (``side`` 1), or the last before it."""
    year = _this_year(month, today)
    for of in (year, year + side):
        found = calendar.dated(of, month, None, PUBLICATION)
        if found is None or found.first is None or found.last is None:
            return None
        if found.first > today if side > 0 else found.last < today:
            return found
    return None


def without_year(
    month: int, day: int | None, today: date, tense: str, weekday: int | None = None
) -> Meaning | None:
    """Return the day or month that is meant where a text leaves out the year.

    In the past the latest that had begun, in the future the first that is not over, else the
    nearest day; a weekday beside it must fit where one of the years does.
    """
    year = _this_year(month, today)
    found = [
        one
        for of in (year - 1, year, year + 1)
        if (one := calendar.dated(of, month, day, PUBLICATION)) is not None
    ]
    if weekday is not None:
        fitting = [one for one in found if one.first and one.first.weekday() == weekday]
        if len(fitting) == 1:
            return fitting[0]
    before = [one for one in found if one.first and one.first <= today]
    ahead = [one for one in found if one.last and one.last >= today]
    if tense == FUTURE:
        return ahead[0] if ahead else None
    if tense == PAST or day is None:
        return before[-1] if before else None
    return min(found, key=lambda one: abs((one.first or today) - today), default=None)


def day_range(form: Form, context: Context) -> Meaning | None:
    """Read "5 to 9 May", "September 3-4, 2016"."""
    month = form.integer("month", "maybe")
    days = form.integers("day", "ordinal")
    if month is None or len(days) != _TWO_DIGITS:
        return None
    year = form.integer("year")
    if year is not None:
        ends = [calendar.dated(year, month, day) for day in days]
    elif context.today is None:
        return NOT_PUBLISHED
    else:
        tense = context.tense(form.start, form.end)
        last = without_year(month, days[1], context.today, tense)
        if last is None or last.first is None:
            return None
        ends = [calendar.dated(last.first.year, month, days[0], PUBLICATION), last]
    first, last = ends
    if first is None or last is None or first.first is None or last.last is None:
        return None
    if first.first >= last.last:
        return None
    return calendar.span(first.first, last.last, first.anchor)


def year(form: Form, context: Context) -> Meaning | None:
    """Read a year that stands alone, where its neighbours let it be one."""
    value = form.integer("year")
    if value is None:
        return None
    words = context.words
    before, after = form.before(), form.after()
    if before in words.not_year or after in words.counted or after in {"%", "°"}:
        return None
    at = form.first - 1
    starts = at < 0 or form.row.kinds[at] in {"month", "line", "stop"}
    # "Expo Canada 2016", "the World Cup 2018"
    named = at >= 0 and form.row.text[form.row.starts[at]].isupper()
    marked = before in words.year_of or form.has("early") or after in {")", "'s", "’s"}
    if not (marked or starts or named or words.jalali):
        return None
    counts = value % _ROUND == 0 and after.endswith("s") and after not in _OF_YEARS
    if counts and before not in {"the", "in", "since", "by"}:
        return None
    context.stated_year = (form.start, value) if before == "in" else context.stated_year
    return calendar.whole_year(value)


def years(form: Form, context: Context) -> Meaning | None:
    """Read "2014-16", "2014–2016"."""
    first, last = [int(part) for part in re.findall(r"\d+", str(form.value("years")))]
    if last < _ROUND:
        last += first // _ROUND * _ROUND
    if not first < last:
        return None
    return calendar.span(date(first, 1, 1), date(last, 12, 31), "", "year")


def decade(form: Form, context: Context) -> Meaning | None:
    """Read "the 1990s", "the '60s", "the sixties"."""
    sixties = form.integer("sixties")
    if sixties is not None:
        first = sixties * _DECADE
    else:
        digits = form.integer("decade")
        if digits is None:
            return None
        text = str(form.value("decade"))
        if digits < _ROUND:
            if text[0].isdigit() and not form.has("the"):
                return None
            first = digits + (2000 if digits < _PIVOT else 1900)
        else:
            first = digits
    if first % _ROUND == 0 and first < 2000:  # noqa: PLR2004 -- "the 1800s" is a century
        return calendar.years(first, first + 99, 2)
    return calendar.years(first, first + 9, 3)


def century(form: Form, context: Context) -> Meaning | None:
    """Read "the 20th century"."""
    nth = form.integer("rank", "ordinal")
    if nth is None or form.value("unit") != "century" or not 0 < nth <= _LATEST_CENTURY:
        return None
    return calendar.years((nth - 1) * 100 or 1, nth * 100 - 1, 2)


def season(form: Form, context: Context) -> Meaning | None:
    """Read "spring 2016", "last summer", "in the autumn"."""
    number = form.integer("season", "fall")
    if number is None:
        return None
    if form.has("years"):
        first = int(str(form.value("years"))[:4])
        return calendar.season(first, number)
    stated_year = form.integer("year")
    if stated_year is not None:
        return calendar.season(stated_year, number)
    if form.has("unit"):
        told = _year_of_phrase(form, context)
        if told is None or isinstance(told, Meaning):
            return told
        return calendar.season(told, number, PUBLICATION)
    if context.today is None:
        return NOT_PUBLISHED
    return _season_near(form, context, number, context.today)


def _season_near(form: Form, context: Context, number: int, today: date) -> Meaning | None:
    """Return the season of that name which is meant, where no year is told."""
    found = [calendar.season(today.year + by, number, PUBLICATION) for by in (-1, 0, 1)]
    begun = [one for one in found if one.first and one.first <= today]
    if form.has("last", "past"):
        return next((one for one in reversed(begun) if one.last and one.last < today), None)
    if form.has("next"):
        return next((one for one in found if one.first and one.first > today), None)
    if context.tense(form.start, form.end) == FUTURE:
        return next((one for one in found if one.last and one.last >= today), None)
    if form.has("this"):
        # "This summer", said in May, is ahead; said in October, it is over.
        lasts = begun and begun[-1].last and begun[-1].last >= today
        return begun[-1] if lasts else found[1]
    return begun[-1] if begun else None


def quarter(form: Form, context: Context) -> Meaning | None:
    """Read "the first quarter of 2015", "the second half of last year", "Q3 2015"."""
    parts = 2 if form.value("third") == "half" else 4
    if form.value("third") == "trimester":
        return None
    nth = form.integer("rank", "ordinal", "quarterno")
    if nth is None or not 0 < nth <= parts:
        return None
    if form.has("fiscal"):
        return unresolved("It is part of a fiscal year, and the text does not say when that began.")
    of = form.integer("year")
    anchor = ""
    if of is None:
        if context.today is None:
            return NOT_PUBLISHED
        anchor = PUBLICATION
        told = _year_of_phrase(form, context) if form.has("unit") else context.today.year
        if told is None or isinstance(told, Meaning):
            return told
        of = told
    months = 12 // parts
    first = date(of, (nth - 1) * months + 1, 1)
    return calendar.span(first, calendar.last_of_month(of, nth * months), anchor, "month")


def fiscal(form: Form, context: Context) -> Meaning | None:
    """Read "fiscal 2015": about that year, because fiscal years begin when their country likes."""
    if form.has("years"):
        return years(form, context)
    of = form.integer("year")
    if of is not None:
        return calendar.year(of, about=True)
    if form.has("last", "this", "next") and context.today is not None:
        of = context.today.year + form.has("next") - form.has("last")
        return calendar.year(of, PUBLICATION, about=True)
    return None


def _feast(rule: str, of: int) -> date:
    if rule.startswith("easter"):
        return calendar.easter(of) + int(rule[6:]) * DAY
    if rule.startswith("nth"):
        plain, _, more = rule[4:].partition("+")
        month, weekday, nth = (int(part) for part in plain.split("-"))
        return calendar.weekday_of_month(of, month, weekday, nth) + int(more or 0) * DAY
    if rule.startswith("last"):
        month, weekday = (int(part) for part in rule.split("-")[1:])
        return calendar.weekday_of_month(of, month, weekday, 0)
    month, day = (int(part) for part in rule.split("-"))
    return date(of, month, day)


def holiday(form: Form, context: Context) -> Meaning | None:
    """Read holidays whose day the calendar alone tells."""
    rule = str(form.value("holiday", "feast"))
    of = form.integer("year")
    if of is not None:
        return calendar.day(_feast(rule, of))
    if context.today is None:
        return NOT_PUBLISHED
    today = context.today
    found = [_feast(rule, today.year + by) for by in (-1, 0, 1)]
    tense = context.tense(form.start, form.end)
    if form.has("last"):
        at = max(one for one in found if one < today)
    elif form.has("next") or tense == FUTURE:
        at = min(one for one in found if one >= today)
    elif form.has("this"):
        at = found[1]
    elif tense == PAST:
        at = max(one for one in found if one <= today)
    else:
        at = min(found, key=lambda one: abs(one - today))
    return calendar.day(at, PUBLICATION)


def clock(form: Form, context: Context) -> Meaning | None:
    """Read a time of day; its date is put to it afterwards, from what stands beside it."""
    zone = str(form.value("zone") or "local")
    noon = form.integer("noon")
    if noon is not None:
        return Meaning(None, precision="clock", clock=(noon, 0, zone))
    text = str(form.value("clockm", "clock", "hhmm", "year", "day"))
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if len(numbers) == 1 and form.has("hhmm", "year"):
        numbers = [numbers[0] // 100, numbers[0] % 100]
    hour, minute = (*numbers, 0)[:2]
    half = re.search(r"[ap]", text) if form.has("clockm") else None
    half_day = half[0] + "m" if half else form.value("meridiem")
    if half_day is not None:
        if not 0 < hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + _HALF_DAY * (half_day == "pm")
    if hour >= _HOURS or minute >= _MINUTES:
        return None
    return Meaning(None, precision="clock", clock=(hour, minute, zone))
