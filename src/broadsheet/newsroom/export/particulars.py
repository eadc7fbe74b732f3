"""What a paper is apart from its stories: its name, sections, topics, bylines, fronts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import F, Model, QuerySet
from wagtail.contrib.redirects.models import Redirect

from broadsheet.accounts.models import Byline
from broadsheet.attribution.models import SourcePolicy
from broadsheet.newsroom.export.content import moment, origins, page_content, pictures_in
from broadsheet.newsroom.export.pictures import Pictures
from broadsheet.newsroom.export.versions import Revisions
from broadsheet.stories.models import (
    Agency,
    Front,
    FrontPlacement,
    NewsIdCounter,
    Paper,
    Section,
    StandingPage,
    Story,
    Topic,
)

PAPER = ("name", "strapline", "time_zone", "contact_email", "comments_open_days")
POLICY = (
    "dangling", "hedge_not_in_headline", "single_source", "only_unnamed", "long_chain",
    "unresolved_date", "unattributed", "suggestions",
)  # fmt: skip
BYLINE = ("slug", "name", "role", "about")
TOPIC = ("slug", "name", "language")
AGENCY = ("slug", "name", "credit_line", "rights")
_AT_ONCE = 1_000
Told = dict[str, Any]


def paper() -> Told:
    """Return the paper's own particulars with its sections and agencies, which are few."""
    own = Paper.objects.order_by("pk").first() or Paper()
    policy = SourcePolicy.objects.order_by("pk").first() or SourcePolicy()
    counter = NewsIdCounter.objects.first()
    names = own.names.order_by("language") if own.pk else []
    return {
        "paper": {
            **_fields(own, PAPER),
            "names": [_fields(row, ("language", "name", "strapline")) for row in names],
        },
        # For whoever sets up the next home: these are settings, not rows.
        "address": str(settings.BASE_URL),
        "languages": list(settings.PAPER_LANGUAGES),
        "last_news_id": counter.last if counter else 0,
        "source_policy": _fields(policy, POLICY),
        "sections": [
            {
                **_fields(section, ("slug", "name", "position")),
                "names": [
                    _fields(row, ("language", "name")) for row in section.names.order_by("language")
                ],
            }
            for section in Section.objects.order_by("position", "slug")
        ],
        "agencies": [_fields(agency, AGENCY) for agency in Agency.objects.order_by("slug")],
    }


def bylines() -> Iterator[Told]:
    """Yield the bylines, by their slugs."""
    return (_fields(row, BYLINE) for row in _by_slug(Byline.objects.all()))


def topics() -> Iterator[Told]:
    """Yield the topics, by their slugs."""
    return (_fields(row, TOPIC) for row in _by_slug(Topic.objects.all()))


def redirects() -> Iterator[Told]:
    """Yield the addresses that lead elsewhere."""
    rows = Redirect.objects.filter(site=None).order_by("old_path").select_related("redirect_page")
    for row in rows.iterator(_AT_ONCE):
        page = row.redirect_page.specific if row.redirect_page else None
        to = page.get_absolute_url() if isinstance(page, StandingPage) else row.redirect_link
        if to:
            yield {
                "from": row.old_path,
                "to": to,
                "permanent": row.is_permanent,
                "automatic": row.automatically_created,
            }


def fronts() -> Iterator[Told]:
    """Yield the fronts that the desk has arranged, with the News IDs of their stories in order."""
    of_the_paper_first = F("section__slug").asc(nulls_first=True)
    fronts = Front.objects.order_by(of_the_paper_first, "language").select_related("section")
    for front in fronts:
        rows = FrontPlacement.objects.filter(front=front).order_by("sort_order", "pk")
        yield {
            "section": front.section.slug if front.section else None,
            "language": front.language,
            "stories": list(rows.values_list("story_id", flat=True)),
        }


def translations() -> Iterator[Told]:
    """Yield which story translates which."""
    rows = Story.objects.filter(translation_of__isnull=False).order_by("pk")
    for news_id, of in rows.values_list("pk", "translation_of_id").iterator(_AT_ONCE):
        yield {"story": news_id, "of": of}


def pages(pictures: Pictures) -> Iterator[Told]:
    """Yield the standing pages, in their order."""
    found = StandingPage.objects.order_by("path")
    for page in found.iterator(_AT_ONCE):
        versions = Revisions([page]).of(page)
        shown = pictures.of(
            number for version in versions for number in pictures_in(version.thing.body)
        )
        yield {
            "slug": page.slug,
            "live": page.live,
            "expired": page.expired,
            "first_published_at": moment(page.first_published_at),
            "last_published_at": moment(page.last_published_at),
            "versions": [
                {"is": list(version.roles), **page_content(version.thing, shown)}
                for version in versions
            ],
            "pictures": origins(shown.values()),
        }


def _fields(row: Model, names: tuple[str, ...]) -> Told:
    return {name: getattr(row, name) for name in names}


def _by_slug(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.order_by("slug").iterator(_AT_ONCE)
