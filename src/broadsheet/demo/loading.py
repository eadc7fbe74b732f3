"""Loads the sample paper, one thing after the other, each once in the life of its home.

paper, sections, topics, agencies, logins, bylines
pictures -> stories -> a saved page, through the wire -> letters -> standing pages -> fronts
the register of sources -> what the editor decided about who stands behind what
agencies' channels -> the copy that came through them, and the story made of some

Each step and the note that it is done are one transaction. So a loading that was interrupted
goes on where it stopped, and what a user deletes or changes afterwards stays so.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction

from broadsheet.attribution.arrivals import archive
from broadsheet.demo import claims, desk, filing, receiving, samples, sourcing
from broadsheet.letters.actions import bring_in as bring_in_letter
from broadsheet.letters.models import Letter
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.actions.set_front import set_front
from broadsheet.newsroom.models import SeededThing
from broadsheet.press.actions import held
from broadsheet.stories.models import Front, Picture, Section, Story
from broadsheet.wire.pipeline import bring_in as bring_in_copy
from broadsheet.wire.retrievers import files

Progress = Callable[[int, int], None]
_MARK = "demo: "


@dataclass(frozen=True)
class Step:
    """One thing to load, by a name that no other has."""

    name: str
    act: Callable[[], object]


def load(started: datetime, progress: Progress | None = None) -> int:
    """Load what is not loaded yet; return how many steps that were. It presses nothing.

    ``started`` is the moment from which the samples' times count. ``progress`` is told how many
    steps are done, and of how many.
    """
    known = set(SeededThing.objects.filter(name__startswith=_MARK).values_list("name", flat=True))
    missing = [step for step in steps(started) if _MARK + step.name not in known]
    with held():
        for done, step in enumerate(missing, start=1):
            with transaction.atomic():
                step.act()
                SeededThing.objects.create(name=_MARK + step.name)
            if progress is not None:
                progress(done, len(missing))
    return len(missing)


def steps(started: datetime) -> Iterator[Step]:
    """Yield every step of a whole loading, in order."""
    paper = samples.paper()
    yield Step("paper", partial(filing.name_paper, paper["paper"]))
    for place, row in enumerate(paper["sections"]):
        yield Step(f"section {row['slug']}", partial(filing.make_section, row, place))
    makers = (
        ("topics", "slug", filing.make_topic),
        ("agencies", "slug", filing.make_agency),
        ("users", "username", filing.make_user),
        ("bylines", "slug", filing.make_byline),
    )
    for table, key, make in makers:
        for row in paper[table]:
            yield Step(f"{table} {row[key]}", partial(make, row))
    for name, facts in samples.pictures().items():
        yield Step(f"picture {name}", partial(_add_picture, name, facts))
    for sample in samples.stories():
        yield Step(f"story {sample.news_id}", partial(desk.make, sample, started))
    for path in sorted(samples.SAVED.iterdir()):
        yield Step(f"saved page {path.name}", partial(_import_page, path))
    for number, row in enumerate(samples.letters()):
        yield Step(f"letter {number}", partial(_add_letter, row, started))
    for page in samples.pages():
        yield Step(f"page {page.slug}", partial(filing.make_page, page))
    for row in paper["fronts"]:
        name = f"front {row['language']} {row.get('section', '')}".strip()
        yield Step(name, partial(_curate, row))
    yield from _source_steps(started)
    yield from _wire_steps(started)


def _source_steps(started: datetime) -> Iterator[Step]:
    for row in samples.sources():
        yield Step(f"source {row['name']}", partial(sourcing.make_source, row))
    written = {sample.news_id: sample for sample in samples.stories()}
    for found in claims.every():
        decide = partial(sourcing.decide, found, written[found.news_id], started)
        yield Step(f"claims {found.news_id}", decide)


def _wire_steps(started: datetime) -> Iterator[Step]:
    wire = samples.wire()
    for row in wire["channels"]:
        yield Step(f"channel {row['name']}", partial(receiving.make_channel, row))
    for row in wire["copy"]:
        yield Step(f"copy {row['file']}", partial(receiving.receive, row, started))


def _add_picture(name: str, facts: dict[str, Any]) -> None:
    if Picture.objects.filter(file__contains=f"/demo-{name}.").exists():
        return
    path = next(samples.PICTURES.glob(f"{name}.*"))
    with path.open("rb") as stream:
        picture = Picture(
            title=facts["title"],
            description=facts["alt_text"],
            caption=facts.get("caption", ""),
            credit=facts["credit"],
            taken_on=facts.get("taken_on"),
            file=ImageFile(stream, name=f"demo-{path.name}"),
        )
        picture.save()


def _import_page(path: Path) -> None:
    incoming = files.read(files.find([str(path)]), io.BytesIO())
    # As `broadsheet import --publish` takes over an archive: nobody has read it for its sources.
    with archive():
        for outcome in bring_in_copy(incoming, Adopter(Terms(publish=True, section="city"))):
            if outcome.kind == "refused":
                raise RuntimeError(f"{path.name}: {outcome.error}")


def _add_letter(row: dict[str, Any], started: datetime) -> None:
    story = Story.objects.filter(pk=row["news_id"]).first()
    if story is None:  # deleted before its letters came, by a loading that was interrupted
        return
    bring_in_letter(
        story,
        name=row["name"],
        text=row["text"],
        written_at=started - samples.span(row["age"]),
        state=Letter.State(row.get("state", "approved")),
    )


def _curate(row: dict[str, Any]) -> None:
    section = Section.objects.get(slug=row["section"]) if "section" in row else None
    front, _ = Front.objects.get_or_create(section=section, language=row["language"])
    found = Story.objects.in_bulk(row["stories"])
    set_front(front, [found[number] for number in row["stories"] if number in found])
