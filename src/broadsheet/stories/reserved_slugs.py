"""Slugs that would collide with a fixed address of the paper.

A standing page stands at ``/<slug>/`` and a section gives its feeds their names
(``/feeds/<slug>.rss``), so neither may be called what the paper itself answers there.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The first part of every address that is fixed, see docs/flow.md.
FIRST_PARTS = frozenset(
    {
        "archive", "assets", "by", "feeds", "healthz", "letters", "media", "metrics", "news",
        "newsroom", "photos", "readyz", "search", "section", "sitemaps", "source", "static",
        "topic",
    }
)  # fmt: skip
FEED_NAMES = frozenset({"all", "topic"})


def _languages() -> set[str]:
    return {str(language).casefold() for language in settings.PAPER_LANGUAGES}


def validate_page_slug(slug: str) -> None:
    """Raise ``ValidationError`` where ``/<slug>/`` is an address the paper itself uses."""
    if slug.casefold() in FIRST_PARTS | _languages():
        raise ValidationError(
            _("The paper itself uses the address /%(slug)s/; choose another."),
            code="reserved",
            params={"slug": slug},
        )


def validate_section_slug(slug: str) -> None:
    """Raise ``ValidationError`` where a section's feeds would bear the name of other feeds."""
    if slug.casefold() in FEED_NAMES | _languages():
        raise ValidationError(
            _("“%(slug)s” names a feed of the whole paper; choose another."),
            code="reserved",
            params={"slug": slug},
        )
