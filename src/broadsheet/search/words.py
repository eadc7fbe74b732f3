"""Words: a text cut into the forms it is found by.

Every word has one form that stands for it (``main``) and may have others: its stem, by the
Snowball stemmer of the text's language (Persian has one of our own), and what a compound is
when it is written in one piece. The index keeps the main forms apart from the others, so that
an exact match counts for more. Scripts that put no space between words are cut into
overlapping pairs of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import NamedTuple

import regex
import Stemmer

from broadsheet.search import persian
from broadsheet.search.folding import fold
from broadsheet.stories.languages import main_language

LONGEST_WORD = 64
# Inside a word: apostrophes, the Hebrew abbreviation marks, and what has no shape. A double
# quotation mark is part of a word in Hebrew only.
_WITHIN = r"""(?:['’‘ʼ′＇״׳\u00ad\u200c-\u200f\u2060]|(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea]))"""
_PERSIAN_PREFIX = r"(?:ن?م[یيى][\u200c\u0020](?=[\u0620-\u06d3]))?"
_PERSIAN_PLURAL = r"(?:\u0020ها(?:[یي]{{1,2}}|[یي]?(?:م|ت|ش)(?:ان)?)?(?!\u200c|{letter}))?"


def _word_pattern(letter: str, *, persian: bool) -> str:
    before = _PERSIAN_PREFIX if persian else ""
    # Persian verbs and plurals may stand a space apart from their affix.
    behind = _PERSIAN_PLURAL.format(letter=letter) if persian else ""
    # U.S.A. is one word.
    initials = r"(?:\.(?:[^\W\d_]\.)+)?"
    return rf"{before}{letter}+(?:{_WITHIN}+{letter}+)*{initials}{behind}"


# Three patterns for one question, since the one that knows every script takes four times as
# long as the one for Latin letters, and an archive is cut into words as a whole.
_LATIN_WORD = re.compile(_word_pattern(r"[^\W_]", persian=False))
_NEAR_EAST_WORD = re.compile(
    _word_pattern(
        r"(?:[^\W_]|[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
        r"\u06d6-\u06dc\u06df-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d"
        r"\u0859-\u085b\u08ca-\u08ff])",
        persian=True,
    )
)
ANY_WORD = regex.compile(_word_pattern(r"[\p{L}\p{N}\p{M}]", persian=True))
_NOT_LATIN = re.compile(r"[\u0300-\u1dff\u2c00-\U0010ffff]")
_NOT_NEAR_EAST = re.compile(r"[\u0900-\u1dff\u2c00-\ufaff\ufe00-\ufe6f\U00010000-\U0010ffff]")
# Stands for a space over which a word may go while a text is split at all others. A private
# character: where a text has one, ANY_WORD is its pattern.
_KEPT_SPACE = "\ue002"
# Those spaces, of the Persian parts of the patterns, stand in one of these.
_APART = {
    each: each.replace(" ", _KEPT_SPACE)
    for each in ("\u0020ها", "می\u0020", "مي\u0020", "مى\u0020")
}
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々"
_RUN = regex.compile(rf"(?P<spaceless>(?:[{_SPACELESS}]\p{{M}}*)+)|[^{_SPACELESS}]+")
_FIRST_SPACELESS = "\u0e00"
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")
_APOSTROPHE = regex.compile(r"['’‘ʼ′＇]+")
_HEBREW_MARK = regex.compile(r"[\"״׳]")
_POSSESSIVE = regex.compile(r"['’ʼ＇]s$", regex.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_JOINER = regex.compile(r"[\u200c\u0020]+")
# What stands behind a joiner and is no word of its own: endings of nouns, adjectives, verbs.
_PERSIAN_ENDINGS = frozenset(
    {
        *("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان"),
        *("ی", "ای", "ام", "ات", "اش", "مان", "تان", "شان", "ایم", "اید", "اند", "است"),
        *("تر", "ترین", "تری", "گر", "گری"),
    }
)
_PERSIAN_BEGINNINGS = frozenset({"می", "نمی", "بی", "نا", "هم"})

_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_TO_ARABIC = str.maketrans("یک", "يك")
# A stemmer keeps state between two calls within it: one at a time.
_stemming = Lock()


class Forms(NamedTuple):
    """The forms of one word: those that stand for it, in order, and the others."""

    main: tuple[str, ...]
    other: tuple[str, ...]


class Word(NamedTuple):
    """A word in a text: its place there (``start`` to ``end``, in characters) and its forms."""

    start: int
    end: int
    forms: Forms


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language)
    # Its own cache is not needed: forms_of has one.
    return Stemmer.Stemmer(name, 0) if name else None


def _stem(word: str, folded: str, language: str) -> str:
    """Return the folded stem of ``word`` as it is written; ``folded`` where it has none."""
    if language == "fa":
        return persian.stem(folded)
    stemmer = _stemmer(language)
    if stemmer is None or _DIGIT.search(folded):
        return folded
    if language == "ar":
        word = folded.translate(_TO_ARABIC)
    elif word.isascii():
        word = folded
    else:
        # Umlauts and accents are what these stemmers go by.
        word = unicodedata.normalize("NFKC", word).lower()
    with _stemming:
        stem = stemmer.stemWord(word)
    stem = fold(stem)
    # A stem of one letter stands for everything.
    return stem if len(stem) > 1 else folded


def _pairs(run: str) -> tuple[str, ...]:
    """Return overlapping pairs of letters, and the last letter alone."""
    letters = [fold(cluster) for cluster in _CLUSTER.findall(run)]
    letters = [letter for letter in letters if letter]
    return tuple(first + second for first, second in zip(letters, [*letters[1:], ""], strict=True))


@lru_cache(maxsize=16_384)
def forms_of(written: str, language: str) -> Forms:
    """Return the forms of one word of a text in ``language`` (a main language, or "").

    The order of the main forms is the order of the text, so that a phrase of them finds it.
    """
    return new_forms(written, language)


def new_forms(written: str, language: str) -> Forms:
    """Return what :func:`forms_of` does, worked out anew."""
    if written.isalpha() and max(written) < _FIRST_SPACELESS:
        # Nearly every word; an archive has millions of different ones.
        folded = fold(written)[:LONGEST_WORD]
        if not folded:
            return Forms((), ())
        stem = _stem(written, folded, language)
        return Forms((folded,), (stem[:LONGEST_WORD],) if stem != folded else ())
    if "." in written:
        # A Persian verb may stand a space apart from its prefix.
        parts = fold(written.replace(".", "")).split()
        return Forms(tuple(part[:LONGEST_WORD] for part in parts), ())
    main: list[str] = []
    other: list[str] = []
    for run in _RUN.finditer(written):
        if run["spaceless"]:
            main.extend(_pairs(run[0]))
        else:
            _add_forms(run[0], language, main, other)
    return Forms(
        tuple(form[:LONGEST_WORD] for form in main),
        tuple(dict.fromkeys(form[:LONGEST_WORD] for form in other if form not in main)),
    )


def asked_of(written: str) -> tuple[tuple[str, ...], bool]:
    """Return the main forms to ask for one word by, and whether the last is only a beginning.

    Where a text goes on without a space, the last letter of what was typed is the first of a
    pair there: it is left out, or where it is all there is, it begins one.
    """
    forms = forms_of(written, "").main
    last = [*_RUN.finditer(written)][-1:]
    if not last or not last[0]["spaceless"] or not forms:
        return forms, False
    if len(_CLUSTER.findall(last[0][0])) > 1:
        return forms[:-1], False
    return forms, True


def _add_forms(run: str, language: str, main: list[str], other: list[str]) -> None:
    if "\u200c" in run or " " in run:
        _add_persian(run, language, main, other)
        return
    parts = _APOSTROPHE.split(_POSSESSIVE.sub("", _HEBREW_MARK.sub("", run)))
    # What an apostrophe cuts off is an article or an ending where it is one letter long.
    words = [part for part in parts if len(part) > 1] or parts
    for word in words:
        if folded := fold(word):
            main.append(folded)
            stem = _stem(word, folded, language)
            if stem != folded:
                other.append(stem)


def _add_persian(run: str, language: str, main: list[str], other: list[str]) -> None:
    """Take endings and the verb's prefix to their word; keep the words of a compound apart."""
    parts: list[str] = []
    for part in filter(None, map(fold, _JOINER.split(run))):
        if parts and (part in _PERSIAN_ENDINGS or parts[-1] in _PERSIAN_BEGINNINGS):
            parts[-1] += part
        else:
            parts.append(part)
    main.extend(parts)
    if len(parts) > 1:
        other.append("".join(parts))
    other.extend(_stem(part, part, language) for part in parts)


def pattern_for(text: str) -> re.Pattern[str] | regex.Pattern[str]:
    """Return the quickest of the patterns that finds every word of ``text``."""
    if not _NOT_LATIN.search(text):
        return _LATIN_WORD
    return ANY_WORD if _NOT_NEAR_EAST.search(text) else _NEAR_EAST_WORD


def pieces_of(text: str) -> list[str]:
    """Return what stands between the white space of ``text``, or its words where one may go over.

    Some in Persian do. Its words as well where its :func:`pattern_for` is :data:`ANY_WORD`.
    """
    # Whether it holds any other letter is known far sooner than which.
    if text.isascii():
        return text.split()
    pattern = pattern_for(text)
    if pattern is ANY_WORD:
        return ANY_WORD.findall(text)
    if pattern is _LATIN_WORD or not any(each in text for each in _APART):
        return text.split()
    # What the pattern finds in the whole text, sooner. Where a word only ends as the prefix does,
    # the pattern will see.
    for each, kept in _APART.items():
        text = text.replace(each, kept)
    found: list[str] = []
    for piece in text.split():
        if _KEPT_SPACE in piece:
            found += _NEAR_EAST_WORD.findall(piece.replace(_KEPT_SPACE, " "))
        else:
            found.append(piece)
    return found


def words_of(text: str, language: str = "") -> Iterator[Word]:
    """Yield the words of ``text``, with their places, in order."""
    language = main_language(language)
    for match in pattern_for(text).finditer(text):
        forms = forms_of(match[0], language)
        if forms.main:
            yield Word(match.start(), match.end(), forms)


def spans_of(text: str, language: str = "") -> Iterator[Word]:
    """Yield like :func:`words_of`, but each pair of letters of a spaceless script by itself."""
    language = main_language(language)
    for match in pattern_for(text).finditer(text):
        for run in _RUN.finditer(match[0]):
            start = match.start() + run.start()
            if not run["spaceless"]:
                yield Word(start, match.start() + run.end(), forms_of(run[0], language))
                continue
            clusters = [*_CLUSTER.finditer(run[0])]
            for first, second in zip(clusters, [*clusters[1:], clusters[-1]], strict=True):
                pair = fold(first[0]) + (fold(second[0]) if second is not first else "")
                yield Word(start + first.start(), start + second.end(), Forms((pair,), ()))
