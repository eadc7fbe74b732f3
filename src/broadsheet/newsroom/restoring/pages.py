"""Standing pages of an export come back under their addresses, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page, Revision

from broadsheet.newsroom.restoring.content import slug_of, write_page
from broadsheet.newsroom.restoring.pictures import numbers_or_nearest
from broadsheet.newsroom.restoring.values import Values
from broadsheet.press.actions import order
from broadsheet.press.list_sheets import shown_on
from broadsheet.stories.models import StandingPage
from broadsheet.stories.reserved_slugs import validate_page_slug
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted
from broadsheet.wire.models import Provenance

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


def restore_page(item: WireItem, user: User | None) -> Adopted:
    """Make, or bring up to date, the standing page that ``item`` is.

    Raises ``ValidationError`` for one whose place another page has, or that the desk has edited.
    """
    values = Values.read(item.kept, f"The page “{item.headline}”")
    slug = slug_of(values, StandingPage)
    validate_page_slug(slug)
    page = StandingPage.objects.filter(slug=slug).first()
    if page is not None and (known := _known(page, item)) is not None:
        return known
    root = Page.objects.filter(depth=2).order_by("path").first()
    if root is None:
        raise ValidationError("The paper has no root for standing pages. Run “broadsheet init”.")
    if page is None and Page.objects.child_of(root).filter(slug=slug).exists():
        raise ValidationError(f"Another page has the address /{slug}/.")
    pictures = numbers_or_nearest(values.texts("pictures"))
    remarks: list[str] = []
    revision = Revision()
    versions = list(values.each("versions"))
    if not 0 < len(versions) <= 3:  # noqa: PLR2004 - live, scheduled, latest
        raise ValidationError(f"{values.where} has no version, or too many.")
    for version in versions:
        page = StandingPage(slug=slug) if page is None else StandingPage.objects.get(pk=page.pk)
        remarks += write_page(page, version, pictures)
        if page.pk is None:
            page.live = False
            page.first_published_at = values.moment("first_published_at")
            root = Page.objects.get(pk=root.pk)
            root.add_child(instance=page)
        revision = page.save_revision(user=user)
        roles = version.list("is")
        due = page.go_live_at is not None and page.go_live_at > timezone.now()
        if "live" in roles or ("scheduled" in roles and due):
            revision.publish(user=user)
    assert page is not None  # noqa: S101 - there is a version
    StandingPage.objects.filter(pk=page.pk).update(
        first_published_at=values.moment("first_published_at"),
        last_published_at=values.moment("last_published_at"),
        expired=values.flag("expired") and not values.flag("live"),
    )
    page = StandingPage.objects.get(pk=page.pk)
    if page.live:
        order(shown_on(page))
    return Adopted(None, revision_id=revision.pk, page_id=page.pk, remarks=tuple(remarks))


def _known(page: StandingPage, item: WireItem) -> Adopted | None:
    """Return that there is nothing to do for a page that came in before, ``None`` where there is.

    Raises ``ValidationError`` for the desk's own page, and for one it has edited.
    """
    uses = Provenance.objects.filter(item__guid=item.guid, page=page).order_by("-id")
    if uses.filter(item__sha256=item.sha256).exists():
        return Adopted(None, changed=False, page_id=page.pk)
    use = uses.first()
    if use is None or use.revision_id != page.latest_revision_id:
        raise ValidationError(
            f"The paper has a page /{page.slug}/ of its own, or the desk has edited it. Take over "
            "by hand what is missing there."
        )
    return None
