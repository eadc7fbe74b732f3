"""``broadsheet search``: look into the archive, or fill its index from nothing."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from broadsheet.press import dates
from broadsheet.search import index
from broadsheet.search.queries import Filters
from broadsheet.stories.models import Section, Story


class Command(BaseCommand):
    """Search, or rebuild the index."""

    help = (
        'Finds public stories as readers do. Words are all wanted; "words in quotation marks" '
        "stand together, -word leaves a word out, begin* finds every word that begins so. "
        "Without words it says how full the index is; --rebuild fills it from nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the arguments."""
        parser.add_argument("words", nargs="*", metavar="QUERY", help="what to look for")
        parser.add_argument("--limit", type=int, default=20, help="at most so many (20)")
        parser.add_argument("--section", default="", metavar="SLUG", help="only in this section")
        parser.add_argument("--language", default="", metavar="TAG", help="only in this language")
        parser.add_argument("--by-date", action="store_true", help="newest first")
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--rebuild", action="store_true", help="fill the index from nothing, newest first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Search, rebuild, or say how full the index is."""
        if options["rebuild"]:
            self._rebuild(as_json=options["json"])
        elif options["words"]:
            self._search(" ".join(options["words"]), options)
        else:
            self._say_state(as_json=options["json"])

    def _rebuild(self, *, as_json: bool) -> None:
        start = perf_counter()
        with Progress(
            TextColumn("Indexing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=as_json or not sys.stderr.isatty(),
        ) as bar:
            task = bar.add_task("", total=None)
            count = index.rebuild(lambda done, of: bar.update(task, completed=done, total=of))
        took = perf_counter() - start
        if as_json:
            self.stdout.write(json.dumps({"indexed": count, "seconds": round(took, 3)}))
        else:
            self.stdout.write(f"Indexed {count:,} stories in {took:.1f} s.")

    def _say_state(self, *, as_json: bool) -> None:
        state = index.engine().state()
        if as_json:
            self.stdout.write(
                json.dumps(
                    {"stories": state.stories, "indexed": state.indexed, "public": state.public}
                )
            )
        else:
            self.stdout.write(
                f"{state.indexed:,} of {state.stories:,} stories are indexed, "
                f"{state.public:,} of them public."
            )
        if state.indexed < state.stories:
            raise CommandError("The index is not complete: run `broadsheet search --rebuild`.")

    def _search(self, text: str, options: dict[str, Any]) -> None:
        if options["limit"] < 1:
            raise CommandError("--limit must be at least 1.")
        start = perf_counter()
        found = index.query(
            text,
            _filters(options),
            order="date" if options["by_date"] else "relevance",
            limit=options["limit"],
        )
        took = perf_counter() - start
        stories = Story.objects.public().select_related("section").in_bulk(found.news_ids)
        rows = [stories[news_id] for news_id in found.news_ids if news_id in stories]
        if options["json"]:
            document = {
                "query": text,
                "total": found.total,
                "more": found.more,
                "partial": found.partial,
                "seconds": round(took, 4),
                "stories": [_as_json(story) for story in rows],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        for story in rows:
            moment = story.first_published_at
            day = dates.machine(moment)[:10] if moment else ""
            self.stdout.write(f"{story.pk:>8}  {day}  {story.headline}  ({story.section.slug})")
        total = f"more than {found.total:,}" if found.more else f"{found.total:,}"
        plural = "story" if found.total == 1 and not found.more else "stories"
        self.stdout.write(f"Found {total} {plural} in {took * 1000:.0f} ms.")
        if found.partial:
            self.stdout.write(f"{found.partial:,} more have some of the words.")


def _filters(options: dict[str, Any]) -> Filters:
    section = None
    if options["section"]:
        section = (
            Section.objects.filter(slug=options["section"]).values_list("pk", flat=True).first()
        )
        if section is None:
            known = ", ".join(Section.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no section “{options['section']}”; there are: {known}.")
    return Filters(section=section, language=options["language"])


def _as_json(story: Story) -> dict[str, object]:
    moment = story.first_published_at
    return {
        "news_id": story.pk,
        "headline": story.headline,
        "published": dates.machine(moment) if moment else None,
        "language": story.language,
        "section": story.section.slug,
        "url": f"{settings.BASE_URL}{story.get_absolute_url()}",
    }
