"""Summaries: what a list shows of a story.

A list asks for the stories it shows by their rows (:func:`listed`), and for the summary of one
only where its card is not known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import prefetch_related_objects

from broadsheet.press import bodies, dates, loading, photos, pieces, rebuilt
from broadsheet.press.frame import Frame, Link
from broadsheet.stories.languages import Direction
from broadsheet.stories.models import Photo, Story

_LEAD_LENGTH = 220

Shown = dict[tuple[str, int], photos.Shown]


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
    published: datetime | None = None

    def drawn(self, ways: tuple[Hashable, ...], draw: Callable[[Summary], str]) -> str:
        """Return what ``draw`` makes of this summary."""
        return draw(self)


@dataclass(frozen=True, eq=False)
class Listed:
    """A story on a list, of which its rows are read: enough to know what was drawn of it before."""

    news_id: int
    _rows: loading.Rows
    _seen: photos.Shown | None
    _among: _Group

    @property
    def section_id(self) -> int:
        """The section's primary key."""
        found: int = loading.column(self._rows, "section_id")
        return found

    @property
    def published(self) -> datetime | None:
        """When the story was first published, in UTC."""
        return loading.moment(self._rows, "first_published_at")

    def drawn(self, ways: tuple[Hashable, ...], draw: Callable[[Summary], str]) -> str:
        """Return what ``draw`` makes of the summary, which ``ways`` must tell from other ways."""

        def anew() -> tuple[bytes, bool]:
            summary, same = self._among.summary(self.news_id)
            return (draw(summary).encode() if summary else b""), same

        subject = loading.subject_of(self._rows)
        name = pieces.key(subject, "card", self._among.frame.digest, self._seen, *ways)
        return pieces.piece(name, anew).decode()


class _Group:
    """Stories of one list by number; those whose cards are not known are loaded together."""

    def __init__(self, frame: Frame, rows: dict[int, loading.Rows]) -> None:
        self.frame = frame
        self._rows = rows
        self._made: dict[int, tuple[Summary | None, bool]] = {}

    def summary(self, news_id: int) -> tuple[Summary | None, bool]:
        """Return the story's summary, ``None`` where nobody may see it any more.

        With it comes whether it was made of the very rows that were read for the list.
        """
        if news_id not in self._made:
            # Those that are not known, once; what is dropped after that is asked for by itself.
            others = [] if self._made else self._rows.items()
            unknown = [each for each, rows in others if not loading.is_known(rows)]
            wanted = sorted({news_id, *unknown})
            stories = loading.load(wanted)
            self._made.update(dict.fromkeys(wanted, (None, False)))
            for story, summary in zip(stories, of(stories, self.frame), strict=True):
                same = loading.is_made_of(story, self._rows[story.news_id])
                self._made[story.news_id] = summary, same
        return self._made[news_id]


Entry = Summary | Listed
AnyEntry = TypeVar("AnyEntry", bound=Entry)


def listed(news_ids: Sequence[int], frame: Frame) -> Sequence[Entry]:
    """Return the public stories of ``news_ids`` as a list shows them to readers of ``frame``."""
    if loading.keeps_nothing():
        return of(loading.load(news_ids), frame)
    rows = loading.rows_of(news_ids)
    # The story's own row is the first.
    first = {news_id: rebuilt.pictures(each)[:1] for news_id, each in rows.items() if len(each) > 1}
    wanted = ((str(news_id), picture) for news_id, found in first.items() for picture in found)
    shown = photos.shown(wanted, photos.CARD)
    seen = {int(owner): picture for (owner, _), picture in shown.items()}
    group = _Group(frame, rows)
    return [Listed(news_id, each, seen.get(news_id), group) for news_id, each in rows.items()]


def of(stories: Iterable[Story], frame: Frame) -> list[Summary]:
    """Return the summary of each story, in the order given, with a constant number of queries."""
    stories = list(stories)
    fresh = [story for story in stories if not loading.is_listed(story)]
    prefetch_related_objects(fresh, "section", "photos__picture")
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
    shown: Shown,
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
        published=moment,
        alt=photo.alt_text or photo.picture.description if photo and photo.picture else "",
    )


def by_section(summaries: Sequence[AnyEntry], frame: Frame) -> list[tuple[Link, list[AnyEntry]]]:
    """Return the summaries under their sections, in the paper's order of sections."""
    groups: dict[int, list[AnyEntry]] = {section_id: [] for section_id in frame.section_names}
    for summary in summaries:
        groups.setdefault(summary.section_id, []).append(summary)
    return [
        (frame.section(section_id, frame.language), group)
        for section_id, group in groups.items()
        if group and section_id in frame.section_names
    ]
