"""How long from ``publish()`` to the last sheet on disk, and does it grow with the archive?

    python bench/press_publish.py [--archive 100 1000 5000] [--publications 15] [--all]

Runs in a home of its own, which is thrown away. Prints the median milliseconds of a publication
(the transaction, then the pressing), the processor's share of it, how many sheets it pressed, and
the ratios between archives; a first publication, after which the process knows the stories it
shows again, is not counted. With --all the largest archive is pressed whole as well: stories a
second, and what drawing costs by kind of sheet. On a busy machine only the processor's time says
something.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

BODY = [
    {"type": "paragraph", "value": f"<p>{'The ferry sailed again on Friday. ' * 9}({number})</p>"}
    for number in range(12)
]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=int, nargs="+", default=[100, 1_000, 5_000])
    parser.add_argument("--publications", type=int, default=15)
    parser.add_argument("--all", action="store_true", help="press the largest archive whole, too")
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
        print(" archive  transaction   pressing   total ms   cpu ms   sheets")
        totals = {}
        for size in sorted(options.archive):
            fill(size)
            measure(1)
            publication, pressing, processor, sheets = measure(options.publications)
            totals[size] = processor
            figures = (publication, pressing, publication + pressing, processor)
            print(f"{size:>8}", *(f"{figure:>10.1f}" for figure in figures), f"{sheets:>6.0f}")
        first = min(totals)
        for size, total in totals.items():
            print(f"cpu ratio {size}/{first} stories: {total / totals[first]:.2f}")
        if options.all:
            press_all()
        size, blocks = folder_size(Path(home) / "pressed")
        print(f"pressed folder: {size / 1024:.0f} KiB, {blocks / 1024:.0f} KiB of disk in blocks")


def fill(size: int) -> None:
    """Bring the archive to ``size`` stories, spread over two years, without pressing them."""
    from django.utils import timezone

    from broadsheet.accounts.models import Byline
    from broadsheet.stories import news_ids
    from broadsheet.stories.models import Section, Story, StoryByline, Topic

    sections = [
        Section.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]
        for slug in ("world", "city", "science", "culture", "sport", "business")
    ]
    topics = [
        Topic.objects.get_or_create(slug=f"topic-{number}", defaults={"name": f"Topic {number}"})[0]
        for number in range(20)
    ]
    byline = Byline.objects.get_or_create(slug="mira-doe", defaults={"name": "Mira Doe"})[0]
    missing = size - Story.objects.count()
    if missing <= 0:
        return
    body = Story._meta.get_field("body")
    now = timezone.now()
    step = timedelta(days=730) / size
    stories = [
        Story(
            news_id=news_id,
            headline=f"Story number {news_id} of the archive",
            lead="What happened in a sentence or two.",
            section=sections[news_id % len(sections)],
            body=body.to_python(BODY),
            live=True,
            first_published_at=now - step * number - timedelta(hours=1),
            last_published_at=now,
        )
        for number, news_id in enumerate(news_ids.allocate(missing))
    ]
    Story.objects.bulk_create(stories, batch_size=500)
    through = Story.topics.through
    through.objects.bulk_create(
        [
            through(
                story_id=each.pk,
                topic_id=topics[each.pk % 20].pk,
                published_at=each.first_published_at,
            )
            for each in stories
        ],
        batch_size=500,
    )
    StoryByline.objects.bulk_create(
        [
            StoryByline(story=each, byline=byline, published_at=each.first_published_at)
            for each in stories
            if each.pk % 3 == 0
        ],
        batch_size=500,
    )


def measure(publications: int) -> tuple[float, float, float, float]:
    """Return medians: ms of the transaction, of the pressing, of the processor; sheets."""
    from django.db import transaction

    from broadsheet.accounts.models import Byline
    from broadsheet.press import actions
    from broadsheet.press.models import PressOrder
    from broadsheet.stories.models import Section, Story, StoryByline, Topic

    PressOrder.objects.all().delete()
    section, topic = Section.objects.get(slug="world"), Topic.objects.get(slug="topic-3")
    byline = Byline.objects.get(slug="mira-doe")
    body = Story._meta.get_field("body")
    transactions, pressings, processor, sheets = [], [], [], []
    for number in range(publications):
        story = Story(headline=f"The newest story, number {number}", section=section, live=False)
        story.body = body.to_python(BODY)
        story.topics = [topic]
        story.bylines = [StoryByline(byline=byline)]
        story.save()
        revision = story.save_revision()
        begun, busy = time.perf_counter(), time.process_time()
        with actions.held(), transaction.atomic():
            revision.publish()
        committed = time.perf_counter()
        outcome = actions.press_orders()
        pressed = time.perf_counter()
        transactions.append((committed - begun) * 1000)
        pressings.append((pressed - committed) * 1000)
        processor.append((time.process_time() - busy) * 1000)
        sheets.append(outcome.total)
    median = statistics.median
    return median(transactions), median(pressings), median(processor), median(sheets)


def press_all() -> None:
    """Press the whole archive and print how fast that goes."""
    from django.db.models import Avg, Count, Sum

    from broadsheet.press import actions
    from broadsheet.press.models import PressedFile
    from broadsheet.stories.models import Story

    actions.order_everything()
    begun, busy = time.perf_counter(), processor_time()
    outcome = actions.press_orders()
    wall, processor = time.perf_counter() - begun, processor_time() - busy
    stories = Story.objects.public().count()
    print(
        f"all: {stories} stories, {outcome.total} sheets in {wall:.1f} s "
        f"(processor {processor:.1f} s): {stories / wall:.0f} stories/s"
    )
    print(" kind             sheets   ms each   s in all")
    kinds = PressedFile.objects.values("kind").annotate(
        count=Count("pk"), each=Avg("seconds"), whole=Sum("seconds")
    )
    for row in kinds.order_by("-whole"):
        each, whole = row["each"] * 1000, row["whole"]
        print(f" {row['kind']:<14}{row['count']:>9}{each:>10.2f}{whole:>11.2f}")


def processor_time() -> float:
    """Return the seconds that this process, and those it has ended, took of a processor."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def folder_size(folder: Path) -> tuple[int, int]:
    """Return the bytes of the files below ``folder``, and those of the disk's blocks they take."""
    sizes = blocks = 0
    for path in (folder, *folder.rglob("*")):
        state = path.stat()
        sizes += state.st_size if path.is_file() else 0
        blocks += state.st_blocks * 512
    return sizes, blocks


if __name__ == "__main__":
    main()
