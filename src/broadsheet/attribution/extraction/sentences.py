"""Every sentence of a text, and whether anybody stands behind it.

A sentence that somebody stands behind carries relations; of the others those are worth a look
that claim something: no heading, question, dateline, greeting or credit could be true or false.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from broadsheet.attribution.relation import AttributionRelation, Sentence, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as Words

_CLOSERS = "\"'”’»)]*_ \t"
_ENDS = ".!?…:;"
_LINE_ENDS = re.compile(r"[\n\r\u2028\u2029]")
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_HEADING_WORDS = 25
"""A line that closes without a full stop and is longer than this is no heading."""
_FIELD = re.compile(r"^[A-Z][\w ]{0,30}: ?\S.{0,60}$")
"""``Published: 0658 GMT December 30, 2017`` and other lines of a form."""


def judge(doc: Doc, relations: Sequence[AttributionRelation]) -> tuple[Sentence, ...]:
    """Return the sentences of ``doc`` in order, each with the positions of its relations.

    A relation belongs to each sentence that holds part of its cue or content.
    """
    marked = sorted(
        (start, end, number)
        for number, relation in enumerate(relations)
        for start, end in (*relation.cue, *relation.content)
    )
    found: list[Sentence] = []
    for words in doc.sents:
        span = _trimmed(doc.text, words.start_char, words.end_char)
        if span is None:
            continue
        numbers = sorted({n for start, end, n in marked if start < span[1] and span[0] < end})
        found.append(Sentence(span, tuple(numbers), claims=makes_claim(words, span)))
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def makes_claim(words: Words, span: Span) -> bool:
    """Whether the sentence ``words``, the characters ``span``, says what could be true or false."""
    text = words.doc.text
    bare = text[slice(*span)].rstrip(_CLOSERS)
    if not bare or bare[-1] == "?" or _is_heading(text, span, bare):
        return False
    return _has_predicate(words)


def _is_heading(text: str, span: Span, bare: str) -> bool:
    if bare[-1] in _ENDS and bare[-1] != ":":
        return False
    after = text[span[1] : span[1] + 1]
    ends_line = not after or _LINE_ENDS.match(after) is not None
    before = text[: span[0]].rstrip(" \t")
    begins_line = not before or before[-1] in "\n\r\u2028\u2029"
    if not (ends_line and begins_line):
        return False
    return len(bare.split()) <= _HEADING_WORDS or _FIELD.match(bare) is not None


def _has_predicate(words: Words) -> bool:
    """Whether a finite verb with a subject stands in it: an order or a greeting has none."""
    for token in words:
        if token.tag_ not in _FINITE:
            continue
        verb = token.head if token.dep_ in {"aux", "auxpass"} else token
        if any(child.dep_ in {"nsubj", "nsubjpass", "csubj", "expl"} for child in verb.children):
            return True
        if token.dep_ == "conj" or verb.dep_ == "conj":
            return True
    return False
