"""Fronts: which stories lead the paper, or a section of it, in one language.

The desk chooses and orders as many as it likes; the rest of a front fills by recency when it
is pressed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from broadsheet.stories.languages import own_language, validate_language
from broadsheet.stories.models.story import Story
from broadsheet.stories.models.subjects import Section


class Front(ClusterableModel):
    """The curated front of the paper (no section) or of a section, in one language."""

    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="fronts",
        help_text=_("Empty for the front of the whole paper."),
    )
    language = models.CharField(
        _("language"), max_length=35, default=own_language, validators=[validate_language]
    )

    class Meta:
        # The paper's own front first, on every database.
        ordering = [F("section__position").asc(nulls_first=True), "language"]
        verbose_name = _("front")
        verbose_name_plural = _("fronts")
        constraints = [
            models.UniqueConstraint(
                fields=["section", "language"], name="one_front_per_section_and_language"
            ),
            models.UniqueConstraint(
                fields=["language"],
                condition=Q(section__isnull=True),
                name="one_paper_front_per_language",
            ),
        ]

    def __str__(self) -> str:
        of = self.section or _("The paper")
        return f"{of} ({self.language})"

    def get_absolute_url(self) -> str:
        """Return the front's address."""
        if self.section is not None:
            return str(self.section.get_absolute_url(self.language))
        return "/" if self.language == own_language() else f"/{self.language}/"


class FrontPlacement(Orderable):
    """A story's place on a front; the order is the desk's."""

    front = ParentalKey(Front, on_delete=models.CASCADE, related_name="placements")
    story = models.ForeignKey(
        Story, verbose_name=_("story"), on_delete=models.CASCADE, related_name="placements"
    )

    class Meta(Orderable.Meta):
        verbose_name = _("placement")
