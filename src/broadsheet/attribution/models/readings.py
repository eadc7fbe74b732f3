"""How far the text of a story has been looked through for attributions."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadsheet.stories.models import Story


class StoryReadingQuerySet(models.QuerySet["StoryReading"]):
    """Questions asked of the readings."""

    def waiting(self) -> Self:
        """Keep what is to be analysed, the longest waiting first."""
        return self.filter(state=StoryReading.State.WAITING).order_by("waiting_since", "pk")


StoryReadingManager = models.Manager.from_queryset(StoryReadingQuerySet)


class StoryReading(models.Model):
    """One story's text and what became of it: at most one row a story.

    A story without a row was never looked at: the sources of imported archives are not recorded.
    ``digest`` is of the newest version's text, ``read_digest`` of ``text``, which is what was
    analysed last and what the positions of the story's relations count in. ``claims`` are the
    sentences in it that say something which could be true or false, ``[start, end]`` each;
    ``hedges`` ``[start, end, kind]``. ``reason`` says why a text was not analysed.
    ``last_number`` is the highest number that any relation of the story ever had. ``reference``
    is the time that relative dates were counted from.
    """

    class State(models.TextChoices):
        """What became of the text."""

        WAITING = "waiting", _("waiting")
        ANALYSED = "analysed", _("analysed")
        NOT_ANALYSED = "not-analysed", _("not analysed")
        FAILED = "failed", _("failed")

    story = models.OneToOneField(
        Story, primary_key=True, on_delete=models.CASCADE, related_name="reading"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    reason = models.TextField(_("reason"), blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    read_digest = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    claims = models.JSONField(default=list, blank=True)
    hedges = models.JSONField(default=list, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    reference = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(default=timezone.now)
    analysed_at = models.DateTimeField(_("analysed at"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=100, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects: ClassVar[StoryReadingManager[StoryReading]] = StoryReadingManager()

    class Meta:
        verbose_name = _("reading of a story")
        verbose_name_plural = _("readings of stories")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["waiting_since"],
                condition=models.Q(state="waiting"),
                name="reading_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    @property
    def is_reviewed(self) -> bool:
        """Whether an editor has said that everything found in this story was looked at."""
        return self.reviewed_at is not None
