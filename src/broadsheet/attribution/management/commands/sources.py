"""``broadsheet sources``: what rests on a source, or on copy that came in."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from broadsheet.attribution import register, upstream
from broadsheet.attribution.models import Source
from broadsheet.attribution.upstream import Passage, RestingRelation, RestingStory
from broadsheet.wire.models import ReceivedItem

_NOBODY = "[not named]"


class Command(BaseCommand):
    """List what rests on a source or on a wire item."""

    help = (
        "Lists every story that rests on a source, first hand or through others, or on copy that "
        "came in: its sentences, the way they came, and every place where it was pressed or sent. "
        "Versions of one item, merged sources, the copy of an agency that a source is or owns, "
        "and translations are followed. Exit status 1 where there is no such source or item."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the arguments."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--rests-on", metavar="NAME", help="a source, by any of its names or by its slug"
        )
        what.add_argument(
            "--wire-item", metavar="ID", help="a received item, by its number or by its guid"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find what is asked for and tell what rests on it, story by story."""
        begun = perf_counter()
        if options["rests_on"] is not None:
            source = _source(options["rests_on"])
            asked: dict[str, Any] = {"source": {"name": source.name, "slug": source.slug}}
            found = upstream.of_source(source)
        else:
            item = _item(options["wire_item"])
            asked = {"wire_item": {"id": item.pk, "guid": item.guid}}
            found = upstream.of_item(item)
        tell = self._write if options["json"] else self._tell
        # What is printed as it is found says by itself how far it is; a pipe may want to know.
        with Progress(
            TextColumn("Looking"),
            TextColumn("{task.completed}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty() or self._is_terminal(),
        ) as progress:
            task = progress.add_task("", total=None)

            def counted() -> Iterator[RestingStory]:
                for story in found:
                    progress.advance(task)
                    yield story

            tell(asked, counted(), begun)

    def _is_terminal(self) -> bool:
        return bool(getattr(self.stdout, "isatty", lambda: False)())

    def _write(self, asked: dict[str, Any], found: Iterator[RestingStory], begun: float) -> None:
        """Write one JSON document, a story at a time: it may be the whole archive."""
        head = json.dumps(asked, ensure_ascii=False)
        self.stdout.write(f'{head[:-1]}, "stories": [', ending="")
        count = 0
        for story in found:
            separator = ",\n" if count else "\n"
            line = json.dumps(asdict(story), ensure_ascii=False)
            self.stdout.write(f"{separator}{line}", ending="")
            count += 1
        seconds = round(perf_counter() - begun, 3)
        self.stdout.write(f'\n], "count": {count}, "seconds": {seconds}}}')

    def _tell(self, asked: dict[str, Any], found: Iterator[RestingStory], begun: float) -> None:
        count = 0
        for story in found:
            count += 1
            line = f"{story.news_id:>8}  {story.visibility:<9}  {_plain(story.headline)}"
            self.stdout.write(line.rstrip())
            for text in _reasons(story):
                self.stdout.write(f"          {text}")
            for place in story.destinations:
                if place.own:
                    self.stdout.write(f"          at {_plain(place.address)}")
            if lists := [place.address for place in story.destinations if not place.own]:
                self.stdout.write(f"          also on {_plain(', '.join(lists))}")
        ((kind, name),) = asked.items()
        called = _plain(name["name"] if kind == "source" else name["guid"])
        rest = "story rests" if count == 1 else "stories rest"
        self.stdout.write(f"{count:,} {rest} on {called} ({perf_counter() - begun:.1f} s).")


def _reasons(story: RestingStory) -> Iterator[str]:
    """Yield why the story rests on what was asked for, a line each."""
    for relation in story.relations:
        yield f"#{relation.number} {relation.status}: {_way(relation)}"
        yield from _sentences(relation.passages)
        if not relation.passages:
            yield "  (its words are in neither text any more)"
    for copy in story.copies:
        version = f", version {_plain(copy.version)}" if copy.version else ""
        erased = ", erased" if copy.erased else ""
        yield f"made of item {copy.item_id}{version}{erased}"
        yield from _sentences(copy.passages)
    if story.agencies:
        yield f"copy of {_plain(', '.join(story.agencies))}"
    if story.translation_of is not None:
        yield f"translation of {story.translation_of}"


def _way(relation: RestingRelation) -> str:
    return " → ".join(_plain(name) or _NOBODY for name in (*relation.chain, "this paper"))


def _sentences(passages: tuple[Passage, ...]) -> Iterator[str]:
    for passage in passages:
        yield f"  {passage.version} {passage.span[0]}-{passage.span[1]}: {_plain(passage.words)}"


def _plain(text: str) -> str:
    """Return ``text`` without what a terminal would take for an order."""
    return "".join(char if char.isprintable() else " " for char in text)


def _source(name: str) -> Source:
    source = Source.objects.filter(slug=name).first() or register.resolve(name)
    if source is not None:
        return source
    alike = ", ".join(f"{each.name} ({each.slug})" for each in register.candidates(name))
    hint = f" Which of these is meant: {alike}?" if alike else ""
    raise CommandError(f"No source alone is called “{name}”.{hint}")


def _item(wanted: str) -> ReceivedItem:
    items = ReceivedItem.objects.defer("raw")
    item = items.filter(guid=wanted).order_by("-pk").first()
    if item is None and wanted.isascii() and wanted.isdigit():
        item = items.filter(pk=int(wanted)).first()
    if item is None:
        raise CommandError(f"No item was received under “{wanted}”.")
    return item
