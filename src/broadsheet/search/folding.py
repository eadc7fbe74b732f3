"""Folding: writing that readers hold for the same becomes the same, letter by letter.

Both what is indexed and what is asked pass through :func:`fold`; nothing that readers see does.
"""

from __future__ import annotations

import unicodedata

import regex
from anyascii import anyascii

# Letters that Arabic and Persian hands, keyboards and agencies write for one another (Unicode
# standard, chapter 9.2); the right side is the Persian one, or the bare letter.
_ARABIC = {
    "ي": "ی",
    "ى": "ی",
    "ۍ": "ی",
    "ې": "ی",
    "ے": "ی",
    "ئ": "ی",
    "ك": "ک",
    "ڪ": "ک",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ؤ": "و",
    "ة": "ه",
    "ۀ": "ه",
    "ۂ": "ه",
    "ۃ": "ه",
    "ہ": "ه",
    "ە": "ه",
    "ء": "",
    "ـ": "",  # tatweel stretches a word and means nothing
}
_VOWEL_AND_ACCENT_MARKS = regex.compile(
    # Only these scripts can be read without their marks. In Indic and Southeast Asian scripts
    # a mark is a vowel, in Japanese another consonant.
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff"
    r"\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Joiners, soft hyphens and direction marks have no shape of their own.
_INVISIBLE = regex.compile(r"[\p{Cf}\ufe00-\ufe0f]")
_LATIN = regex.compile(r"\p{Latin}")
# The breve of these is no accent: without it they are other letters.
_WHOLE = frozenset("йї")


class _Letters(dict[int, str]):
    """What each code point folds to, worked out when it is first met (``str.translate``)."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_letter(chr(code))
        return folded


def _fold_letter(letter: str) -> str:
    if letter in _ARABIC:
        return _ARABIC[letter]
    if letter in _WHOLE:
        return letter
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.decimal(letter))
    if _INVISIBLE.match(letter):
        return ""
    bare = _VOWEL_AND_ACCENT_MARKS.sub("", unicodedata.normalize("NFD", letter))
    if not bare.isascii() and _LATIN.match(bare):
        # ø, đ, ł, æ and their like have no decomposition in Unicode.
        bare = "".join(filter(str.isalnum, anyascii(bare))).lower()
    return unicodedata.normalize("NFC", bare)


_letters = _Letters()


def fold(text: str) -> str:
    """Return ``text`` with every difference taken away that a reader would not search by.

    Compatibility forms (Unicode NFKC), case, accents of Latin, Greek and Cyrillic letters,
    vowel signs of Arabic and Hebrew, the Arabic and Persian forms of a letter, the digits of
    any script, tatweel, and characters without a shape, such as the zero width non-joiner.
    German ß becomes ss and ä becomes a; that "ae" may stand for it is the stemmer's business
    (:mod:`broadsheet.search.words`). Folding twice gives what folding once gives.
    """
    if text.isascii():
        return text.lower()
    # Folding case can bring a letter back that NFKC then composes, as in U+0345.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", text.translate(_letters))
