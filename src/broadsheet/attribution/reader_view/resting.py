"""What rests on a source: which stories, and how much of it is second-hand.

Only what an editor stands behind counts, in stories that readers may see, as the published text
says it: a claim of a draft is asked for in the text before anything depends on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from broadsheet import prepared
from broadsheet.attribution.models import RelationHop, Source, StoryRelation
from broadsheet.attribution.reader_view import known
from broadsheet.attribution.shown import Shown
from broadsheet.press import listings, loading
from broadsheet.press.reading import once
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Story

DECIDED = (StoryRelation.Status.CONFIRMED, StoryRelation.Status.EDITED)
ON_THE_PAGE = 30
# What is counted of a source in some milliseconds; an agency may stand behind far more.
COUNTED = 1_000


@dataclass(frozen=True)
class Figures:
    """How many of a source's claims came first-hand and second-hand, by month.

    A claim is *second-hand* where somebody stands between whoever first said it and this paper:
    the source passes on another's words, or another passes on the source's. ``months`` counts
    both, first-hand first, by the month of the story's first publication in the paper's zone.
    ``whole`` is false where only the latest :data:`COUNTED` were counted.
    """

    months: dict[tuple[int, int], tuple[int, int]]
    whole: bool

    @property
    def first_hand(self) -> int:
        """How many came first-hand."""
        return sum(first for first, _second in self.months.values())

    @property
    def second_hand(self) -> int:
        """How many came second-hand."""
        return sum(second for _first, second in self.months.values())

    @property
    def total(self) -> int:
        """How many claims were counted."""
        return self.first_hand + self.second_hand


def _hops() -> QuerySet[RelationHop]:
    # What a draft has dropped still stands in what readers see, until that is published.
    there = Q(relation__lost=False) | Q(relation__story__has_unpublished_changes=True)
    return RelationHop.objects.filter(there, relation__status__in=DECIDED, source__isnull=False)


def _hops_of_stories() -> QuerySet[RelationHop]:
    return _hops().annotate(story_id=F("relation__story_id"))


def newest(source: Source) -> list[tuple[Story, Shown]]:
    """Return the newest stories that rest on ``source``, and what they show that does."""
    ids = listings.newest_of(_hops_of_stories, "source", source.slug, ON_THE_PAGE)
    stories = loading.load_whole(ids)
    found = known.of_source(stories, source)
    return [(story, found[story.pk]) for story in stories if source in found[story.pk].sources()]


def of_month(source: Source, year: int, month: int) -> list[Story]:
    """Return every story first published in a month that rests on ``source``, newest first."""
    begin, end = _bounds(year, month)
    # Asked as a sum, or SQLite may look the source up, with all its hops, for every story.
    same = ExpressionWrapper(F("source_id") + 0, output_field=BigIntegerField())
    tied = _hops().annotate(of=same).filter(of=source.pk, relation__story_id=OuterRef("pk"))
    rows = Story.objects.public().filter(
        Exists(tied), first_published_at__gte=begin, first_published_at__lt=end
    )
    found = list(rows.newest_first().values_list("pk", "has_unpublished_changes"))
    doubtful = loading.load_whole([key for key, changed in found if changed])
    shown = known.of_source(doubtful, source)
    wrong = {key for key, each in shown.items() if source not in each.sources()}
    return loading.load([key for key, _changed in found if key not in wrong])


def figures(source: Source) -> Figures:
    """Count the claims that rest on ``source``."""
    passed_on = RelationHop.objects.filter(relation=OuterRef("relation")).exclude(source=source)
    # Asked of each story by itself: as a list it would be the whole archive.
    public = Story.objects.public().filter(pk=OuterRef("relation__story_id"))
    rows = list(
        _hops()
        .filter(Exists(public), source=source)
        .annotate(passed_on=Exists(passed_on))
        .order_by("-pk")
        .values_list(
            "relation_id",
            "relation__number",
            "relation__story_id",
            "relation__story__has_unpublished_changes",
            "relation__story__first_published_at",
            "relation__nested_in__status",
            "passed_on",
        )[: COUNTED + 1]
    )
    doubtful = loading.load_whole({row[2] for row in rows if row[3]})
    placed = {
        (key, claim.number)
        for key, shown in known.of_source(doubtful, source).items()
        for claim in shown.facts()
    }
    zone = listings.zone()
    counts: Counter[tuple[int, int, bool]] = Counter()
    for _key, number, story, changed, moment, outer, passed in {
        row[0]: row for row in rows
    }.values():
        if moment is not None and (not changed or (story, number) in placed):
            day = moment.astimezone(zone)
            counts[day.year, day.month, bool(passed) or outer in DECIDED] += 1
    months = sorted({(year, month) for year, month, _second in counts})
    return Figures(
        {each: (counts[*each, False], counts[*each, True]) for each in months},
        whole=len(rows) <= COUNTED,
    )


def sheets_of(story: Story) -> Iterator[Sheet]:
    """Yield the sheets of every source that ``story`` rests on, in whatever version of it."""
    for slug in _slugs(story):
        yield from sheets_of_source(slug, story)


def sheets_of_source(slug: str, story: Story) -> Iterator[Sheet]:
    """Yield the sheets of one source on which ``story`` stands, if it rests on it."""
    yield Sheet("source", slug)
    if (day := listings.day_of(story)) is not None:
        yield Sheet("source-month", month_key(slug, day))


def month_key(slug: str, day: date) -> str:
    """Return the key of the page with what rests on a source in the month of ``day``."""
    return f"{slug}/{day:%Y-%m}"


def all_slugs() -> set[str]:
    """Return the slugs of every source that may have a page."""
    rows = _hops().filter(relation__story__in=Story.objects.public())
    return set(rows.values_list("source__slug", flat=True).distinct())


def all_months(sources: Iterable[Source] | None = None) -> set[str]:
    """Return the key of every month in which a story rests on a source (one of ``sources``)."""
    rows = _hops().filter(relation__story__first_published_at__isnull=False)
    if sources is not None:
        rows = rows.filter(source__in=list(sources))
    zone = listings.zone()
    moments = rows.values_list("source__slug", "relation__story__first_published_at").distinct()
    return {
        month_key(slug, moment.astimezone(zone)) for slug, moment in moments.iterator() if moment
    }


def _slugs(story: Story) -> list[str]:
    slugs: dict[int, list[str]] = once("slugs of sources", dict)
    if story.pk not in slugs:
        keys = {story.pk, *(each.pk for each in loading.loaded())} - slugs.keys()
        slugs.update({key: [] for key in keys})
        for key, slug in prepared.rows(_sources_of, stories=sorted(keys)):
            slugs[key].append(slug)
    return slugs[story.pk]


def _sources_of(stories: Sequence[int]) -> QuerySet[RelationHop, Any]:
    rows = RelationHop.objects.order_by().filter(
        Q(relation__status__in=DECIDED), relation__story__in=stories, source__isnull=False
    )
    found: QuerySet[RelationHop, Any] = rows.values_list("relation__story_id", "source__slug")
    return found.distinct()


def _bounds(year: int, month: int) -> tuple[datetime, datetime]:
    zone = listings.zone()
    after = date(year + month // 12, month % 12 + 1, 1)
    begin = datetime.combine(date(year, month, 1), time(), zone)
    return begin.astimezone(UTC), datetime.combine(after, time(), zone).astimezone(UTC)
