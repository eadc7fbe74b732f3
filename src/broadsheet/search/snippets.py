"""Snippets: the words that were asked for, marked in the text as it was written.

Only ``<mark>`` comes out of here as markup; everything a story says is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from broadsheet.search.queries import Query, wordings
from broadsheet.search.words import Word, spans_of
from broadsheet.stories.languages import main_language

LENGTH = 240
# A passage starts so far before the first word that was found.
_LEAD_IN = 50
_LONGEST_TEXT = 60_000


@dataclass(frozen=True)
class Asked:
    """Which words of a text are to be marked: by their forms, or by how they begin."""

    forms: frozenset[str]
    beginnings: tuple[str, ...]

    def wants(self, word: Word) -> str:
        """Return the form by which ``word`` was asked for, or nothing."""
        for form in (*word.forms.main, *word.forms.other):
            if form in self.forms:
                return form
            for beginning in self.beginnings:
                if form.startswith(beginning):
                    return beginning
        return ""


def asked_by(query: Query, languages: Sequence[str]) -> Asked:
    """Return what ``query`` asks for, with the stems of ``languages``."""
    forms: set[str] = set()
    beginnings: set[str] = set()
    for term in query.wanted:
        for wording in wordings(term, languages):
            whole = wording.forms[:-1] if wording.begins else wording.forms
            forms.update(whole)
            if wording.begins:
                beginnings.add(wording.forms[-1])
    return Asked(frozenset(forms), tuple(sorted(beginnings)))


def _hits(text: str, asked: Asked, language: str) -> list[tuple[int, int, str]]:
    """Return the place of each word to mark and the form it was asked by, without overlaps."""
    hits: list[tuple[int, int, str]] = []
    for word in spans_of(text, main_language(language)):
        form = asked.wants(word)
        if not form:
            continue
        if hits and word.start < hits[-1][1]:
            start, _, first = hits.pop()
            hits.append((start, word.end, first))
        else:
            hits.append((word.start, word.end, form))
    return hits


def _marked(text: str, hits: Iterable[tuple[int, int, str]], start: int, end: int) -> Markup:
    parts: list[Markup] = []
    at = start
    for first, last, _ in hits:
        if first < start or last > end:
            continue
        parts.append(escape(text[at:first]))
        parts.append(Markup("<mark>{}</mark>").format(text[first:last]))
        at = last
    parts.append(escape(text[at:end]))
    return Markup().join(parts)


def marked(text: str, asked: Asked, language: str) -> Markup:
    """Return the whole of ``text`` with the words that were asked for marked."""
    return _marked(text, _hits(text, asked, language), 0, len(text))


def passage(text: str, asked: Asked, language: str, length: int = LENGTH) -> Markup | None:
    """Return the passage of ``text`` with most of the words that were asked for, marked.

    It is about ``length`` characters long and starts and ends between words. ``None`` where
    the text has none of the words.
    """
    text = text[:_LONGEST_TEXT]
    hits = _hits(text, asked, language)
    if not hits:
        return None
    # The first one where none fits into the passage: a word can be longer than that.
    best, most = hits[0][0], (0, 0)
    for number, (first, _, _) in enumerate(hits):
        within = [hit for hit in hits[number : number + 40] if hit[1] <= first + length - _LEAD_IN]
        count = (len({form for _, _, form in within}), len(within))
        if count > most:
            best, most = first, count
    start = _between_words(text, max(0, best - _LEAD_IN))
    end = _between_words(text, min(len(text), start + length), back=True)
    # A single word can be longer than the passage.
    end = max(end, next(last for first, last, _ in hits if first == best))
    before = "… " if start > 0 else ""
    behind = " …" if end < len(text) else ""
    return escape(before) + _marked(text, hits, start, end) + escape(behind)


def beginning(text: str, length: int = LENGTH) -> Markup:
    """Return the beginning of ``text``, for a story that was found by something else."""
    end = _between_words(text, min(len(text), length), back=True) or length
    return escape(text[:end] + (" …" if end < len(text) else ""))


def _between_words(text: str, at: int, *, back: bool = False) -> int:
    """Return the nearest place after ``at`` (before, for ``back``) where a word starts or ended.

    ``at`` itself where there is no space anywhere near: some scripts have none.
    """
    if at in (0, len(text)):
        return at
    if back:
        found = text.rfind(" ", max(0, at - _LEAD_IN), at + 1)
        return found if found >= 0 else at
    found = text.find(" ", at - 1, at + _LEAD_IN)
    return found + 1 if found >= 0 else at
