"""A letter's words as readers may meet them: what is taken out, and what is folded to compare.

Letters are hostile until shown otherwise. Markup needs nothing here, since templates escape
it; what remains are characters that act on the text around them or that nobody can see.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple

# Bidirectional embeddings, overrides and isolates (UAX 9) reorder what a reader sees: the
# "Trojan Source" attack (CVE-2021-42574). The marks LRM, RLM and ALM, the joiners of Persian
# and of emoji, stay: they reach no further than the characters beside them.
_BIDI = "\u202a-\u202e\u2066-\u2069"
# Nothing to see: soft hyphen, zero width space, word joiner and invisible operators, BOM,
# interlinear annotation, variation-less fillers, tags.
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_TAKEN_OUT = re.compile(f"[{_BIDI}{_UNSEEN}{_CONTROLS}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# More marks than this on one letter is no language but "Zalgo" text, which runs over its
# neighbours. Vietnamese and Hebrew with accents need three.
_MARKS_ON_A_LETTER = 4
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]{2,}\.(?:com|net|org|info|biz|ru|cn|xyz|top|shop|site)\b",
    re.IGNORECASE,
)


class Cleaned(NamedTuple):
    """Cleaned text, and whether invisible or reordering characters were taken out."""

    text: str
    altered: bool


def _without_piles(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MARKS_ON_A_LETTER:
            kept.append(character)
    return "".join(kept)


def clean(text: str) -> Cleaned:
    """Return ``text`` in Unicode's form C without what acts unseen; lines end in a line feed.

    Cleaning what is clean changes nothing.
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    safe = _TAKEN_OUT.sub("", lines)
    bounded = _without_piles(unicodedata.normalize("NFC", safe))
    paragraphs = "\n".join(line.strip() for line in bounded.split("\n"))
    return Cleaned(re.sub(r"\n{3,}", "\n\n", paragraphs).strip(), altered=safe != lines)


def clean_line(text: str) -> Cleaned:
    """Return ``text`` cleaned, on one line, with single spaces."""
    cleaned = clean(text)
    return Cleaned(" ".join(cleaned.text.split()), cleaned.altered)


def paragraphs(text: str) -> list[list[str]]:
    """Return the paragraphs of a cleaned text (parted by an empty line), each as its lines."""
    return [part.split("\n") for part in text.split("\n\n") if part]


def links(text: str) -> int:
    """Return how many web addresses ``text`` names."""
    return len(_LINK.findall(text))


def shouts(text: str) -> bool:
    """Tell whether a text of some length is mostly capitals, in a script that has them."""
    cased = [character for character in text if character.isupper() or character.islower()]
    capitals = sum(character.isupper() for character in cased)
    return len(cased) >= 30 and capitals > 0.7 * len(cased)  # noqa: PLR2004 - said above


def folded(text: str) -> str:
    """Return what remains of ``text`` for comparing: letters and digits, without case or width.

    Compatibility forms are folded (Unicode's NFKC with case folding), so that a repeat does
    not pass by changing its spelling, spaces or punctuation.
    """
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in wide if character.isalnum())


def mark(text: str) -> str:
    """Return the hash by which a repeated text is found (SHA-256 of the folded text)."""
    return hashlib.sha256(folded(text).encode()).hexdigest()


def digits(text: str) -> str:
    """Return the digits in ``text`` as 0 to 9, whichever script they were typed in."""
    return "".join(
        str(unicodedata.digit(character))
        for character in text
        if unicodedata.digit(character, -1) >= 0
    )
