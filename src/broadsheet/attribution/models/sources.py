"""The register: who stands behind claims, under which names, and which two turned out to be one."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from broadsheet.attribution.names import LONGEST_KEY, key
from broadsheet.slugs import NameSlugField
from broadsheet.stories.languages import validate_language
from broadsheet.stories.models import Agency


class SourceQuerySet(models.QuerySet["Source"]):
    """Questions asked of the register."""

    def standing(self) -> Self:
        """Keep the sources that were not merged into another."""
        return self.filter(merged_into__isnull=True)


SourceManager = models.Manager.from_queryset(SourceQuerySet)


class Source(ClusterableModel):
    """Who stands behind claims: an organisation, a person, a document, a group of people.

    ``proposed`` tells that the text of a story named it and nobody has looked at it yet.
    ``merged_into`` is the source that this one turned out to be; its row stays, with its names,
    so that the merge can be undone. ``agency`` is the sender of wire copy that this source is.
    """

    class Kind(models.TextChoices):
        """What a source is."""

        ORGANISATION = "organisation", _("organisation")
        PERSON = "person", _("person")
        DOCUMENT = "document", _("document")
        GROUP = "group", _("group of unnamed people")

    name = models.CharField(_("name"), max_length=200)
    slug = NameSlugField(
        _("slug"),
        max_length=200,
        unique=True,
        help_text=_("The last part of the address: /source/<slug>/"),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind.choices, default=Kind.ORGANISATION
    )
    ownership_note = models.TextField(
        _("ownership"),
        blank=True,
        help_text=_("Who owns it or pays for it, in one sentence; readers see this."),
    )
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Two letters, as in ISO 3166-1.")
    )
    language = models.CharField(
        _("language"), max_length=35, blank=True, validators=[validate_language]
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sources",
        help_text=_("The agency that this source is or owns, where it sends the paper copy."),
    )
    proposed = models.BooleanField(
        _("proposed"), default=False, help_text=_("Nobody has looked at this source yet.")
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects: ClassVar[SourceManager[Source]] = SourceManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes = [models.Index(fields=["proposed", "name"], name="source_proposed")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_guessed_kind(self) -> bool:
        """Tell whether only the paper itself says so far that this is an organisation."""
        return self.proposed and self.kind == self.Kind.ORGANISATION and self.agency_id is None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the name, and the one before it, are among the names it is found by."""
        before = type(self).objects.filter(pk=self.pk).values_list("name", flat=True)
        called = [self.name, *before] if self.pk else [self.name]
        super().save(*args, **kwargs)
        # Not through `self.aliases`, which may hold a form's rows: here, what is stored counts.
        stored = set(SourceAlias.objects.filter(source=self).values_list("folded", flat=True))
        for name in dict.fromkeys(called):
            if key(name) not in stored:
                SourceAlias.objects.create(source_id=self.pk, text=name)
                stored.add(key(name))

    def get_absolute_url(self) -> str:
        """Return the address of the page with everything that rests on this source."""
        return f"/source/{self.slug}/"

    @property
    def current(self) -> Source:
        """This source, or the one it was merged into in the end."""
        source = self
        while source.merged_into is not None:
            source = source.merged_into
        return source


class SourceAlias(models.Model):
    """A name that texts use for a source; its own name is one of them.

    ``folded`` is the name with everything taken away that a reader would not tell two names
    apart by. Two sources may share a name: then a text that uses it is matched to neither.
    ``came_with`` is the merge that brought the name here from another source.
    """

    source = ParentalKey(Source, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=LONGEST_KEY, db_index=True, editable=False)
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        validators=[validate_language],
        help_text=_("Empty: in any."),
    )
    came_with = models.ForeignKey(
        "attribution.SourceMerge",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="aliases",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("name of a source")
        verbose_name_plural = _("names of a source")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "folded", "language"], name="one_alias_per_source"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the name folded as it is looked up."""
        self.folded = key(self.text)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)


class SourceMerge(models.Model):
    """Two sources were found to be one: who said so, when, and whether it was taken back."""

    kept = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="merges")
    given_up = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="given_up_in")
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("merge of sources")
        verbose_name_plural = _("merges of sources")

    def __str__(self) -> str:
        return f"{self.given_up_id} → {self.kept_id}"
