"""The grammar of a language: its words that report and how its sentences are built, as data.

The tables are ``../lexicon/{german,persian,arabic}.toml``; the head of each explains its columns.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from broadsheet.attribution.extraction.reporting.letters import Letters, fold

LEXICON = "broadsheet.attribution.extraction.lexicon"


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to report.

    ``role``: ``verb``; ``before`` (a preposition: its source stands behind it); ``after`` (a
    postposition); ``relay`` (names who an outlet has it from); ``aside`` (a participle with the
    source of the verb beside it); ``adverb`` and ``agentless`` (nobody is named); ``recipient``
    (the outlet somebody spoke to); ``scare`` (a hedge alone).
    ``rest`` are particles one of which ends the clause ("teilte … mit"), ``within`` the
    preposition that its source stands behind ("در … آمده است"), ``cites`` the word that the origin
    stands behind ("نقلت … عن"), ``brings`` words that begin the content ("دعا إلى"), ``wants`` a
    sign that must stand before it, ``joined`` a preposition that its source is written as one
    with. ``takes`` holds ``clause`` and ``object``. ``prior`` is how often it reports, 0 to 1;
    ``distance`` whether it keeps a distance, ``hedge`` the kind of hedge where not hearsay.
    """

    role: str
    prior: float
    rest: frozenset[str] = frozenset()
    within: str = ""
    cites: str = ""
    takes: frozenset[str] = frozenset({"clause"})
    distance: bool = False
    wants: str = ""
    joined: str = ""
    brings: frozenset[str] = frozenset()
    hedge: str = ""
    forms: frozenset[str] = frozenset({"finite"})
    """``finite``, ``participle`` (wants an auxiliary before it), ``last`` (of a subclause)."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """All that the mechanism has to know of a language."""

    language: str
    order: str
    """Where the subject of a verb of saying stands: ``before``, ``behind``, or ``second``."""
    cased: bool
    script: str
    letters: Letters
    name: str
    entries: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    """First word to phrases (the words after it) with what they do, the longest first."""
    words: dict[str, frozenset[str]]
    """Classes of single words: stops, openers, complementisers, vague, outlets, and so on."""
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    """Openers of several words, by their first."""
    clitics: tuple[str, ...]
    pronouns: dict[str, str]
    """Pronouns with what they may stand for: ``m``, ``f``, ``p`` or nothing."""
    abbreviations: frozenset[str]
    finite_like: re.Pattern[str]
    """What a finite verb that is in no list looks like."""
    _heads: frozenset[str] = field(default_factory=frozenset)

    def tells(self, word: str) -> bool:
        """Whether a verb of saying may begin with the folded ``word``."""
        return word in self._heads

    def match(self, words: Sequence[str], at: int) -> tuple[int, Entry] | None:
        """Return the longest phrase that begins at ``words[at]``: its length and what it does."""
        for rest, entry in self.entries.get(words[at], ()):
            end = at + 1 + len(rest)
            if end <= len(words) and all(
                words[at + 1 + nth] == word for nth, word in enumerate(rest)
            ):
                return len(rest) + 1, entry
        return None

    def opener(self, words: Sequence[str], at: int) -> int:
        """Return how many words at ``at`` only lead on from what was said before."""
        best = 1 if words[at] in self.words["openers"] else 0
        for phrase in self.phrases.get(words[at], ()):
            end = at + len(phrase)
            if end <= len(words) and tuple(words[at:end]) == phrase:
                best = max(best, len(phrase))
        return best


def _forms(group: dict[str, Any], light: dict[str, str]) -> Iterable[str]:
    """Yield the phrases of a group: as listed, and each noun with every form of its light verb."""
    for name in ("forms", "last", "participles"):
        yield from (row for row in re.split(r"[\s]+", group.get(name, "").strip()) if row)
    verbs = light.get(group.get("light", ""), "").split()
    for noun in group.get("nouns", "").split():
        yield from (f"{noun}_{verb}" for verb in verbs)


def _entry(group: dict[str, Any], form: str, brings: frozenset[str]) -> Entry:
    return Entry(
        role=group.get("role", "verb"),
        prior=float(group.get("prior", 0.9)),
        rest=frozenset(group.get("rest", "").split()) if form == "finite" else frozenset(),
        within=group.get("within", ""),
        cites=group.get("cites", ""),
        takes=frozenset(group.get("takes", "clause").split()),
        distance=bool(group.get("distance", False)),
        wants=group.get("wants", ""),
        joined=group.get("joined", ""),
        brings=brings,
        hedge=group.get("hedge", ""),
        forms=frozenset({form}),
    )


@cache
def grammar(name: str) -> Grammar:
    """Return the grammar in the table ``name``; raises :class:`FileNotFoundError` without one."""
    raw = files(LEXICON).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    letters: Letters = tuple((pair[0], pair[1:]) for pair in table["letters"].split())

    def folded(word: str) -> str:
        return fold(word, letters)

    light = table.get("light", {})
    clitics = tuple(table.get("clitics", "").split())
    entries: dict[str, dict[tuple[str, ...], Entry]] = {}
    heads: set[str] = set()

    def add(phrase: str, entry: Entry) -> None:
        words = tuple(folded(word) for word in phrase.split("_") if word)
        for clitic in ("", *clitics):
            known = entries.setdefault(clitic + words[0], {})
            old = known.get(words[1:], entry)
            # One form may serve as several: "erklärt" is finite, and a participle.
            known[words[1:]] = replace(old, forms=old.forms | entry.forms)
            if entry.role == "verb":
                heads.add(clitic + words[0])

    for group in table["entries"]:
        brings = frozenset(folded(word) for word in group.get("brings", "").split())
        for name_, form in (("forms", "finite"), ("last", "last"), ("participles", "participle")):
            for phrase in group.get(name_, "").split():
                add(phrase, _entry(group, form, brings))
        if "light" in group:
            plain = {key: group[key] for key in ("nouns", "light") if key in group}
            for phrase in _forms(plain, light):
                add(phrase, _entry(group, "finite", brings))
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for row in table.get("opening_phrases", "").split():
        words = tuple(folded(word) for word in row.split("_"))
        phrases.setdefault(words[0], []).append(words)
    return Grammar(
        language=table["language"],
        order=table["order"],
        cased=bool(table.get("cased", False)),
        script=table["script"],
        letters=letters,
        name=table["name"],
        entries={
            first: tuple(sorted(rest.items(), key=lambda pair: -len(pair[0])))
            for first, rest in entries.items()
        },
        words={
            key: frozenset(folded(word) for word in value.split())
            for key, value in table["words"].items()
        },
        phrases={first: tuple(rows) for first, rows in phrases.items()},
        clitics=clitics,
        pronouns={folded(word): kinds for word, kinds in table["pronouns"].items()},
        abbreviations=frozenset(folded(word) for word in table.get("abbreviations", "").split()),
        # A pattern that cannot match where a language gives none.
        finite_like=re.compile(table.get("finite_like", r"(?!)")),
        _heads=frozenset(heads),
    )
