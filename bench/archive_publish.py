"""Publishes stories one by one in the paper of the environment and prints how long each took.

    python bench/archive_publish.py COUNT

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
from typing import Any

_CHARACTERS = 2_700
# After these the process knows what it shows again, as one that serves the newsroom does.
_FIRST = 3
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
    for number in range(count + _FIRST):
        transaction, whole, sheets = publish(number)
        if number >= _FIRST:
            figures["transaction"].append(transaction)
            figures["pressing"].append(whole - transaction)
            figures["whole"].append(whole)
            figures["sheets"].append(sheets)
    print(json.dumps(figures))


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
