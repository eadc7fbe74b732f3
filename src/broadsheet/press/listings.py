"""Listings: which stories stand on which list. Curated first, then the newest; public ones only.

Each list is found by its News IDs alone and read once within a batch, however many sheets show
it. Every list is bounded, so that its cost does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.press.frame import frame_for
from broadsheet.press.reading import once
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import FrontPlacement, Section, Story
from broadsheet.stories.models.story import StoryQuerySet

ON_A_FRONT = 40
ON_A_LIST = 60
IN_A_FEED = 30
# Google News reads two days back, and no more than a thousand entries.
NEWS_SITEMAP_AGE = timedelta(days=2)
NEWS_SITEMAP_LENGTH = 1_000

# What ninjs, feeds and the page show of a story besides what a list does.
_PARTS = ("section__names", "topics", "bylines__byline", "agencies__agency")


def load(news_ids: Iterable[int]) -> list[Story]:
    """Return the public stories of ``news_ids`` in that order, with all that a list shows.

    The body is left in the database where a lead says what the story is about: to read it is
    half the cost of a story.
    """
    wanted = list(news_ids)
    known: dict[int, Story | None] = once("stories", dict)
    missing = [news_id for news_id in wanted if news_id not in known]
    if missing:
        known.update(dict.fromkeys(missing))
        rows = Story.objects.public().filter(pk__in=missing).select_related("section")
        rows = rows.prefetch_related("photos__picture")
        found = [*rows.exclude(lead="").defer("body"), *rows.filter(lead="")]
        known.update({story.news_id: story for story in found})
    return [story for news_id in wanted if (story := known[news_id]) is not None]


def load_whole(news_ids: Iterable[int]) -> list[Story]:
    """Return the public stories of ``news_ids`` in that order, with their body and all parts."""
    wanted = list(news_ids)
    known: dict[int, Story | None] = once("whole stories", dict)
    missing = [news_id for news_id in wanted if news_id not in known]
    if missing:
        known.update(dict.fromkeys(missing))
        rows = Story.objects.public().filter(pk__in=missing).select_related("section")
        rows = rows.prefetch_related("photos__picture", *_PARTS)
        known.update({story.news_id: story for story in rows})
    return [story for news_id in wanted if (story := known[news_id]) is not None]


def story(news_id: int) -> Story | None:
    """Return one public story, or ``None`` where readers may see none of that number."""
    return next(iter(load_whole([news_id])), None)


def _ids(key: Hashable, find: Callable[[], Iterable[int]]) -> list[int]:
    return once(("listing", key), lambda: list(find()))


def _listed(key: Hashable, find: Callable[[], Iterable[int]]) -> list[Story]:
    return load(_ids(key, find))


def _newest(stories: StoryQuerySet, limit: int) -> list[int]:
    return list(stories.public().newest_first().values_list("pk", flat=True)[:limit])


def _all() -> StoryQuerySet:
    return Story.objects.all()


def front(section: Section | None, language: str) -> list[Story]:
    """Return the stories of a front: as the desk placed them, then the newest of the rest."""

    def find() -> list[int]:
        # The public ones among the placed: `load` leaves out the others.
        placed = list(
            FrontPlacement.objects.filter(front__section=section, front__language=language)
            .order_by("sort_order", "pk")
            .values_list("story_id", flat=True)[:ON_A_FRONT]
        )
        newest = _newest(_in(section, language), ON_A_FRONT)
        return list(dict.fromkeys([*placed, *newest]))

    key = ("front", section.pk if section else None, language)
    return _listed(key, find)[:ON_A_FRONT]


def _in(section: Section | None, language: str) -> StoryQuerySet:
    stories = _all().filter(front_language=language)
    return stories if section is None else stories.filter(section=section)


def of_topic(slug: str) -> list[Story]:
    """Return the newest stories on a topic."""
    return load(_ids_of_topic(slug))


def _ids_of_topic(slug: str) -> list[int]:
    stories = _all().filter(topics__slug=slug)
    return _ids(("topic", slug), lambda: _newest(stories, ON_A_LIST))


def of_byline(slug: str) -> list[Story]:
    """Return the newest stories under a byline."""
    # By subquery: a story that carries the same byline twice is listed once.
    rows = _all().filter(pk__in=_all().filter(bylines__byline__slug=slug).values("pk"))
    return _listed(("byline", slug), lambda: _newest(rows, ON_A_LIST))


def for_feed(*, section_slug: str = "", language: str = "", topic_slug: str = "") -> list[Story]:
    """Return the newest stories, whole, for a feed: of the paper, a section, language or topic."""
    if topic_slug:
        return load_whole(_ids_of_topic(topic_slug)[:IN_A_FEED])
    rows = _all()
    if section_slug:
        rows = rows.filter(section__slug=section_slug)
    if language:
        rows = rows.filter(front_language=language)
    key = ("feed", section_slug, language)
    return load_whole(_ids(key, lambda: _newest(rows, IN_A_FEED)))


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
    begin, end = bounds(day)
    rows = _all().filter(first_published_at__gte=begin, first_published_at__lt=end)
    return _listed(("day", day), lambda: rows.public().newest_first().values_list("pk", flat=True))


def translations(story: Story) -> list[Story]:
    """Return the public stories that are the same in another language, ``story`` left out."""
    root = story.translation_of_id or story.news_id
    rows = Story.objects.public().filter(translation_of=root) | Story.objects.public().filter(
        pk=root
    )
    return [each for each in rows.order_by("language", "pk") if each.pk != story.pk]
