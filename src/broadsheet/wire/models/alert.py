"""Alerts: what an agency did to copy that a story was made of."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadsheet.stories.models import Story
from broadsheet.wire.models.received import ReceivedItem


class StoryAlertQuerySet(models.QuerySet["StoryAlert"]):
    """Questions to the alerts."""

    def open(self) -> Self:
        """Keep those nobody has settled."""
        return self.filter(settled_at__isnull=True)

    def kills(self) -> Self:
        """Keep those that say an agency withdrew its copy."""
        return self.filter(kind=StoryAlert.Kind.KILL)


StoryAlertManager = models.Manager.from_queryset(StoryAlertQuerySet)


class StoryAlert(models.Model):
    """A story rests on copy that its agency has withdrawn, corrected or updated since.

    An open alert of a withdrawal keeps a draft from being published, until somebody settles it
    with a word on what was done.
    """

    class Kind(models.TextChoices):
        """What the agency did."""

        KILL = "kill", _("Withdrawn by the agency")
        CORRECTION = "correction", _("Corrected by the agency")
        UPDATE = "update", _("Updated by the agency")

    story = models.ForeignKey(
        Story, verbose_name=_("story"), on_delete=models.CASCADE, related_name="alerts"
    )
    item = models.ForeignKey(
        ReceivedItem,
        verbose_name=_("item"),
        on_delete=models.PROTECT,
        related_name="alerts",
        help_text=_("What said so."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    said = models.TextField(_("what the agency says"), blank=True)
    raised_at = models.DateTimeField(_("raised at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_how = models.TextField(_("what was done"), blank=True)

    objects: ClassVar[StoryAlertManager[StoryAlert]] = StoryAlertManager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["story", "item"], name="one_alert_per_story_and_item"),
        ]
        indexes = [
            models.Index(
                fields=["-raised_at"], condition=Q(settled_at__isnull=True), name="alert_open"
            ),
        ]
        permissions = [("settle_storyalert", "Can settle alerts")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.story_id}"
