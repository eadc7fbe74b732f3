"""The wire queue: what came in and what the desk has made of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadsheet.stories.models import Story
from broadsheet.wire.models.channel import Channel
from broadsheet.wire.models.received import ReceivedItem


class QueuedItemQuerySet(models.QuerySet["QueuedItem"]):
    """Questions to the queue."""

    def open(self) -> Self:
        """Keep what the desk has still to decide about."""
        return self.filter(state__in=[QueuedItem.State.WAITING, QueuedItem.State.TAKEN])

    def newest_first(self) -> Self:
        """Order as the queue is read."""
        return self.order_by("-received_at", "-pk")


QueuedItemManager = models.Manager.from_queryset(QueuedItemQuerySet)


class QueuedItem(models.Model):
    """A received item in the queue: what it is, in fields one can filter by, and its state.

    ``reason`` says in a sentence why the item is not simply new: which rule held it, what it is
    a duplicate of. ``embargo_until`` is the item's embargo; ``held_because`` why it must never
    be published by itself.
    """

    class State(models.TextChoices):
        """Where the item stands."""

        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Taken")
        ADOPTED = "adopted", _("Adopted")
        DISMISSED = "dismissed", _("Dismissed")
        DUPLICATE = "duplicate", _("Duplicate")
        SUPERSEDED = "superseded", _("Superseded")
        KILLED = "killed", _("Withdrawn by the agency")
        # The kill itself: it is acted upon, and there is nothing to adopt.
        NOTICE = "notice", _("Notice")

    class Intent(models.TextChoices):
        """What its supplier means by it."""

        NEW = "new", _("New")
        UPDATE = "update", _("Update")
        CORRECTION = "correction", _("Correction")
        KILL = "kill", _("Withdrawal")
        ADVISORY = "advisory", _("Advisory")

    item = models.OneToOneField(
        ReceivedItem, primary_key=True, on_delete=models.PROTECT, related_name="queued"
    )
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="queued",
    )
    guid = models.CharField(max_length=1000, db_index=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    intent = models.CharField(
        _("intent"), max_length=12, choices=Intent.choices, default=Intent.NEW
    )
    kind = models.CharField(_("kind"), max_length=12, default="text")
    headline = models.CharField(_("headline"), max_length=300)
    slugline = models.CharField(_("slugline"), max_length=200, blank=True)
    agency = models.CharField(_("agency"), max_length=200, blank=True, db_index=True)
    section = models.CharField(_("section"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    photos = models.PositiveIntegerField(_("photos"), default=0)
    published = models.DateTimeField(_("published by the agency"), null=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    embargo_until = models.DateTimeField(_("embargo until"), null=True)
    held_because = models.TextField(_("held because"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    story = models.ForeignKey(
        Story,
        verbose_name=_("story"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="queued_items",
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="taken_items",
    )
    taken_at = models.DateTimeField(_("taken at"), null=True)

    objects: ClassVar[QueuedItemManager[QueuedItem]] = QueuedItemManager()

    class Meta:
        verbose_name = _("item in the queue")
        verbose_name_plural = _("items in the queue")
        indexes = [
            models.Index(fields=["-received_at", "-item"], name="queued_newest"),
            models.Index(fields=["state", "-received_at", "-item"], name="queued_by_state"),
            models.Index(
                fields=["embargo_until"],
                condition=Q(embargo_until__isnull=False),
                name="queued_embargo",
            ),
        ]
        permissions = [("handle_queueditem", "Can take, adopt and dismiss items in the queue")]

    def __str__(self) -> str:
        return self.headline

    def is_embargoed(self, at: datetime | None = None) -> bool:
        """Tell whether the item's embargo holds at ``at`` (now)."""
        return self.embargo_until is not None and self.embargo_until > (at or timezone.now())

    @property
    def is_open(self) -> bool:
        """Tell whether the desk has still to decide about it."""
        return self.state in {self.State.WAITING, self.State.TAKEN}
