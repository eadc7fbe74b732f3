"""Asks the paper of the environment two-word queries and prints how long each took.

    python bench/archive_search.py COUNT

Both words come out of one story, as they stand in its text, commonest words and all. One JSON
document: milliseconds "by relevance" and "by date", and the queries.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from time import perf_counter
from typing import Literal

_WARM = 20
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")


def main() -> None:
    """Ask and print."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
    import django

    django.setup()
    asked = queries(int(sys.argv[1]) + _WARM)
    print(
        json.dumps(
            {
                "by relevance": timed(asked, "relevance"),
                "by date": timed(asked, "date"),
                "queries": asked[_WARM:],
            }
        )
    )


def queries(count: int) -> list[str]:
    """Return ``count`` queries out of the stories of the paper, always the same ones."""
    from broadsheet.stories.models import Story

    chance = random.Random(50)  # noqa: S311 - a measurement
    numbers = list(Story.objects.public().values_list("pk", flat=True))
    made = []
    while len(made) < count:
        story = Story.objects.get(pk=chance.choice(numbers))
        text = " ".join(str(block["value"]) for block in story.body.raw_data)
        words = sorted(set(_WORD.findall(_TAG.sub(" ", text))))
        if len(words) > 1:
            made.append(" ".join(chance.sample(words, 2)))
    return made


def timed(asked: list[str], order: Literal["relevance", "date"]) -> list[float]:
    """Return the milliseconds of each query but the first ones."""
    from broadsheet.search import index

    taken = []
    for query in asked:
        begun = perf_counter()
        index.query(query, order=order)
        taken.append((perf_counter() - begun) * 1000)
    return taken[_WARM:]


if __name__ == "__main__":
    main()
