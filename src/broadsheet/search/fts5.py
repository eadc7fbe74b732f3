"""The index in SQLite: two FTS5 tables, one of what readers may see, one of everything else.

FTS5 (https://sqlite.org/fts5.html) keeps no text here, only which forms stand where; to take a
story out again it must be told what was put in, which ``IndexedStory.tokens`` remembers. A
story's row number is its place in time, so that the newest matches come first without sorting,
and days are ranges of rows. What a story is filed under are words of a column of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from broadsheet.search import documents
from broadsheet.search.documents import Document
from broadsheet.search.index import MAX_RESULTS, Found, Progress, State
from broadsheet.search.models import IndexedStory
from broadsheet.search.queries import Filters, Order, Query, Term, Wording, wordings
from broadsheet.search.words import index_texts
from broadsheet.stories.languages import main_language
from broadsheet.stories.models import Story

PUBLIC = "search_public"
DRAFTS = "search_drafts"
# Column and its weight in BM25: what a word there counts for, beside one in the body. The
# columns named "other" hold the forms that do not stand in the text as they are. "marks" is
# never asked by readers' words. The migration makes the tables with these columns.
COLUMNS = {
    "headline": 5.0,
    "lead": 2.0,
    "body": 1.0,
    "captions": 1.0,
    "names": 2.0,
    "headline_other": 2.5,
    "other": 0.5,
    "marks": 0.0,
}
# Ranking looks at so many of the newest matches, and at the newest headlines that match.
# BM25 costs about 10 µs a match, and the words with more matches than that say little.
CANDIDATES = 3000
HEADLINES = 500
# A reader waits no longer, whatever was asked: what is ranked by then is shown.
SECONDS = 0.5

_PLACE_BITS = 20
_ANY = "any"
_CHUNK = 500
_CHUNKS_A_TRANSACTION = 4
_ENDLESS = 1 << 62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join(["%s"] * len(COLUMNS))
_T = TypeVar("_T")


def place_of(at: datetime, news_id: int) -> int:
    """Return the row of a story in the index: its minute, then its News ID."""
    minute = (at - _EPOCH) // timedelta(minutes=1)
    return (minute << _PLACE_BITS) | (news_id % (1 << _PLACE_BITS))


def _chunks(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _language_mark(language: str) -> str:
    return "l" + "".join(filter(str.isalnum, language.lower()))


def _marks(document: Document) -> str:
    marks = [_ANY, f"s{document.section}", _language_mark(document.language)]
    if (main := _language_mark(main_language(document.language))) not in marks:
        marks.append(main)
    marks.extend(f"t{key}" for key in document.topics)
    marks.extend(f"a{key}" for key in document.agencies)
    marks.extend(f"b{key}" for key in document.bylines)
    return " ".join(marks)


def _tokens(document: Document) -> tuple[str, ...]:
    """Return what stands in each column for ``document``, in the order of :data:`COLUMNS`."""
    language = document.language
    headline, headline_other = index_texts(document.headline, language)
    lead, lead_other = index_texts(document.lead, language)
    body, body_other = index_texts(document.body, language)
    captions, captions_other = index_texts(document.captions, language)
    names, names_other = index_texts(document.names, language)
    others = " ".join(filter(None, (lead_other, body_other, captions_other, names_other)))
    return headline, lead, body, captions, names, headline_other, others, _marks(document)


def _packed(tokens: Sequence[str]) -> bytes:
    # The fastest level: the gain of the others is a tenth, their cost a multiple.
    return zlib.compress("\n".join(tokens).encode(), 1)


def _unpacked(packed: bytes) -> list[str]:
    return zlib.decompress(packed).decode().split("\n")


def _phrase(wording: Wording) -> str:
    forms = " ".join(wording.forms).replace('"', '""')
    return f'"{forms}"{" *" if wording.begins else ""}'


class Fts5:
    """SQLite's FTS5 as the paper's search engine."""

    def put(self, news_ids: Iterable[int]) -> None:
        """Take in stories as they stand in the database; one that is gone is taken out."""
        with transaction.atomic():
            for chunk in _chunks(sorted(set(news_ids)), _CHUNK):
                self._put(chunk)

    def _put(self, news_ids: Sequence[int]) -> None:
        standing = {row.news_id: row for row in IndexedStory.objects.filter(news_id__in=news_ids)}
        tokens: dict[int, tuple[str, ...]] = {}
        rows: dict[int, IndexedStory] = {}
        for document in documents.of(news_ids):
            tokens[document.news_id] = _tokens(document)
            rows[document.news_id] = IndexedStory(
                place=place_of(document.at, document.news_id),
                news_id=document.news_id,
                public=document.public,
                until=document.until,
                tokens=_packed(tokens[document.news_id]),
            )
        changed = [row for row in rows.values() if not self._same(standing.get(row.news_id), row)]
        self._take_out(
            row
            for row in standing.values()
            if row.news_id not in rows or not self._same(row, rows[row.news_id])
        )
        self._find_free_places(changed)
        # FTS5 writes its buffer out whenever a row comes before the last one.
        self._take_in(sorted(changed, key=lambda row: row.place), tokens)

    @staticmethod
    def _same(standing: IndexedStory | None, row: IndexedStory) -> bool:
        # A place may have been moved by a few where two stories met.
        return (
            standing is not None
            and standing.place >> _PLACE_BITS == row.place >> _PLACE_BITS
            and standing.public == row.public
            and standing.until == row.until
            and bytes(standing.tokens) == bytes(row.tokens)
        )

    @staticmethod
    def _find_free_places(rows: Sequence[IndexedStory]) -> None:
        """Move a story whose place is taken: two in one minute, a million News IDs apart."""
        taken = set(
            IndexedStory.objects.filter(place__in=[row.place for row in rows]).values_list(
                "place", flat=True
            )
        )
        for row in rows:
            while row.place in taken:
                row.place += 1
                if IndexedStory.objects.filter(place=row.place).exists():
                    taken.add(row.place)
            taken.add(row.place)

    def _take_in(self, rows: Sequence[IndexedStory], tokens: Mapping[int, Sequence[str]]) -> None:
        with connection.cursor() as cursor:
            for table in (PUBLIC, DRAFTS):
                cursor.executemany(
                    f"INSERT INTO {table}(rowid, {_NAMES}) VALUES (%s, {_VALUES})",  # noqa: S608
                    [
                        (row.place, *tokens[row.news_id])
                        for row in rows
                        if row.public == (table == PUBLIC)
                    ],
                )
        IndexedStory.objects.bulk_create(rows)

    def _take_out(self, rows: Iterable[IndexedStory]) -> None:
        places = []
        with connection.cursor() as cursor:
            for row in rows:
                table = PUBLIC if row.public else DRAFTS
                cursor.execute(
                    f"INSERT INTO {table}({table}, rowid, {_NAMES}) "  # noqa: S608
                    f"VALUES ('delete', %s, {_VALUES})",
                    (row.place, *_unpacked(bytes(row.tokens))),
                )
                places.append(row.place)
        IndexedStory.objects.filter(place__in=places).delete()

    def remove(self, news_ids: Iterable[int]) -> None:
        """Take stories out; those that are not in it are no error."""
        with transaction.atomic():
            for chunk in _chunks(set(news_ids), _CHUNK):
                self._take_out(list(IndexedStory.objects.filter(news_id__in=chunk)))

    def rebuild(self, progress: Progress | None = None) -> int:
        """Fill the index from nothing and return how many stories it holds.

        Newest first, a few thousand a transaction, so that the newsroom can go on writing
        meanwhile and what readers look for most is there first.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            for table in (PUBLIC, DRAFTS):
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('delete-all')")  # noqa: S608
            IndexedStory.objects.all().delete()
        waiting = list(Story.objects.newest_first().values_list("pk", flat=True))
        done = 0
        for part in _chunks(waiting, _CHUNK * _CHUNKS_A_TRANSACTION):
            self.put(part)
            done += len(part)
            if progress is not None:
                progress(done, len(waiting))
        return IndexedStory.objects.count()

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
        return Asking(PUBLIC, query, filters).found(order, offset, limit)

    def matching(self, query: Query, *, limit: int) -> list[int]:
        """Return the News IDs of any stories, drafts too, that match, newest first."""
        places = []
        for table in (PUBLIC, DRAFTS):
            places += Asking(table, query, Filters()).newest(limit)
        return _news_ids(sorted(places, reverse=True)[:limit])


def _news_ids(places: Sequence[int]) -> list[int]:
    """Return the News IDs of places, in their order."""
    of_place = dict(IndexedStory.objects.filter(place__in=places).values_list("place", "news_id"))
    return [of_place[place] for place in places if place in of_place]


class Asking:
    """One search of one table."""

    def __init__(self, table: str, query: Query, filters: Filters) -> None:
        self._table = table
        self._filters = filters
        self._until = monotonic() + SECONDS
        languages = [filters.language] if filters.language else settings.PAPER_LANGUAGES
        self._wanted = self._expressions(query.wanted, languages)
        # Stems widen what is looked for; what is not wanted is only what was typed.
        self._unwanted = self._expressions(query.unwanted, ())
        # Words were typed, but none that could stand in a text.
        self._hopeless = bool(query.wanted) and not self._wanted
        self._first = self._row(filters.since, -_ENDLESS)
        self._last = self._row(filters.before, _ENDLESS)

    @staticmethod
    def _expressions(terms: Sequence[Term], languages: Sequence[str]) -> list[str]:
        ways = (wordings(term, languages) for term in terms)
        return [f"({' OR '.join(map(_phrase, each))})" for each in ways if each]

    @staticmethod
    def _row(at: datetime | None, otherwise: int) -> int:
        """Return the first row of a minute."""
        return otherwise if at is None else place_of(at, 0)

    def _match(self, wanted: str, columns: str = "- marks") -> str:
        """Return an FTS5 expression for ``wanted`` in ``columns``, without what is not wanted."""
        if wanted:
            expression = f"({columns} : ({wanted}))"
            if self._unwanted:
                expression += f" NOT (- marks : ({' OR '.join(self._unwanted)}))"
            expression = f"({expression})"
        marks = self._filter_marks()
        if wanted and not marks:
            return expression
        among = " AND ".join(f'"{mark}"' for mark in marks or [_ANY])
        return f"{expression} AND (marks : ({among}))" if wanted else f"marks : ({among})"

    def _filter_marks(self) -> list[str]:
        filters = self._filters
        keys = {"s": filters.section, "t": filters.topic, "a": filters.agency, "b": filters.byline}
        marks = [f"{letter}{int(key)}" for letter, key in keys.items() if key is not None]
        if filters.language:
            marks.append(_language_mark(filters.language))
        return marks

    def _candidates(self, match: str, most: int, *, scored: bool) -> tuple[dict[int, float], bool]:
        """Return the newest matches with their BM25, the lower the better, and if there are more.

        Stops when the time is up.
        """
        weights = ", ".join(map(str, COLUMNS.values()))
        score = f"bm25({self._table}, {weights})" if scored else "0.0"
        found: dict[int, float] = {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, {score} FROM {self._table} "  # noqa: S608
                f"WHERE {self._table} MATCH %s AND rowid >= %s AND rowid < %s "
                "ORDER BY rowid DESC LIMIT %s",
                (match, self._first, self._last, most + 1),
            )
            while len(found) <= most and (rows := cursor.fetchmany(200)):
                found.update(rows)
                if monotonic() > self._until:
                    return found, True
        more = len(found) > most
        if more:
            del found[min(found)]
        return found, more

    def newest(self, limit: int) -> list[int]:
        """Return the places of the newest matches of every word, newest first."""
        if not self._wanted:
            return []
        return list(
            self._candidates(self._match(" AND ".join(self._wanted)), limit, scored=False)[0]
        )

    def found(self, order: Order, offset: int, limit: int) -> Found:
        """Return the page of matches at ``offset``: those of every word, then those of some."""
        if self._hopeless or not (self._wanted or self._filters):
            return Found()
        scored = order == "relevance" and bool(self._wanted)
        wanted = " AND ".join(self._wanted)
        matches, more = self._candidates(self._match(wanted), CANDIDATES, scored=scored)
        if more and scored:
            in_headlines = self._match(wanted, "{headline headline_other}")
            matches.update(self._candidates(in_headlines, HEADLINES, scored=True)[0])
        hidden = set(
            IndexedStory.objects.filter(until__lte=timezone.now()).values_list("place", flat=True)
        )
        full = self._in_order(matches, scored=scored, without=hidden)
        partial: list[int] = []
        if len(self._wanted) > 1 and not more and (scored or not full):
            partial = self._partial(scored=scored, without=hidden.union(full))
        places = [*full, *partial][:MAX_RESULTS][offset : offset + limit]
        news_ids = _news_ids(places)
        public = set(Story.objects.public().filter(pk__in=news_ids).values_list("pk", flat=True))
        with_all = news_ids[: max(0, len(full) - offset)]
        shown = tuple(news_id for news_id in news_ids if news_id in public)
        partial_from = len(public.intersection(with_all))
        return Found(
            news_ids=shown,
            total=len(full),
            more=more,
            partial_from=partial_from if partial_from < len(shown) else None,
            partial=len(partial),
        )

    @staticmethod
    def _in_order(matches: dict[int, float], *, scored: bool, without: set[int]) -> list[int]:
        places = [place for place in matches if place not in without]
        if scored:
            return sorted(places, key=lambda place: (matches[place], -place))
        return sorted(places, reverse=True)

    def _partial(self, *, scored: bool, without: set[int]) -> list[int]:
        """Return the places of matches of some of the words.

        The commonest words are left out where there would be too many: they tell least.
        """
        counted = sorted((self._count(expression), expression) for expression in self._wanted)
        asked = [expression for count, expression in counted if 0 < count < CANDIDATES]
        if not asked or monotonic() > self._until:
            return []
        matches, _ = self._candidates(self._match(" OR ".join(asked)), CANDIDATES, scored=scored)
        return self._in_order(matches, scored=scored, without=without)[:MAX_RESULTS]

    def _count(self, expression: str) -> int:
        """Return how many stories match, or CANDIDATES if there are as many or more."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {self._table} "  # noqa: S608
                f"WHERE {self._table} MATCH %s LIMIT %s)",
                (self._match(expression), CANDIDATES),
            )
            return int(cursor.fetchone()[0])
