"""What stories are filed under: sections, topics, and the agencies that sent them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from broadsheet.slugs import NameSlugField
from broadsheet.stories.languages import own_language, validate_language
from broadsheet.stories.reserved_slugs import validate_section_slug


class Section(ClusterableModel):
    """A part of the paper, such as World or Science. Every story stands in exactly one."""

    name = models.CharField(_("name"), max_length=80, help_text=_("In the paper's own language."))
    slug = NameSlugField(
        _("slug"),
        max_length=80,
        unique=True,
        validators=[validate_section_slug],
        help_text=_("The last part of the address: /section/<slug>/"),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Sections are listed from low to high.")
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """Return the section's name for readers of ``language``; its own name where none is set."""
        for row in self.names.all():
            if row.language == language:
                return str(row.name)
        return self.name

    def get_absolute_url(self, language: str = "") -> str:
        """Return the address of the section's front in ``language`` (the paper's own if empty)."""
        prefix = "" if language in ("", own_language()) else f"/{language}"
        return f"{prefix}/section/{self.slug}/"


class SectionName(models.Model):
    """What a section is called in another of the paper's languages."""

    section = ParentalKey(Section, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=35, validators=[validate_language])
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "language"], name="one_section_name_per_language"
            )
        ]
        verbose_name = _("section name")

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Topic(models.Model):
    """What a story is about, finer than its section: a place, a person, a matter."""

    name = models.CharField(_("name"), max_length=120)
    slug = NameSlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the address: /topic/<slug>/"),
    )
    language = models.CharField(
        _("language"), max_length=35, default=own_language, validators=[validate_language]
    )

    class Meta:
        ordering = ["name"]
        # Copy names topics in capitals or without; an archive has tens of thousands.
        indexes = [models.Index(Upper("name"), "language", name="topic_called")]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the page that lists everything on this topic."""
        return f"/topic/{self.slug}/"


class Agency(models.Model):
    """A news agency that sends the paper wire copy or pictures (not: a source of a claim)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = NameSlugField(_("slug"), max_length=120, unique=True)
    credit_line = models.CharField(
        _("credit line"),
        max_length=200,
        blank=True,
        help_text=_("As the contract wants it printed; the name where this is empty."),
    )
    rights = models.TextField(
        _("rights"), blank=True, help_text=_("What the contract allows, for the desk.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name

    @property
    def printed(self) -> str:
        """What readers see: the credit line, or the name."""
        return self.credit_line or self.name
