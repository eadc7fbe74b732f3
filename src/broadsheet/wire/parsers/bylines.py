"""Who wrote a story, read out of the line that says so.

A byline is printed as it came; the names in it are what the archive is searched for. Only what
is surely a name is taken: a title, a place or a pair of initials is none.
"""

from __future__ import annotations

import re

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.likeness import folded

# Beyond this a "byline" is a paragraph, and the patterns below take the square of its length.
_LONGEST_BYLINE = 500
_LONGEST_NAME = 80
_MOST_WORDS = 6
_BY = re.compile(
    r"^(?:by|von|vom|por|par|de\s+notre\s+\w+|door|da|di|av|af|reporting\s+by|writing\s+by|"
    r"text(?:o|e)?|skriven\s+av|nach\s+\w+|نویسنده|گزارش|بقلم|من)\s*[:：]?\s+",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*(?:[;|•·\n]|\s(?:and|und|och|og|und|with|mit)\s|&|\s/\s|/(?=[A-Z]))\s*")
_JOINED = re.compile(r"\s+(?:et|y|e|و)\s+")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|staff|bureau|chief|agency|press|news|media|network|"
    r"redaktion|redakteur|korrespondent|journalist|rédacteur|rédaction|redacción|agence|agencia|"
    r"service|desk|team|columnist|analyst|photographer|producer)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"\s(?:Oyj?|GmbH|AG|AB|ASA|Inc|Ltd|plc|LLC|LLP|Corp|SpA|NV|BV)\.?$")
_SENTENCE = re.compile(r"[.!?]\s+\S+\s+\S+\s+\S+")


def names_in(byline: str) -> tuple[str, ...]:
    """Return the persons that ``byline`` ("By Ann Lee and Bo Ek, Staff Writers") names.

    Agencies and titles are left out; nothing is returned where it is no line of names.
    """
    text = " ".join(byline.split())
    if not text or len(text) > _LONGEST_BYLINE:
        return ()
    names: dict[str, str] = {}
    for group in _SEVERAL.split(_BY.sub("", text)):
        # Behind a comma stands another name, a title, or both.
        for part in group.split(","):
            for name in _both(_BY.sub("", part.strip(" .,·–-()[]")).strip()):
                if _is_name(name):
                    names.setdefault(folded(name), name)
    return tuple(names.values())


def _both(text: str) -> list[str]:
    """Take two names joined by a word apart, but not one: "José Ortega y Gasset"."""
    parts = _JOINED.split(text)
    return parts if all(" " in part for part in parts) else [text]


def _is_name(text: str) -> bool:
    words = text.split()
    if not words or len(text) > _LONGEST_NAME or len(words) > _MOST_WORDS:
        return False
    if _NOT_A_NAME.search(text) or _TITLE.search(text) or _COMPANY.search(text):
        return False
    if agency_named(text):
        return False
    if words[0].isupper() and agency_named(words[0]):  # "PA Scotland"
        return False
    # A single word is a place, an initial or a newspaper more often than a person; names in
    # scripts without capitals, or without spaces, are taken as they are.
    if text.isascii() and len(words) == 1:
        return False
    return not words[0][0].islower() and not words[-1][0].islower()
