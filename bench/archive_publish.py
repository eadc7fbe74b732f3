"""Publishes stories one by one in the paper of the environment and prints how long each took.

    python bench/archive_publish.py COUNT

Each run is on a day of its own, which has eighty stories already, as a desk's has that publishes
50 to 200 a day: what a publication costs grows with its day, and the archive alone is to differ
from one run to the next. What was published before is dated back by three days.

One JSON document: "transaction", "pressing" and "whole", lists of milliseconds, and "sheets", how
many were pressed for each. "transaction" goes from the call that publishes to its commit,
"pressing" from there to the moment at which every page that shows the story stands on disk, lists,
feeds and sitemaps included; "whole" is both.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import timedelta
from typing import Any

_CHARACTERS = 2_700
# Stories of the day before the first that counts. After them the process knows what it shows
# again, too, as one that serves the newsroom does.
_BEFORE = 80
# Further back than the news sitemap looks.
_PAST = timedelta(days=3)
_LEAST = -4


def main() -> None:
    """Publish and print."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
    import django

    django.setup()
    count = int(sys.argv[1])
    figures: dict[str, list[float]] = {
        "transaction": [], "pressing": [], "whole": [], "sheets": [],
    }  # fmt: skip
    end_the_day()
    for number in range(count + _BEFORE):
        transaction, whole, sheets = publish(number)
        if number >= _BEFORE:
            figures["transaction"].append(transaction)
            figures["pressing"].append(whole - transaction)
            figures["whole"].append(whole)
            figures["sheets"].append(sheets)
    print(json.dumps(figures))


def end_the_day() -> None:
    """Date back what was published last, and press what has changed by that."""
    from django.db import transaction
    from django.db.models import F
    from django.utils import timezone

    from broadsheet.press import actions
    from broadsheet.stories.models import Story

    of_the_day = Story.objects.filter(first_published_at__gt=timezone.now() - _PAST)
    numbers = list(of_the_day.values_list("pk", flat=True))
    stories = Story.objects.filter(pk__in=numbers)
    with actions.held(), transaction.atomic():
        stories.update(first_published_at=F("first_published_at") - _PAST)
        actions.order_stories(stories)
    if actions.press_orders().failed:
        sys.exit("the stories of the day before could not be pressed")


def publish(number: int) -> tuple[float, float, int]:
    """Publish a new story; returns ms of the transaction, ms until all is pressed, and sheets."""
    from django.db import transaction

    from broadsheet.press import actions

    revision = _draft(number).save_revision()
    begun = time.perf_counter()
    with actions.held(), transaction.atomic():
        revision.publish()
    committed = time.perf_counter()
    # As the newsroom does: what an import has left to the worker is left to it here, too.
    outcome = actions.press_orders(least=_LEAST)
    pressed = time.perf_counter()
    if outcome.failed:
        sys.exit(f"{outcome.failed} sheets could not be pressed")
    return (committed - begun) * 1000, (pressed - begun) * 1000, outcome.total


def _draft(number: int) -> Any:
    from broadsheet.accounts.models import Byline
    from broadsheet.stories.models import Section, Story, StoryByline, Topic
    from generated_text import body, headline, paragraphs, tongue

    chance = random.Random(f"published {number} {time.time()}")  # noqa: S311 - text
    words = tongue("en")
    sections = list(Section.objects.filter(slug__startswith="section-").order_by("slug"))
    story = Story(
        headline=headline(chance, words),
        language="en",
        section=sections[number % len(sections)],
        live=False,
    )
    field: Any = Story._meta.get_field("body")
    story.body = field.to_python(body(paragraphs(chance, words, _CHARACTERS)))
    story.topics = list(Topic.objects.order_by("?")[:2])
    story.bylines = [StoryByline(byline=byline) for byline in Byline.objects.order_by("?")[:1]]
    story.save()
    return story


if __name__ == "__main__":
    main()
