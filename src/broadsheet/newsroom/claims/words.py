"""Words that somebody typed or marked, found in the story's text.

One line is one stretch of words. Where a page's script sends along on which characters they
stand, that is taken if the words really stand there; else they must stand in the text once, or
the line says which of them is meant: ``said #2``. Pure: no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.attribution.relation import Span, Spans

_POSITION = re.compile(r"(\d{1,9})-(\d{1,9})")
_CHOSEN = re.compile(r"^(.*\S)\s*#\s*(\d{1,4})$", re.DOTALL)
_SPACE = re.compile(r"\s+")
# As much of the text as tells one place from another.
_AROUND = 24
_MOST_SHOWN = 6
_MOST_LINES = 40


def lines(text: str, spans: Iterable[Span]) -> str:
    """Return the words of ``spans`` as the form shows them, one stretch a line."""
    return "\n".join(_SPACE.sub(" ", text[start:end]).strip() for start, end in spans)


def positions(spans: Iterable[Span]) -> str:
    """Return ``spans`` as the form's script sends them: ``12-30,45-50``."""
    return ",".join(f"{start}-{end}" for start, end in spans)


def found(typed: str, hint: str, text: str) -> Spans:
    """Return where the lines of ``typed`` stand in ``text``, in reading order.

    ``hint`` is what :func:`positions` wrote, or anything at all: it is only believed where the
    words stand. Raises ``ValidationError``, one message for each line that is not found, stands
    several times or overlaps another, one for too many lines.
    """
    hinted = list(_hinted(hint, len(text)))
    spans: list[Span] = []
    errors: list[ValidationError] = []
    if typed.count("\n") > _MOST_LINES:
        raise ValidationError(_("These are too many lines."))
    for line in typed.split("\n"):
        words = _SPACE.sub(" ", line).strip()
        if not words:
            continue
        try:
            spans.append(_place(words, hinted, text))
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    spans = sorted(set(spans))
    for one, other in pairwise(spans):
        if one[1] > other[0]:
            raise ValidationError(
                _("“%(one)s” and “%(other)s” overlap."),
                params={"one": text[slice(*one)], "other": text[slice(*other)]},
            )
    return tuple(spans)


def _hinted(hint: str, length: int) -> Iterator[Span]:
    for match in _POSITION.finditer(hint):
        start, end = int(match[1]), int(match[2])
        if start < end <= length:
            yield start, end


def _place(words: str, hinted: list[Span], text: str) -> Span:
    for span in hinted:
        if _SPACE.sub(" ", text[slice(*span)]).strip() == words:
            hinted.remove(span)
            return _bare(span, text)
    places = _occurrences(words, text)
    if not places and (chosen := _CHOSEN.match(words)):
        words, number = chosen[1], int(chosen[2])
        places = _occurrences(words, text)
        if 1 <= number <= len(places):
            return places[number - 1]
    if not places:
        raise ValidationError(
            _("“%(words)s” does not stand in the text."), code="absent", params={"words": words}
        )
    if len(places) > 1:
        raise ValidationError(_several(words, places, text), code="several")
    return places[0]


def _bare(span: Span, text: str) -> Span:
    """Return ``span`` without the spaces at its ends."""
    words = text[slice(*span)]
    return span[0] + len(words) - len(words.lstrip()), span[1] - len(words) + len(words.rstrip())


def _occurrences(words: str, text: str) -> Sequence[Span]:
    # Whatever the space between them is: a line cannot be typed over the end of a paragraph.
    pattern = r"\s+".join(re.escape(word) for word in words.split(" "))
    before, after = (r"\b" if edge.isalnum() else "" for edge in (words[0], words[-1]))
    return [match.span() for match in re.finditer(f"{before}{pattern}{after}", text)]


def _several(words: str, places: Sequence[Span], text: str) -> str:
    shown = "; ".join(
        f"#{number}: "
        + _("“…%(words)s…”")
        % {"words": _SPACE.sub(" ", text[max(0, start - _AROUND) : end + _AROUND])}
        for number, (start, end) in enumerate(places[:_MOST_SHOWN], 1)
    )
    said = ngettext(
        "“%(words)s” stands %(count)d time in the text.",
        "“%(words)s” stands %(count)d times in the text.",
        len(places),
    ) % {"words": words, "count": len(places)}
    asked = _("Type more of it, or which one: “%(words)s #2”.") % {"words": words}
    return f"{said} {asked} {shown}"
