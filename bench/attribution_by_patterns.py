"""A regular-expression finder of attributions: the peer that ours has to beat.

It is what one writes in an afternoon: quotation marks, the commonest verbs of saying, names and
pronouns beside them, "according to". No parser, no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FORMS = """
    say said tell told write wrote tweet announce add argue claim insist warn promise vow deny
    denied call ask believe think thought want hope plan note explain suggest acknowledge admit
    admitted criticize accuse urge decline refuse agree reply replied respond report predict
    state allege declare expect find found know knew fear worry worried reject dismiss describe
    blame praise demand order advise decide pledge threaten propose support oppose endorse
    conclude testify testified intend consider complain question defend estimate show see
"""
_VERBS = (
    r"(?:(?:has|have|had|is|are|was|were|been|did|does|do|will|would|not|also|later|repeatedly|"
    r"never)\s+)*(?:"
    + "|".join(sorted(_FORMS.split(), key=len, reverse=True))
    + r")(?:s|es|d|ed|ing)?"
)
_NAME = (
    r"(?:(?:[Tt]he|[Aa]|[Aa]n|[Oo]ne|[Ss]everal|[Tt]wo|[Hh]is|[Hh]er|[Tt]heir)\s)?"
    r"(?:[\w'’-]+\s){0,3}?(?:(?:[A-Z][\w.'’-]+\s?){1,4}|\w+s|\w+man|\w+woman)|"
    r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|[Ww]ho)"
)
_QUOTE = re.compile(r"“[^”\n]+”?|\"[^\"\n]+\"?")
_SENTENCE = re.compile(r"[^\n.!?]*(?:[.!?](?![\s”\"]|$)[^\n.!?]*)*[.!?]?[”\"]?")
_BEFORE = re.compile(rf"(?P<source>{_NAME})\s(?P<cue>{_VERBS})\b")
_AFTER = re.compile(rf"[,”\"]\s(?P<cue>{_VERBS})\s(?P<source>{_NAME})")
_ACCORDING = re.compile(rf"(?P<cue>[Aa]ccording to)\s(?P<source>{_NAME}|[^,.\n]+)")


@dataclass(frozen=True)
class Found:
    """One attribution; spans as in ``broadsheet.attribution``."""

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    confidence: float = 0.5


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ,;:\t\r\n":
        start += 1
    while end > start and text[end - 1] in " ,;:\t\r\n":
        end -= 1
    return start, end


def extract(text: str) -> list[Found]:
    """Return what patterns find in ``text``."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        if sentence[0].strip():
            found.extend(_in_sentence(text, *sentence.span()))
    return found


def _in_sentence(text: str, first: int, last: int) -> Iterator[Found]:
    quotes = [quote.span() for quote in _QUOTE.finditer(text, first, last)]
    taken: list[tuple[int, int]] = []
    for pattern in (_ACCORDING, _AFTER, _BEFORE):
        for match in pattern.finditer(text, first, last):
            source, cue = match.span("source"), match.span("cue")
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            beside = tuple(quote for quote in quotes if quote[1] <= start or end <= quote[0])
            if beside and pattern is not _BEFORE:
                content = beside
            elif pattern is _BEFORE:
                rest = _trim(text, end, last)
                content = tuple(quote for quote in beside if quote[0] == rest[0]) or (rest,)
            else:
                content = (_trim(text, first, start),)
            content = tuple(span for span in content if span[0] < span[1])
            if content:
                yield Found((_trim(text, *source),), (_trim(text, *cue),), content)
