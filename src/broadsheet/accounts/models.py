"""Users of the newsroom and the bylines that stories carry."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from broadsheet.slugs import NameSlugField


class User(AbstractUser):
    """Someone who may enter the newsroom."""


class Byline(models.Model):
    """A name under which stories appear: a person, with or without a login of their own."""

    name = models.CharField(_("name"), max_length=120)
    slug = NameSlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address: /by/<slug>/"),
    )
    user = models.ForeignKey(
        User,
        verbose_name=_("login"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bylines",
    )
    role = models.CharField(
        _("role"), max_length=120, blank=True, help_text=_("As readers see it: “Science editor”.")
    )
    about = models.TextField(_("about"), blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(Upper("name"), name="byline_called")]
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the page that lists everything under this byline."""
        return f"/by/{self.slug}/"
