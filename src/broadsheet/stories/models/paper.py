"""The paper's own particulars, and its standing pages (about, corrections policy)."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page, Site

from broadsheet.stories import previews
from broadsheet.stories.blocks import story_body
from broadsheet.stories.body_field import BodyField
from broadsheet.stories.languages import own_language, validate_language
from broadsheet.stories.reserved_slugs import validate_page_slug


def validate_time_zone(name: str) -> None:
    """Raise ``ValidationError`` unless ``name`` is an IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no IANA time zone, such as “Europe/Berlin”."), params={"name": name}
        )


@register_setting(icon="cog")
class Paper(BaseGenericSetting, ClusterableModel):
    """What the paper is called and how it shows itself; one row, edited in the newsroom."""

    name = models.CharField(
        _("name"), max_length=80, default="Broadsheet", help_text=_("In the paper's own language.")
    )
    strapline = models.CharField(
        _("strapline"), max_length=160, blank=True, help_text=_("A few words under the name.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Times are stored in UTC and printed in this zone; UTC is printed as GMT."),
    )
    contact_email = models.EmailField(_("contact address"), blank=True)
    comments_open_days = models.PositiveSmallIntegerField(
        _("days that comments stay open"), default=14
    )

    class Meta:
        verbose_name = _("paper")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The paper's time zone."""
        return ZoneInfo(self.time_zone)


class PaperName(models.Model):
    """What the paper is called in another of its languages."""

    paper = ParentalKey(Paper, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=35, validators=[validate_language])
    name = models.CharField(_("name"), max_length=80)
    strapline = models.CharField(_("strapline"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "language"], name="one_paper_name_per_language"
            )
        ]
        verbose_name = _("name of the paper")

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class StandingPage(Page):
    """A page that is no news: about the paper, its corrections policy, how to reach it."""

    body = BodyField(story_body(), verbose_name=_("body"), blank=True)
    language = models.CharField(
        _("language"), max_length=35, default=own_language, validators=[validate_language]
    )

    # Only directly below the root of the site: a page's address is its slug alone.
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    def clean(self) -> None:
        """Refuse a slug that is an address of the paper itself."""
        super().clean()
        try:
            validate_page_slug(self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    def get_absolute_url(self) -> str:
        """Return the page's address: its slug below the paper's root."""
        return f"/{self.slug}/"

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Return Wagtail's (site, root, path); pressed pages have no route of Wagtail's."""
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            return None
        return (site.pk, str(settings.BASE_URL), self.get_absolute_url())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer Wagtail's preview with the page as a reader will see it."""
        return HttpResponse(previews.draw_page(self))
