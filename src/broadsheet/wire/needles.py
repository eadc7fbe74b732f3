"""What a text must hold for a pattern to be found in it: short words that are sought far faster.

Hundreds of patterns tell an embargo or a correction from a story, and hardly any story holds one
of their words. From the pattern itself follows a set of words of which every match holds one
(Cox, "Regular Expression Matching with a Trigram Index", 2012); where a text holds none, the
pattern need not be tried. Nothing is lost by it: where no such set is found, all texts count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

# Private to ``re``, and the only place that knows what a pattern is made of.
from re import _casefix, _constants, _parser  # type: ignore[attr-defined]  # isort: skip

# More words than these of one part of a pattern are not multiplied with those of the next.
_MOST = 60
_LONGEST_USEFUL = 6
# Letters that ``re`` takes for others where case is ignored, and what they are folded to here.
_ALIKE = {
    "\u0131": "i", "\u0307": "", "\u017f": "s", "\u1c80": "\u0432", "\u1c81": "\u0434",
    "\u1c82": "\u043e", "\u1c83": "\u0441", "\u1c84": "\u0442", "\u1c85": "\u0442",
    "\u1c86": "\u044a",
}  # fmt: skip
_FOLDED = set(_ALIKE.values())
_UNSURE = {chr(code) for code in _casefix._EXTRA_CASES} - _FOLDED
_SPACE = (_constants.CATEGORY, _constants.CATEGORY_SPACE)

Words = frozenset[str]
_NOTHING: Words = frozenset({""})


class Needles(NamedTuple):
    """Words that are sought, folded: those that are ASCII, and the others."""

    latin: tuple[str, ...]
    other: tuple[str, ...]


class Hay(NamedTuple):
    """Texts in the form in which needles are sought in them; ``latin``, what of it is ASCII."""

    text: str
    latin: str


def folded(*texts: str) -> Hay:
    """Return ``texts`` in the form in which needles are sought in them."""
    text = " ".join(" ".join(texts).lower().split())
    text = f" {text} "
    if text.isascii():
        return Hay(text, text)
    for char, other in _ALIKE.items():
        text = text.replace(char, other)
    # Few letters are left of most scripts. What stood side by side still does.
    return Hay(text, text.encode("ascii", "ignore").decode())


@cache
def needles_of(*patterns: re.Pattern[str]) -> Needles:
    """Return words of which every match of any of ``patterns`` holds one, folded.

    The empty word alone, which every text holds, where there are none.
    """
    if len(patterns) == 1:
        exact, needed = _of(_parser.parse(patterns[0].pattern, patterns[0].flags))
        found: Iterable[str] = _better(exact, needed) or _NOTHING
    else:
        found = {word for pattern in patterns for some in needles_of(pattern) for word in some}
    # Whatever holds the longer one holds the shorter.
    kept = sorted(each for each in found if not any(o in each for o in found if o != each))
    return Needles(
        tuple(each for each in kept if each.isascii()),
        tuple(each for each in kept if not each.isascii()),
    )


class Sought:
    """Patterns of which only those are tried whose needles a text holds."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        by_needles: dict[Needles, list[re.Pattern[str]]] = {}
        for pattern in patterns:
            by_needles.setdefault(needles_of(pattern), []).append(pattern)
        self._groups = list(by_needles.items())

    def among(self, hay: Hay) -> Iterator[re.Pattern[str]]:
        """Yield the patterns that may be found in what was :func:`folded` to ``hay``."""
        for needles, patterns in self._groups:
            if holds(hay, needles):
                yield from patterns


def holds(hay: Hay, needles: Needles) -> bool:
    """Tell whether ``hay`` holds one of ``needles``."""
    # Plain loops: every story is asked, and they are twice as fast as any().
    latin = hay.latin
    for needle in needles.latin:
        if needle in latin:
            return True
    text = hay.text
    if latin is not text:
        for needle in needles.other:
            if needle in text:
                return True
    return False


def _of(nodes: Iterable[tuple[Any, Any]]) -> tuple[Words | None, Words | None]:
    """Return all that a sequence can match, if that is few, and what every match of it holds."""
    current, is_exact = _NOTHING, True
    best: Words | None = None
    for node in nodes:
        exact, needed = _of_one(*node)
        if exact is not None and len(current) * len(exact) <= _MOST:
            if len(exact) > 1:
                best = _better(best, current)
            current = frozenset(_joined(one, other) for one in current for other in exact)
            continue
        is_exact = False
        best = _better(_better(best, current), needed)
        current = exact if exact is not None else _NOTHING
    return (current if is_exact else None), _better(best, current)


def _of_one(kind: Any, value: Any) -> tuple[Words | None, Words | None]:  # noqa: PLR0911 - a table
    match str(kind):
        case "LITERAL":
            return _literal(value)
        case "IN":
            return _one_of(value)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _NOTHING, None
        case "SUBPATTERN":
            return _of(value[-1])
        case "ATOMIC_GROUP":
            return _of(value)
        case "BRANCH":
            return _branches(value[1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _repeated(*value)
        case _:
            return None, None


def _literal(code: int) -> tuple[Words | None, Words | None]:
    char = chr(code)
    if char.isspace():
        return frozenset({" "}), None
    char = char.lower()
    char = _ALIKE.get(char, char)
    return (None, None) if char in _UNSURE or len(char) != 1 else (frozenset({char}), None)


def _one_of(members: Sequence[tuple[Any, Any]]) -> tuple[Words | None, Words | None]:
    if list(members) == [_SPACE]:
        return frozenset({" "}), None
    if len(members) > _LONGEST_USEFUL or any(str(kind) != "LITERAL" for kind, _ in members):
        return None, None
    return _union([_literal(code)[0] for _, code in members]), None


def _branches(branches: Iterable[Any]) -> tuple[Words | None, Words | None]:
    found = [_of(branch) for branch in branches]
    exact = _union([exact for exact, _ in found])
    if exact is not None and len(exact) > _MOST:
        exact = None
    return exact, _union([_better(*each) for each in found])


def _repeated(least: int, most: int, nodes: Any) -> tuple[Words | None, Words | None]:
    exact, needed = _of(nodes)
    if exact == frozenset({" "}):
        # However many there are, one is left of them.
        return exact if least else frozenset({"", " "}), None
    if most == 1:
        return (exact if least or exact is None else exact | _NOTHING), (needed if least else None)
    return None, _better(exact, needed) if least else None


def _joined(one: str, other: str) -> str:
    # White space is folded to one space.
    return one + (other.lstrip() if one.endswith(" ") else other)


def _union(sets: Sequence[Words | None]) -> Words | None:
    if any(each is None for each in sets):
        return None
    return frozenset(word for each in sets if each is not None for word in each)


def _better(one: Words | None, other: Words | None) -> Words | None:
    """Return the set that fewer texts hold a word of, judged by its shortest word."""
    return max(one, other, key=_worth)


def _worth(words: Words | None) -> tuple[int, int]:
    if not words:
        return 0, 0
    shortest = min(len(word.strip()) for word in words)
    return min(shortest, _LONGEST_USEFUL), -len(words)
