"""Who is spoken of in a text: noun phrases, what sort of thing each means, and its name.

A mention is a noun phrase that a pronoun, a surname or "the agency" may later stand for. What
sort it is follows from titles, first names and the nouns in it; where nothing tells, that is said
(``Sort.UNKNOWN``), and such a mention suits any singular pronoun, but worse than one that is told.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

from babel import Locale

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.tokens import SUBJECTS, Tokens

PROPER = frozenset({"NNP", "NNPS"})
_NOMINAL = frozenset({"NN", "NNS", *PROPER})
_LINKS = frozenset({"of", "for", "the", "and", "&", "de", "la", "al", "von", "van", "bin", "on"})
_PEOPLE_AT_MOST = 4
_TAIL = re.compile(r"(?:,.*| (?:who|whom|which|whose|that|where)\b.*|\s*\([^)]*\))$", re.DOTALL)
_ARTICLE = re.compile(r"^(?:the|The)\s+(?:so-called\s+|self-styled\s+)?")


class Sort(Enum):
    """What a phrase means, as far as pronouns care."""

    PERSON = "person"
    PEOPLE = "people"
    THING = "thing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class People:
    """The words of ``lexicon/english_people.toml``, as sets."""

    female: frozenset[str]
    male: frozenset[str]
    titles: frozenset[str]
    female_names: frozenset[str]
    male_names: frozenset[str]
    outlets: frozenset[str]
    reports: frozenset[str]
    bodies: frozenset[str]
    alike: tuple[frozenset[str], ...]
    places: frozenset[str]


@cache
def people() -> People:
    """Return the words that tell people from things."""
    source = files("broadsheet.attribution.extraction.lexicon") / "english_people.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))

    def words(*names: str) -> frozenset[str]:
        return frozenset(word for name in names for word in table[name].split())

    return People(
        female=words("female_titles", "female_words"),
        male=words("male_titles", "male_words"),
        titles=words("female_titles", "male_titles", "titles"),
        female_names=words("female_names"),
        male_names=words("male_names"),
        outlets=words("outlets"),
        reports=words("reports"),
        bodies=words("bodies"),
        alike=tuple(frozenset(row.split()) for row in table["alike"]),
        places=frozenset(name.casefold() for name in Locale("en").territories.values())
        | frozenset(table["places"]),
    )


@dataclass(frozen=True)
class Mention:
    """A noun phrase: ``head`` its main word, ``name`` what it is called, ``key`` its last name.

    ``gender`` is ``"f"``, ``"m"`` or ``""`` where nothing tells. ``nouns`` are the lemmas of the
    common nouns that say what it is ("senator" of "Senator Reyes", of "Reyes, a senator").
    """

    head: int
    words: frozenset[int]
    name: str
    proper: bool
    sort: Sort
    gender: str
    subject: bool
    nouns: frozenset[str]

    @property
    def key(self) -> str:
        """The word by which a person is named later on: the last of the name."""
        return self.name.rsplit(" ", 1)[-1].casefold() if self.proper else ""


def is_proper(tokens: Tokens, at: int) -> bool:
    """Whether the word is of a name; the tagger takes some lower-case nouns for one."""
    return tokens.tag[at] in PROPER and not tokens.words[at][:1].islower()


def head_of(tokens: Tokens, words: set[int]) -> int:
    """Return the word of a noun phrase that grammar puts on top."""
    tops = [
        at
        for at in sorted(words)
        if tokens.head[at] not in words or tokens.head[at] == at
        if tokens.tag[at] in _NOMINAL or tokens.tag[at] in {"PRP", "PRP$", "CD", "DT", "JJ"}
    ]
    return tops[0] if tops else min(words)


def called(tokens: Tokens, words: set[int], head: int) -> str:
    """Return what the noun phrase ``words`` is called, without what only describes it.

    A proper name is what it is ("SANA" of "Syria's official SANA", "Syrian Observatory for Human
    Rights"); other phrases lose their relative clause, apposition and leading article if
    something else tells them from others.
    """
    if is_proper(tokens, head):
        run = _name_run(tokens, words, head)
        if run:
            return tokens.say(run)
    name = _TAIL.sub("", tokens.say(words)).strip(' ,;:—–-"“”')
    return _ARTICLE.sub("", name) if _tells(tokens, words) else name


def _tells(tokens: Tokens, words: set[int]) -> bool:
    return any(
        is_proper(tokens, at) and tokens.dep[tokens.head[at]] not in {"pobj", "relcl", "acl"}
        for at in words
    )


def _name_run(tokens: Tokens, words: set[int], head: int) -> set[int]:
    low = high = head
    while low - 1 in words and tokens.tag[low - 1] in PROPER | {"HYPH", "NNS", "CD"}:
        low -= 1
    while low < head and not tokens.words[low][0].isupper():
        low += 1
    # "Foreign Ministry": a capital says that the adjective is of the name.
    while (
        low - 1 in words
        and tokens.tag[low - 1] in {"JJ", "VBN", "NN"}
        and tokens.words[low - 1][:1].isupper()
        and not tokens.words[low - 1].endswith("-led")
        and tokens.start[low - 1] > 0
        and not _opens_sentence(tokens, low - 1)
    ):
        low -= 1
    while high + 1 in words and not tokens.space[high + 1]:
        after = high + 1
        if tokens.tag[after] in PROPER | {"HYPH"} and tokens.words[after] not in ",;":
            high = after
        elif tokens.lower[after] in _LINKS:
            end = after
            while end + 1 in words and tokens.lower[end] in _LINKS:
                end += 1
            if tokens.tag[end] not in PROPER or tokens.lower[after] == "and":
                break
            if tokens.lower[after] in {"of", "for"} and _is_person_name(tokens, low, high):
                break
            high = end
        else:
            break
    return set(range(low, high + 1))


def _opens_sentence(tokens: Tokens, at: int) -> bool:
    return at == tokens.bounds[tokens.sentence[at]][0]


def _is_person_name(tokens: Tokens, low: int, high: int) -> bool:
    words = people()
    first = tokens.lower[low].rstrip(".")
    return first in words.titles or first in words.female_names | words.male_names


def _nouns(tokens: Tokens, words: set[int], head: int) -> frozenset[str]:
    near = {head}
    for at in words:
        above = tokens.head[at]
        direct = above == head and tokens.dep[at] in {"compound", "appos", "nmod"}
        of_apposition = tokens.dep[at] in {"compound", "conj"} and tokens.dep[above] == "appos"
        if direct or of_apposition:
            near.add(at)
    plain = frozenset(tokens.lower[at].rstrip(".") for at in near)
    return plain | frozenset(tokens.lemma[at] for at in near)


def _sort(tokens: Tokens, head: int, nouns: frozenset[str], name: str) -> Sort:
    words = people()
    tag = tokens.tag[head]
    if tag == "NNS" or (tag == "NNPS" and not name.isupper()):
        return Sort.PEOPLE
    if any(tokens.dep[child] == "conj" for child in tokens.children[head]):
        return Sort.PEOPLE
    if tokens.lemma[head] in words.bodies | words.outlets | words.reports:
        return Sort.THING
    if nouns & (words.titles | words.female | words.male):
        return Sort.PERSON
    if is_proper(tokens, head):
        parts = name.split()
        if parts[0].casefold() in words.female_names | words.male_names and len(parts) > 1:
            return Sort.PERSON
        if any(part.casefold() in words.bodies | words.outlets for part in parts):
            return Sort.THING
        if (len(name) > 1 and name.isupper()) or name.casefold() in words.places:
            return Sort.THING
        return Sort.UNKNOWN
    return Sort.PERSON if _means_person(tokens.lemma[head]) else Sort.THING


@cache
def _means_person(lemma: str) -> bool:
    from broadsheet.attribution.extraction.finding import PERSONS

    words = people()
    return (
        lemma in PERSONS
        or lemma in words.titles | words.female | words.male
        or re.search(r"(?:ist|man|woman|ian|yer|cher|cian|ctor|leader|owner|maker)$", lemma)
        is not None
    )


def _gender(nouns: frozenset[str], name: str) -> str:
    words = people()
    first = name.split(maxsplit=1)[0].casefold().rstrip(".") if name else ""
    if nouns & words.female or first in words.female:
        return "f"
    if nouns & words.male or first in words.male:
        return "m"
    if first in words.female_names:
        return "f"
    return "m" if first in words.male_names else ""


def mention(tokens: Tokens, words: set[int]) -> Mention:
    """Return what the noun phrase ``words`` means."""
    head = head_of(tokens, words)
    name = called(tokens, words, head)
    nouns = _nouns(tokens, words, head)
    proper = is_proper(tokens, head)
    return Mention(
        head=head,
        words=frozenset(words),
        name=name,
        proper=proper,
        sort=_sort(tokens, head, nouns, name),
        gender=_gender(nouns, name),
        subject=tokens.dep[head] in SUBJECTS,
        nouns=nouns,
    )


def find(tokens: Tokens) -> list[Mention]:
    """Return the noun phrases of the text that something may refer back to, in order.

    They are those with a proper name for a head, and the subjects of verbs; pronouns are none.
    """
    found = []
    for at, tag in enumerate(tokens.tag):
        if tag not in _NOMINAL or tokens.dep[at] in {"compound", "nmod", "appos"}:
            continue
        if tag not in PROPER and tokens.dep[at] not in SUBJECTS | {"pobj", "dobj", "agent"}:
            continue
        if tag not in PROPER and tokens.child(at, "det", "poss", "amod", "compound") is None:
            continue
        if tokens.dep[at] == "conj" and tag not in PROPER:
            continue
        found.append(mention(tokens, phrases.noun_phrase(tokens, at) or {at}))
    return found
