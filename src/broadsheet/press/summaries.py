"""Summaries: what a list shows of a story.

A list asks for the looks of the stories it shows (:func:`listed`), and for the summary of one
only where its card is not known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import prefetch_related_objects

from broadsheet.press import bodies, dates, loading, looks, photos, pieces
from broadsheet.press.frame import Frame, Link
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
    """A story on a list, of which its look is known: enough to know what was drawn of it before."""

    news_id: int
    _look: looks.Look
    among: _Group

    @property
    def section_id(self) -> int:
        """The section's primary key."""
        return self._look.section_id

    @property
    def published(self) -> datetime | None:
        """When the story was first published, in UTC."""
        return self._look.published

    def drawn(self, ways: tuple[Hashable, ...], draw: Callable[[Summary], str]) -> str:
        """Return what ``draw`` makes of the summary, which ``ways`` must tell from other ways."""
        return self.among.drawn([self], ways, draw)


# Each publication moves some down a front, where they are shown in another way.
_summaries = loading.Shelf[Summary]()


def forget() -> None:
    """Forget every summary that is kept."""
    _summaries.clear()


class _Group:
    """Stories of one list by number; those whose cards are not known are loaded together."""

    def __init__(self, frame: Frame, wanted: dict[int, looks.Look]) -> None:
        self.frame = frame
        self._looks = wanted
        self._made: dict[int, tuple[Summary | None, bool]] = {}
        self._loaded = False

    def summary(
        self, news_id: int, wanted: Callable[[], Iterable[int]]
    ) -> tuple[Summary | None, bool]:
        """Return the story's summary, ``None`` where nobody may see it any more.

        With it comes whether it has the very look by which the list knows the story. ``wanted``
        tells whose summaries will be asked for next: they are loaded with it.
        """
        if news_id not in self._made and not self._has_kept(news_id):
            others = [each for each in wanted() if each not in self._made]
            self._load([news_id, *(each for each in others if not self._has_kept(each))])
        return self._made[news_id]

    def _has_kept(self, news_id: int) -> bool:
        kept = _summaries.fetch(news_id, self._of(news_id))
        if kept is not None:
            self._made[news_id] = kept, True
        return kept is not None

    def drawn(
        self, listed: Sequence[Listed], ways: tuple[Hashable, ...], draw: Callable[[Summary], str]
    ) -> str:
        """Return what ``draw`` makes of the summaries of some of them, one after the other."""
        subjects = (self._looks[each.news_id].subject for each in listed)
        names = pieces.keys(subjects, "card", self.frame.digest, *ways)

        def wanted() -> list[int]:
            # A story of which another list has its card may lack the one of this list.
            return [listed[place].news_id for place in pieces.lacking(names)]

        def anew(place: int) -> tuple[bytes, bool]:
            summary, same = self.summary(listed[place].news_id, wanted)
            return (draw(summary).encode() if summary else b""), same

        return b"".join(pieces.several(names, anew)).decode()

    def _of(self, news_id: int) -> Hashable:
        return self._looks[news_id], self.frame.digest

    def _load(self, news_ids: Iterable[int]) -> None:
        # With those that are not known, once; what is dropped after that is asked for again.
        unknown = [] if self._loaded else looks.unknown(self._looks)
        self._loaded = True
        wanted = sorted({*news_ids, *unknown})
        stories = loading.load(wanted)
        self._made.update(dict.fromkeys(wanted, (None, False)))
        found = looks.of_stories(stories)
        for story, summary in zip(stories, of(stories, self.frame), strict=True):
            same = found.get(story.news_id) == self._looks[story.news_id]
            self._made[story.news_id] = summary, same
            if same:
                _summaries.put(story.news_id, self._of(story.news_id), summary)


Entry = Summary | Listed
AnyEntry = TypeVar("AnyEntry", bound=Entry)


def drawn(
    entries: Sequence[Entry], ways: tuple[Hashable, ...], draw: Callable[[Summary], str]
) -> str:
    """Return what ``draw`` makes of each of ``entries``, of one list, as their ``drawn`` does."""
    found = [entry for entry in entries if isinstance(entry, Listed)]
    if found and len(found) == len(entries):
        # To ask for each by itself takes longer than to find what was drawn of it.
        return found[0].among.drawn(found, ways, draw)
    return "".join(entry.drawn(ways, draw) for entry in entries)


def listed(news_ids: Sequence[int], frame: Frame) -> Sequence[Entry]:
    """Return the public stories of ``news_ids`` as a list shows them to readers of ``frame``."""
    if loading.keeps_nothing():
        return of(loading.load(news_ids), frame)
    found = looks.of(news_ids)
    group = _Group(frame, found)
    return [Listed(news_id, look, group) for news_id, look in found.items()]


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
