"""Summaries: what a list shows of a story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from broadsheet.press import bodies, dates, loading, photos
from broadsheet.press.frame import Frame, Link
from broadsheet.stories.languages import Direction
from broadsheet.stories.models import Photo, Story

_LEAD_LENGTH = 220


@dataclass(frozen=True)
class Summary:
    """One story on a list, every text ready to print.

    ``time`` is as readers see it and ``moment`` as machines do; both are empty for a story that
    was never published. ``clock`` is the time of day alone.
    """

    url: str
    headline: str
    lead: str
    language: str
    direction: Direction
    time: str
    clock: str
    moment: str
    section_id: int
    section: Link
    picture: photos.Shown | None
    alt: str


def of(stories: Iterable[Story], frame: Frame) -> list[Summary]:
    """Return the summary of each story, in the order given, with a constant number of queries."""
    stories = list(stories)
    prefetch_related_objects(stories, "section", "photos__picture")
    first = {story.pk: _first_photo(story) for story in stories}
    shown = photos.shown(
        (
            (photos.owner_of(story), photo.picture)
            for story in stories
            if (photo := first[story.pk]) is not None and photo.picture is not None
        ),
        photos.CARD,
    )
    return [_kept(story, frame, first[story.pk], shown) for story in stories]


def _kept(
    story: Story,
    frame: Frame,
    photo: Photo | None,
    shown: dict[tuple[str, int], photos.Shown],
) -> Summary:
    picture = photo.picture if photo is not None else None
    seen = shown.get((photos.owner_of(story), picture.pk)) if picture is not None else None
    return loading.derived(
        story, ("summary", frame, seen), lambda: _summary(story, frame, photo, seen)
    )


def _first_photo(story: Story) -> Photo | None:
    return next((photo for photo in story.photos.all() if photo.picture is not None), None)


def _summary(
    story: Story,
    frame: Frame,
    photo: Photo | None,
    picture: photos.Shown | None,
) -> Summary:
    moment = story.first_published_at
    return Summary(
        url=story.get_absolute_url(),
        headline=story.headline,
        lead=bodies.shortened(story.lead, _LEAD_LENGTH) or bodies.opening(story.body, _LEAD_LENGTH),
        language=story.language,
        direction=story.direction,
        time=dates.brief(moment, story.language, frame.zone) if moment else "",
        clock=dates.clock(moment, story.language, frame.zone) if moment else "",
        moment=dates.machine(moment) if moment else "",
        section_id=story.section_id,
        section=frame.section_of(story.section, story.language),
        picture=picture,
        alt=photo.alt_text or photo.picture.description if photo and photo.picture else "",
    )


def by_section(summaries: Sequence[Summary], frame: Frame) -> list[tuple[Link, list[Summary]]]:
    """Return the summaries under their sections, in the paper's order of sections."""
    groups: dict[int, list[Summary]] = {section_id: [] for section_id in frame.section_names}
    for summary in summaries:
        groups.setdefault(summary.section_id, []).append(summary)
    return [
        (frame.section(section_id, frame.language), group)
        for section_id, group in groups.items()
        if group and section_id in frame.section_names
    ]
