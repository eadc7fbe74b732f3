"""How long does it take to list what rests on a source, beside looking through every story?

    python bench/attribution_upstream.py [--stories 20000] [--runs 5]

Runs in a home of its own, which is thrown away. Every story has three claims, each with a chain of
one to three hops, by sources of a register of 400; one source stands in 10 of the stories, one in
1,000, one in all of them. Prints the median milliseconds to the first story and to the last, with
sentences and destinations (nothing is pressed), the queries, what Python's memory rose to at most,
and the same for a scan of every story's relations, which finds the stories and nothing more.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

SENTENCES = [
    "{name}, citing people who live there, reported on Friday that the road was closed again.",
    "The mayor said the work would go on for a week, as {name} had told it the day before.",
    "Nobody could say what it would cost, and {name} did not answer when it was asked.",
]
SOURCES = 400


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as home:
        os.environ["BROADSHEET_HOME"] = home
        os.environ["BROADSHEET_SECRET_KEY"] = "for a bench only " + "x" * 50
        os.environ["BROADSHEET_LOG_LEVEL"] = "ERROR"
        os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        begun = time.perf_counter()
        fill(options.stories)
        print(f"{options.stories:,} stories made in {time.perf_counter() - begun:.0f} s")
        print("  rest on it   first ms    all ms   queries   peak MB   scan ms     ratio")
        for name in ("In 10", "In 1,000", "In all"):
            report(name, options.runs if name != "In all" else 1)


def fill(count: int) -> None:
    """Make ``count`` public stories with three claims each, and the register they rest on."""
    from django.utils import timezone

    from broadsheet.attribution.models import Source
    from broadsheet.stories.models import Section

    section = Section.objects.get_or_create(slug="world", defaults={"name": "World"})[0]
    Source.objects.bulk_create(
        Source(name=f"Source {number}", slug=f"source-{number}") for number in range(SOURCES)
    )
    for name in ("In 10", "In 1,000", "In all"):
        Source.objects.create(name=name, slug=name.lower().replace(" ", "-").replace(",", ""))
    register = {source.name: source for source in Source.objects.all()}
    now = timezone.now()
    for start in range(1, count + 1, 2_000):
        numbers = range(start, min(start + 2_000, count + 1))
        _fill_some(numbers, count, section, register, now - timedelta(days=1))


def _fill_some(
    numbers: range, count: int, section: Any, register: dict[str, Any], published: Any
) -> None:
    from broadsheet.attribution import story_text
    from broadsheet.attribution.models import RelationHop, StoryReading, StoryRelation
    from broadsheet.stories.models import Story

    body = Story._meta.get_field("body")
    names = {number: list(_names(number, count)) for number in numbers}
    raw = {
        number: [
            {"type": "paragraph", "value": f"<p>{sentence.format(name=chain[-1])}</p>"}
            for sentence, chain in zip(SENTENCES, chains, strict=True)
        ]
        for number, chains in names.items()
    }
    stories = [
        Story(news_id=number, headline=f"Story {number}", section=section, live=True,
              language="en", front_language="en", body=body.to_python(raw[number]),
              first_published_at=published, last_published_at=published)
        for number in numbers
    ]  # fmt: skip
    Story.objects.bulk_create(stories, batch_size=500)
    texts = {story.pk: story_text.of(story) for story in stories}
    StoryReading.objects.bulk_create(
        StoryReading(story_id=number, state="analysed", text=text.text, last_number=3)
        for number, text in texts.items()
    )
    relations, hops = [], []
    for number in numbers:
        text = texts[number]
        blocks = [block for block in text.blocks if block.key != story_text.HEADLINE]
        for place, (block, chain) in enumerate(zip(blocks, names[number], strict=True), start=1):
            words = text.anchor((block.start, block.end)).as_json()
            relation = StoryRelation(
                story_id=number, number=place, source=register[chain[-1]], status="confirmed",
                source_name=chain[-1], source_kind="named", cue_kind="verb",
                quote_type="indirect", content_spans=[words], method="rules",
            )  # fmt: skip
            relations.append(relation)
            hops += [
                RelationHop(relation=relation, position=position, name=name, kind="named",
                            source=register[name])
                for position, name in enumerate(chain)
            ]  # fmt: skip
    StoryRelation.objects.bulk_create(relations, batch_size=500)
    for hop in hops:
        hop.relation_id = hop.relation.pk
    RelationHop.objects.bulk_create(hops, batch_size=500)


def _names(number: int, count: int) -> Iterator[list[str]]:
    """Yield the chains of a story's three claims, by name."""
    for place in range(3):
        length = (number + place) % 3 + 1
        yield [f"Source {(number * 7 + place * 13 + hop) % SOURCES}" for hop in range(length)]
        if place == 1:
            break
    special = ["In all"]
    if number % max(count // 1_000, 1) == 0:
        special.insert(0, "In 1,000")
    if number % max(count // 10, 1) == 0:
        special.insert(0, "In 10")
    yield special


def report(name: str, runs: int) -> None:
    """Print what a source's list takes, and the scan."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from broadsheet.attribution import upstream
    from broadsheet.attribution.models import Source

    source = Source.objects.get(name=name)
    firsts, totals = [], []
    for _ in range(runs):
        begun = time.perf_counter()
        answer = upstream.of_source(source)
        next(answer)
        firsts.append((time.perf_counter() - begun) * 1000)
        count = 1 + sum(1 for _ in answer)
        totals.append((time.perf_counter() - begun) * 1000)
    with CaptureQueriesContext(connection) as queries:
        for _ in upstream.of_source(source):
            pass
    number = len(queries)
    reset_queries()
    peak = _peak(lambda: sum(1 for _ in upstream.of_source(source)))
    scans = []
    for _ in range(min(runs, 3)):
        begun = time.perf_counter()
        if len(scanned(source.pk)) != count:
            raise SystemExit("the two do not find the same stories")
        scans.append((time.perf_counter() - begun) * 1000)
    whole, scan = statistics.median(totals), statistics.median(scans)
    print(
        f"{count:>12,}{statistics.median(firsts):>11.1f}{whole:>10.1f}{number:>10}{peak:>10.1f}"
        f"{scan:>10.0f}{scan / whole:>9.0f} ×"
    )


def scanned(key: int) -> set[int]:
    """Return the stories with the source in any chain, by looking through all of them."""
    from broadsheet.attribution.models import StoryRelation

    rows = StoryRelation.objects.order_by("pk").prefetch_related("hops").iterator(chunk_size=2_000)
    return {row.story_id for row in rows if any(hop.source_id == key for hop in row.hops.all())}


def _peak(work: Callable[[], object]) -> float:
    """Return by how many MB Python's memory rose at most."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


if __name__ == "__main__":
    main()
