"""Channels: the feeds, folders and mailboxes that agencies' copy comes through."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadsheet.stories.languages import validate_language
from broadsheet.stories.models import Agency, Section
from broadsheet.wire.watched_folders import is_the_papers_own

# How many faults of a channel are kept.
KEPT_FAULTS = 50


class ChannelQuerySet(models.QuerySet["Channel"]):
    """Questions to the channels."""

    def due(self, at: datetime | None = None) -> Self:
        """Keep those that are to be asked for new copy at ``at`` (now)."""
        return self.filter(is_active=True, next_poll_at__lte=at or timezone.now())


ChannelManager = models.Manager.from_queryset(ChannelQuerySet)


class Channel(models.Model):
    """One way in: where it is, whose copy it brings, and what becomes of it.

    ``state`` belongs to its retriever (validators of the last answer, the last message seen).
    ``secret_name`` is the name under which the environment holds the password, never itself a
    secret.
    """

    class Kind(models.TextChoices):
        """What is asked for copy."""

        FEED = "feed", _("Web address (feed or file)")
        FOLDER = "folder", _("Folder on this machine")
        MAILBOX = "mailbox", _("Mailbox (IMAP)")

    class Adoption(models.TextChoices):
        """What becomes of an item that nothing speaks against."""

        QUEUE = "queue", _("It waits in the queue")
        DRAFT = "draft", _("It becomes a draft")
        PUBLISH = "publish", _("It is published at once")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.FEED)
    address = models.CharField(
        _("address"),
        max_length=2000,
        help_text=_("A web address, the path of a folder, or imaps://server/mailbox."),
    )
    username = models.CharField(_("user name"), max_length=200, blank=True)
    secret_name = models.CharField(
        _("name of the password"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*$", _("Capital letters, digits and _ only."))],
        help_text=_(
            "The password itself stands in the environment, as BROADSHEET_SECRET_ and this name."
        ),
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="channels",
        help_text=_("Whose copy this is, where the copy itself does not say."),
    )
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Where its stories stand unless the copy names a section of the paper."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        validators=[validate_language],
        help_text=_("Where the copy does not say."),
    )
    adoption = models.CharField(
        _("how copy is adopted"),
        max_length=10,
        choices=Adoption.choices,
        default=Adoption.QUEUE,
        help_text=_(
            "Advisories, withdrawn copy and copy under an embargo are never published at once."
        ),
    )
    every_minutes = models.PositiveSmallIntegerField(
        _("minutes between two looks"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
    )
    is_active = models.BooleanField(_("is watched"), default=True)
    state = models.JSONField(default=dict, editable=False)
    next_poll_at = models.DateTimeField(_("next look"), default=timezone.now, editable=False)
    last_polled_at = models.DateTimeField(_("last look"), null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_item_at = models.DateTimeField(_("last copy"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    objects: ClassVar[ChannelManager[Channel]] = ChannelManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an address that its kind cannot use."""
        super().clean()
        begins: dict[str, tuple[str, ...]] = {
            self.Kind.FEED: ("http://", "https://"),
            self.Kind.MAILBOX: ("imap://", "imaps://"),
            self.Kind.FOLDER: ("/",),
        }
        allowed = begins.get(self.kind, ())
        if allowed and not self.address.startswith(allowed):
            raise ValidationError(
                {
                    "address": _("An address of this kind begins with %(start)s.")
                    % {"start": " / ".join(allowed)}
                }
            )
        if self.kind == self.Kind.FOLDER and is_the_papers_own(Path(self.address)):
            raise ValidationError(
                {
                    "address": _(
                        "The paper keeps its own files there. Name another folder; in the home of "
                        "the paper, only “incoming” and the folders in it can be watched."
                    )
                }
            )

    def claim(self, at: datetime | None = None) -> bool:
        """Take the next look for this process; false where another one has it already."""
        at = at or timezone.now()
        pause = timedelta(minutes=self.every_minutes)
        taken = (
            type(self)
            .objects.filter(pk=self.pk, next_poll_at=self.next_poll_at)
            .update(next_poll_at=at + pause, last_polled_at=at)
        )
        if taken:
            self.next_poll_at, self.last_polled_at = at + pause, at
        return bool(taken)

    def went_well(self, state: dict[str, Any], *, items: int, at: datetime | None = None) -> None:
        """Keep that the look brought ``items`` new items (none is no failure)."""
        at = at or timezone.now()
        self.state, self.failures, self.last_error, self.last_success_at = state, 0, "", at
        fields = ["state", "failures", "last_error", "last_success_at"]
        if items:
            self.last_item_at = at
            fields.append("last_item_at")
        self.save(update_fields=fields)

    def went_wrong(
        self,
        error: str,
        state: dict[str, Any],
        *,
        pause: timedelta,
        for_good: bool = False,
        at: datetime | None = None,
    ) -> None:
        """Keep ``error`` and look again after ``pause``; never again by itself if ``for_good``."""
        at = at or timezone.now()
        self.state, self.failures, self.last_error = state, self.failures + 1, error
        self.next_poll_at = at + pause
        self.is_active = self.is_active and not for_good
        self.save(update_fields=["state", "failures", "last_error", "next_poll_at", "is_active"])
        self.note(error, at=at)

    def note(self, error: str, *, origin: str = "", at: datetime | None = None) -> None:
        """Keep one fault of the channel, or of the item ``origin`` it brought."""
        ChannelFault.objects.create(
            channel=self, said=error, origin=origin[:2000], at=at or timezone.now()
        )
        kept = self.faults.order_by("-at", "-pk").values_list("pk", flat=True)[:KEPT_FAULTS]
        self.faults.exclude(pk__in=list(kept)).delete()

    @property
    def is_late(self) -> bool:
        """Tell whether the channel has failed, or has not been looked at for too long."""
        if not self.is_active:
            return False
        longest = max(timedelta(minutes=3 * self.every_minutes), timedelta(minutes=15))
        return self.failures > 0 or timezone.now() - self.next_poll_at > longest


class ChannelFault(models.Model):
    """What went wrong with a channel, or with one item that came through it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="faults")
    at = models.DateTimeField(_("at"))
    origin = models.CharField(_("read from"), max_length=2000, blank=True)
    said = models.TextField(_("error"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("fault of a channel")
        verbose_name_plural = _("faults of channels")

    def __str__(self) -> str:
        return self.said
