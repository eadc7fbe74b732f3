"""The sheets that list stories (fronts, days, topics, bylines), and the standing pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.conf import settings

from broadsheet.accounts.models import Byline
from broadsheet.press import ledger, listings, loading, looks, pages, photos
from broadsheet.press.sheets import Drawn, Sheet, SheetKind
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Section, StandingPage, Story, Topic

# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 500
# Fronts are what most readers load, and they are few: worth a brotli copy that costs 2 ms.
_FRONT_BROTLI = 5


def front_address(language: str) -> str:
    """Return the address of the paper's front in ``language``; the paper's own has none in it."""
    return "/" if language == own_language() else f"/{language}/"


def _draw_front(language: str) -> bytes | None:
    if language not in settings.PAPER_LANGUAGES:
        return None
    return pages.front_page(None, language, listings.ids_of_front(None, language)).encode()


def _foresee_front(language: str) -> None:
    looks.announce(listings.ids_of_front(None, language))


def _foresee_section(key: str) -> None:
    language, _, slug = key.partition("/")
    if (section := listings.called(Section, slug)) is not None:
        looks.announce(listings.ids_of_front(section, language))


def _draw_section(key: str) -> bytes | None:
    language, _, slug = key.partition("/")
    section = listings.called(Section, slug)
    if section is None or language not in settings.PAPER_LANGUAGES:
        return None
    # Also without a story: every page's menu leads here.
    return pages.front_page(section, language, listings.ids_of_front(section, language)).encode()


def _section_address(key: str) -> str:
    language, _, slug = key.partition("/")
    return f"{front_address(language)}section/{slug}/"


def _section_keys() -> Iterator[str]:
    for slug in Section.objects.values_list("slug", flat=True):
        for language in settings.PAPER_LANGUAGES:
            yield f"{language}/{slug}"


def _draw_day(key: str) -> Drawn | None:
    day = date.fromisoformat(key)
    page, count = pages.day_page(day, listings.ids_of_day(day))
    return Drawn(page.encode(), tally=count) if count else None


def _foresee_day(key: str) -> None:
    announce = loading.announce if loading.keeps_nothing() else looks.announce
    announce(listings.ids_of_day(date.fromisoformat(key)))


def days() -> set[str]:
    """Return every day on which a public story was first published, as ISO 8601 writes it."""
    zone = listings.zone()
    moments = Story.objects.public().values_list("first_published_at", flat=True)
    return {moment.astimezone(zone).date().isoformat() for moment in moments.iterator() if moment}


def _draw_month(key: str) -> Drawn | None:
    year, month = (int(part) for part in key.split("-"))
    found = ledger.tallies("day", [f"{key}-{day:02}" for day in range(1, 32)])
    if not found:
        return None
    counts = [(date.fromisoformat(day), count) for day, count in found]
    return Drawn(pages.month_page(year, month, counts).encode(), _sum(found))


def _draw_year(key: str) -> Drawn | None:
    found = ledger.tallies("month", [f"{key}-{month:02}" for month in range(1, 13)])
    if not found:
        return None
    counts = [(int(month[-2:]), count) for month, count in found]
    return Drawn(pages.year_page(int(key), counts).encode(), _sum(found))


def _draw_archive(key: str) -> Drawn:
    found = ledger.tallies("year")
    counts = [(int(year), count) for year, count in found]
    return Drawn(pages.archive_page(counts).encode(), _sum(found))


def _sum(found: Iterable[tuple[str, int]]) -> int:
    return sum(count for _, count in found)


def near_topics(slugs: Sequence[str]) -> Mapping[str, str]:
    """Return what the sheets of these topics are told by in a bulk: stories have one language."""
    found: dict[str, str] = {}
    for start in range(0, len(slugs), _AT_ONCE):
        rows = Topic.objects.filter(slug__in=slugs[start : start + _AT_ONCE])
        for slug, language in rows.values_list("slug", "language"):
            found[slug] = f"{language} {slug}"
    return found


def _draw_topic(slug: str) -> bytes | None:
    topic = listings.called(Topic, slug)
    page = pages.topic_page(topic, listings.ids_of_topic(slug)) if topic is not None else None
    return page.encode() if page is not None else None


def _draw_byline(slug: str) -> bytes | None:
    byline = listings.called(Byline, slug)
    page = pages.byline_page(byline, listings.ids_of_byline(slug)) if byline is not None else None
    return page.encode() if page is not None else None


def _draw_page(slug: str) -> Drawn | None:
    page = StandingPage.objects.live().filter(slug=slug).first()
    if page is None:
        return None
    return Drawn(pages.standing_page(page).encode(), shown_on=tuple(shown_on(page)))


def shown_on(page: StandingPage) -> list[Sheet]:
    """Return the sheets that belong to a standing page: its own and its pictures."""
    return [Sheet("page", page.slug), *photos.photo_sheets(page)]


_ERRORS = {
    "404": pages.not_found_page,
    "410": pages.gone_page,
    "503": pages.unavailable_page,
}


def _draw_error(status: str) -> bytes:
    return _ERRORS[status](own_language()).encode()


KINDS = (
    SheetKind(
        name="front",
        address=front_address,
        draw=_draw_front,
        foresee=_foresee_front,
        all_keys=lambda: settings.PAPER_LANGUAGES,
        brotli=_FRONT_BROTLI,
        of_pieces=True,
    ),
    SheetKind(
        name="section",
        address=_section_address,
        draw=_draw_section,
        foresee=_foresee_section,
        all_keys=_section_keys,
        brotli=_FRONT_BROTLI,
        of_pieces=True,
    ),
    SheetKind(
        name="day",
        address=lambda key: f"/archive/{key.replace('-', '/')}/",
        draw=_draw_day,
        foresee=_foresee_day,
        all_keys=days,
        above=lambda key: Sheet("month", key[:7]),
        apart=True,
    ),
    SheetKind(
        name="topic",
        address=lambda slug: f"/topic/{slug}/",
        draw=_draw_topic,
        foresee=lambda slug: looks.announce(listings.ids_of_topic(slug)),
        all_keys=lambda: Topic.objects.values_list("slug", flat=True),
        apart=True,
        of_pieces=True,
        near=near_topics,
    ),
    SheetKind(
        name="byline",
        address=lambda slug: f"/by/{slug}/",
        draw=_draw_byline,
        foresee=lambda slug: looks.announce(listings.ids_of_byline(slug)),
        all_keys=lambda: Byline.objects.values_list("slug", flat=True),
        apart=True,
        of_pieces=True,
    ),
    SheetKind(
        name="month",
        address=lambda key: f"/archive/{key.replace('-', '/')}/",
        draw=_draw_month,
        all_keys=lambda: {day[:7] for day in days()},
        above=lambda key: Sheet("year", key[:4]),
    ),
    SheetKind(
        name="year",
        address=lambda key: f"/archive/{key}/",
        draw=_draw_year,
        all_keys=lambda: {day[:4] for day in days()},
        above=lambda _: Sheet("archive", ""),
    ),
    SheetKind(
        name="archive",
        address=lambda _: "/archive/",
        draw=_draw_archive,
        all_keys=lambda: ("",),
    ),
    SheetKind(
        name="page",
        address=lambda slug: f"/{slug}/",
        draw=_draw_page,
        all_keys=lambda: StandingPage.objects.live().values_list("slug", flat=True),
    ),
    SheetKind(
        name="error",
        address=lambda status: f"/{status}.html",
        draw=_draw_error,
        all_keys=lambda: _ERRORS,
    ),
)
