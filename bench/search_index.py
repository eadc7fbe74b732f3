"""How long indexing takes, how large the index is, how fast a query is; beside Wagtail's.

    .venv/bin/python bench/search_index.py [--stories 20000] [--peer 2000] [--keep]

Stories of about 3 KB in six languages are made up in a home of their own, which is removed
afterwards unless ``--keep`` is given. Queries are two words: once as they stand in texts, with
all the common ones, and once any two words that occur in one story. Wagtail's own database
search indexes the first ``--peer`` stories in the same run; ours indexes as many for the
ratio.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from generated_text import LANGUAGES, body, headline, paragraphs, sentence, tongue

QUERIES = 400
START = datetime(2010, 1, 1, tzinfo=UTC)


def make_stories(count: int) -> None:
    """Store ``count`` published stories, a few a day."""
    from broadsheet.stories.models import Section, Story

    chance = random.Random(207166)  # noqa: S311 - text, no secret
    tongues = [tongue(language) for language in LANGUAGES]
    sections = [
        Section.objects.create(name=f"Section {number}", slug=f"section-{number}")
        for number in range(6)
    ]
    for first in range(1, count + 1, 2000):
        rows = []
        for news_id in range(first, min(first + 2000, count + 1)):
            words = chance.choice(tongues)
            at = START + timedelta(minutes=25 * news_id)
            rows.append(
                Story(
                    news_id=news_id,
                    headline=headline(chance, words)[:300],
                    lead=sentence(chance, words),
                    body=body(paragraphs(chance, words, 2700)),
                    section=chance.choice(sections),
                    language=words.language,
                    live=True,
                    first_published_at=at,
                    last_published_at=at,
                )
            )
        Story.objects.bulk_create(rows)


def texts_of(story: Any) -> list[str]:
    """Return a story's words."""
    raw = " ".join(block["value"][3:-4] for block in story.body.raw_data)
    return [word.strip(".") for word in raw.split()]


def make_queries(count: int) -> dict[str, list[str]]:
    """Return two-word queries, both words out of one story."""
    from broadsheet.stories.models import Story

    chance = random.Random(50)  # noqa: S311 - text, no secret
    running, distinct = [], []
    for _ in range(QUERIES):
        words = texts_of(Story.objects.get(pk=chance.randint(1, count)))
        running.append(" ".join(chance.sample(words, 2)))
        distinct.append(" ".join(chance.sample(sorted(set(words)), 2)))
    return {"two words as they stand in texts": running, "two different words": distinct}


def timed(ask: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile, in milliseconds."""
    for query in queries[:20]:
        ask(query)
    taken = []
    for query in queries:
        start = perf_counter()
        ask(query)
        taken.append((perf_counter() - start) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def database_bytes() -> int:
    """Return the size of the database, its log written back."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def measure(count: int) -> dict[str, list[str]]:
    """Index everything and print the figures; returns the queries for the peer."""
    from broadsheet.search import index

    before = database_bytes()
    start = perf_counter()
    index.rebuild()
    took = perf_counter() - start
    size = (database_bytes() - before) / count
    print(
        f"index {count:,} stories: {took:.1f} s, {took / count * 1e5:.0f} s per 100,000, "
        f"{size / 1024:.1f} KB a story"
    )
    queries = make_queries(count)
    orders: tuple[index.Order, ...] = ("relevance", "date")
    for name, texts in queries.items():
        for order in orders:
            half, most = timed(lambda text, by=order: index.query(text, order=by), texts)  # type: ignore[misc]
            print(f"  {name}, by {order}: p50 {half:.1f} ms, p95 {most:.1f} ms")
        half, most = timed(lambda text: index.query(text, index.Filters(language="fa")), texts)
        print(f"  {name}, by relevance, one language: p50 {half:.1f} ms, p95 {most:.1f} ms")
        half, most = timed(index.matching, texts)
        print(f"  {name}, newsroom: p50 {half:.1f} ms, p95 {most:.1f} ms")
    return queries


def measure_peer(count: int, queries: dict[str, list[str]]) -> None:
    """Index the first ``count`` stories with Wagtail's database search, and as many with ours."""
    from django.db import connection, models
    from wagtail.search import index as peer
    from wagtail.search.backends import get_search_backend

    from broadsheet.search.index import engine
    from broadsheet.search.models import IndexedStory
    from broadsheet.stories.models import Story

    class PeerStory(peer.Indexed, models.Model):  # type: ignore[misc]
        """A story in the shape that search indexes best: plain fields."""

        headline = models.CharField(max_length=300)
        text = models.TextField()
        search_fields = [peer.SearchField("headline", boost=5), peer.SearchField("text")]

        class Meta:
            app_label = "search"

    from django.contrib.contenttypes.models import ContentType

    with connection.schema_editor() as editor:
        editor.create_model(PeerStory)
    ContentType.objects.get_for_model(PeerStory)
    ids = list(range(1, count + 1))
    PeerStory.objects.bulk_create(
        PeerStory(pk=story.pk, headline=story.headline, text=" ".join(texts_of(story)))
        for story in Story.objects.filter(pk__in=ids)
    )
    stories = list(PeerStory.objects.all())
    backend = get_search_backend()
    start = perf_counter()
    backend.get_index_for_model(PeerStory).add_items(PeerStory, stories)
    theirs = perf_counter() - start
    engine().remove(IndexedStory.objects.values_list("news_id", flat=True))
    start = perf_counter()
    engine().put(ids)
    ours = perf_counter() - start
    print(
        f"index {count:,} stories: Wagtail {theirs:.1f} s, ours {ours:.1f} s, "
        f"ratio {theirs / ours:.1f}"
    )
    for name, texts in queries.items():
        half, most = timed(lambda text: list(backend.search(text, PeerStory)[:20]), texts[:100])
        own, worst = timed(engine_page, texts[:100])
        print(
            f"  {name}: Wagtail p50 {half:.1f} p95 {most:.1f} ms, ours p50 {own:.1f} "
            f"p95 {worst:.1f} ms, ratio of medians {half / own:.1f}"
        )


def engine_page(text: str) -> list[Any]:
    """Return a page of stories, as the peer does, not of numbers."""
    from broadsheet.search import index
    from broadsheet.stories.models import Story

    return list(Story.objects.in_bulk(index.query(text).news_ids).values())


def main() -> int:
    """Make the stories, measure, clean up."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--stories", type=int, default=20_000)
    options.add_argument("--peer", type=int, default=2_000)
    options.add_argument("--keep", action="store_true", help="leave the home where it is")
    given = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="broadsheet-bench-"))
    for name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
        del os.environ[name]
    os.environ.update(
        BROADSHEET_HOME=str(home),
        BROADSHEET_LANGUAGES=",".join(LANGUAGES),
        BROADSHEET_SECRET_KEY="for measurements only " + "x" * 50,
        BROADSHEET_LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="broadsheet.settings",
    )
    import django
    from django.core.management import call_command

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        start = perf_counter()
        make_stories(given.stories)
        print(f"made {given.stories:,} stories in {perf_counter() - start:.0f} s")
        queries = measure(given.stories)
        if given.peer:
            measure_peer(min(given.peer, given.stories), queries)
    finally:
        if given.keep:
            print(f"the home is {home}")
        else:
            shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
