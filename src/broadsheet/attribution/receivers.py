"""What keeps readings and the register in step: stories saved, sources renamed, texts published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision
from wagtail.signals import published

from broadsheet.attribution import arrivals, publicity
from broadsheet.attribution.models import Source
from broadsheet.stories.models import Agency, Story

_BEFORE = "_before_saving"
# What readers, people and machines, are told of a source.
_TOLD = ("slug", "name", "kind", "ownership_note", "country", "language", "agency_id")


def revision_saved(
    instance: Revision,
    update_fields: Iterable[str] | None = None,
    raw: bool = False,
    **_: Any,
) -> None:
    """Have the text of a story's new version read, in the transaction that keeps the version."""
    if raw or (update_fields is not None and "content" not in update_fields):
        return
    if instance.content_type.model_class() is Story:
        arrivals.version_kept(int(instance.object_id), instance)


def story_published(instance: Story, **_: Any) -> None:
    """Have a story read again whose dates were counted from another day than it appeared on."""
    arrivals.published(instance)


def source_about_to_be_saved(
    instance: Source, update_fields: Iterable[str] | None = None, raw: bool = False, **_: Any
) -> None:
    """Keep what was told of the source until now."""
    instance.__dict__.pop(_BEFORE, None)
    if raw or (update_fields is not None and not {*_TOLD, "agency"} & set(update_fields)):
        return
    instance.__dict__[_BEFORE] = Source.objects.filter(pk=instance.pk).values(*_TOLD).first()


def source_saved(instance: Source, raw: bool = False, **_: Any) -> None:
    """Have a source's old address lead to the new one, and what tells of it pressed again."""
    if raw or _BEFORE not in instance.__dict__:
        return
    before: dict[str, Any] = instance.__dict__.pop(_BEFORE) or {}
    slug = before.get("slug")
    Redirect.objects.filter(old_path=Redirect.normalise_path(instance.get_absolute_url())).delete()
    if slug and slug != instance.slug:
        # What led to the old address leads to the new one: nobody is sent on twice.
        old = f"/source/{slug}/"
        Redirect.objects.filter(redirect_link__in=[old, f"{settings.BASE_URL}{old}"]).update(
            redirect_link=instance.get_absolute_url()
        )
        _redirect(old, instance.get_absolute_url())
        publicity.order_slugs([slug])
    if before and any(before[name] != getattr(instance, name) for name in _TOLD):
        publicity.order_sources([instance])


def agency_saved(instance: Agency, **_: Any) -> None:
    """Have the pages of the sources that an agency is, or that own it, pressed with its name."""
    publicity.order_slugs(instance.sources.values_list("slug", flat=True))


def merge_saved(instance: Source, update_fields: Iterable[str] | None = None, **_: Any) -> None:
    """Have the address of a source that was given up lead to the one that was kept.

    What led to it goes on doing so, and is sent on from there: so a merge that is taken back
    takes those addresses back as well.
    """
    if update_fields is None or "merged_into" not in update_fields:
        return
    path = Redirect.normalise_path(instance.get_absolute_url())
    if instance.merged_into is None:
        Redirect.objects.filter(old_path=path).delete()
    else:
        _redirect(instance.get_absolute_url(), instance.merged_into.get_absolute_url())


def _redirect(old: str, new: str) -> None:
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


def connect() -> None:
    """Listen from now on."""
    post_save.connect(revision_saved, sender=Revision, dispatch_uid="attribution.revision")
    published.connect(story_published, sender=Story, dispatch_uid="attribution.published")
    pre_save.connect(source_about_to_be_saved, sender=Source, dispatch_uid="attribution.naming")
    post_save.connect(source_saved, sender=Source, dispatch_uid="attribution.named")
    post_save.connect(merge_saved, sender=Source, dispatch_uid="attribution.merged")
    post_save.connect(agency_saved, sender=Agency, dispatch_uid="attribution.agency")
