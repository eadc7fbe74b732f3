"""The words of one language for times, and the forms they come in, read from ``words/*.toml``.

A text becomes a row of words, and the row a string with one character for each word's class. The
forms are regular expressions over that string, so a language is a table of words and a list of
forms, and matching costs the same however many words it knows.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SHAPES = (
    "day", "number", "year", "hhmm", "ordinal", "decade", "iso", "isotime", "slash", "years",
    "clock", "clockm", "quarterno", "comma", "dash", "stop", "line", "possessive", "other",
    "month", "maybe", "weekday", "wday", "weekdays", "season", "fall",
)  # fmt: skip
"""Classes that a word has by its shape, or by the lists of names."""

_BEGINS_NONE = ("other", "comma", "stop", "line", "dash", "possessive")
Value = str | int | float
_FIRST_CHARACTER = 0x4E00
"""Any block of letters without a meaning in regular expressions would do."""
_DIGITS_OF_YEAR = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words that are one: their texts after the first, its class and value."""

    rest: tuple[str, ...]
    kind: str
    value: Value


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What :mod:`scan` and :mod:`resolve` must know of a language."""

    language: str
    words: dict[str, tuple[str, Value]]
    phrases: dict[str, tuple[Phrase, ...]]
    abbreviations: frozenset[str]
    doubtful: frozenset[str]
    forms: re.Pattern[str]
    each: tuple[re.Pattern[str], ...]
    kinds: tuple[str, ...]
    characters: dict[str, str]
    order: str
    ambiguous_order: bool
    week_start: int
    jalali: bool
    not_year: frozenset[str]
    year_of: frozenset[str]
    counted: frozenset[str]
    plurals: frozenset[str]


def _valued(word: str) -> tuple[str, Value]:
    text, equals, raw = word.partition("=")
    value: Value = raw if equals else text
    if equals and re.fullmatch(r"-?\d+", raw):
        value = int(raw)
    elif equals and re.fullmatch(r"\d*\.\d+", raw):
        value = float(raw)
    return text.replace("_", " "), value


def _named(table: dict[str, Any]) -> tuple[dict[str, tuple[str, Value]], set[str]]:
    """Return the names of months, weekdays and seasons with class and value, and which are short.

    Jalali months have values from 101 on.
    """
    words: dict[str, tuple[str, Value]] = {}
    short: set[str] = set()
    doubtful = frozenset(table.get("doubtful", "").split())
    for first, rows in ((1, table["months"]), (101, table.get("jalali_months", ()))):
        for number, row in enumerate(rows, first):
            for name in row.split():
                bare = name.rstrip(".")
                kind = "maybe" if bare in doubtful else "month"
                words[bare.replace("_", " ")] = (kind, number)
                if name.endswith("."):
                    short.add(bare)
    for number, row in enumerate(table["weekdays"]):
        for name in row.split():
            words |= _weekday(table, name, number)
            if name.endswith("."):
                short.add(name.rstrip("."))
    for number, row in enumerate(table["seasons"], 21):
        for name in row.split():
            words[name] = ("fall" if name == "fall" else "season", number)
    return words, short


def _weekday(table: dict[str, Any], name: str, number: int) -> dict[str, tuple[str, Value]]:
    """Return the forms of one weekday: itself, with parts of the day in one word, in the plural."""
    if name.endswith("."):
        return {name.rstrip("."): ("wday", number)}
    forms = [name + suffix for suffix in table.get("weekday_parts", "").split()]
    words: dict[str, tuple[str, Value]] = dict.fromkeys(
        (name.replace("_", " "), *forms), ("weekday", number)
    )
    if table.get("weekday_plural"):
        words[name + table["weekday_plural"]] = ("weekdays", number)
    return words


def _forms(table: dict[str, Any], characters: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the expressions over classes, in order of precedence, and the kind of each."""

    def classes(match: re.Match[str]) -> str:
        return "[" + "".join(characters[name] for name in match[1].split("|")) + "]"

    kinds: list[str] = []
    branches: list[str] = []
    for kind, forms in table["forms"].items():
        for form in forms:
            # Groups of a form must not count, or lastindex would not tell the branch.
            plain = re.sub(r"\((?!\?)", "(?:", re.sub(r"\s+", "", form))
            branches.append("(" + re.sub(r"\{([a-z_|]+)\}", classes, plain) + ")")
            kinds.append(kind)
    return branches, kinds


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of ``language`` (a primary subtag of RFC 5646: ``"en"``).

    Raises :class:`LookupError` where there is none.
    """
    source = files(__package__).joinpath("words", f"{language}.toml")
    if not source.is_file():
        raise LookupError(f"no words for times in the language “{language}”")
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    sets = ("not_year", "year_of", "counted", "plurals")
    names = [*SHAPES, *(name for name in table["words"] if name not in sets)]
    characters = {name: chr(_FIRST_CHARACTER + at) for at, name in enumerate(names)}
    words, short = _named(table)
    phrases: dict[str, list[Phrase]] = {}
    for text in [text for text in words if " " in text]:
        kind, value = words.pop(text)
        first, *rest = text.split()
        phrases.setdefault(first, []).append(Phrase(tuple(rest), kind, value))
    for kind, row in table["words"].items():
        if kind in sets:
            continue
        for word in row.split():
            text, value = _valued(word)
            first, *rest = _split(text, fold="jalali_months" in table)
            if rest:
                phrases.setdefault(first, []).append(Phrase(tuple(rest), kind, value))
            else:
                words[first] = (kind, value)
    branches, kinds = _forms(table, characters)
    whole = "|".join(branches)
    return Vocabulary(
        language=language,
        words=words,
        phrases={
            first: tuple(sorted(rest, key=lambda one: -len(one.rest)))
            for first, rest in phrases.items()
        },
        abbreviations=frozenset(short),
        doubtful=frozenset(table.get("doubtful", "").split()),
        # Most words begin no form: one look spares a hundred.
        forms=re.compile(f"(?![{''.join(characters[name] for name in _BEGINS_NONE)}])(?:{whole})"),
        each=tuple(re.compile(branch) for branch in branches),
        kinds=tuple(kinds),
        characters=characters,
        order=table["order"],
        ambiguous_order=table["ambiguous_order"],
        week_start=table["week_start"],
        jalali="jalali_months" in table,
        not_year=frozenset(table["words"].get("not_year", "").split()),
        year_of=frozenset(table["words"].get("year_of", "").split()),
        counted=frozenset(table["words"].get("counted", "").split()),
        plurals=frozenset(table["words"].get("plurals", "").split()),
    )


def _split(text: str, *, fold: bool) -> list[str]:
    # The same cuts as the scanner makes, so that phrases meet their words.
    from broadsheet.attribution.extraction.times.scan import texts

    return texts(text, fold=fold)
