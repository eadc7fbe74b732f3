"""Listings: which stories stand on which list. Curated first, then the newest; public ones only.

Each list is found by its News IDs alone and read once within a batch, however many sheets show
it. Every list is bounded, so that its cost does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    QuerySet,
)
from django.utils import timezone

from broadsheet import prepared
from broadsheet.accounts.models import Byline
from broadsheet.press.frame import frame_for
from broadsheet.press.loading import load, load_whole
from broadsheet.press.reading import once
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import (
    FrontPlacement,
    Section,
    Story,
    StoryByline,
    StoryTopic,
    Topic,
)
from broadsheet.stories.models.story import StoryQuerySet

Named = TypeVar("Named", bound=Model)

ON_A_FRONT = 40
ON_A_LIST = 60
IN_A_FEED = 30
# What a topic has in a month; and each publication writes the feeds of its topics, with whole
# texts, three of each.
IN_A_TOPICS_FEED = 15
# As many as are sorted in some milliseconds. That takes as long as to look through all that was
# published since, where one story in 40 of a paper of 200,000 is tied.
_FEW = 5_000
# Google News reads two days back, and no more than a thousand entries.
NEWS_SITEMAP_AGE = timedelta(days=2)
NEWS_SITEMAP_LENGTH = 1_000


def story(news_id: int) -> Story | None:
    """Return one public story, or ``None`` where readers may see none of that number."""
    return next(iter(load_whole([news_id])), None)


def _ids(key: Hashable, find: Callable[[], Iterable[int]]) -> list[int]:
    return once(("listing", key), lambda: list(find()))


def _newest(limit: int | None, **which: str | int | datetime) -> list[int]:
    return prepared.numbers(_newest_first, limit, at=timezone.now(), **which)


def _newest_first(limit: int | None, at: datetime, **which: Any) -> QuerySet[Story, Any]:
    return _first(Story.objects.filter(**which), limit, at)


def _first(stories: StoryQuerySet, limit: int | None, at: datetime) -> QuerySet[Story, Any]:
    return stories.public(at).newest_first().values_list("pk", flat=True)[:limit]


def front(section: Section | None, language: str) -> list[Story]:
    """Return the stories of a front: as the desk placed them, then the newest of the rest."""
    return load(ids_of_front(section, language))[:ON_A_FRONT]


def ids_of_front(section: Section | None, language: str) -> list[int]:
    """Return which stories may stand on a front, those that are placed first."""

    def find() -> list[int]:
        of_it: dict[str, int] = {"section_id": section.pk} if section else {}
        on_it = {f"front__{name}": value for name, value in of_it.items()}
        at = timezone.now()
        placed = prepared.numbers(
            _placed, section is None, at=at, front__language=language, **on_it
        )
        newest = _newest(ON_A_FRONT, front_language=language, **of_it)
        return list(dict.fromkeys([*placed, *newest]))

    return _ids(("front", section.pk if section else None, language), find)


def _placed(of_the_paper: bool, at: datetime, **which: Any) -> QuerySet[FrontPlacement, Any]:
    rows = FrontPlacement.objects.filter(story__in=Story.objects.public(at), **which)
    if of_the_paper:
        rows = rows.filter(front__section__isnull=True)
    placed: QuerySet[FrontPlacement, Any] = rows.order_by("sort_order", "pk")
    return placed.values_list("story_id", flat=True)[:ON_A_FRONT]


def called(model: type[Named], slug: str) -> Named | None:
    """Return the section, topic or byline of that slug, read once for all that is drawn of it."""
    return once(
        (model, slug), lambda: next(iter(prepared.objects(model, _of_slug, model, slug=slug)), None)
    )


def _of_slug(model: type[Model], slug: str) -> QuerySet[Any]:
    return model._default_manager.filter(slug=slug).order_by("pk")[:1]


def ids_of_topic(slug: str) -> list[int]:
    """Return which stories stand on a topic's page."""
    return _ids(("topic", slug), lambda: _newest_tied(Topic, "topic", slug))


def ids_of_byline(slug: str) -> list[int]:
    """Return which stories stand on a byline's page."""
    return _ids(("byline", slug), lambda: _newest_tied(Byline, "byline", slug))


def _newest_tied(model: type[Topic | Byline], name: str, slug: str) -> list[int]:
    # By its number: PostgreSQL does not see that one slug has one, and would sort all ties.
    subject = called(model, slug)
    return _newest_of_number(name, subject.pk) if subject is not None else []


def _newest_of_number(name: str, number: int) -> list[int]:
    at = timezone.now()
    # Mostly readers may see all of the newest; to ask that of many at once reads no rows.
    newest = prepared.numbers(_tied_newest, name, ON_A_LIST, number=number)
    if len({*prepared.numbers(_public, stories=sorted(newest), at=at)}) == len(newest):
        return newest
    found = prepared.numbers(_tied_in_order, name, ON_A_LIST, number=number, at=at)
    if len(set(found)) == len(found):
        return found
    # Whoever stands twice on a story took the place of another.
    found = prepared.numbers(_tied_in_order, name, None, number=number, at=at)
    return list(dict.fromkeys(found))[:ON_A_LIST]


def _public(stories: list[int], at: datetime) -> QuerySet[Story, Any]:
    found: QuerySet[Story, Any] = Story.objects.public(at).filter(pk__in=stories).order_by()
    return found.values_list("pk", flat=True)


def _tied_newest(name: str, limit: int | None, number: int) -> QuerySet[Any, Any]:
    dated = {"published_at__isnull": False, f"{name}_id": number}
    ties = _TIES[name]._default_manager.filter(**dated).order_by("-published_at", "-story_id")
    return ties.values_list("story_id", flat=True)[:limit]


def _tied_in_order(name: str, limit: int | None, number: int, at: datetime) -> QuerySet[Any, Any]:
    # Asked of each story by itself: as a list it would be the whole archive.
    public = Story.objects.public(at).filter(pk=OuterRef("story_id"))
    return _tied_newest(name, None, number).filter(Exists(public))[:limit]


_TIES: dict[str, type[StoryTopic | StoryByline]] = {"topic": StoryTopic, "byline": StoryByline}


def newest_of(
    through: Callable[[], QuerySet[Any]], subject: str, slug: str, limit: int = ON_A_LIST
) -> list[int]:
    """Return the newest stories that ``through`` ties to the ``subject`` of that slug, each once.

    What it returns has a ``story_id`` and the number of its subject; it must be a function that
    is kept, for it is asked once.

    For what has not the time of publication beside it, as topics and bylines have. A few are
    sorted; of many, the first are soon found among the newest of the whole paper.
    """
    beyond = prepared.numbers(_beyond, through, subject, _FEW, slug=slug)
    if not beyond:
        return prepared.numbers(_sorted, through, subject, limit, slug=slug, at=timezone.now())
    return prepared.numbers(_met, through, subject, limit, number=beyond[0], at=timezone.now())


def _tied(through: Callable[[], QuerySet[Any]], subject: str, slug: str) -> QuerySet[Any]:
    return through().filter(**{f"{subject}__slug": slug}).order_by()


def _beyond(
    through: Callable[[], QuerySet[Any]], subject: str, few: int, slug: str
) -> QuerySet[Any, Any]:
    """Find the number of the subject, where it has more stories than a ``few``."""
    return _tied(through, subject, slug).values_list(f"{subject}_id", flat=True)[few : few + 1]


def _sorted(
    through: Callable[[], QuerySet[Any]], subject: str, limit: int, slug: str, at: datetime
) -> QuerySet[Story, Any]:
    rows = _tied(through, subject, slug).values("story_id")
    return _first(Story.objects.filter(pk__in=rows), limit, at)


def _met(
    through: Callable[[], QuerySet[Any]], subject: str, limit: int, number: int, at: datetime
) -> QuerySet[Story, Any]:
    # Asked as a sum, or SQLite may look the subject up, with all its rows, for every story.
    same = ExpressionWrapper(F(f"{subject}_id") + 0, output_field=BigIntegerField())
    tied = through().annotate(of=same).filter(of=number, story_id=OuterRef("pk"))
    return _first(Story.objects.filter(Exists(tied)), limit, at)


def ids_of_feed(*, section_slug: str = "", language: str = "", topic_slug: str = "") -> list[int]:
    """Return which stories stand in a feed."""
    if topic_slug:
        return ids_of_topic(topic_slug)[:IN_A_TOPICS_FEED]
    asked = {"section__slug": section_slug, "front_language": language}
    which = {name: value for name, value in asked.items() if value}
    return _ids(("feed", section_slug, language), lambda: _newest(IN_A_FEED, **which))


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


def ids_of_news(at: datetime | None = None) -> list[int]:
    """Return which stories are young enough for the news sitemap, at ``at`` or now."""
    moment = at or timezone.now()

    def find() -> list[int]:
        since = moment - NEWS_SITEMAP_AGE
        return prepared.numbers(
            _newest_first, NEWS_SITEMAP_LENGTH, at=moment, first_published_at__gt=since
        )

    return find() if at is not None else _ids("news", find)


def ids_of_day(day: date) -> list[int]:
    """Return which stories were first published on ``day``."""
    begin, end = bounds(day)
    within = {"first_published_at__gte": begin, "first_published_at__lt": end}
    return _ids(("day", day), lambda: _newest(None, **within))
