"""What machines are told of a story: schema.org's ``NewsArticle`` as JSON-LD.

https://schema.org/NewsArticle, and Google's rules for articles, which ask for absolute
addresses and times with their zone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.conf import settings
from django.utils.encoding import iri_to_uri
from markupsafe import Markup

from broadsheet.press import assets, contributions, dates, loading, photos
from broadsheet.press.frame import Frame, Link
from broadsheet.stories.models import Photo, Story

# Inside a script element these would end it or open another (HTML, 4.12.1.3); JSON has an
# escape for each. The two line separators end a line in old JavaScript.
_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def script(document: dict[str, object]) -> Markup:
    """Return ``document`` as JSON that is safe within a script element."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - escaped above


def absolute(address: str) -> str:
    """Return the whole public URL of one of the paper's own addresses.

    It is a URI: letters beyond ASCII are percent-encoded (RFC 3987, 3.1), since the schemas of
    ninjs and of JSON Feed take no others.
    """
    return f"{settings.BASE_URL}{iri_to_uri(address)}"


def organisation(frame: Frame) -> dict[str, object]:
    """Return the paper as a publisher."""
    return {
        "@type": "NewsMediaOrganization",
        "name": frame.name,
        "url": absolute("/"),
        "logo": absolute(assets.url("logo.png")),
    }


def news_article(
    story: Story,
    frame: Frame,
    *,
    section: Link | None,
    pictures: Sequence[tuple[Photo, photos.Shown]],
) -> dict[str, object]:
    """Return ``story`` as a ``NewsArticle``; what is unknown is left out.

    Other rooms may have more to say (``press.contributions``).
    """
    url = absolute(story.get_absolute_url())
    publisher = organisation(frame)
    people: list[dict[str, object]] = [
        {"@type": "Person", "name": row.byline.name, "url": absolute(row.byline.get_absolute_url())}
        for row in loading.parts_of(story, "bylines")
    ]
    suppliers = loading.parts_of(story, "agencies")
    agencies: list[dict[str, object]] = [
        {"@type": "NewsMediaOrganization", "name": row.agency.name} for row in suppliers
    ]
    published = story.first_published_at
    # `last_published_at` changes with every typing error mended; readers of machines are told
    # when the facts changed, as people are.
    modified = story.substantively_updated_at or published
    document: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "url": url,
        "identifier": str(story.news_id),
        "headline": story.headline,
        "inLanguage": story.language,
        "isAccessibleForFree": True,
        "author": people or agencies or [publisher],
        "publisher": publisher,
    }
    if published is not None:
        document["datePublished"] = dates.machine(published)
    if modified is not None:
        document["dateModified"] = dates.machine(modified)
    if section is not None:
        document["articleSection"] = section.name
    if story.dateline:
        document["dateline"] = story.dateline
    if agencies:
        document["sourceOrganization"] = agencies
        document["creditText"] = ", ".join(row.printed for row in suppliers)
    if pictures:
        document["image"] = [_image(photo, shown) for photo, shown in pictures]
    contributions.join("json-ld", story, document)
    return document


def _image(photo: Photo, shown: photos.Shown) -> dict[str, object]:
    image: dict[str, object] = {
        "@type": "ImageObject",
        "url": absolute(shown.src),
        "width": shown.width,
        "height": shown.height,
    }
    if photo.printed_credit:
        image["creditText"] = photo.printed_credit
    return image
