"""Listings: which stories stand on which list. Curated first, then the newest; public ones only.

Each list is found by its News IDs alone and read once within a batch, however many sheets show
it. Every list is bounded, so that its cost does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet

from broadsheet.press.frame import frame_for
from broadsheet.press.loading import load, load_whole
from broadsheet.press.reading import once
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import FrontPlacement, Section, Story, StoryByline
from broadsheet.stories.models.story import StoryQuerySet

ON_A_FRONT = 40
ON_A_LIST = 60
IN_A_FEED = 30
# As many as are sorted in some milliseconds.
_FEW = 2_000
# Google News reads two days back, and no more than a thousand entries.
NEWS_SITEMAP_AGE = timedelta(days=2)
NEWS_SITEMAP_LENGTH = 1_000


def story(news_id: int) -> Story | None:
    """Return one public story, or ``None`` where readers may see none of that number."""
    return next(iter(load_whole([news_id])), None)


def _ids(key: Hashable, find: Callable[[], Iterable[int]]) -> list[int]:
    return once(("listing", key), lambda: list(find()))


def _newest(stories: StoryQuerySet, limit: int) -> list[int]:
    return list(stories.public().newest_first().values_list("pk", flat=True)[:limit])


def _all() -> StoryQuerySet:
    return Story.objects.all()


def front(section: Section | None, language: str) -> list[Story]:
    """Return the stories of a front: as the desk placed them, then the newest of the rest."""
    return load(ids_of_front(section, language))[:ON_A_FRONT]


def ids_of_front(section: Section | None, language: str) -> list[int]:
    """Return which stories may stand on a front; of the placed ones only public ones will."""

    def find() -> list[int]:
        placed = list(
            FrontPlacement.objects.filter(front__section=section, front__language=language)
            .order_by("sort_order", "pk")
            .values_list("story_id", flat=True)[:ON_A_FRONT]
        )
        newest = _newest(_in(section, language), ON_A_FRONT)
        return list(dict.fromkeys([*placed, *newest]))

    return _ids(("front", section.pk if section else None, language), find)


def _in(section: Section | None, language: str) -> StoryQuerySet:
    stories = _all().filter(front_language=language)
    return stories if section is None else stories.filter(section=section)


def of_topic(slug: str) -> list[Story]:
    """Return the newest stories on a topic."""
    return load(ids_of_topic(slug))


def ids_of_topic(slug: str) -> list[int]:
    """Return which stories stand on a topic's page."""
    through = Story.topics.through.objects.all()
    return _ids(("topic", slug), lambda: newest_of(through, "topic", slug))


def of_byline(slug: str) -> list[Story]:
    """Return the newest stories under a byline."""
    return load(ids_of_byline(slug))


def ids_of_byline(slug: str) -> list[int]:
    """Return which stories stand on a byline's page."""
    through = StoryByline.objects.all()
    return _ids(("byline", slug), lambda: newest_of(through, "byline", slug))


def newest_of(through: QuerySet[Any], subject: str, slug: str, limit: int = ON_A_LIST) -> list[int]:
    """Return the newest stories that ``through`` ties to the ``subject`` of that slug, each once.

    Its rows have a ``story_id`` and the number of their subject.

    No index can hold both what a story is about and when it was published. A few are sorted; of
    many, the first are soon found among the newest of the whole paper.
    """
    rows = through.filter(**{f"{subject}__slug": slug}).order_by()
    few = list(rows.values_list(f"{subject}_id", flat=True)[: _FEW + 1])
    if len(few) <= _FEW:
        return _newest(_all().filter(pk__in=rows.values("story_id")), limit)
    # Asked as a sum, or SQLite may look the subject up, with all its rows, for every story.
    tied = through.annotate(of=F(f"{subject}_id") + 0).filter(of=few[0], story_id=OuterRef("pk"))
    return _newest(_all().filter(Exists(tied)), limit)


def for_feed(*, section_slug: str = "", language: str = "", topic_slug: str = "") -> list[Story]:
    """Return the newest stories, whole, for a feed: of the paper, a section, language or topic."""
    return load_whole(
        ids_of_feed(section_slug=section_slug, language=language, topic_slug=topic_slug)
    )


def ids_of_feed(*, section_slug: str = "", language: str = "", topic_slug: str = "") -> list[int]:
    """Return which stories stand in a feed."""
    if topic_slug:
        return ids_of_topic(topic_slug)[:IN_A_FEED]
    rows = _all()
    if section_slug:
        rows = rows.filter(section__slug=section_slug)
    if language:
        rows = rows.filter(front_language=language)
    return _ids(("feed", section_slug, language), lambda: _newest(rows, IN_A_FEED))


def zone() -> ZoneInfo:
    """Return the paper's time zone, by which its days are told."""
    return once("zone", lambda: frame_for(own_language()).zone)


def day_of(story: Story) -> date | None:
    """Return the day a story stands under in the archive, ``None`` before its publication."""
    moment = story.first_published_at
    return moment.astimezone(zone()).date() if moment is not None else None


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when ``day`` begins and ends in the paper's time zone, in UTC."""
    begin = datetime.combine(day, time(), zone()).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone()).astimezone(UTC)
    return begin, end


def of_day(day: date) -> list[Story]:
    """Return every story first published on ``day``, the newest first."""
    return load(ids_of_day(day))


def ids_of_day(day: date) -> list[int]:
    """Return which stories were first published on ``day``."""
    begin, end = bounds(day)
    rows = _all().filter(first_published_at__gte=begin, first_published_at__lt=end)
    return _ids(("day", day), lambda: rows.public().newest_first().values_list("pk", flat=True))
