"""Old addresses: what is renamed is still found where readers and feeds know it to be.

Sections, topics, bylines and standing pages have their slug in their address. When one changes,
each address that had it becomes a permanent redirect, in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.contrib.redirects.models import Redirect

from broadsheet.accounts.models import Byline
from broadsheet.press import actions, feeds, ledger
from broadsheet.press.sheets import Sheet, kind_of
from broadsheet.stories.models import Section, StandingPage, Topic

Named = Section | Topic | Byline | StandingPage

_BEFORE = "_slug_before"
# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 500


def _sheets(thing: Named, slug: str) -> list[Sheet]:
    match thing:
        case Section():
            fronts = [Sheet("section", f"{each}/{slug}") for each in settings.PAPER_LANGUAGES]
            return [*fronts, *feeds.sheets(slug)]
        case Topic():
            return [Sheet("topic", slug), *feeds.sheets(f"topic/{slug}")]
        case Byline():
            return [Sheet("byline", slug)]
        case _:
            return [Sheet("page", slug)]


def _address(sheet: Sheet) -> str:
    return kind_of(sheet).address(sheet.key)


def about_to_be_saved(
    sender: type[Named],
    instance: Named,
    *,
    raw: bool = False,
    update_fields: Iterable[str] | None = None,
    **_: Any,
) -> None:
    """Keep the slug that the database has, where readers know it and it is about to change."""
    vars(instance).pop(_BEFORE, None)
    is_new = instance.pk is None
    if raw or is_new or (update_fields is not None and "slug" not in update_fields):
        return
    rows = sender._default_manager.filter(pk=instance.pk).exclude(slug=instance.slug)
    if sender is StandingPage:
        rows = rows.filter(Q(first_published_at__isnull=False))
    before = rows.values_list("slug", flat=True).first()
    if before is not None:
        vars(instance)[_BEFORE] = before


def saved(instance: Named, *, created: bool, raw: bool = False, **_: Any) -> None:
    """Redirect from the addresses before, and end the redirects from those that are taken now."""
    if raw:
        return
    before = vars(instance).pop(_BEFORE, None)
    sheets = _sheets(instance, instance.slug)
    # A page that is no more than a draft takes nothing away from readers.
    takes = instance.live if isinstance(instance, StandingPage) else created or before is not None
    with transaction.atomic():
        if takes:
            taken_by([instance])
        if before is None:
            return
        left = _sheets(instance, before)
        for old, new in zip(map(_address, left), map(_address, sheets), strict=True):
            _redirect(old, new)
        # At once: while the old file stands, readers meet it and not the redirect.
        actions.order({*sheets, *ledger.known(left)})


def taken_by(things: Iterable[Named]) -> None:
    """End the redirects from the addresses that ``things`` have now.

    Part of the caller's transaction. Whatever is saved by itself does this when it is.
    """
    sheets = [sheet for thing in things for sheet in _sheets(thing, thing.slug)]
    paths = [Redirect.normalise_path(_address(sheet)) for sheet in sheets]
    for start in range(0, len(paths), _AT_ONCE):
        Redirect.objects.filter(old_path__in=paths[start : start + _AT_ONCE]).delete()


def _redirect(old: str, new: str) -> None:
    # What led to the old address leads to the new one: nobody is sent on twice.
    Redirect.objects.filter(redirect_link__in=[old, f"{settings.BASE_URL}{old}"]).update(
        redirect_link=new
    )
    Redirect.objects.update_or_create(
        old_path=Redirect.normalise_path(old),
        site=None,
        defaults={
            "redirect_link": new,
            "redirect_page": None,
            "is_permanent": True,
            "automatically_created": True,
        },
    )


def deleted(instance: Named, **_: Any) -> None:
    """End the redirects that were made here to what is deleted: they would lead nowhere."""
    addresses = [_address(sheet) for sheet in _sheets(instance, instance.slug)]
    Redirect.objects.filter(automatically_created=True, redirect_link__in=addresses).delete()


def connect() -> None:
    """Listen to what has its slug in its address; called once, when the room starts."""
    for model in (Section, Topic, Byline, StandingPage):
        pre_save.connect(about_to_be_saved, sender=model)
        post_save.connect(saved, sender=model)
        post_delete.connect(deleted, sender=model)
