"""How well the paper's search ranks, by known judgements; beside plain BM25 over the same words.

    .venv/bin/python bench/search_relevance.py FOLDER [--language fa] [--runs FILE]

FOLDER holds a test collection in the form of TREC:

- ``documents.jsonl``: an object a line with ``id``, ``text``, and if there are any ``title``
  and ``language``
- ``queries.tsv``: number, tab, query
- ``qrels.txt``: number, anything, id, relevance (0 is none); or number and id alone

The documents are stored as stories in a home of their own, each day one, in the order of the
file, and every query is asked as a reader asks. Printed are mean average precision, precision
at 10, nDCG at 10 and the time a query takes. ``--runs`` writes the ranking as TREC does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from math import log, log2
from pathlib import Path
from time import perf_counter

START = datetime(2000, 1, 1, tzinfo=UTC)
DEPTH = 1000
SATURATION = 1.2
LENGTH_SHARE = 0.75
Judged = dict[str, dict[str, int]]
Ask = Callable[[str], list[str]]


def read_documents(path: Path) -> list[dict[str, str]]:
    """Return the documents of the collection."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_queries(path: Path) -> dict[str, str]:
    """Return the queries by number."""
    pairs = (line.split("\t", 1) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {number.strip(): text.strip() for number, text in pairs}


def read_judgements(path: Path) -> Judged:
    """Return how relevant which document is to each query."""
    judged: Judged = defaultdict(dict)
    for line in path.read_text("utf-8").splitlines():
        parts = line.split()
        if len(parts) == 4:  # noqa: PLR2004 - the columns of TREC
            judged[parts[0]][parts[2]] = int(parts[3])
        elif parts:
            judged[parts[0]][parts[1]] = 1
    return judged


def average_precision(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Return the mean of the precision at each relevant document (Manning et al., 8.4)."""
    hits = 0
    total = 0.0
    for rank, name in enumerate(found, start=1):
        if relevant.get(name, 0) > 0:
            hits += 1
            total += hits / rank
    return total / sum(value > 0 for value in relevant.values())


def precision(found: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Return the share of relevant documents among the first ones."""
    return sum(relevant.get(name, 0) > 0 for name in found[:depth]) / depth


def gain(found: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002)."""

    def discounted(values: Sequence[int]) -> float:
        return sum(value / log2(rank) for rank, value in enumerate(values[:depth], start=2))

    best = sorted(relevant.values(), reverse=True)
    return discounted([relevant.get(name, 0) for name in found]) / discounted(best)


def store(documents: Sequence[dict[str, str]]) -> None:
    """Store the documents as published stories; the News ID is the line of the file."""
    from broadsheet.search import index
    from broadsheet.stories.models import Section, Story

    section = Section.objects.create(name="News", slug="news")
    rows = []
    for news_id, document in enumerate(documents, start=1):
        text = document["text"].strip()
        title = document.get("title", "").strip()
        at = START + timedelta(days=news_id)
        rows.append(
            Story(
                news_id=news_id,
                headline=(title or text.split("\n")[0])[:300],
                body=[("paragraph", escape(part)) for part in text.split("\n") if part.strip()],
                section=section,
                language=document.get("language", os.environ["BROADSHEET_LANGUAGES"]),
                live=True,
                first_published_at=at,
                last_published_at=at,
            )
        )
    Story.objects.bulk_create(rows, batch_size=500)
    index.rebuild()


def plain_bm25(documents: Sequence[dict[str, str]]) -> Ask:
    """Return BM25 over title and text as one, by stems where a word has one."""
    from broadsheet.search.words import words_of

    def stems(text: str, language: str) -> list[str]:
        return [(*word.forms.other, *word.forms.main)[0] for word in words_of(text, language)]

    lists: defaultdict[str, dict[str, int]] = defaultdict(dict)
    lengths = {}
    language = ""
    for document in documents:
        language = document.get("language", os.environ["BROADSHEET_LANGUAGES"])
        words = stems(f"{document.get('title', '')} {document['text']}", language)
        lengths[document["id"]] = len(words)
        for word, count in Counter(words).items():
            lists[word][document["id"]] = count
    usual = statistics.mean(lengths.values())

    def ask(text: str) -> list[str]:
        scores: defaultdict[str, float] = defaultdict(float)
        for word in stems(text, language):
            found = lists.get(word, {})
            rare = log(1 + (len(lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for name, count in found.items():
                room = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths[name] / usual)
                scores[name] += rare * count * (SATURATION + 1) / (count + room)
        return sorted(scores, key=lambda name: -scores[name])[:DEPTH]

    return ask


def measure(
    name: str, ask: Ask, queries: Mapping[str, str], judged: Judged
) -> dict[str, list[str]]:
    """Ask every judged query, print the figures and return the rankings."""
    found = {}
    taken = []
    for number, text in queries.items():
        if not any(judged.get(number, {}).values()):
            continue
        start = perf_counter()
        found[number] = ask(text)
        taken.append((perf_counter() - start) * 1000)
    figures = [
        statistics.mean(of(ranking, judged[number]) for number, ranking in found.items())
        for of in (average_precision, precision, gain)
    ]
    print(
        f"{name}: {len(found)} queries, mean average precision {figures[0]:.4f}, "
        f"precision at 10 {figures[1]:.4f}, nDCG at 10 {figures[2]:.4f}; "
        f"p50 {statistics.median(taken):.1f} ms, longest {max(taken):.1f} ms"
    )
    return found


def main() -> int:
    """Read the collection, store it, ask, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--language", default="fa", help="of documents that name none (fa)")
    options.add_argument("--runs", type=Path, metavar="FILE", help="write the ranking there")
    given = options.parse_args()
    documents = read_documents(given.folder / "documents.jsonl")
    queries = read_queries(given.folder / "queries.tsv")
    judged = read_judgements(given.folder / "qrels.txt")
    for name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as home:
        os.environ.update(
            BROADSHEET_HOME=home,
            BROADSHEET_LANGUAGES=given.language,
            BROADSHEET_SECRET_KEY="for measurements only " + "x" * 50,
            BROADSHEET_LOG_LEVEL="ERROR",
            DJANGO_SETTINGS_MODULE="broadsheet.settings",
        )
        import django
        from django.core.management import call_command

        django.setup()
        from broadsheet.search import index

        call_command("migrate", verbosity=0)
        store(documents)
        print(f"{len(documents):,} documents")

        def ours(text: str) -> list[str]:
            found = index.query(text, limit=DEPTH).news_ids
            return [documents[news_id - 1]["id"] for news_id in found]

        found = measure("the paper", ours, queries, judged)
        measure("plain BM25", plain_bm25(documents), queries, judged)
    if given.runs:
        lines = [
            f"{number} Q0 {name} {rank} {-rank} broadsheet\n"
            for number, ranking in found.items()
            for rank, name in enumerate(ranking, start=1)
        ]
        given.runs.write_text("".join(lines), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
