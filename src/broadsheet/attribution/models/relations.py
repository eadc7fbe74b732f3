"""Relations of a story: who stands behind which of its words, by which way, and who decided so."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.attribution.models.sources import Source
from broadsheet.stories.models import Story


class StoryRelationQuerySet(models.QuerySet["StoryRelation"]):
    """Questions every part of this room asks of the relations."""

    def decided(self) -> Self:
        """Keep what an editor stands behind: confirmed as suggested, or edited, or added."""
        return self.filter(status__in=(StoryRelation.Status.CONFIRMED, StoryRelation.Status.EDITED))

    def standing(self) -> Self:
        """Keep everything but what an editor rejected."""
        return self.exclude(status=StoryRelation.Status.REJECTED)


StoryRelationManager = models.Manager.from_queryset(StoryRelationQuerySet)


class StoryRelation(models.Model):
    """One attribution in one story, suggested or decided.

    ``number`` is its own within the story for ever: no other relation of the story ever gets it.
    ``source_spans``, ``cue_spans`` and ``content_spans`` are lists of selectors
    (``anchors.Selector``), whose positions count in ``StoryReading.text``. ``source_name`` is how
    the story names the source, resolved ("SANA" for a later "it"), whatever the register calls
    it. ``stood_under`` is the source before a merge. ``said`` and ``happened`` are times
    (``kept.KeptTime``) or nothing; ``hedges`` selectors, each with its ``kind``. ``lost`` tells
    that the newest version no longer has the words.
    """

    class Status(models.TextChoices):
        """How far it has been looked at; the values of ``relation.Status``."""

        SUGGESTED = "suggested", pgettext_lazy("of a source", "suggested")
        CONFIRMED = "confirmed", pgettext_lazy("of a source", "confirmed")
        EDITED = "edited", pgettext_lazy("of a source", "edited")
        REJECTED = "rejected", pgettext_lazy("of a source", "rejected")

    class SourceKind(models.TextChoices):
        """How the text names the source; the values of ``relation.SourceKind``."""

        NAMED = "named", pgettext_lazy("of a source", "named")
        UNNAMED = "unnamed", pgettext_lazy("of a source", "unnamed")
        IMPLICIT = "implicit", pgettext_lazy("of a source", "nobody is named")
        MISSING = "missing", pgettext_lazy("of a source", "missing")

    story = models.ForeignKey(
        Story, verbose_name=_("story"), on_delete=models.CASCADE, related_name="relations"
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.SUGGESTED
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relations",
    )
    stood_under = models.ForeignKey(
        Source, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    source_name = models.CharField(_("named in the text as"), max_length=300, blank=True)
    source_kind = models.CharField(max_length=10, choices=SourceKind.choices)
    cue_kind = models.CharField(max_length=12)
    quote_type = models.CharField(max_length=10)
    source_spans = models.JSONField(default=list)
    cue_spans = models.JSONField(default=list)
    content_spans = models.JSONField(default=list)
    hedges = models.JSONField(default=list)
    said = models.JSONField(null=True, blank=True)
    happened = models.JSONField(null=True, blank=True)
    nested_in = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="nested"
    )
    confidence = models.FloatField(_("confidence"), default=0.0)
    method = models.CharField(_("method"), max_length=40)
    lost = models.BooleanField(_("lost"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects: ClassVar[StoryRelationManager[StoryRelation]] = StoryRelationManager()

    class Meta:
        ordering = ["story", "number"]
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="one_relation_per_number")
        ]
        indexes = [models.Index(fields=["source", "status"], name="relation_of_source")]

    def __str__(self) -> str:
        return f"{self.story_id}/{self.number}: {self.source_name or self.source_kind}"

    @property
    def is_decided(self) -> bool:
        """Whether an editor stands behind it."""
        return self.status in (self.Status.CONFIRMED, self.Status.EDITED)


class RelationHop(models.Model):
    """One station of a relation's chain; ``position`` 0 is the origin, the last is nearest.

    Every relation has its own source as its last hop, so that asking the hops for a source
    finds whatever rests on it, first hand or through others.
    """

    relation = models.ForeignKey(StoryRelation, on_delete=models.CASCADE, related_name="hops")
    position = models.PositiveSmallIntegerField()
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="hops"
    )
    stood_under = models.ForeignKey(
        Source, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=StoryRelation.SourceKind.choices)
    spans = models.JSONField(default=list)

    class Meta:
        ordering = ["relation", "position"]
        verbose_name = _("hop")
        verbose_name_plural = _("hops")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["relation", "position"], name="one_hop_per_position")
        ]

    def __str__(self) -> str:
        return self.name or self.kind


class RelationChange(models.Model):
    """One change of a relation: who, when, by which verb, from what to what. Never rewritten."""

    relation = models.ForeignKey(StoryRelation, on_delete=models.CASCADE, related_name="changes")
    verb = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of an attribution")
        verbose_name_plural = _("changes of attributions")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.relation_id}: {self.verb}"
