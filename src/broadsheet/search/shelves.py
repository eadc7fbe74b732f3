"""Shelves: what every search engine of the paper has in common.

``IndexedStory`` remembers what each story was indexed by; an engine keeps the lists of places
for each token.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from time import monotonic
from typing import ClassVar, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from broadsheet import databases, new_rows
from broadsheet.search import impacts
from broadsheet.search.expressions import Expression, Has, every
from broadsheet.search.index import MAX_RESULTS, Found, Progress, State
from broadsheet.search.models import IndexedStory
from broadsheet.search.queries import Filters, Order, Query
from broadsheet.search.ranking import Asked, Ranked
from broadsheet.search.rows import (
    ANY,
    PLACE_BITS,
    Row,
    language_mark,
    of,
    of_many,
    of_new,
    place_of,
    texts_of,
    unpacked,
)
from broadsheet.stories.models import Story

_CHUNK = 500
_CHUNKS_A_TRANSACTION = 10
_ENDLESS = 1 << 62
# By date, so many matches are looked at: nobody pages deeper.
NEWEST = 3000
# How rare a word is changes little with the size of the archive, which takes time to count.
_SIZE_KEPT = 60.0
_T = TypeVar("_T")


def _chunks(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk


class Shelf(ABC):
    """The published stories, or all the others, between two places (ranking.Postings)."""

    # When all were counted, and how many they were.
    _counted: ClassVar[tuple[float, int]] = (-_ENDLESS, 0)

    def __init__(self, *, public: bool, first: int, last: int) -> None:
        self._public = public
        self._first = first
        self._last = last

    def size(self) -> int:
        """Return about how many stories are indexed."""
        at, size = Shelf._counted
        if monotonic() - at > _SIZE_KEPT:
            # Drafts and all: which they are stands beside the texts, and takes a reader's time.
            size = IndexedStory.objects.count()
            Shelf._counted = monotonic(), size
        return size

    def texts(self, places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield places with their texts (``ranking.Postings.texts``)."""
        for chunk in _chunks(places, _CHUNK):
            rows = IndexedStory.objects.filter(place__in=chunk).values_list("place", "tokens")
            for place, packed in rows:
                yield place, texts_of(packed)

    @abstractmethod
    def count(self, expression: Expression, most: int) -> int:
        """Return how many stories are meant, ``most`` if there are more."""

    @abstractmethod
    def places(self, expression: Expression, most: int) -> list[int]:
        """Return the places of the stories that are meant, the newest first."""

    @abstractmethod
    def levels(
        self, steps: Sequence[tuple[Expression, float]]
    ) -> Iterator[tuple[list[int], float]]:
        """Yield the places of the stories that each step means, with its value, in order."""


class Engine(ABC):
    """A search engine (index.Index), but for where it keeps its lists."""

    @abstractmethod
    def shelf(self, *, public: bool, first: int, last: int) -> Shelf:
        """Return the published stories, or the others, from ``first`` until before ``last``."""

    @abstractmethod
    def _clear(self) -> None:
        """Empty the lists."""

    @abstractmethod
    def _take_in(self, rows: Iterable[Row]) -> None:
        """Put stories into the lists; none of them is there."""

    @abstractmethod
    def _take_out(self, stories: Iterable[IndexedStory]) -> None:
        """Take stories out of the lists."""

    def _hold(self, news_ids: Sequence[int]) -> None:  # noqa: B027 - nothing to do for most
        """Keep others from putting the same stories until the transaction ends."""

    @contextmanager
    def in_bulk(self) -> Generator[None]:
        """Take in many stories in the block, in many transactions."""
        yield

    def put(self, news_ids: Iterable[int]) -> None:
        """Take in stories as they stand in the database; one that is gone is taken out."""
        with transaction.atomic():
            for chunk in _chunks(sorted(set(news_ids)), _CHUNK):
                self._hold(chunk)
                self._put(chunk, of(chunk))

    def put_new(self, stories: Iterable[Story]) -> None:
        """Take in stories that the caller's transaction has stored, as they are at hand."""
        for chunk in _chunks(stories, _CHUNK):
            news_ids = [story.news_id for story in chunk]
            self._hold(news_ids)
            self._put(news_ids, of_new(chunk))

    def _put(self, news_ids: Sequence[int], made: Iterable[Row]) -> None:
        standing = {story.news_id: story for story in _indexed(news_ids)}
        rows = {row.story.news_id: row for row in made}
        changed = [
            row for news_id, row in rows.items() if not _same(standing.get(news_id), row.story)
        ]
        self._drop(
            story
            for story in standing.values()
            if story.news_id not in rows or not _same(story, rows[story.news_id].story)
        )
        self._add(changed)

    def _add(self, rows: Sequence[Row]) -> None:
        if rows:
            _find_free_places([row.story for row in rows])
            self._take_in(rows)
            new_rows.insert([row.story for row in rows])

    def _drop(self, stories: Iterable[IndexedStory]) -> None:
        if gone := list(stories):
            self._take_out(gone)
            IndexedStory.objects.filter(place__in=[story.place for story in gone]).delete()

    def remove(self, news_ids: Iterable[int]) -> None:
        """Take stories out; those that are not in it are no error."""
        with transaction.atomic():
            for chunk in _chunks(set(news_ids), _CHUNK):
                self._drop(_indexed(chunk))

    def rebuild(self, progress: Progress | None = None) -> int:
        """Fill the index from nothing and return how many stories it holds.

        Newest first, a few thousand a transaction, so that the newsroom can go on writing
        meanwhile and what readers look for most is there first.
        """
        with transaction.atomic():
            self._clear()
            IndexedStory.objects.all().delete()
        waiting = list(Story.objects.newest_first().values_list("pk", flat=True))
        done = 0
        with databases.in_bulk(), self.in_bulk():
            for part in _chunks(of_many([*_chunks(waiting, _CHUNK)]), _CHUNKS_A_TRANSACTION):
                with transaction.atomic():
                    self._add_missing([row for _, rows in part for row in rows])
                done += sum(len(chunk) for chunk, _ in part)
                if progress is not None:
                    progress(done, len(waiting))
        return IndexedStory.objects.count()

    def _add_missing(self, rows: Sequence[Row]) -> None:
        """Add rows that were made a moment ago.

        What stands in the index by now is newer, and what stands in the paper no more is gone.
        """
        news_ids = [row.story.news_id for row in rows]
        self._hold(news_ids)
        standing = IndexedStory.objects.filter(news_id__in=news_ids)
        newer = set(standing.values_list("news_id", flat=True))
        there = set(Story.objects.filter(pk__in=news_ids).values_list("pk", flat=True))
        missing = there - newer
        self._add([row for row in rows if row.story.news_id in missing])

    def state(self) -> State:
        """Say how full the index is."""
        return State(
            stories=Story.objects.count(),
            indexed=IndexedStory.objects.count(),
            public=IndexedStory.objects.filter(public=True).count(),
        )

    def query(
        self, query: Query, filters: Filters, *, order: Order, offset: int, limit: int
    ) -> Found:
        """Return a page of the stories that readers may see."""
        shelf = self.shelf(
            public=True, first=_row(filters.since, -_ENDLESS), last=_row(filters.before, _ENDLESS)
        )
        asked = Asked(shelf, query, _languages(filters), _among(filters))
        if asked.hopeless or not (asked.has_words or filters):
            return Found()
        if order == "relevance" and asked.has_words:
            ranked = asked.ranked(MAX_RESULTS)
        else:
            ranked = _by_date(asked)
        return _page(ranked, offset, limit)

    def matching(self, query: Query, *, limit: int) -> list[int]:
        """Return the News IDs of any stories, drafts too, that match, newest first."""
        places: list[int] = []
        for public in (True, False):
            shelf = self.shelf(public=public, first=-_ENDLESS, last=_ENDLESS)
            asked = Asked(shelf, query, _languages(Filters()), None)
            places += asked.newest(limit)[0]
        return _news_ids(sorted(places, reverse=True)[:limit])


def _indexed(news_ids: Sequence[int]) -> list[IndexedStory]:
    return list(IndexedStory.objects.filter(news_id__in=news_ids))


def _same(standing: IndexedStory | None, row: IndexedStory) -> bool:
    # A place may have been moved by a few where two stories met.
    return (
        standing is not None
        and standing.place >> PLACE_BITS == row.place >> PLACE_BITS
        and standing.public == row.public
        and standing.until == row.until
        and _is_packed_the_same(standing.tokens, row.tokens)
    )


def _is_packed_the_same(one: bytes | memoryview, other: bytes | memoryview) -> bool:
    # Another version of what packs, or another processor, may pack the same otherwise.
    return bytes(one) == bytes(other) or unpacked(one) == unpacked(other)


def _find_free_places(rows: Sequence[IndexedStory]) -> None:
    """Move a story whose place is taken: two in one minute, a million News IDs apart."""
    places = IndexedStory.objects.filter(place__in=[row.place for row in rows])
    taken = set(places.values_list("place", flat=True))
    for row in rows:
        while row.place in taken:
            row.place += 1 << impacts.LENGTH_BITS
            if IndexedStory.objects.filter(place=row.place).exists():
                taken.add(row.place)
        taken.add(row.place)


def _row(at: datetime | None, otherwise: int) -> int:
    """Return the first place of a minute."""
    return otherwise if at is None else place_of(at, 0, 0)


def _languages(filters: Filters) -> Sequence[str]:
    return [filters.language] if filters.language else settings.PAPER_LANGUAGES


def _among(filters: Filters) -> Expression | None:
    """Return what stories must be filed under; a stretch of time alone means every one in it."""
    keys = {"s": filters.section, "t": filters.topic, "a": filters.agency, "b": filters.byline}
    marks = [f"{letter}{int(key)}" for letter, key in keys.items() if key is not None]
    if filters.language:
        marks.append(language_mark(filters.language))
    if not marks and filters:
        marks.append(ANY)
    return every(Has(impacts.mark(name)) for name in marks) if marks else None


def _by_date(asked: Asked) -> Ranked:
    full, more = asked.newest(NEWEST)
    partial = [] if full else asked.some_newest(MAX_RESULTS)
    return Ranked(full=full, partial=partial, total=len(full), partials=len(partial), more=more)


def _page(ranked: Ranked, offset: int, limit: int) -> Found:
    """Return a page of what was found, without what has expired or is not public any more."""
    expired = set(
        IndexedStory.objects.filter(until__lte=timezone.now()).values_list("place", flat=True)
    )
    full = [place for place in ranked.full if place not in expired]
    partial = [place for place in ranked.partial if place not in expired]
    news_ids = _news_ids([*full, *partial][:MAX_RESULTS][offset : offset + limit])
    public = set(Story.objects.public().filter(pk__in=news_ids).values_list("pk", flat=True))
    with_all = news_ids[: max(0, len(full) - offset)]
    shown = tuple(news_id for news_id in news_ids if news_id in public)
    partial_from = len(public.intersection(with_all))
    return Found(
        news_ids=shown,
        total=ranked.total - (len(ranked.full) - len(full)),
        more=ranked.more,
        partial_from=partial_from if partial_from < len(shown) else None,
        partial=ranked.partials - (len(ranked.partial) - len(partial)),
    )


def _news_ids(places: Sequence[int]) -> list[int]:
    """Return the News IDs of places, in their order."""
    of_place = dict(IndexedStory.objects.filter(place__in=places).values_list("place", "news_id"))
    return [of_place[place] for place in places if place in of_place]
