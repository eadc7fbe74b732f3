"""Why a text or a time could not be read, in the words of whoever is told it.

The extraction and the analyst give their reasons in English, and so they are stored: both speak
to programs and to the command line too. Here those sentences are known again and translated;
one that is not known stays as it is.
"""

from __future__ import annotations

import re

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from broadsheet.stories.languages import locale_of

_TAG, _NAME = "language", "marked"
_SENTENCES = (
    _("It does not say how many."),
    _("It does not say when."),
    _("It means more than one day."),
    _("It is part of a fiscal year, and the text does not say when that began."),
    _("It is relative to a publication time that is not known."),
    _("It is relative to a time that the text does not name before it."),
    _("Day and month cannot be told apart."),
    _("The day of this time is not named."),
    _("attribution is not analysed in the language “%(language)s”"),
    _("the text is marked as %(marked)s and hardly has a letter of %(marked)s"),
    _("the text is marked as %(marked)s and hardly has a word of %(marked)s"),
    _("The text could not be analysed: %(error)s"),
    _("The analysis took more than %(seconds)s seconds and was stopped."),
    _("The analysis came back damaged (%(error)s)."),
    _("The analysis could not be started (%(error)s)."),
    _("The analysis ended before it had read the text."),
    _("The analysis of this text ended without an answer."),
)
_MARKED_AS = {"Arabic": "ar", "German": "de", "Persian": "fa"}


def _pattern(sentence: str) -> re.Pattern[str]:
    named: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        again = name in named
        named.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.+)"

    return re.compile(re.sub(r"%\\?\((\w+)\\?\)s", group, re.escape(sentence)), re.DOTALL)


_PATTERNS = tuple((sentence, _pattern(sentence)) for sentence in _SENTENCES)


def told(reason: str) -> str:
    """Return ``reason``, an English sentence of the extraction, in the active language."""
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(reason):
            parts = found.groupdict()
            return gettext(sentence) % {name: _part(name, text) for name, text in parts.items()}
    return reason


def _part(name: str, text: str) -> str:
    own = locale_of(get_language() or "en")
    if name == _NAME and text in _MARKED_AS:
        return str(own.languages.get(_MARKED_AS[text], text))
    if name == _TAG:
        return str(own.languages.get(text, text))
    return text
