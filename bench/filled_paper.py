"""Fills the paper of the environment with many stories, quickly: copies of one in other words.

    python bench/filled_paper.py STORIES [--pages] [--desk]

Prepares it first, where that was not done. With --pages each story has its page in the pressed
folder and in the ledger, one of 500 that the press makes of generated text, and the front, the
sections and two days are pressed. With --desk each has a version and two entries in its history,
every tenth a letter, and every tenth came by a wire.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from generated_text import body, headline, paragraphs, tongue

SECTIONS = ("world", "city", "science", "culture", "sport", "business")
AGENCIES = ("North Wire", "Harbour Press", "Daily Cable")
# Told apart by no compressor that sees two of them.
DISTINCT = 500
YEARS = 10
# The pages of a story of the usual size: some 4 KB gzipped, chrome and all.
_CHARACTERS = 3_000
_AT_ONCE = 2_000


def main() -> None:
    """Fill it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", type=int)
    parser.add_argument("--pages", action="store_true", help="with pressed pages")
    parser.add_argument("--desk", action="store_true", help="with versions, letters and wire copy")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
    import django

    django.setup()
    from broadsheet.press import actions

    # What is needed of it is pressed below, once.
    with actions.held():
        if not options.stories:
            return
        first = file_stories(options.stories)
    if options.pages:
        press_pages(first, options.stories)
    if options.desk:
        from filled_desk import fill_desk

        fill_desk(first, options.stories)
    from django.db import connection

    with connection.cursor() as cursor:
        # As the worker sees to in a paper that is older than a day.
        cursor.execute("ANALYZE")


def file_stories(number: int) -> int:
    """File ``number`` public stories, the newest of now, and return the first News ID."""
    from django.utils import timezone
    from django.utils.text import slugify

    from broadsheet.stories import news_ids
    from broadsheet.stories.models import Agency, Section, Story, StoryAgency

    chance, words = random.Random(207166), tongue("en")  # noqa: S311 - text, no secret
    sections = [
        Section.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]
        for slug in SECTIONS
    ]
    agencies = [
        Agency.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0]
        for name in AGENCIES
    ]
    made = list(news_ids.allocate(number))
    template = Story(news_id=made[0], headline="x", section=sections[0], live=True)
    template.body = Story._meta.get_field("body").to_python("[]")
    template.save()
    texts = [body(paragraphs(chance, words, _CHARACTERS)) for _ in range(DISTINCT)]
    lines = [headline(chance, words) for _ in range(DISTINCT)]
    now = timezone.now()
    step = timedelta(days=365 * YEARS) / number

    def row(at: int) -> dict[str, Any]:
        moment = now - step * (number - 1 - at) - timedelta(minutes=5)
        return {
            "news_id": made[at],
            "headline": f"{lines[at % DISTINCT]} {made[at]}",
            "lead": "What happened, in a sentence or two.",
            "body": texts[at % DISTINCT],
            "section_id": chance.choice(sections).pk,
            "first_published_at": moment,
            "last_published_at": moment,
            "created_at": moment,
            "translation_key": None,
        }

    copy_rows(Story, template.pk, map(row, range(number)))
    StoryAgency.objects.bulk_create(
        [StoryAgency(story_id=each, agency=chance.choice(agencies)) for each in made[::3]],
        batch_size=500,
    )
    return made[0]


def copy_rows(model: Any, template: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Replace the row ``template`` of ``model`` by copies of it with other values by column.

    Values of columns that the model does not have are passed over.
    """
    from django.db import connection, transaction

    fields = [field for field in model._meta.concrete_fields if not field.generated]
    with transaction.atomic(), connection.cursor() as cursor:
        kept = model._base_manager.filter(pk=template)
        columns = [field.column for field in fields]
        values = dict(zip(columns, _raw(kept, columns), strict=True))
        kept.delete()
        names = list(values)
        if model._meta.pk.column == "id":
            names.remove("id")
        adapt = _adapters(fields)
        statement = (
            f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} "  # noqa: S608
            f"({', '.join(map(connection.ops.quote_name, names))}) "
            f"VALUES ({', '.join(['%s'] * len(names))})"
        )
        for batch in _batches(rows):
            filled = ({**values, **_known(each, values, adapt)} for each in batch)
            cursor.executemany(statement, [[each[name] for name in names] for each in filled])


def _raw(kept: Any, columns: list[str]) -> list[Any]:
    from django.db import connection

    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(kept.model._meta.db_table)
    key = connection.ops.quote_name(kept.model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {table} WHERE {key} = %s",  # noqa: S608 - our own names
            [kept.get().pk],
        )
        return list(cursor.fetchone())


def _adapters(fields: list[Any]) -> dict[str, Callable[[Any], Any]]:
    from django.db import connection

    return {
        field.column: connection.ops.adapt_datetimefield_value
        for field in fields
        if field.get_internal_type() == "DateTimeField"
    }


def _known(
    row: dict[str, Any], values: dict[str, Any], adapt: dict[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    return {
        name: adapt[name](value) if name in adapt and isinstance(value, datetime) else value
        for name, value in row.items()
        if name in values
    }


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    each = iter(rows)
    while batch := list(islice(each, _AT_ONCE)):
        yield batch


def press_pages(first: int, number: int) -> None:
    """Press what is needed of 500 stories, and lay their pages under every story's address."""
    from django.conf import settings
    from django.utils import timezone

    from broadsheet.press import actions
    from broadsheet.press.models import PressedFile, PressOrder
    from broadsheet.press.sheets import Sheet
    from broadsheet.pressed_paths import file_of
    from broadsheet.stories.models import Story

    PressOrder.objects.all().delete()
    sampled = range(first, first + min(DISTINCT, number))
    actions.order(Sheet("story", str(news_id)) for news_id in sampled)
    oldest = Story.objects.order_by("first_published_at").first()
    day = timezone.localtime(oldest.first_published_at).date()
    for sheets in (
        [Sheet("front", language) for language in settings.PAPER_LANGUAGES],
        [Sheet("section", f"{settings.PAPER_LANGUAGES[0]}/{slug}") for slug in SECTIONS],
        [Sheet("day", str(day)), Sheet("day", str(timezone.localdate()))],
    ):
        actions.order(sheets)
    outcome = actions.press_orders()
    if outcome.failed:
        raise SystemExit(f"{outcome.failed} sheets could not be pressed")
    root = Path(settings.PRESSED_ROOT)
    pages = [(root / f"{file_of(f'/news/{each}/')}.gz").read_bytes() for each in sampled]
    digests = [hashlib.sha256(gzip.decompress(page)).hexdigest() for page in pages]
    template = PressedFile.objects.filter(kind="story", key=str(first)).get()
    PressedFile.objects.filter(kind="story").exclude(pk=template.pk).delete()
    now = timezone.now()

    def lay(news_id: int) -> dict[str, Any]:
        which = news_id % len(pages)
        address = f"/news/{news_id}/"
        file = root / f"{file_of(address)}.gz"
        if not file.parent.is_dir():
            file.parent.mkdir(parents=True)
        file.write_bytes(pages[which])
        return {
            "address": address,
            "key": str(news_id),
            "sha256": digests[which],
            "size": len(pages[which]),
            "pressed_at": now,
        }

    copy_rows(PressedFile, template.pk, map(lay, range(first, first + number)))
    print(f"day {day:%Y/%m/%d}")


if __name__ == "__main__":
    main()
