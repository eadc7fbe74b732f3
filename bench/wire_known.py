"""How long does it take to tell whether copy came in before, beside comparing it with everything?

    python bench/wire_known.py [--items 1000 20000 207166] [--asked 200]

Runs in a home of its own, which is thrown away. The archive grows from one size to the next; each
time the same number of items is asked about: half are copies of stored ones under another guid with
another headline and the end cut off, half are new. Prints the median and the 95th percentile
of the milliseconds for everything the paper asks before it decides, how many of the copies were
found and how many of the new ones were taken for copies, and beside it the milliseconds of
comparing with each of the last 200 items, multiplied up to the archive's size.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import tempfile
import time
import zlib
from typing import Any

from generated_text import Tongue, tongue

PARAGRAPHS, WORDS = 9, 45
SCANNED = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[1_000, 20_000, 207_166])
    parser.add_argument("--asked", type=int, default=200)
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
        words = tongue("en")
        stored = 0
        print("    items  median ms  p95 ms  copies found  new taken for copies  scan ms    ratio")
        for size in sorted(options.items):
            fill(stored, size, words)
            stored = size
            report(size, options.asked, words)


def text_of(number: int, words: Tongue) -> list[str]:
    """Return the paragraphs of the story ``number``, always the same."""
    chance = random.Random(number)  # noqa: S311 - text, no secret
    return [" ".join(words.draw(chance, WORDS)) for _ in range(PARAGRAPHS)]


def item_of(guid: str, headline: str, paragraphs: list[str]) -> Any:
    """Return an item with these words."""
    from django.utils import timezone

    from broadsheet.wire.items import WireBlock, WireItem

    return WireItem(
        guid=guid,
        origin="bench",
        format="bench",
        sha256=hashlib.sha256(guid.encode()).hexdigest(),
        headline=headline,
        body=tuple(WireBlock("paragraph", text) for text in paragraphs),
        published=timezone.now(),
        language="en",
    )


def fill(begin: int, end: int, words: Tongue) -> None:
    """Store the items from number ``begin`` up to ``end`` with their sketches."""
    from broadsheet.wire.fields import to_fields
    from broadsheet.wire.likeness import sketch
    from broadsheet.wire.models import ReceivedItem, Sketch

    for start in range(begin, end, 2_000):
        rows, sketches = [], []
        for number in range(start, min(start + 2_000, end)):
            paragraphs = text_of(number, words)
            item = item_of(f"urn:{number}", f"Headline {number}", paragraphs)
            rows.append(
                ReceivedItem(
                    pk=number + 1,
                    guid=item.guid,
                    sha256=item.sha256,
                    fingerprint=item.sha256,
                    format=item.format,
                    origin=item.origin,
                    fields=to_fields(item),
                    raw=zlib.compress(b""),
                )
            )
            sketches += [Sketch(value=each, item_id=number + 1) for each in sketch(paragraphs)]
        ReceivedItem.objects.bulk_create(rows)
        Sketch.objects.bulk_create(sketches)


def report(size: int, asked: int, words: Tongue) -> None:
    """Ask about ``asked`` items and print a row."""
    from broadsheet.wire.decide import Duplicate, New, decide
    from broadsheet.wire.known import known_of

    chance = random.Random(size)  # noqa: S311 - a sample, no secret
    times, found, mistaken = [], 0, 0
    for turn in range(asked):
        is_copy = turn % 2 == 0
        number = chance.randrange(size) if is_copy else 10_000_000 + size + turn
        paragraphs = text_of(number, words)
        if is_copy:
            paragraphs[-1] = " ".join(paragraphs[-1].split()[: WORDS // 2])
        item = item_of(f"other:{size}:{turn}", f"Another head {turn}", paragraphs)
        begun = time.perf_counter()
        decision = decide(item, known_of(item, fold=True))
        times.append((time.perf_counter() - begun) * 1000)
        found += is_copy and isinstance(decision, Duplicate)
        mistaken += not is_copy and not isinstance(decision, New)
    scan = scanned(item, size)
    median = statistics.median(times)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{size:9,}  {median:9.1f}  {p95:6.1f}  {found:6} of {asked // 2:3}  {mistaken:13} of "
        f"{asked - asked // 2:3}  {scan:7,.0f}  {scan / median:6,.0f}"
    )


def scanned(item: Any, size: int) -> float:
    """Return the milliseconds of comparing ``item`` with every stored text, from a sample."""
    from broadsheet.wire.fields import plain_paragraphs
    from broadsheet.wire.likeness import likeness
    from broadsheet.wire.models import ReceivedItem

    paragraphs = plain_paragraphs(item)
    sample = list(ReceivedItem.objects.order_by("-pk")[:SCANNED])
    begun = time.perf_counter()
    for row in sample:
        likeness(paragraphs, plain_paragraphs(row.item))
    return (time.perf_counter() - begun) * 1000 / len(sample) * size


if __name__ == "__main__":
    main()
