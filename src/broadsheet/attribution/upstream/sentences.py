"""The sentences of a text, found by their punctuation alone: for showing words in their sentence.

In any script, and without a language's grammar. Where the sentences of a text are known better,
those go first. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.attribution.relation import Span, Spans

# A line, up to what ends a sentence: a stop with what closes behind it and a space, or CJK's own.
_SENTENCE = re.compile(r"[^\s][^\n]*?(?:[.!?…؟۔]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”]*|(?=\n|$))")


def sentences(text: str, known: Iterable[Span] = ()) -> list[Span]:
    """Return the sentences of ``text`` in order: the ``known`` ones, and others between them."""
    better = [(start, end) for start, end in known if 0 <= start < end <= len(text)]
    found = list(better)
    for match in _SENTENCE.finditer(text):
        span = match.start(), match.start() + len(match[0].rstrip())
        if not _touching(span, better):
            found.append(span)
    return sorted(found)


def around(spans: Iterable[Span], among: list[Span]) -> Spans:
    """Return those of the sentences ``among`` that hold any part of ``spans``."""
    wanted = list(spans)
    return tuple(each for each in among if _touching(each, wanted))


def _touching(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
