"""Times in EDTF (ISO 8601-2:2019, levels 0 and 1) as the paper prints them for readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from broadsheet.press import dates

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_SEASON = re.compile(r"(\d{4})-(2[1-4])")
_YEARS = re.compile(r"(\d{2}XX|\d{3}X)")
_DOUBT = re.compile(r"[?~%]$")


def printed(edtf: str, language: str, zone: tzinfo) -> Markup | None:
    """Return a time for readers of ``language``, the active one, with ``<time>`` for machines.

    Days are in the language's calendar and times of day in ``zone``. ``None`` for what newspapers
    have no way to print.
    """
    if "/" not in edtf:
        return _point(edtf, language, zone)
    first, _slash, last = edtf.partition("/")
    ends = [_point(each, language, zone) for each in (first, last) if each not in ("..", "")]
    if None in ends or not ends:
        return None
    if len(ends) > 1:
        return _around(_("%(first)s to %(last)s"), first=ends[0], last=ends[1])
    return _around(
        _("until %(time)s") if first in ("..", "") else _("since %(time)s"), time=ends[0]
    )


def _point(edtf: str, language: str, zone: tzinfo) -> Markup | None:
    plain = _DOUBT.sub("", edtf)
    found = _certain(plain, language, zone)
    if found is None or plain == edtf:
        return found
    doubt = {"~": _("about %(time)s"), "?": _("perhaps %(time)s")}
    return _around(doubt.get(edtf[-1], _("perhaps about %(time)s")), time=found)


def _certain(edtf: str, language: str, zone: tzinfo) -> Markup | None:
    if season := _SEASON.fullmatch(edtf):
        return escape(_season(int(season[2])) % {"year": dates.numerals(season[1], language)})
    if _YEARS.fullmatch(edtf):
        first, last = edtf.replace("X", "0"), edtf.replace("X", "9")
        return escape(dates.numerals(f"{first}–{last}", language))
    try:
        if "T" in edtf:
            return _moment(edtf, language, zone)
        if _YEAR.fullmatch(edtf):
            text = dates.numerals(edtf, language)
        elif month := _MONTH.fullmatch(edtf):
            text = dates.month_name(int(month[1]), int(month[2]), language)
        else:
            text = dates.long_day(date.fromisoformat(edtf), language)
    except (ValueError, OverflowError):
        # The last one of the first and the last days that Python counts, in another zone.
        return None
    return _machine(edtf, text)


def _moment(edtf: str, language: str, zone: tzinfo) -> Markup:
    moment = datetime.fromisoformat(edtf)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    text = dates.publication(moment.astimezone(UTC), language, zone)
    return _machine(dates.machine(moment), text)


def _season(number: int) -> str:
    names: dict[int, Callable[[], str]] = {
        21: lambda: _("spring %(year)s"),
        22: lambda: _("summer %(year)s"),
        23: lambda: _("autumn %(year)s"),
        24: lambda: _("winter %(year)s"),
    }
    return names[number]()


def _machine(datetime: str, text: str) -> Markup:
    # HTML's "valid date string with optional time" has these forms in common with EDTF.
    return Markup('<time datetime="{}">{}</time>').format(datetime, text)


def _around(pattern: str, **parts: object) -> Markup:
    return escape(pattern) % parts
