"""The sheets of one story: its page and the same as ninjs; and what shows a story elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter

from broadsheet.press import (
    dependents,
    families,
    feeds,
    listings,
    loading,
    looks,
    ninjs,
    photos,
    sitemaps,
)
from broadsheet.press.sheets import Drawn, Sheet, SheetKind
from broadsheet.press.story_pages import timed_page
from broadsheet.stories.models import Story


def _foresee(key: str) -> None:
    loading.announce_pages([int(key)])


def _draw_story(key: str) -> Drawn | None:
    begun = perf_counter()
    story = listings.story(int(key))
    if story is None:
        return None
    # It may have been read with others: its share of that belongs to this page.
    reading = perf_counter() - begun + loading.share()
    # Cutting a picture takes longer than all the rest, and makes a file of its own, not the page.
    photos.renditions_of(photos.pictures_of(story), list(photos.WHOLE))
    page, untimed = timed_page(story, started=perf_counter() - reading)
    return Drawn(
        page.encode(),
        shown_on=tuple(sorted(dependents.of(story))),
        same_if=untimed.encode(),
        look=looks.note(story),
    )


def _draw_ninjs(key: str) -> bytes | None:
    story = listings.story(int(key))
    return None if story is None else ninjs.document(story)


def _public_ids() -> Iterator[str]:
    ids = Story.objects.public().order_by("-pk").values_list("pk", flat=True)
    return map(str, ids.iterator())


STORY = SheetKind(
    name="story",
    address=lambda key: f"/news/{key}/",
    draw=_draw_story,
    foresee=_foresee,
    all_keys=_public_ids,
    apart=True,
)
NINJS = SheetKind(
    name="ninjs",
    address=lambda key: f"/news/{key}.json",
    draw=_draw_ninjs,
    foresee=_foresee,
    all_keys=_public_ids,
    apart=True,
    beside=STORY.name,
)


def shown_on(story: Story) -> Iterable[Sheet]:
    """Return the sheets of this room that show ``story``: its own, its lists and feeds.

    The months, years and the index of sitemaps are not among them: they are made from the
    ledger, and pressed when a sheet below them has changed (``SheetKind.above``).
    """
    key = str(story.news_id)
    yield Sheet("story", key)
    yield Sheet("ninjs", key)
    yield from photos.photo_sheets(story)
    front = story.front_language
    yield Sheet("front", front)
    yield Sheet("section", f"{front}/{story.section.slug}")
    if (day := listings.day_of(story)) is not None:
        yield Sheet("day", day.isoformat())
    topics = [topic.slug for topic in loading.parts_of(story, "topics")]
    for slug in topics:
        yield Sheet("topic", slug)
    for row in loading.parts_of(story, "bylines"):
        yield Sheet("byline", row.byline.slug)
    for name in ("all", story.section.slug, front, *(f"topic/{slug}" for slug in topics)):
        yield from feeds.sheets(name)
    yield Sheet("sitemap", sitemaps.page_of(story.news_id))
    if sitemaps.is_news(story):
        yield Sheet("sitemap-news", "")
    # Each of the others links to this one.
    for other in families.translations(story):
        yield Sheet("story", str(other.news_id))
