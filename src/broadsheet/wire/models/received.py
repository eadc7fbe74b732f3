"""What came in, kept as it came, and which story was made of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadsheet import new_rows
from broadsheet.stories.models import StandingPage, Story
from broadsheet.wire import photo_files
from broadsheet.wire.copies import Copy, packed
from broadsheet.wire.fields import fingerprint, from_fields, to_fields
from broadsheet.wire.items import WireItem


class ImmutableItemError(Exception):
    """Somebody tried to change or delete a received item."""


class ReceivedItemQuerySet(models.QuerySet["ReceivedItem"]):
    """Received items in bulk: read, added, never changed."""

    def update(self, **kwargs: Any) -> int:
        """Refuse: raises :class:`ImmutableItemError`."""
        raise ImmutableItemError("received items cannot be changed; see ReceivedItem.erase")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: raises :class:`ImmutableItemError`."""
        raise ImmutableItemError("received items cannot be deleted; see ReceivedItem.erase")

    def keep(self, item: WireItem, raw: bytes) -> ReceivedItem:
        """Store ``item`` with the bytes it was read from. Part of the caller's transaction."""
        return self.create(
            guid=item.guid,
            version=item.version,
            sha256=item.sha256,
            fingerprint=fingerprint(item),
            format=item.format,
            origin=item.origin,
            fields=to_fields(item),
            raw=packed(raw),
        )

    def keep_all(self, copies: Iterable[Copy]) -> list[ReceivedItem]:
        """Store many copies at once; part of the caller's transaction, which writes already."""
        return new_rows.insert(
            ReceivedItem(
                guid=copy.item.guid,
                version=copy.item.version,
                sha256=copy.item.sha256,
                fingerprint=copy.fingerprint,
                format=copy.item.format,
                origin=copy.item.origin,
                fields=new_rows.json_value(copy.fields),
                raw=copy.packed,
            )
            for copy in copies
        )


ReceivedItemManager = models.Manager.from_queryset(ReceivedItemQuerySet)


class ReceivedItem(models.Model):
    """One wire item, exactly as it was received. Written once."""

    guid = models.CharField(_("guid"), max_length=1000, db_index=True)
    version = models.CharField(_("version"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    fingerprint = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=40)
    origin = models.CharField(_("read from"), max_length=2000)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    fields = models.JSONField(_("fields"))
    raw = models.BinaryField(_("bytes, compressed"))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    erased_because = models.TextField(_("erased because"), blank=True)

    objects: ClassVar[ReceivedItemManager[ReceivedItem]] = ReceivedItemManager()

    class Meta:
        verbose_name = _("received item")
        verbose_name_plural = _("received items")
        constraints = [
            # Two imports of one file at once: the second meets this and decides again.
            models.UniqueConstraint(fields=["guid", "sha256"], name="one_item_per_copy"),
        ]

    def __str__(self) -> str:
        return f"{self.guid} ({self.format})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new item; raises :class:`ImmutableItemError` for one that is stored."""
        if not self._state.adding:
            raise ImmutableItemError("received items cannot be changed; see ReceivedItem.erase")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: raises :class:`ImmutableItemError`."""
        raise ImmutableItemError("received items cannot be deleted; see ReceivedItem.erase")

    @property
    def content(self) -> bytes:
        """The bytes as they came in; empty when they were erased."""
        return zlib.decompress(self.raw) if self.raw else b""

    @property
    def item(self) -> WireItem:
        """The item as its parser read it. Raises ``KeyError`` when it was erased."""
        return from_fields(self.fields)

    def erase(self, reason: str) -> Self:
        """Wipe what came in and keep that it did: for a court order or a wish to be forgotten.

        The row stays with its guid and checksum, so that the same copy is recognised when it
        is sent again. Raises ``ValueError`` without a reason.
        """
        if not reason.strip():
            raise ValueError("erasing a received item needs a reason")
        if self.fields:
            photo_files.forget(self.item)
        models.QuerySet(type(self)).filter(pk=self.pk).update(
            fields={}, raw=b"", erased_at=timezone.now(), erased_because=reason
        )
        self.refresh_from_db()
        return self


class Provenance(models.Model):
    """Which received item a story, or a standing page, was made from, or updated with.

    One story may be made of many items. ``news_id`` and the row outlive the story; it is empty
    for a page. ``revision_id`` is the revision that the adoption wrote: a later one is the
    desk's work. It is empty where the desk composed the story of several items.
    """

    item = models.ForeignKey(
        ReceivedItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="uses"
    )
    story = models.ForeignKey(
        Story,
        verbose_name=_("story"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="provenance",
    )
    page = models.ForeignKey(
        StandingPage,
        verbose_name=_("standing page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="provenance",
    )
    news_id = models.PositiveBigIntegerField(_("News ID"), null=True, db_index=True)
    revision_id = models.PositiveBigIntegerField(null=True)
    adopted_at = models.DateTimeField(_("adopted at"), default=timezone.now)

    class Meta:
        verbose_name = _("provenance")
        verbose_name_plural = _("provenances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "news_id"], name="one_use_per_story"),
        ]

    def __str__(self) -> str:
        return f"{self.news_id} ← {self.item_id}"
