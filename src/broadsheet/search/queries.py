"""Queries: what a reader typed, read leniently. Nothing that can be typed is an error.

Words are all wanted; "words in quotation marks" stand together in that order; -word and
-"words" are not wanted; begin* stands for every word that begins so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import regex

from broadsheet.search.words import asked_of, forms_of, words_of
from broadsheet.stories.languages import main_language

# What a person asks fits in these; what does not is an attack or an accident.
MAX_LENGTH = 300
MAX_TERMS = 12
MAX_PHRASE = 16
# A shorter beginning stands for too many words to look them all up.
MIN_BEGINNING = 3
MAX_WORDINGS = 6

Order = Literal["relevance", "date"]

_QUOTED = regex.compile(
    r"(?P<minus>(?:(?<=\s)|^)[-−–])?"
    r'(?:"(?P<a>[^"]*)(?:"|$)|“(?P<b>[^”“]*)(?:[”“]|$)|„(?P<c>[^“”]*)(?:[“”]|$)|«(?P<d>[^»]*)(?:»|$)'
    r"|»(?P<e>[^«]*)(?:«|$))"
)
_HEBREW = regex.compile(r'(?<=\p{Hebrew})"(?=\p{Hebrew})')
_MINUS = frozenset("-−–")


@dataclass(frozen=True)
class Term:
    """One thing that is asked for: a word, a phrase, or how a word begins.

    ``written`` are its words as they were typed. ``begins`` says that the last of them may go
    on.
    """

    written: tuple[str, ...]
    begins: bool = False
    phrase: bool = False


@dataclass(frozen=True)
class Query:
    """What is asked for and what is not wanted; ``cut`` says that more was typed than is read."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted)


@dataclass(frozen=True)
class Filters:
    """What the stories must belong to: primary keys, a language tag, a stretch of time.

    ``since`` is inclusive and ``before`` exclusive, to the minute.
    """

    section: int | None = None
    language: str = ""
    topic: int | None = None
    agency: int | None = None
    byline: int | None = None
    since: datetime | None = None
    before: datetime | None = None

    def __bool__(self) -> bool:
        return self != Filters()


def parse(text: str) -> Query:
    """Read ``text`` as a query. Never raises; what it cannot use it leaves out."""
    cut = len(text) > MAX_LENGTH
    text = text[:MAX_LENGTH].replace("\0", " ")
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for term, negated in _terms(text):
        if len(wanted) + len(unwanted) == MAX_TERMS:
            cut = True
            break
        (unwanted if negated else wanted)[term] = None
    return Query(tuple(wanted), tuple(term for term in unwanted if term not in wanted), cut)


def _terms(text: str) -> Iterator[tuple[Term, bool]]:
    # An abbreviation mark within a Hebrew word opens no quotation; the letter-like one does.
    text = _HEBREW.sub("״", text)
    at = 0
    for quoted in _QUOTED.finditer(text):
        yield from _loose(text[at : quoted.start()])
        at = quoted.end()
        inside = next(part for part in quoted.group("a", "b", "c", "d", "e") if part is not None)
        words = tuple(inside[word.start : word.end] for word in words_of(inside))
        if words:
            yield Term(words[:MAX_PHRASE], phrase=True), bool(quoted["minus"])
    yield from _loose(text[at:])


def _loose(text: str) -> Iterator[tuple[Term, bool]]:
    """Yield the terms of text outside quotation marks; what a hyphen joins is one phrase."""
    group: list[str] = []
    start = end = 0
    for word in words_of(text):
        gap = text[end : word.start]
        if group and (not gap or any(character.isspace() for character in gap)):
            yield _grouped(text, group, start, end)
            group = []
        if not group:
            start = word.start
        group.append(text[word.start : word.end])
        end = word.end
    if group:
        yield _grouped(text, group, start, end)


def _grouped(text: str, group: Sequence[str], start: int, end: int) -> tuple[Term, bool]:
    begins = text[end : end + 1] == "*"
    negated = text[start - 1 : start] in _MINUS and (start == 1 or text[start - 2].isspace())
    if begins and len(group[-1]) < MIN_BEGINNING:
        begins = False
    return Term(tuple(group[:MAX_PHRASE]), begins=begins, phrase=len(group) > 1), negated


@dataclass(frozen=True)
class Wording:
    """One way to look a term up: forms that stand together in this order."""

    forms: tuple[str, ...]
    begins: bool = False


def wordings(term: Term, languages: Sequence[str]) -> list[Wording]:
    """Return the ways to look ``term`` up, the one it was typed in first; empty for none.

    ``languages`` are those whose stems are tried. A phrase stands for itself alone, and so does
    the beginning of a word.
    """
    forms: list[str] = []
    begins = term.begins
    for written in term.written:
        asked, goes_on = asked_of(written)
        forms.extend(asked)
        begins = term.begins or goes_on
    if not forms:
        return []
    found = [Wording(tuple(forms), begins)]
    if len(term.written) > 1 or term.begins:
        return found
    whole = "".join(forms)
    others: dict[str, None] = {}
    for language in ("", *languages):
        for form in forms_of(term.written[0], main_language(language)).other:
            # The stem of one piece of a compound would find that piece alone.
            if len(forms) == 1 or form == whole:
                others[form] = None
    found.extend(Wording((form,)) for form in others if form not in forms)
    return found[:MAX_WORDINGS]
