"""The reporting lexicon: words that attribute, what they take, and how often they mean it.

The data are the TOML files beside this module, written for this project; their heads explain the
columns. A *prior* is the share of a word's uses, in that frame, that attribute something.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


def word_set(row: str) -> frozenset[str]:
    """Return the words of ``row``, which white space parts: a set that reads as a line of text."""
    return frozenset(row.split())


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: the prior of each frame, and the prepositions that bring its content."""

    lemma: str
    classes: frozenset[str]
    frames: dict[str, float] = field(default_factory=dict)
    particles: dict[str, float] = field(default_factory=dict)
    about: dict[str, float] = field(default_factory=dict)
    object_with: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun; ``of`` says what "of X" after it is: ``"content"``, ``"source"`` or nothing."""

    lemma: str
    classes: frozenset[str]
    prior: float
    of: str
    about: frozenset[str]


@dataclass(frozen=True, slots=True)
class Adjective:
    """One adjective of saying, believing or wanting, used after a copula."""

    lemma: str
    prior: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words of one language that attribute."""

    verbs: dict[str, Verb]
    nouns: dict[str, Noun]
    adjectives: dict[str, Adjective]
    adverbs: dict[str, float]
    attributives: dict[str, float]
    prepositions: dict[tuple[str, ...], float]
    possessive_nouns: dict[str, float]
    support: frozenset[str]
    passive_support: frozenset[str]

    def verb(self, word: str, lemma: str) -> Verb | None:
        """Return the verb whose form ``word`` is, also where ``lemma`` is the tagger's mistake."""
        found = self.verbs.get(lemma)
        if found is not None:
            return found
        return next((self.verbs[one] for one in _stems(word) if one in self.verbs), None)


def _stems(word: str) -> tuple[str, ...]:
    """Return what the lower-case ``word`` may be a form of, by English spelling."""
    if word.endswith("ied"):
        return (word[:-3] + "y",)
    if word.endswith("ed"):
        return (word[:-2], word[:-1], word[:-3] if word[-3:-2] == word[-4:-3] else word[:-2])
    if word.endswith("ing"):
        return (word[:-3], word[:-3] + "e", word[:-4] if word[-4:-3] == word[-5:-4] else word[:-3])
    if word.endswith("ies"):
        return (word[:-3] + "y",)
    return (word[:-1], word[:-2]) if word.endswith("s") else ()


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _verbs(groups: list[dict[str, Any]]) -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for group in groups:
        prior = float(group["prior"])
        for lemma in group["lemmas"].split():
            verb = found.get(lemma) or Verb(lemma, frozenset())
            for column in ("frames", "particles", "about", "object_with"):
                values: dict[str, float] = getattr(verb, column)
                for name in group.get(column, "").split():
                    values[name] = max(prior, values.get(name, 0.0))
            found[lemma] = Verb(
                lemma,
                verb.classes | {group["class"]},
                verb.frames,
                verb.particles,
                verb.about,
                verb.object_with,
            )
    return found


def _nouns(groups: list[dict[str, Any]]) -> dict[str, Noun]:
    found: dict[str, Noun] = {}
    for group in groups:
        for lemma in group["lemmas"].split():
            old = found.get(lemma)
            about = frozenset(group["about"].split())
            found[lemma] = Noun(
                lemma,
                frozenset({group["class"]}) | (old.classes if old else frozenset()),
                max(group["prior"], old.prior if old else 0.0),
                old.of if old else group["of"],
                about | (old.about if old else frozenset()),
            )
    return found


def _weights(groups: list[dict[str, Any]], column: str = "lemmas") -> dict[str, float]:
    return {word: float(one["prior"]) for one in groups for word in one[column].split()}


@cache
def english() -> Lexicon:
    """Return the lexicon of English."""
    verbs, words = _table("english_verbs.toml"), _table("english_words.toml")
    phrases = {
        tuple(row.split()): float(one["prior"])
        for one in words["prepositions"]
        for row in one["phrases"].strip().splitlines()
    }
    return Lexicon(
        verbs=_verbs(verbs["verbs"]),
        nouns=_nouns(words["nouns"]),
        adjectives={
            lemma: Adjective(lemma, prior) for lemma, prior in _weights(words["adjectives"]).items()
        },
        adverbs=_weights(words["adverbs"]),
        attributives=_weights(words["attributives"]),
        prepositions=phrases,
        possessive_nouns=_weights(words["possessive_phrases"], "nouns"),
        support=frozenset(w for one in words["support"] for w in one["lemmas"].split()),
        passive_support=frozenset(
            w for one in words["support"] for w in one.get("passive_source", "").split()
        ),
    )
