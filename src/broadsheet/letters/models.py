"""What is kept of a letter: its words, why it is held, who may not write, and its security key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.stories.models import Story


class HoldReason(models.TextChoices):
    """Why a letter waits for a moderator; every letter has the first one at least."""

    UNREAD = "unread", _("Every comment is read before it appears")
    NO_PROOF = "no-proof", _("No proof of work: the browser ran no JavaScript")
    LINKS = "links", _("Many links")
    DUPLICATE = "duplicate", _("The same text was sent before")
    SHOUTING = "shouting", _("Mostly capital letters")
    FAST = "fast", _("Sent faster than a person types")
    TRAP = "trap", _("A field that people cannot see was filled in")
    INVISIBLE = "invisible", _("Invisible characters were taken out")


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions asked of the letters."""

    def approved(self) -> Self:
        """Keep what readers may see, the newest first."""
        return self.filter(state=Letter.State.APPROVED).order_by("-written_at", "-pk")

    def held(self) -> Self:
        """Keep what waits for a moderator, the oldest first."""
        return self.filter(state=Letter.State.HELD).order_by("written_at", "pk")


LetterManager = models.Manager.from_queryset(LetterQuerySet)


class Letter(models.Model):
    """A reader's comment under a story. Its text is text, never markup.

    ``author_mark`` is a keyed hash of the network address it came from, for limits and bans;
    it is forgotten after a while (``duties.FORGET_AFTER``). ``text_mark`` finds repeats.
    ``answers`` is known of letters that were brought in from elsewhere.
    """

    class State(models.TextChoices):
        """Where a letter stands."""

        HELD = "held", pgettext_lazy("state of a comment", "waiting")
        APPROVED = "approved", pgettext_lazy("state of a comment", "approved")
        REJECTED = "rejected", pgettext_lazy("state of a comment", "rejected")

    story = models.ForeignKey(
        Story, verbose_name=_("story"), on_delete=models.CASCADE, related_name="letters"
    )
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    text = models.TextField(_("text"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.HELD, db_index=True
    )
    reasons = models.JSONField(_("held because"), default=list)
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decision = models.CharField(_("reason of the decision"), max_length=200, blank=True)
    answers = models.ForeignKey(
        "self",
        verbose_name=_("answers"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="answered_by",
        help_text=_("The comment that this one answers."),
    )
    # Its name at the system it was brought in from, so that it comes in once.
    guid = models.CharField(max_length=255, blank=True, editable=False)
    author_mark = models.CharField(max_length=64, blank=True, editable=False)
    text_mark = models.CharField(max_length=64, editable=False, db_index=True)

    objects: ClassVar[LetterManager[Letter]] = LetterManager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(fields=["story", "state", "-written_at"], name="letter_on_story"),
            models.Index(fields=["state", "-written_at"], name="letter_queue"),
            models.Index(fields=["-written_at", "-id"], name="letter_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "guid"], condition=~Q(guid=""), name="one_letter_per_guid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    def get_absolute_url(self) -> str:
        """Return the address where this letter stands once it is approved."""
        return f"/letters/{self.story_id}/#letter-{self.pk}"

    @property
    def printed_reasons(self) -> str:
        """Why it is held, as moderators read it."""
        labels = dict(HoldReason.choices)
        return "; ".join(str(labels.get(code, code)) for code in self.reasons)


class BanQuerySet(models.QuerySet["Ban"]):
    """Questions asked of the bans."""

    def in_force(self, at: datetime | None = None) -> Self:
        """Keep the bans that hold at ``at`` (now)."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at or timezone.now()))

    def on(self, marks: Iterable[str]) -> Self:
        """Keep the bans on any of ``marks``."""
        return self.in_force().filter(mark__in=[mark for mark in marks if mark])


BanManager = models.Manager.from_queryset(BanQuerySet)


class Ban(models.Model):
    """Someone who may not write letters, known by a keyed hash and nothing else."""

    class Kind(models.TextChoices):
        """What of the letter the ban is on."""

        ADDRESS = "address", _("network address")
        EMAIL = "email", _("e-mail address")

    kind = models.CharField(_("on the"), max_length=10, choices=Kind.choices)
    mark = models.CharField(max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=200)
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))
    letter = models.ForeignKey(
        Letter,
        verbose_name=_("because of"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="bans",
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects: ClassVar[BanManager[Ban]] = BanManager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = pgettext_lazy("of a reader who comments", "ban")
        verbose_name_plural = pgettext_lazy("of readers who comment", "bans")
        constraints = [
            models.UniqueConstraint(fields=["kind", "mark"], name="one_ban_per_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.mark[:8]}"


class SecurityKey(models.Model):
    """Digits shown to one visitor for one story's form, as a picture and as sound.

    Picture and sound are made once and kept as long as the key: asking again must not give
    several renderings of the same digits, which could be averaged.
    """

    id = models.CharField(max_length=24, primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    visitor_mark = models.CharField(max_length=64)
    answer = models.CharField(max_length=8)
    picture = models.BinaryField()
    sound = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    misses = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    # So that a letter sent twice (a double click, a lost answer) is recognised as itself.
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["story", "visitor_mark", "-made_at"], name="key_of_visitor"),
        ]
        verbose_name = _("security key")

    def __str__(self) -> str:
        return self.id


class RateCount(models.Model):
    """How often something was done in one stretch of time; counted across all processes."""

    limit = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    starts_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["limit", "subject", "starts_at"], name="one_count_per_stretch"
            ),
        ]
        verbose_name = _("rate count")

    def __str__(self) -> str:
        return f"{self.limit} {self.subject[:8]}: {self.count}"
