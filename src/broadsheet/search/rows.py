"""Rows: what a story is indexed by, worked out in other processes where that helps.

A story's place says where it stands in time (its minute, then its News ID) and how long it is.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from operator import attrgetter

from django.db import connection
from isal import isal_zlib

from broadsheet.search import documents, hands, impacts, new_documents, own_texts
from broadsheet.search.cutting import cut
from broadsheet.search.documents import Document
from broadsheet.search.models import IndexedStory
from broadsheet.stories.languages import main_language
from broadsheet.stories.models import Story

ANY = "any"
_NUMBER_BITS = 20
PLACE_BITS = _NUMBER_BITS + impacts.LENGTH_BITS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Of igzip's levels the one beyond which nothing is gained: in half the time that libdeflate's
# fastest takes, texts are a twentieth smaller.
_PACKED = 1
# A process of its own takes a second to start.
WORTH_A_PROCESS = 3000
# Chunks that wait for whoever stores them, beside those at work: as many as are stored in one
# transaction, for the others would have nothing to do meanwhile.
_AHEAD = 10


def place_of(at: datetime, news_id: int, length: int) -> int:
    """Return the place of a story in the index: its minute, its News ID, its step of length."""
    minute = (at - _EPOCH) // timedelta(minutes=1)
    number = news_id % (1 << _NUMBER_BITS)
    return (minute << PLACE_BITS) | (number << impacts.LENGTH_BITS) | length


def language_mark(language: str) -> str:
    """Return the mark of stories in ``language``, a tag or a main language."""
    return "l" + "".join(filter(str.isalnum, language.lower()))


def _marks(document: Document) -> list[str]:
    marks = [ANY, f"s{document.section}", language_mark(document.language)]
    if (main := language_mark(main_language(document.language))) not in marks:
        marks.append(main)
    marks.extend(f"t{key}" for key in document.topics)
    marks.extend(f"a{key}" for key in document.agencies)
    marks.extend(f"b{key}" for key in document.bylines)
    return marks


@dataclass(frozen=True)
class Row:
    """A story on its way into the index: what is remembered of it, and its tokens."""

    story: IndexedStory
    tokens: str

    @classmethod
    def of(cls, story: IndexedStory) -> Row:
        """Return ``story`` with the tokens it was indexed by."""
        return cls(story, unpacked(story.tokens).partition(b"\n")[0].decode())

    @classmethod
    def of_values(cls, values: hands.Values) -> Row:
        """Return the row with these :attr:`values`."""
        place, news_id, public, until, packed, tokens = values
        return cls(IndexedStory(place, news_id, public, until, packed), tokens)

    @property
    def values(self) -> hands.Values:
        """The row as plain values: those of ``IndexedStory`` in their order, and the tokens."""
        story = self.story
        packed = bytes(story.tokens)
        return story.place, story.news_id, story.public, story.until, packed, self.tokens

    @classmethod
    def made_of(cls, document: Document) -> Row:
        """Work out what ``document`` is indexed by."""
        language = document.language
        own = own_texts.of(document.headline, document.lead, document.body, language)
        captions, names = cut(document.captions, language), cut(document.names, language)
        tokens = own.weighed.tokens(_marks(document), {"captions": captions, "names": names})
        length = own.weighed.length + captions.length + names.length
        # The texts in the order of impacts.FIELDS.
        texts = (own.headline, own.lead, own.body, captions.main, names.main)
        remembered = "\n".join((tokens, *texts))
        story = IndexedStory(
            place=place_of(document.at, document.news_id, impacts.length_step(length)),
            news_id=document.news_id,
            public=document.public,
            until=document.until,
            tokens=isal_zlib.compress(remembered.encode(), _PACKED),
        )
        return cls(story, tokens)


def texts_of(remembered: bytes | memoryview) -> bytes:
    """Return the texts in what is ``remembered`` of a story, as ``ranking.Postings`` has them."""
    whole = unpacked(remembered)
    return whole[whole.index(b"\n") :] + b"\n"


def unpacked(remembered: bytes | memoryview) -> bytes:
    """Return what is ``remembered`` of a story (``IndexedStory.tokens``), not packed."""
    return isal_zlib.decompress(remembered)


def of(news_ids: Sequence[int]) -> list[Row]:
    """Return the row of each story of ``news_ids`` that exists, as it stands in the database."""
    return _made_of(documents.of(news_ids))


def of_new(stories: Iterable[Story]) -> list[Row]:
    """Return the rows of stories that were stored this moment (``new_documents.of_new``)."""
    return _made_of(new_documents.of_new(stories))


def _made_of(made: Iterable[Document]) -> list[Row]:
    # One language after the other: what its commonest words come to stays at the processor's
    # hand, which saves a fifth of the time for cutting.
    return [Row.made_of(each) for each in sorted(made, key=attrgetter("language"))]


def of_many(chunks: Sequence[Sequence[int]]) -> Iterator[tuple[Sequence[int], list[Row]]]:
    """Yield each of ``chunks`` with its rows, in order; read ahead, by as many processes as cores.

    A row may be older than what stands in the database when it comes. Where the caller is in a
    transaction, which no other process sees, or it is not worth it, all is done here and now.
    """
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if processes == 1 or connection.in_atomic_block or sum(map(len, chunks)) < WORTH_A_PROCESS:
        for chunk in chunks:
            yield chunk, of(chunk)
        return
    waiting: deque[tuple[Sequence[int], Future[list[hands.Values]]]] = deque()
    ahead = 2 * processes + _AHEAD
    with ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),
        initializer=hands.begin,
        initargs=(os.getpid(),),
    ) as pool:
        try:
            for chunk in chunks:
                waiting.append((chunk, pool.submit(hands.values_of, chunk)))
                if len(waiting) > ahead:
                    first, rows = waiting.popleft()
                    yield first, [Row.of_values(each) for each in rows.result()]
            while waiting:
                first, rows = waiting.popleft()
                yield first, [Row.of_values(each) for each in rows.result()]
        except BaseException:
            # What is still waiting nobody will take.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
