"""From a text to its expressions of time: match forms, ask what each means, join neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broadsheet.attribution.extraction.times import absolute, calendar, relative, tense
from broadsheet.attribution.extraction.times.calendar import Meaning
from broadsheet.attribution.extraction.times.context import PUBLICATION, TEXT, Context, Form
from broadsheet.attribution.extraction.times.scan import Row, row_of
from broadsheet.attribution.extraction.times.vocabulary import Vocabulary, vocabulary
from broadsheet.attribution.relation import TimeExpression

if TYPE_CHECKING:
    from spacy.tokens import Doc

_READERS: dict[str, Callable[[Form, Context], Meaning | None]] = {
    "stated": absolute.stated,
    "clock": absolute.clock,
    "day_range": absolute.day_range,
    "date": absolute.date_,
    "quarter": absolute.quarter,
    "fiscal": absolute.fiscal,
    "season": absolute.season,
    "century": absolute.century,
    "decade": absolute.decade,
    "years": absolute.years,
    "year": absolute.year,
    "holiday": absolute.holiday,
    "weekday": relative.weekday,
    "weekdays": relative.weekdays,
    "overnight": relative.overnight,
    "day_word": relative.day_word,
    "span": relative.span,
    "ago": relative.ago,
    "away": relative.away,
    "apart": relative.apart,
    "same": relative.same,
    "unit": relative.unit,
    "weekend": relative.weekend,
    "vague": relative.vague,
}
_BETWEEN_DAY_AND_CLOCK = frozenset({"comma", "on", "by", "early", "in", "the", "from"})
_GAP = 2
_HALF_DAY = 12
_LOOKED_AT = 50
"""Times before and after a time of day among which its day is looked for."""
_NO_DAY = "The day of this time is not named."


@dataclass(slots=True)
class _Read:
    first: int
    last: int
    meaning: Meaning


def find(
    text: str | Doc,
    published: datetime | None,
    zone: str | tzinfo,
    language: str,
    *,
    doc: Doc | None = None,
) -> tuple[TimeExpression, ...]:
    """Return the expressions of time in ``text`` in reading order.

    ``text`` is the text, or its parse. ``published`` is an aware datetime, or None where it is not
    known: then what is relative to it stays unresolved. ``zone`` is the paper's time zone (an IANA
    name or a zone). With ``doc``, the parse of ``text``, the tense of the governing verb tells
    past from future; without, the words beside it. Raises :class:`LookupError` where there is no
    table of words for ``language``, and :class:`ValueError` for a naive ``published``.
    """
    if not isinstance(text, str):
        doc, text = text, text.text
    if published is not None and published.tzinfo is None:
        raise ValueError("published must carry a time zone")
    words = vocabulary(language)
    row = row_of(text, words)
    tell = tense.by_parse(doc) if doc is not None else tense.by_words(text)
    context = Context(words, _day(published, zone), tell)
    found = _dated(_joined(_read(row, words, context), row), row)
    return tuple(
        TimeExpression(
            (row.starts[one.first], row.ends[one.last - 1]),
            one.meaning.edtf,
            one.meaning.anchor,
            one.meaning.unresolved,
        )
        for one in _opened(found, row)
    )


def _day(published: datetime | None, zone: str | tzinfo) -> date | None:
    if published is None:
        return None
    return published.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def _read(row: Row, words: Vocabulary, context: Context) -> list[_Read]:
    """Return what is read at each place where words stand in a form of time."""
    found: list[_Read] = []
    stops = words.characters["stop"], words.characters["line"]
    classes = row.classes
    at = checked = 0
    while (match := words.forms.search(classes, at)) is not None:
        first = match.start()
        between = classes[checked:first]
        if any(stop in between for stop in stops):
            context.stated_year = None
        checked = first
        one = _first_reading(row, words, context, first, match.lastindex or 1)
        if one is None:
            at = first + 1
            continue
        found.append(one)
        context.remember(one.meaning, row.starts[first])
        at = one.last
    return found


def _first_reading(
    row: Row, words: Vocabulary, context: Context, first: int, branch: int
) -> _Read | None:
    for number in range(branch - 1, len(words.kinds)):
        match = words.each[number].match(row.classes, first)
        if match is None:
            continue
        meaning = _READERS[words.kinds[number]](Form(row, first, match.end()), context)
        if meaning is not None:
            return _Read(first, match.end(), meaning)
    return None


def _joined(found: list[_Read], row: Row) -> list[_Read]:
    """Return ``found`` with the two ends of each range made one: "from March to May"."""
    out: list[_Read] = []
    for one in found:
        before = out[-1] if out else None
        whole = _range(before, one, row) if before is not None else None
        if whole is None:
            out.append(one)
        else:
            out[-1] = whole
    return out


def _range(first: _Read, last: _Read, row: Row) -> _Read | None:
    if last.first != first.last + 1:
        return None
    joint = row.kinds[first.last]
    head = row.kinds[first.first - 1] if first.first else ""
    introduced = head == "from"
    if joint == "and" and not (introduced and row.lowered[first.first - 1] in _BETWEEN):
        return None
    if joint not in {"to", "dash", "until", "and"}:
        return None
    one, two = first.meaning, last.meaning
    if one.first is None or two.last is None or two.first is None or one.clock or two.clock:
        return None
    if one.edtf is None or two.edtf is None or "/" in one.edtf + two.edtf:
        return None
    if one.first > two.last:
        earlier = _in_year_of(one, two)
        if earlier is None or earlier.first is None:
            return None
        one = earlier
    start = first.first - introduced
    whole = Meaning(f"{one.edtf}/{two.edtf}", one.first, two.last, "span", two.anchor)
    return _Read(start, last.last, whole)


_BETWEEN = frozenset({"between", "zwischen", "بین"})


def _in_year_of(one: Meaning, two: Meaning) -> Meaning | None:
    """Return ``one``, whose year the text leaves out, in the year in which it comes before."""
    if one.anchor != PUBLICATION or one.first is None or two.first is None or two.last is None:
        return None
    for of in (two.first.year, two.first.year - 1):
        number = one.first.month
        told = calendar.dated(of, number, None if one.precision == "month" else one.first.day)
        if told is not None and told.first is not None and told.first <= two.last:
            return replace(told, anchor=PUBLICATION)
    return None


def _dated(found: list[_Read], row: Row) -> list[_Read]:
    """Return ``found`` with every time of day on its day: beside it, or named before it."""
    out: list[_Read] = []
    skipped = False
    for at, one in enumerate(found):
        if skipped:
            skipped = False
            continue
        clock = one.meaning.clock
        if clock is None or one.meaning.edtf is not None:
            out.append(one)
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        if out and _explains(out[-1], one, row):
            out[-1] = _explained(out[-1], one)
        elif out and _beside(out[-1], one, row):
            day = out.pop()
            out.append(_Read(day.first, one.last, _at(day, clock, day.meaning.anchor)))
        elif after is not None and _beside(one, after, row):
            out.append(_Read(one.first, after.last, _at(after, clock, after.meaning.anchor)))
            skipped = True
        else:
            beside = out[-_LOOKED_AT:], found[at + 1 : at + 1 + _LOOKED_AT]
            day_named = _day_named(one, *beside, row)
            meaning = calendar.unresolved(_NO_DAY, TEXT)
            meaning = replace(meaning, clock=clock, precision="clock")
            if day_named is not None:
                meaning = _at(day_named, clock, TEXT)
            out.append(_Read(one.first, one.last, meaning))
    return out


def _explains(before: _Read, one: _Read, row: Row) -> bool:
    """Whether ``one`` is the same time of day in a zone: "at 8:40 p.m. local time (1640 GMT)"."""
    return (
        before.meaning.clock is not None
        and one.meaning.clock is not None
        and one.meaning.clock[2] != "local"
        and one.first == before.last + 1
        and row.lowered[before.last] == "("
    )


def _explained(before: _Read, one: _Read) -> _Read:
    first, second = before.meaning.clock, one.meaning.clock
    day = before.meaning.first
    if day is None or first is None or second is None:
        return _Read(before.first, one.last, replace(before.meaning, clock=second))
    gap = second[0] - first[0]
    if abs(gap) > _HALF_DAY:  # past midnight in one of the two zones
        day += calendar.DAY if gap < 0 else -calendar.DAY
    meaning = calendar.with_clock(day, second, before.meaning.anchor)
    return _Read(before.first, one.last, meaning)


def _at(day: _Read, clock: tuple[int, int, str], anchor: str) -> Meaning:
    if day.meaning.first is None:
        return day.meaning
    return calendar.with_clock(day.meaning.first, clock, anchor)


def _beside(one: _Read, other: _Read, row: Row) -> bool:
    day = other if one.meaning.clock else one
    if day.meaning.precision != "day" or day.meaning.clock or day.meaning.edtf is None:
        return False
    gap = range(one.last, other.first)
    return len(gap) <= _GAP and all(row.kinds[at] in _BETWEEN_DAY_AND_CLOCK for at in gap)


def _day_named(one: _Read, before: list[_Read], after: list[_Read], row: Row) -> _Read | None:
    """Return the day named before ``one`` in its paragraph, or after it in its sentence."""
    for day in reversed(before):
        if day.meaning.precision in {"day", "clock"} and day.meaning.first is not None:
            apart = any(row.kinds[at] == "line" for at in range(day.last, one.first))
            return None if apart else day
    # The stop of "p.m." may end the sentence too.
    if row.text[row.ends[one.last - 1] - 1] == ".":
        return None
    for day in after:
        if day.meaning.precision == "day" and day.meaning.first is not None:
            stopped = any(row.kinds[at] in {"stop", "line"} for at in range(one.last, day.first))
            return None if stopped else day
    return None


def _opened(found: list[_Read], row: Row) -> list[_Read]:
    """Return ``found`` with "since" and "until" as intervals that are open on one side."""
    out: list[_Read] = []
    for one in found:
        before = row.kinds[one.first - 1] if one.first else ""
        edtf = one.meaning.edtf
        # In "until last week" the end lies somewhere in that week.
        within = before == "until" and edtf is not None and "/" in edtf
        if before not in {"since", "until"} or one.meaning.clock or within:
            out.append(one)
            continue
        if edtf is not None:
            if "X" in edtf and one.meaning.first and one.meaning.last:
                edtf = f"{one.meaning.first.year}/{one.meaning.last.year}"
            edtf = edtf.split("/")[0] + "/.." if before == "since" else "../" + edtf.split("/")[-1]
        out.append(_Read(one.first - 1, one.last, replace(one.meaning, edtf=edtf)))
    return out
