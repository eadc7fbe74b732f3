"""Times counted from the publication or from what the text named before: "on Friday", "later".

Weeks run from Monday (ISO 8601), where a language's table does not say otherwise.
"""

from __future__ import annotations

from datetime import date

from broadsheet.attribution.extraction.times import calendar
from broadsheet.attribution.extraction.times.calendar import DAY, WEEK, Meaning, unresolved
from broadsheet.attribution.extraction.times.context import (
    FUTURE,
    NOT_PUBLISHED,
    NOTHING_BEFORE,
    PAST,
    PUBLICATION,
    TEXT,
    UNTOLD,
    Context,
    Form,
)

_HOW_MANY = unresolved("It does not say how many.", PUBLICATION)
_WHEN = unresolved("It does not say when.", PUBLICATION)
_MANY_DAYS = unresolved("It means more than one day.")
_SATURDAY = 5
_MIDWEEK = 3
_LONGEST = 1500
"""More units than this are no time of news: the reach of the calendar."""


def weekday(form: Form, context: Context) -> Meaning | None:
    """Read a weekday: in the past the last one, publication's own included, else the next."""
    number = form.integer("weekday")
    if number is None:
        return None
    if form.has("the", "that") and form.has("coming", "next", "past", "before", "after", "same"):
        return _weekday_in_text(form, context, number)
    if form.before() in _EVERY:
        return _MANY_DAYS
    today = context.today
    if today is None:
        return NOT_PUBLISHED
    first, _ = calendar.week_of(today, context.words.week_start)
    in_week = (number - context.words.week_start) % WEEK
    if form.has("unit"):
        if form.value("unit") != "week":
            return None
        weeks = form.has("next") - form.has("last")
        return calendar.day(first + (in_week + WEEK * weeks) * DAY, PUBLICATION)
    back = (today.weekday() - number) % WEEK
    if form.has("last"):
        return calendar.day(today - (back or WEEK) * DAY, PUBLICATION)
    if form.has("next"):
        return calendar.day(first + (in_week + WEEK) * DAY, PUBLICATION)
    tense = context.tense(form.start, form.end)
    if form.has("coming") or (tense == FUTURE and not form.has("past")):
        return calendar.day(today + (number - today.weekday()) % WEEK * DAY, PUBLICATION)
    return calendar.day(today - back * DAY, PUBLICATION)


_EVERY = frozenset({"every", "each", "alternate", "jeden", "هر"})


def _weekday_in_text(form: Form, context: Context, number: int) -> Meaning:
    if form.has("same") or form.has("that"):
        day = context.last_day(form.start)
        if day is not None and day.weekday() == number:
            return calendar.day(day, TEXT)
        return NOTHING_BEFORE
    day = context.last_day(form.start)
    if day is None:
        return NOTHING_BEFORE
    if form.has("past", "before"):
        return calendar.day(day - ((day.weekday() - number) % WEEK or WEEK) * DAY, TEXT)
    return calendar.day(day + ((number - day.weekday()) % WEEK or WEEK) * DAY, TEXT)


def weekdays(form: Form, context: Context) -> Meaning | None:
    """Read "on Fridays"."""
    return _MANY_DAYS


def day_word(form: Form, context: Context) -> Meaning | None:
    """Read "yesterday", "tomorrow morning", "this afternoon", "last night"."""
    if context.today is None:
        return NOT_PUBLISHED
    by = form.integer("day_word")
    if by is None:
        if form.has("last") and form.value("part") not in {"night", "evening"}:
            return None
        by = -1 if form.has("last") else 0
    return calendar.day(context.today + by * DAY, PUBLICATION)


def overnight(form: Form, context: Context) -> Meaning | None:
    """Read "overnight": the night before publication, or the one to come."""
    if context.today is None:
        return NOT_PUBLISHED
    by = 1 if context.tense(form.start, form.end) == FUTURE else -1
    first, last = sorted((context.today, context.today + by * DAY))
    return calendar.span(first, last, PUBLICATION)


def _moved(at: date, count: float, unit: str) -> date | None:
    """Return the day ``count`` units after ``at``; before it, where negative."""
    if abs(count) > _LONGEST:
        return None
    try:
        if unit in {"hour", "minute"}:
            return at + round(count / (24 if unit == "hour" else 1440)) * DAY
        days = {"day": 1, "week": WEEK, "fortnight": 2 * WEEK, "weekend": WEEK}.get(unit)
        if days is not None:
            return at + round(count * days) * DAY
        months = {"month": 1, "year": 12, "decade": 120, "century": 1200}[unit]
        return calendar.months_before(at, -round(count * months))
    except (ValueError, OverflowError):
        return None


def _told_to(at: date, unit: str, anchor: str, *, about: bool = False) -> Meaning:
    """Return ``at`` as precisely as counting in ``unit`` tells it."""
    if unit in {"year", "decade", "century"}:
        return calendar.year(at.year, anchor, about=about or unit != "year")
    if unit == "month":
        return calendar.month(at.year, at.month, anchor, about=about)
    return calendar.day(at, anchor, about=about or unit in {"week", "fortnight", "weekend"})


def _count(form: Form) -> float | None:
    """Return how many are meant, or None for "several"."""
    if form.has("some"):
        return None
    parts = [
        value
        for at in range(form.first, form.last)
        if form.row.kinds[at] in {"count", "day", "number", "article"}
        and isinstance(value := form.row.values[at], (int, float))
    ]
    return float(sum(parts)) if parts else None


def ago(form: Form, context: Context) -> Meaning | None:
    """Read "two weeks ago", as precise as the unit it counts in."""
    unit = str(form.value("unit", "hour"))
    count = _count(form)
    if count is None:
        return _HOW_MANY
    if context.today is None:
        return NOT_PUBLISHED
    if unit == "minute" or (unit == "hour" and count <= _MIDWEEK):
        return calendar.day(context.today, PUBLICATION)
    at = _moved(context.today, -count, unit)
    if at is None:
        return None
    rough = form.has("rough") or form.before() in _ROUGH
    return _told_to(at, unit, PUBLICATION, about=rough)


_ROUGH = frozenset({"about", "around", "over", "some", "nearly", "almost", "roughly", "than"})


def away(form: Form, context: Context) -> Meaning | None:
    """Read "in two weeks", which is a time in the future alone and otherwise how long it took."""
    count, unit = _count(form), str(form.value("unit"))
    if context.tense(form.start, form.end) != FUTURE or count is None:
        return None
    if context.today is None:
        return NOT_PUBLISHED
    at = _moved(context.today, count, unit)
    return None if at is None else _told_to(at, unit, PUBLICATION)


def apart(form: Form, context: Context) -> Meaning | None:
    """Read "a day earlier", "two weeks later", "the following year", "the day before"."""
    unit = str(form.value("unit", "hour"))
    counted = form.has("earlier", "later") or form.has("count", "day", "number", "article", "some")
    count = _count(form) if counted else 1.0
    if count is None:
        return unresolved("It does not say how many.", TEXT)
    if counted and form.has("before", "after") and not _closes(form):
        return None  # "two days after the vote" is counted from something else
    if unit in {"hour", "minute", "weekend"}:
        return None
    back = form.has("earlier", "before", "past")
    at = form.start
    if unit in {"year", "decade", "century"}:
        year = context.last_year(at)
        start = None if year is None else date(year, 7, 1)
    elif unit == "month":
        start = context.last_month(at)
    else:
        start = context.last_day(at)
    if start is None:
        return NOTHING_BEFORE
    moved = _moved(start, -count if back else count, unit)
    if moved is None:
        return None
    if unit == "week" and not counted:
        return _week(moved, context, TEXT)
    return _told_to(moved, unit, TEXT)


def _closes(form: Form) -> bool:
    after = form.after()
    return not after or not after[0].isalnum() or after in {"and", "but", "in", "at", "when"}


def _week(at: date, context: Context, anchor: str) -> Meaning:
    return calendar.span(*calendar.week_of(at, context.words.week_start), anchor)


def same(form: Form, context: Context) -> Meaning | None:
    """Read "the same day", "that year"."""
    unit = form.value("unit")
    at = form.start
    if unit == "year":
        year = context.last_year(at)
        return NOTHING_BEFORE if year is None else calendar.year(year, TEXT)
    if unit == "month":
        month = context.last_month(at)
        return NOTHING_BEFORE if month is None else calendar.month(month.year, month.month, TEXT)
    day = context.last_day(at)
    if unit == "day":
        return NOTHING_BEFORE if day is None else calendar.day(day, TEXT)
    if unit == "week":
        return NOTHING_BEFORE if day is None else _week(day, context, TEXT)
    if unit == "weekend":
        return NOTHING_BEFORE if day is None else _weekend(day, 0, TEXT)
    return None


def _weekend(at: date, weeks: int, anchor: str) -> Meaning:
    saturday = at + (_SATURDAY - at.weekday() + WEEK * weeks) * DAY
    return calendar.span(saturday, saturday + DAY, anchor)


def span(form: Form, context: Context) -> Meaning | None:
    """Read "the past two weeks", "the next three years": from or up to publication."""
    unit = str(form.value("unit", "hour"))
    if form.before() in _OWN or unit in {"hour", "minute", "weekend"}:
        return None
    counted = form.has("count", "day", "number", "some")
    count = _count(form) if counted else 1.0
    if not counted and unit == "day":
        return None
    if not counted and form.is_plural(context.words.plurals):
        return _HOW_MANY
    ahead = form.has("next", "coming")
    if ahead and not counted and form.before() not in {"in", "over", "within", "during", "for"}:
        return apart(form, context)
    if count is None:
        return _HOW_MANY
    today = context.today
    if today is None:
        return NOT_PUBLISHED
    if form.has("this") and unit == "week" and not counted and today.weekday() < _MIDWEEK:
        return _week(today - WEEK * DAY, context, PUBLICATION)
    moved = _moved(today, count if ahead else -count, unit)
    if moved is None:
        return None
    told = {"day": "day", "week": "day", "fortnight": "day", "month": "month"}.get(unit, "year")
    if unit == "year" and count == 1:
        told = "month"
    first, last = sorted((today, moved))
    return calendar.span(first, last, PUBLICATION, told)


_OWN = frozenset({"his", "her", "their", "its", "our", "my", "your", "'s", "’s"})


def unit(form: Form, context: Context) -> Meaning | None:
    """Read "this week", "earlier this month", "last year", "the end of the year"."""
    name = str(form.value("unit"))
    today = context.today
    if name == "fortnight" or form.is_plural(context.words.plurals):
        return None
    if form.has("third"):
        return None
    if name == "day":
        if not form.has("earlier", "later"):
            return None
        day = context.last_day(form.start)
        if day is not None:
            return calendar.day(day, TEXT)
    if today is None:
        return NOT_PUBLISHED
    by = form.has("next") + form.has("coming") - form.has("last")
    if form.has("this") and form.has("past"):
        by = -1
    if name == "day":
        return calendar.day(today, PUBLICATION)
    if name == "week":
        return _this_week(form, context, today, by)
    if name == "weekend":
        return _this_weekend(form, context, today, by)
    if name == "month":
        return calendar.month(*calendar.shifted(today.year, today.month, by), PUBLICATION)
    if name == "year":
        return calendar.year(today.year + by, PUBLICATION)
    length, digits = (10, 3) if name == "decade" else (100, 2)
    first = today.year // length * length + by * length
    return calendar.years(first, first + length - 1, digits)


def _this_week(form: Form, context: Context, today: date, by: int) -> Meaning:
    first, last = calendar.week_of(today + by * WEEK * DAY, context.words.week_start)
    if by:
        return calendar.span(first, last, PUBLICATION)
    tense = context.tense(form.start, form.end)
    if form.has("later", "edge") or (tense == FUTURE and not form.has("earlier", "early")):
        return calendar.span(today, last, PUBLICATION)
    return calendar.span(first, today, PUBLICATION)


def _this_weekend(form: Form, context: Context, today: date, by: int) -> Meaning:
    begun = today.weekday() >= _SATURDAY
    if by < 0:
        return _weekend(today, -1, PUBLICATION)
    if by > 0:
        return _weekend(today, 1 if begun else by, PUBLICATION)
    tense = context.tense(form.start, form.end)
    if tense in {PAST, UNTOLD} and not begun:
        return _weekend(today, -1, PUBLICATION)
    if tense == PAST and begun:
        saturday = today - (today.weekday() - _SATURDAY) * DAY
        return calendar.span(saturday, today, PUBLICATION)
    return _weekend(today, 0, PUBLICATION)


def weekend(form: Form, context: Context) -> Meaning | None:
    """Read "over the weekend"."""
    if form.value("unit") != "weekend":
        return None
    return (
        NOT_PUBLISHED if context.today is None else _this_weekend(form, context, context.today, 0)
    )


def vague(form: Form, context: Context) -> Meaning | None:
    """Read "recently", "in the coming days": nothing that could be told."""
    return _WHEN if form.value("vague") == "when" else None
