"""Sitemaps (https://www.sitemaps.org/protocol.html), the news sitemap, robots.txt, security.txt.

A sitemap holds the stories of a range of News IDs, so that a publication presses one of them,
however large the archive is. The index is made from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.utils import timezone

from broadsheet import prepared
from broadsheet.press import dates, ledger, listings, loading, looks, summaries
from broadsheet.press.frame import frame_for, paper_rows
from broadsheet.press.jsonld import absolute
from broadsheet.press.sheets import Drawn, Sheet, SheetKind
from broadsheet.press.summaries import Summary
from broadsheet.press.xml_text import printable
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Story

# A thousand, as in the folders of stories: the protocol allows 50,000, but every publication
# writes one whole.
RANGE = 1_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = "<?xml version='1.0' encoding='utf-8'?>\n"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def page_of(news_id: int) -> str:
    """Return the key of the sitemap that holds ``news_id``."""
    return str(news_id // RANGE)


def _draw_page(key: str) -> Drawn | None:
    first = int(key) * RANGE
    rows = prepared.rows(_in_range, first=first, end=first + RANGE, at=timezone.now())
    if not rows:
        return None
    paper = absolute("/news/")
    entries = (
        _entry(paper, news_id, last_published or first_published)
        for news_id, first_published, last_published in rows
    )
    return Drawn(_set_of(entries), tally=len(rows))


def _in_range(first: int, end: int, at: datetime) -> QuerySet[Story, Any]:
    stories = Story.objects.public(at).filter(news_id__gte=first, news_id__lt=end)
    names = prepared.as_kept(Story, ["news_id", "first_published_at", "last_published_at"])
    found: QuerySet[Story, Any] = stories.order_by("news_id").values_list(*names)
    return found


# As many as the two sitemaps have in which a paper publishes, its old and its new.
@lru_cache(maxsize=2 * RANGE)
def _entry(paper: str, news_id: int, stored: datetime | str | None) -> str:
    moment = prepared.moment(stored)
    changed = f"<lastmod>{dates.machine(moment)}</lastmod>" if moment is not None else ""
    return f"<url><loc>{_escaped(f'{paper}{news_id}/')}</loc>{changed}</url>"


def _escaped(value: str) -> str:
    return escape(printable(value))


def _set_of(entries: Iterable[str], namespaces: str = "") -> bytes:
    head = f'{_HEAD}<urlset xmlns="{_SITEMAP}"{namespaces}>'
    return f"{head}{''.join(entries)}</urlset>".encode()


def _page_keys() -> set[str]:
    ids = Story.objects.public().values_list("news_id", flat=True)
    return {page_of(news_id) for news_id in ids.iterator()}


def _draw_index(key: str) -> bytes:
    rows = sorted(ledger.standing("sitemap"), key=lambda row: int(row.key))
    paper = absolute("")
    entries = (_indexed(paper, row.address, row.pressed_at) for row in rows)
    return f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">{"".join(entries)}</sitemapindex>'.encode()


# All but one of them are as they were.
@lru_cache(maxsize=1024)
def _indexed(paper: str, address: str, stored: datetime | str) -> str:
    moment = prepared.moment(stored)
    changed = dates.machine(moment) if moment is not None else ""
    location = _escaped(f"{paper}{address}")
    return f"<sitemap><loc>{location}</loc><lastmod>{changed}</lastmod></sitemap>"


def is_news(story: Story, at: datetime | None = None) -> bool:
    """Tell whether ``story`` is young enough for the news sitemap."""
    since = (at or timezone.now()) - listings.NEWS_SITEMAP_AGE
    return story.first_published_at is not None and story.first_published_at > since


def news_length(at: datetime | None = None) -> int:
    """Return how many stories the news sitemap should hold at ``at`` (now)."""
    return len(listings.ids_of_news(at or timezone.now()))


def _draw_news(key: str) -> Drawn:
    """Draw the news sitemap as Google describes it, with nothing in it on a quiet day.

    Every publication writes all of it again, and one story is new: the others are as on any list.
    """
    shown = summaries.listed(listings.ids_of_news(), frame_for(own_language()))
    ways = "news", absolute(""), paper_rows()
    entries = summaries.drawn(shown, ways, _news_entry)
    return Drawn(_set_of([entries], f' xmlns:news="{_NEWS}"'), tally=len(shown))


def _foresee_news(key: str) -> None:
    announce = loading.announce if loading.keeps_nothing() else looks.announce
    announce(listings.ids_of_news())


def _news_entry(summary: Summary) -> str:
    return (
        f"<url><loc>{_escaped(absolute(summary.url))}</loc><news:news><news:publication>"
        f"<news:name>{_escaped(frame_for(summary.language).name)}</news:name>"
        # ISO 639: the language without script or country.
        f"<news:language>{_escaped(summary.language.split('-', maxsplit=1)[0])}</news:language>"
        "</news:publication>"
        f"<news:publication_date>{summary.moment}</news:publication_date>"
        f"<news:title>{_escaped(summary.headline)}</news:title></news:news></url>"
    )


def _draw_robots(key: str) -> bytes:
    """Draw robots.txt (RFC 9309): everything may be read but what is made for each request."""
    lines = [
        "User-agent: *",
        "Disallow: /newsroom/",
        "Disallow: /letters/",
        "Disallow: /search/",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
        f"Sitemap: {absolute('/sitemap-news.xml')}",
    ]
    return ("\n".join(lines) + "\n").encode()


def month_begun(at: datetime) -> datetime:
    """Return the first moment of the month of ``at``, in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _draw_security(key: str) -> bytes | None:
    """Draw security.txt (RFC 9116); it needs somebody to write to, and a date it ends at.

    It ends half a year after the first of this month: well under the year the RFC advises, and
    the same bytes for a month.
    """
    frame = frame_for(own_language())
    if not frame.contact_email:
        return None
    expires = month_begun(timezone.now()) + timedelta(days=182)
    lines = [
        f"Contact: mailto:{frame.contact_email}",
        f"Expires: {dates.machine(expires)}",
        f"Preferred-Languages: {', '.join(_languages())}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _languages() -> Iterator[str]:
    yield own_language()
    if own_language() != "en":
        yield "en"


def _only() -> Iterable[str]:
    return ("",)


KINDS = (
    SheetKind(
        name="sitemap",
        address=lambda key: f"/sitemaps/{key}.xml",
        draw=_draw_page,
        all_keys=_page_keys,
        above=lambda _: Sheet("sitemap-index", ""),
    ),
    SheetKind("sitemap-index", lambda _: "/sitemap.xml", _draw_index, _only),
    SheetKind(
        "sitemap-news", lambda _: "/sitemap-news.xml", _draw_news, _only, foresee=_foresee_news
    ),
    SheetKind("robots", lambda _: "/robots.txt", _draw_robots, _only),
    SheetKind("security", lambda _: "/.well-known/security.txt", _draw_security, _only),
)
