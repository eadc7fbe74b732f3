"""The sheets of sources: a page for each, and one for each month in which stories rest on it."""

from __future__ import annotations

from broadsheet.attribution.models import Source
from broadsheet.attribution.reader_view import resting, source_pages
from broadsheet.press.sheets import Drawn, Sheet, SheetKind


def _draw_source(slug: str) -> bytes | None:
    source = _standing(slug)
    stories = resting.newest(source) if source is not None else []
    if source is None or not stories:
        return None
    return source_pages.source_page(source, stories).encode()


def _draw_month(key: str) -> Drawn | None:
    slug, _slash, month = key.rpartition("/")
    year, number = (int(part) for part in month.split("-"))
    source = _standing(slug)
    stories = resting.of_month(source, year, number) if source is not None else []
    if source is None or not stories:
        return None
    page = source_pages.month_page(source, year, number, stories)
    return Drawn(page.encode(), tally=len(stories))


def _standing(slug: str) -> Source | None:
    # A source that was merged into another has no page: its address leads to the other's.
    return Source.objects.standing().select_related("agency").filter(slug=slug).first()


KINDS = (
    SheetKind(
        name="source-month",
        address=source_pages.month_address,
        draw=_draw_month,
        all_keys=resting.all_months,
        above=lambda key: Sheet("source", key.rpartition("/")[0]),
    ),
    SheetKind(
        name="source",
        address=lambda slug: f"/source/{slug}/",
        draw=_draw_source,
        all_keys=resting.all_slugs,
    ),
)
