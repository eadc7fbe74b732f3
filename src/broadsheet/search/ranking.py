"""Ranking: which stories an asked question finds, in which order. No engine, no database.

A question is a few terms. ::

    a term's stories   read from the index as lists of places, with the level of each
    score              how rare the term is x how much it says there, summed over the terms
    order              stories with every term, then those with some; equal scores newest first

Only lists that fit into ``POOL`` are read whole. Where every word is commoner than that, the
stories about which the words say most are read first, level by level, until there are enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from time import monotonic
from typing import Protocol

from broadsheet.search.expressions import Every, Expression, Has, Without, every, some
from broadsheet.search.impacts import LENGTH_BITS, LEVELS, ONCE, ROOMS, level
from broadsheet.search.queries import Query, Term, Wording, wordings

# So many places are read of one list; 30 ns a place to count, 250 ns to read.
POOL = 6000
# Lists of levels are a third of a list: up to this size it is quicker to read them whole.
_WHOLE = 10_000
# So many texts are looked through for words that must stand together; 20 µs a text.
PHRASES = 3000
_PAIRS = 1000
# What stands before and behind a word.
_BETWEEN = b" \n"
# Rarity of a word that more than two stories of five have.
_TELLS_NOTHING = log(2.5)
# In so small a paper it may be chance that many stories have a word.
_SMALL = 1000
# A reader waits no longer, whatever was asked: what is ranked by then is shown.
SECONDS = 0.5


class Postings(Protocol):
    """What an engine lets ranking read: one table, narrowed by the reader's filters."""

    def size(self) -> int:
        """Return about how many stories the table has."""

    def count(self, expression: Expression, most: int) -> int:
        """Return how many stories are meant, ``most`` if there are more."""

    def places(self, expression: Expression, most: int) -> list[int]:
        """Return the places of the stories that are meant, the newest first."""

    def levels(
        self, steps: Sequence[tuple[Expression, float]]
    ) -> Iterator[tuple[list[int], float]]:
        """Yield the places of the stories that each step means, with its value, in order."""

    def texts(self, places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield places with their texts.

        That is, in UTF-8, a line feed before and behind each field, and the forms in it in its
        order, a space between.
        """


@dataclass(frozen=True)
class Sought:
    """A term as the index is asked for it: ``forms`` stand alone, ``phrases`` together."""

    expression: Expression
    forms: tuple[str, ...]
    phrases: tuple[Wording, ...]
    exact: bool
    # What of it must stand in a text, in UTF-8, and whether a word may go on behind.
    written: tuple[tuple[bytes, bool], ...]

    @classmethod
    def of(cls, term: Term, languages: Sequence[str]) -> Sought | None:
        """Return how ``term`` is asked for; ``None`` if nothing of it can stand in a text."""
        ways = wordings(term, languages)
        if not ways:
            return None
        return cls(
            expression=some(
                every(
                    Has(form, way.begins and number == len(way.forms))
                    for number, form in enumerate(way.forms, start=1)
                )
                for way in ways
            ),
            forms=tuple(way.forms[0] for way in ways if len(way.forms) == 1 and not way.begins),
            phrases=tuple(way for way in ways if len(way.forms) > 1),
            exact=term.phrase,
            written=tuple(
                (" ".join(way.forms).encode(errors="surrogatepass"), way.begins)
                for way in ways
                if len(way.forms) > 1 or not way.begins
            ),
        )

    def stands_in(self, texts: bytes) -> bool:
        """Tell whether a story's ``texts`` have the term, words of a phrase together."""
        for words, begins in self.written:
            at = texts.find(words)
            while at > 0:
                end = at + len(words)
                if texts[at - 1] in _BETWEEN and (begins or texts[end] in _BETWEEN):
                    return True
                at = texts.find(words, at + 1)
        return False

    def steps(self, among: Expression | None) -> list[tuple[Expression, float]]:
        """Return what to read for the term's levels, the lowest first."""
        forms = self.forms or tuple(form for way in self.phrases for form in way.forms)
        found = []
        for letter, value in LEVELS.items():
            if forms:
                tokens = some(Has(level(form, letter)) for form in forms)
                found.append((tokens if among is None else Every((tokens, among)), value))
        return found


@dataclass
class Ranked:
    """Places in order: ``full`` have every term, ``partial`` some; ``more``: there are more."""

    full: list[int] = field(default_factory=list)
    partial: list[int] = field(default_factory=list)
    total: int = 0
    partials: int = 0
    more: bool = False


class Asked:
    """A question, put to one table."""

    def __init__(
        self, postings: Postings, query: Query, languages: Sequence[str], among: Expression | None
    ) -> None:
        """``among`` narrows what is found, and is asked for by itself where there are no words."""
        self._postings = postings
        terms = [Sought.of(term, languages) for term in query.wanted]
        self._terms = [term for term in terms if term is not None]
        # Stems widen what is looked for; what is not wanted is only what was typed.
        unwanted = [Sought.of(term, ()) for term in query.unwanted]
        self._unwanted = [term for term in unwanted if term is not None]
        self._among = among
        # Words were typed, but none that could stand in a text.
        self.hopeless = bool(query.wanted) and not self._terms
        self._until = monotonic() + SECONDS

    @property
    def has_words(self) -> bool:
        """Tell whether there is anything to rank by."""
        return bool(self._terms)

    def _narrowed(self, expression: Expression) -> Expression:
        if self._among is not None:
            expression = Every((expression, self._among))
        words = [term.expression for term in self._unwanted if not term.phrases]
        return Without(expression, some(words)) if words else expression

    def _everything(self) -> Expression | None:
        if self._terms:
            return self._narrowed(every(term.expression for term in self._terms))
        return self._among

    def newest(self, most: int) -> tuple[list[int], bool]:
        """Return the places of the newest stories with every term, and whether there are more."""
        expression = self._everything()
        if expression is None:
            return [], False
        checked = [term for term in self._terms if term.phrases]
        banned = [term for term in self._unwanted if term.phrases]
        if not checked and not banned:
            places = self._postings.places(expression, most + 1)
            return places[:most], len(places) > most
        places = self._postings.places(expression, PHRASES + 1)
        kept = self._standing(places[:PHRASES], checked, banned)
        found = [place for place in places if place in kept]
        return found[:most], len(places) > PHRASES or len(found) > most

    def some_newest(self, most: int) -> list[int]:
        """Return the places of the newest stories with any of the terms."""
        words = [term.expression for term in self._terms]
        return self._postings.places(self._narrowed(some(words)), most) if words else []

    def _standing(
        self, places: Sequence[int], terms: Sequence[Sought], banned: Sequence[Sought]
    ) -> set[int]:
        """Return those of ``places`` whose text has all of ``terms`` and none of ``banned``."""
        found = set()
        for place, texts in self._postings.texts(places):
            if all(term.stands_in(texts) for term in terms) and not any(
                term.stands_in(texts) for term in banned
            ):
                found.add(place)
            if monotonic() > self._until:
                break
        return found

    def ranked(self, most: int) -> Ranked:
        """Return the best ``most`` stories with every term, then the best with some."""
        counts = [self._postings.count(self._narrowed(t.expression), _ENDLESS) for t in self._terms]
        size = max(self._postings.size(), *counts)
        rarity = [log(1 + (size - count + 0.5) / (count + 0.5)) for count in counts]
        order = sorted(range(len(counts)), key=lambda number: counts[number])
        pool: list[int] = []
        room = POOL
        for number in order:
            if counts[number] > room:
                break
            room -= counts[number]
            if counts[number]:
                pool.append(number)
        if pool:
            among = some(self._terms[number].expression for number in pool)
        elif not any(counts):
            return Ranked()
        else:
            everything = every(term.expression for term in self._terms)
            total = (
                counts[order[0]]
                if len(counts) == 1
                else self._postings.count(self._narrowed(everything), POOL + 1)
            )
            if total > POOL:
                return self._best_first(order, rarity, total, most)
            if not total:
                return self._best_alone(order, rarity, most)
            among, pool = everything, []
        return self._scored(pool, among, counts, rarity, size=size, most=most)

    def _scored(
        self,
        pool: Sequence[int],
        among: Expression,
        counts: Sequence[int],
        rarity: Sequence[float],
        *,
        size: int,
        most: int,
    ) -> Ranked:
        scores: dict[int, float] = {}
        terms_of: dict[int, int] = {}
        for number in sorted(range(len(counts)), key=lambda number: counts[number]):
            if not counts[number]:
                continue
            term = self._terms[number]
            within = None if number in pool else among
            presence = term.expression if within is None else every((term.expression, within))
            weights = dict.fromkeys(self._postings.places(self._narrowed(presence), _ENDLESS), ONCE)
            if monotonic() < self._until:
                steps = term.steps(None if counts[number] <= _WHOLE else within)
                for places, weight in self._postings.levels(steps):
                    weights.update(dict.fromkeys(weights.keys() & places, weight))
            if term.phrases and (term.exact or len(weights) <= _PAIRS):
                places = sorted(weights, reverse=True)[:PHRASES]
                kept = self._standing(places, [term], ())
                weights = {place: value for place, value in weights.items() if place in kept}
            rare = rarity[number]
            for place, weight in weights.items():
                impact = weight / (weight + ROOMS[place & _LENGTH])
                scores[place] = scores.get(place, 0.0) + rare * impact
                terms_of[place] = terms_of.get(place, 0) | 1 << number
        if banned := [term for term in self._unwanted if term.phrases]:
            kept = self._standing(sorted(scores, reverse=True)[:PHRASES], (), banned)
            terms_of = {place: terms for place, terms in terms_of.items() if place in kept}
        # Whether a story has a word that nearly all have tells nothing of it.
        telling = [
            number for number, rare in enumerate(rarity) if rare > _TELLS_NOTHING or size < _SMALL
        ]
        wanted = sum(1 << number for number in telling or range(len(rarity)))
        full = [place for place, terms in terms_of.items() if terms & wanted == wanted]
        partial = [place for place, terms in terms_of.items() if terms & wanted != wanted]
        return Ranked(
            full=_best(scores, full, most),
            partial=_best(scores, partial, most - len(full)),
            total=len(full),
            partials=len(partial),
        )

    def _best_first(
        self, order: Sequence[int], rarity: Sequence[float], total: int, most: int
    ) -> Ranked:
        """Read the stories with every term from the highest levels of the two rarest down."""
        rest = [self._terms[number].expression for number in order[2:]]
        steps = [
            ([*expressions, *rest], worth)
            for one in self._falling(order[0], rarity)
            for two in (self._falling(order[1], rarity) if len(order) > 1 else [None])
            for expressions, worth in [_joined(one, two)]
        ]
        checked = [term for term in self._terms if term.phrases and term.exact]
        banned = [term for term in self._unwanted if term.phrases]
        if not checked and not banned:
            full = self._read(steps, most)
            return Ranked(full=full, total=total, more=len(order) > 1)
        places = self._read(steps, PHRASES)
        kept = self._standing(places, checked, banned)
        full = [place for place in places if place in kept]
        return Ranked(full=full[:most], total=len(full), more=True)

    def _best_alone(self, order: Sequence[int], rarity: Sequence[float], most: int) -> Ranked:
        """Read stories with one of the terms, where none has every one and all are common."""
        steps = [
            ([step[0]], [step[1]]) for number in order for step in self._falling(number, rarity)
        ]
        partial = self._read(steps, most)
        return Ranked(partial=partial, partials=len(partial))

    def _falling(self, number: int, rarity: Sequence[float]) -> list[_Step]:
        term = self._terms[number]
        steps = [*reversed(term.steps(None)), (term.expression, ONCE)]
        return [(expression, (rarity[number], weight)) for expression, weight in steps]

    def _read(self, steps: list[tuple[list[Expression], list[_Worth]]], most: int) -> list[int]:
        """Read ``steps``, the best for a story of usual length first, until there are enough."""
        steps.sort(key=lambda step: -_score(step[1], _USUAL))
        found: dict[int, float] = {}
        for expressions, worth in steps:
            for place in self._postings.places(
                self._narrowed(every(expressions)), most + len(found)
            ):
                if place not in found:
                    found[place] = _score(worth, ROOMS[place & _LENGTH])
            if len(found) >= most or monotonic() > self._until:
                break
        return _best(found, found, most)


# How rare a term is, and its weight in a story.
_Worth = tuple[float, float]
_Step = tuple[Expression, _Worth]


def _joined(one: _Step, two: _Step | None) -> tuple[list[Expression], list[_Worth]]:
    steps = [one] if two is None else [one, two]
    return [expression for expression, _ in steps], [worth for _, worth in steps]


def _score(worth: Iterable[_Worth], room: float) -> float:
    return sum(rare * weight / (weight + room) for rare, weight in worth)


_ENDLESS = 1 << 62
_LENGTH = (1 << LENGTH_BITS) - 1
_USUAL = ROOMS[len(ROOMS) // 2]


def _best(scores: dict[int, float], places: Iterable[int], most: int) -> list[int]:
    newest = sorted(places, reverse=True)
    # Sorting leaves equals as they are.
    newest.sort(key=scores.__getitem__, reverse=True)
    return newest[: max(0, most)]
