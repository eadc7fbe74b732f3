"""Whether two texts are the same story, one of them perhaps rewritten."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import accumulate, islice

# Long enough that two stories of one language share hardly any by accident, and counted in
# characters, since not every language puts spaces between words.
_SHINGLE = 12
_READ_AT_MOST = 40_000
# Rewritten stories share far more than this, different ones far less (about 0.02).
_SAME_STORY = 0.2
# The same copy sent twice, perhaps with another head or a line cut.
_SAME_COPY = 0.9
# Hardly a story of its own: a later state of the same copy, or somebody else's use of it.
_NEARLY_SAME = 0.6
# How many of the numbers in either must be in both.
_SAME_NUMBERS = 0.6
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Words in a row that are one number of a sketch, and how many numbers are kept: two texts that
# share half of their runs share at least one of the eight numbers in 99 cases of 100.
_RUN = 5
_WORD, _CHARACTERS = re.compile(r"[^\W_]+"), re.compile(r"\w+")
_KEPT_RUNS = 8
_SIGNS = ".,;:!?()[]\"“”„«»‹›‘’'–—-/،؛؟٪%"
_FEWEST_WORDS = 12
# A language that is written without spaces has words longer than this on average.
_LONGEST_WORDS = 15

Shingles = AbstractSet[str]


def folded(text: str) -> str:
    """Return ``text`` without case, compatibility forms and spacing, for comparing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def share(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how much of the shorter text stands in the longer one, from 0 to 1."""
    return _share(shingles(one), shingles(other))


def _share(first: Shingles, second: Shingles) -> float:
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def same_story(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two bodies are states of one story."""
    return of_one_story(shingles(one), shingles(other))


def of_one_story(one: Shingles, other: Shingles) -> bool:
    """Tell what :func:`same_story` does, of bodies whose :func:`shingles` are known."""
    return _share(one, other) >= _SAME_STORY


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how much of the longer text stands in the shorter one, from 0 to 1."""
    first, second = shingles(one), shingles(other)
    larger = max(len(first), len(second))
    return len(first & second) / larger if larger else 0.0


def same_numbers(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two texts name mostly the same numbers.

    The draw of the lottery, the weather and the table of the league say the same words every
    day, and are another story each time.
    """
    first, second = (set(_NUMBER.findall(folded(" ".join(each)))) for each in (one, other))
    either = len(first | second)
    return not either or len(first & second) / either >= _SAME_NUMBERS


def is_same_copy(likeness: float) -> bool:
    """Tell whether texts of this :func:`likeness` are one copy, sent twice."""
    return likeness >= _SAME_COPY


def is_nearly_same(likeness: float) -> bool:
    """Tell whether texts of this :func:`likeness` are states or uses of one copy."""
    return likeness >= _NEARLY_SAME


def sketch(paragraphs: Iterable[str]) -> tuple[int, ...]:
    """Return the sketch of a text: the smallest hashes of its runs of words, at most eight.

    Texts that say nearly the same share some of them, others hardly ever (bottom-k sketches,
    Broder 1997), so that the texts alike are found by looking up eight numbers, however many
    texts there are. Too short a text, of which nothing could be told, has none.
    """
    words = _words(" ".join(paragraphs))
    joined = "".join(words)
    if len(joined) > _LONGEST_WORDS * len(words):
        words = [joined[at : at + 2] for at in range(0, len(joined) - 1, 2)]
    if len(words) < _FEWEST_WORDS:
        return ()
    whole = " ".join(words).encode()
    # With the space behind each.
    lengths = [len(word) + 1 for word in whole.split(b" ")]
    starts = accumulate(lengths, initial=0)
    behind = islice(accumulate(lengths, initial=-1), _RUN, None)
    found = set(map(zlib.crc32, map(whole.__getitem__, map(slice, starts, behind))))
    # Hashes lie evenly between 0 and 2 ** 32: a few of many are enough to sort.
    bound = (_KEPT_RUNS << 34) // len(found)
    small = [each for each in found if each < bound]
    return tuple(sorted(small if len(small) >= _KEPT_RUNS else found)[:_KEPT_RUNS])


def _words(text: str) -> list[str]:
    """Return the words of the beginning of ``text``, :func:`folded`."""
    if len(text) < _READ_AT_MOST // 2:
        # Most texts have no other signs than these: without them, words are what stands between
        # two spaces. It is what the patterns find, in half the time.
        plain = unicodedata.normalize("NFKC", text).casefold()
        for sign in _SIGNS:
            plain = plain.replace(sign, " ")
        words = plain.split()
        if len(plain) <= _READ_AT_MOST and "".join(words).isalnum():
            return words
    whole = folded(text)[:_READ_AT_MOST]
    # The same where there is no underscore, and found sooner.
    return (_WORD if "_" in whole else _CHARACTERS).findall(whole)


def shingles(paragraphs: Iterable[str]) -> Shingles:
    """Return every run of characters of the beginning of a text, by which two are compared."""
    text = folded(" ".join(paragraphs))[:_READ_AT_MOST]
    letters = "".join(char for char in text if char.isalnum() or char == " ")
    if len(letters) <= _SHINGLE:
        return {letters} if letters else set()
    return {letters[at : at + _SHINGLE] for at in range(len(letters) - _SHINGLE + 1)}
