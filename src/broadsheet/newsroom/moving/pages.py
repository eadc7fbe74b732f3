"""Standing pages that come from elsewhere: "about us", the imprint, the terms of use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from broadsheet.newsroom.actions.writing import language_of
from broadsheet.newsroom.moving.old_addresses import redirect_from
from broadsheet.newsroom.moving.pictures import Pictures, block_of, key_of
from broadsheet.slugs import first_free
from broadsheet.stories.models import StandingPage
from broadsheet.stories.reserved_slugs import validate_page_slug
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted
from broadsheet.wire.models import Provenance
from broadsheet.wire.stream import stream_of

_LONGEST_TITLE = 255
_LONGEST_SLUG = 200


def adopt_page(item: WireItem, pictures: Pictures, *, publish: bool) -> Adopted:
    """Make the standing page that ``item`` is, or bring the one it was made to up to it.

    Raises ``ValidationError`` for a page the desk has edited since.
    """
    use = _uses(item).order_by("-id").select_related("page", "item").first()
    if use is not None and use.page is not None:
        if is_known_page(item):
            return Adopted(None, changed=False, page_id=use.page.pk)
        if use.page.latest_revision_id != use.revision_id:
            raise ValidationError(
                f"The desk has edited the page “{use.page.title}” since it came in. Take over by "
                "hand what has changed."
            )
        page = use.page
    else:
        page = StandingPage(slug=_free_slug(item))
    remarks = _write(page, item, pictures)
    if page.pk is None:
        page.live = False
        _root().add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    count, unled = redirect_from(item.old_urls, page.get_absolute_url())
    return Adopted(
        None,
        revision_id=revision.pk,
        page_id=page.pk,
        remarks=(*remarks, *unled),
        along=(("redirect", "imported", count), ("redirect", "noted", len(unled))),
    )


def is_known_page(item: WireItem) -> bool:
    """Tell whether a page was made of this very copy already."""
    return _uses(item).filter(item__sha256=item.sha256).exists()


def _uses(item: WireItem) -> QuerySet[Provenance]:
    return Provenance.objects.filter(item__guid=item.guid, page__isnull=False)


def _write(page: StandingPage, item: WireItem, pictures: Pictures) -> list[str]:
    found, remarks = pictures.of(item)
    blocks = {
        photo.key: block_of(photo, found[key_of(photo)])
        for photo in item.photos
        if photo.key and key_of(photo) in found
    }
    page.title = item.headline[:_LONGEST_TITLE]
    page.language = language_of(item, remarks)
    page.first_published_at = item.published if item.stage == "published" else None
    field: Any = StandingPage._meta.get_field("body")
    page.body = field.stream_block.to_python(stream_of(item.body, blocks))
    return remarks


def _root() -> Page:
    root = Page.objects.filter(depth=2).order_by("path").first()
    if root is None:
        raise ValidationError("The paper has no root for standing pages. Run “broadsheet init”.")
    return root


def _free_slug(item: WireItem) -> str:
    """Return the slug the page had elsewhere, where it can have it here as well."""
    wanted = next(
        (part for url in item.old_urls if (part := url.split("?")[0].rstrip("/").split("/")[-1])),
        "",
    )
    slug = slugify(wanted or item.slugline or item.headline, allow_unicode=True)[:_LONGEST_SLUG]
    slug = slug or f"page-{timezone.now():%Y%m%d%H%M%S}"
    try:
        validate_page_slug(slug)
    except ValidationError:
        slug = f"{slug}-page"
    return first_free(slug, Page.objects.filter(depth__gt=2))
