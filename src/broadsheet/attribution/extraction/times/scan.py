"""A text as a row of words with their classes, ready to be matched with the forms of times."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.attribution.extraction.times.vocabulary import Phrase, Value, Vocabulary

_TOKEN = re.compile(
    r"(?P<meridiem>[AaPp]\.[Mm]\.?(?!\w))"
    r"|(?P<quarterno>Q[1-4](?!\w))"
    r"|(?P<word>St\.|[^\W\d_]+(?:\u200c[^\W\d_]+)*(?:['’]clock)?)"
    r"|(?P<comma>[,،])"
    r"|(?P<stop>[.!?;:؛؟])"
    r"|(?P<isotime>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?(?![\w:]))"
    r"|(?P<iso>\d{4}-\d\d-\d\d(?![\w-]))"
    r"|(?P<slash>\d{1,2}(?P<mark>[/.])\d{1,2}(?P=mark)\d{4}(?!\d)|\d{4}/\d{1,2}/\d{1,2}(?!\d))"
    r"|(?P<years>[12]\d{3}\s?[-–/]\s?(?:[12]\d{3}|\d\d)(?![\w-]))"
    r"|(?P<decade>(?:[12]\d\d0|['’]?\d0)['’]?s(?!\w))"
    r"|(?P<clockm>\d{1,2}[:.]\d\d\s?(?:[AaPp]\.[Mm]\.?|[AaPp][Mm]\b)|\d{1,2}[AaPp][Mm]\b)"
    r"|(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?![\d:]))"
    r"|(?P<ordinal>\d{1,2}(?:st|nd|rd|th)(?!\w))"
    r"|(?P<number>\d+(?:[,.٫٬]\d+)*)"
    r"|(?P<possessive>['’]s\b)"
    r"|(?P<dash>[-–—‑]+)"
    r"|(?P<line>[\n\r\u2028\u2029]+)"
    r"|(?P<other>\S)"
)
_YEARS = range(1500, 2100)
_JALALI_YEARS = range(1250, 1500)
_LAST_DAY = 31
_HOURS, _MINUTES = 24, 60
_FOLD = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": None, "ى": "ی", "ۀ": "ه"})


@dataclass(slots=True)
class Row:
    """The words of a text: ``classes`` has one character for each, the lists one entry."""

    classes: str
    starts: list[int]
    ends: list[int]
    kinds: list[str]
    values: list[Value]
    lowered: list[str]
    text: str


def texts(text: str, *, fold: bool) -> list[str]:
    """Return the lower-cased words of ``text``, as :func:`row_of` cuts them.

    With ``fold`` Arabic forms of letters count as the Persian ones.
    """
    found = [match[0].lower() for match in _TOKEN.finditer(text)]
    return [word.translate(_FOLD) for word in found] if fold else found


def _number(text: str, words: Vocabulary) -> tuple[str, Value]:
    if not text.isdecimal():
        return "number", 0
    value = int(text)
    if len(text) <= 2:  # noqa: PLR2004 -- a day has two digits
        return ("day", value) if 0 < value <= _LAST_DAY else ("number", value)
    if len(text) == 4:  # noqa: PLR2004 -- as a year and a military time have four
        if value in _YEARS or (words.jalali and value in _JALALI_YEARS):
            return "year", value
        if value // 100 < _HOURS and value % 100 < _MINUTES:
            return "hhmm", value
    return "number", value


def _word(text: str, lowered: str, words: Vocabulary) -> tuple[str, Value]:
    kind, value = words.words.get(lowered, ("other", lowered))
    if kind in {"maybe", "month", "weekday", "wday", "weekdays"} and text[0].islower():
        return "other", lowered
    return kind, value


def _phrase_at(raw: list[tuple[str, str, int, int]], at: int, words: Vocabulary) -> Phrase | None:
    for one in words.phrases.get(raw[at][1], ()):
        behind = raw[at + 1 : at + 1 + len(one.rest)]
        if tuple(word for _, word, _, _ in behind) == one.rest:
            return one
    return None


def row_of(text: str, words: Vocabulary) -> Row:
    """Return the words of ``text`` classed by ``words``."""
    starts: list[int] = []
    ends: list[int] = []
    kinds: list[str] = []
    values: list[Value] = []
    lowered: list[str] = []
    raw: list[tuple[str, str, int, int]] = []
    fold = words.jalali
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or "other"
        token = match[0]
        low = token.lower()
        raw.append((group, low.translate(_FOLD) if fold else low, match.start(), match.end()))
    at, count = 0, len(raw)
    while at < count:
        group, low, start, end = raw[at]
        step = 1
        value: Value = low
        kind = group
        phrase = _phrase_at(raw, at, words)
        if phrase is not None:
            kind, value, step = phrase.kind, phrase.value, len(phrase.rest) + 1
            end = raw[at + len(phrase.rest)][3]
        elif group in {"word", "meridiem"}:
            kind, value = _word(text[start:end], low, words)
            if low in words.abbreviations and text[end : end + 1] == ".":
                end += 1
                step = 2
                if kind == "maybe":
                    kind = "month"
                elif kind == "wday":
                    kind = "weekday"
        elif group == "number":
            kind, value = _number(low, words)
        starts.append(start)
        ends.append(end)
        kinds.append(kind)
        values.append(value)
        lowered.append(low)
        at += step
    characters = words.characters
    other = characters["other"]
    return Row(
        "".join([characters.get(kind, other) for kind in kinds]),
        starts,
        ends,
        kinds,
        values,
        lowered,
        text,
    )
