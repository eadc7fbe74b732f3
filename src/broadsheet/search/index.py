"""The index: the one place that says which engine keeps it, and what an engine must do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from broadsheet.search.queries import Filters, Order, Query, parse
from broadsheet.stories.models import Story

Progress = Callable[[int, int], None]
# Deeper than this nobody pages; a search is cut there.
MAX_RESULTS = 1000


@dataclass(frozen=True)
class Found:
    """One page of what was found.

    ``news_ids`` are in order. ``total`` counts the stories that have everything that was asked
    for; where ``more`` is set there are at least that many. Stories from ``partial_from`` on
    (counted within this page) have only some of the words; ``partial`` says how many of those
    there are in all.
    """

    news_ids: tuple[int, ...] = ()
    total: int = 0
    more: bool = False
    partial_from: int | None = None
    partial: int = 0


@dataclass(frozen=True)
class State:
    """How full the index is: the stories of the paper and those that stand in it."""

    stories: int
    indexed: int
    public: int


class Index(Protocol):
    """What a search engine does for the paper.

    ``put``, ``put_new`` and ``remove`` take part in the caller's transaction.
    """

    def put(self, news_ids: Iterable[int]) -> None:
        """Take in stories as they stand in the database; one that is gone is taken out."""

    def put_new(self, stories: Iterable[Story]) -> None:
        """Take in stories that the caller's transaction has stored, as they are at hand."""

    def remove(self, news_ids: Iterable[int]) -> None:
        """Take stories out; those that are not in it are no error."""

    def rebuild(self, progress: Progress | None = None) -> int:
        """Fill the index from nothing and return how many stories it holds."""

    def query(
        self,
        query: Query,
        filters: Filters,
        *,
        order: Order,
        offset: int,
        limit: int,
    ) -> Found:
        """Return a page of the stories that readers may see."""

    def matching(self, query: Query, *, limit: int) -> list[int]:
        """Return the News IDs of any stories, drafts too, that match, newest first."""

    def state(self) -> State:
        """Say how full the index is."""

    def in_bulk(self) -> AbstractContextManager[None]:
        """Take in many stories in the block, in many transactions."""


@cache
def engine() -> Index:
    """Return the engine that goes with the database.

    Raises ``ImproperlyConfigured`` for a database that has none.
    """
    # Each engine's tables are its own database's.
    if connection.vendor == "sqlite":
        from broadsheet.search.fts5 import Fts5

        return Fts5()
    if connection.vendor == "postgresql":
        from broadsheet.search.postgres import Postgres

        return Postgres()
    raise ImproperlyConfigured(f"There is no search for {connection.display_name}.")


def put(stories: Iterable[Story]) -> None:
    """Index ``stories`` as they stand in the database, within the caller's transaction.

    Whoever stores stories without Wagtail's signals (``bulk_create``) calls this.
    """
    engine().put([story.pk for story in stories])


def put_new(stories: Iterable[Story]) -> None:
    """Index ``stories``, which the caller's transaction has just stored with all their parts.

    What is indexed is read off them and not asked of the database: they must be as stored.
    """
    engine().put_new(stories)


def in_bulk() -> AbstractContextManager[None]:
    """Expect many stories in the block, put in many transactions of their own.

    To be entered and left outside any transaction. What is put is found at once, as ever.
    """
    return engine().in_bulk()


def remove(news_ids: Iterable[int]) -> None:
    """Take stories out of the index, within the caller's transaction."""
    engine().remove(news_ids)


def rebuild(progress: Progress | None = None) -> int:
    """Fill the index from nothing, newest stories first, and return how many it holds.

    ``progress`` is told how many stories are done, of how many. Readers find the newest
    stories while it runs. An interrupted rebuild is repeated whole.
    """
    return engine().rebuild(progress)


def query(
    text: str,
    filters: Filters | None = None,
    *,
    order: Order = "relevance",
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """Return a page of the public stories that ``text`` (the query language) asks for."""
    limit = max(0, min(limit, MAX_RESULTS - offset))
    return engine().query(
        parse(text), filters or Filters(), order=order, offset=max(0, offset), limit=limit
    )


def matching(text: str, *, limit: int = MAX_RESULTS) -> list[int]:
    """Return the News IDs of stories, drafts too, that match ``text``, newest first.

    For the newsroom only: readers must not see what this finds.
    """
    return engine().matching(parse(text), limit=limit)
