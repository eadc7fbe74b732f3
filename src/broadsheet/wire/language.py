"""What language a text is in: what the page declares, checked against what it is written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# Below this much text a guess is worth less than none.
_FEWEST_LETTERS = 60
_READ_AT_MOST = 4000
_LONGEST_TAG = 100
# Letters that tell what script a text is written in.
_ENOUGH_LETTERS = 500
# In a language with letters of its own, so many times as many may be Latin.
_OWN_SHARE = 3
# So few write news in them that lists of names taken for one are far more common.
_NEVER_GUESSED = frozenset(
    {"an", "eo", "ht", "ia", "ie", "io", "la", "nv", "oc", "qu", "se", "vo", "wa"}
)
# Letters that Persian has and Arabic has not, and the other way round.
_PERSIAN_ONLY = frozenset("پچژگکی")
_ARABIC_ONLY = frozenset("ةيىكأإؤ")


def language_of(text: str, declared: str = "") -> str:
    """Return the BCP 47 tag of ``text``; empty where nothing tells.

    ``declared`` is what the page says. It wins unless the text is written in a script that the
    declared language does not use: templates declare "en" over text in Persian.
    """
    tag = _known(declared[:_LONGEST_TAG])
    start = "".join(islice(filter(str.isalpha, text[:_READ_AT_MOST]), _ENOUGH_LETTERS))
    if len(start) < _FEWEST_LETTERS:
        return tag
    counts = _scripts(start)
    if tag and _is_written_in(counts, tag):
        return tag
    script = max(counts, key=counts.__getitem__)
    if script == "ARABIC":
        letters = "".join(filter(str.isalpha, text[:_READ_AT_MOST]))
        persian = sum(map(letters.count, _PERSIAN_ONLY))
        arabic = sum(map(letters.count, _ARABIC_ONLY))
        if max(persian, arabic) > len(letters) // 50 and min(persian, arabic) * 4 < max(
            persian, arabic
        ):
            return "fa" if persian > arabic else "ar"
    # Imported when first needed: its model takes longer to load than most pages to read.
    import py3langid

    guesses = py3langid.rank(text[:_READ_AT_MOST])
    return next((str(code) for code, _ in guesses if code not in _NEVER_GUESSED), "")


def language_by_script(name: str, languages: Sequence[str]) -> str:
    """Return the first of ``languages`` that is written in the letters of ``name``.

    A name of two words tells no more. The first of all where none is, or it has no letters.
    """
    letters = "".join(filter(str.isalpha, name))
    counts = _scripts(letters)
    script = max(counts, key=counts.__getitem__) if letters else ""
    return next((tag for tag in languages if script in _scripts_of(tag)), languages[0])


@lru_cache(maxsize=1_000)
def _known(declared: str) -> str:
    tag = declared.strip().replace("_", "-")
    if not tag:
        return ""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        try:
            locale = Locale.parse(tag.split("-")[0], sep="-")
        except (UnknownLocaleError, ValueError):
            return ""
    # The country of a site says little of its language; a script or a true variant does.
    if locale.language in {"pt", "zh"}:
        return "-".join(filter(None, (locale.language, locale.script, locale.territory)))
    return str(locale.language)


def _is_written_in(counts: Mapping[str, int], tag: str) -> bool:
    """Tell whether a text with so many letters of each script may be in the language ``tag``."""
    scripts = _scripts_of(tag)
    # Japanese has three.
    own = sum(counts.get(script, 0) for script in scripts)
    others = {script: count for script, count in counts.items() if script not in scripts}
    most = max(others, key=others.__getitem__, default="")
    # Names, addresses and terms are in Latin letters everywhere.
    return own >= others.get(most, 0) or (most == "LATIN" and own * _OWN_SHARE >= counts[most])


def _scripts(letters: str) -> dict[str, int]:
    """Return how many of ``letters`` are of each script, as Unicode names it."""
    if letters.isascii():
        return {"LATIN": len(letters)}
    counts: dict[str, int] = {}
    for char in dict.fromkeys(letters):
        name = _script_of(char)
        counts[name] = counts.get(name, 0) + letters.count(char)
    return counts


@lru_cache(maxsize=5_000)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]


def _scripts_of(tag: str) -> frozenset[str]:
    """Return the scripts, as Unicode names them, that a language is usually written in."""
    likely: str = get_global("likely_subtags").get(tag.split("-", maxsplit=1)[0], "")
    code = next((part for part in likely.split("_") if len(part) == len("Latn")), "Latn")
    return _UNICODE_NAMES.get(code, frozenset({"LATIN"}))


_UNICODE_NAMES = {
    "Arab": frozenset({"ARABIC"}),
    "Armn": frozenset({"ARMENIAN"}),
    "Beng": frozenset({"BENGALI"}),
    "Cyrl": frozenset({"CYRILLIC"}),
    "Deva": frozenset({"DEVANAGARI"}),
    "Ethi": frozenset({"ETHIOPIC"}),
    "Geor": frozenset({"GEORGIAN"}),
    "Grek": frozenset({"GREEK"}),
    "Gujr": frozenset({"GUJARATI"}),
    "Guru": frozenset({"GURMUKHI"}),
    "Hans": frozenset({"CJK"}),
    "Hant": frozenset({"CJK"}),
    "Hebr": frozenset({"HEBREW"}),
    "Jpan": frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    "Khmr": frozenset({"KHMER"}),
    "Knda": frozenset({"KANNADA"}),
    "Kore": frozenset({"HANGUL", "CJK"}),
    "Laoo": frozenset({"LAO"}),
    "Mlym": frozenset({"MALAYALAM"}),
    "Mymr": frozenset({"MYANMAR"}),
    "Sinh": frozenset({"SINHALA"}),
    "Taml": frozenset({"TAMIL"}),
    "Telu": frozenset({"TELUGU"}),
    "Thai": frozenset({"THAI"}),
}
