"""The form of the paper's own particulars, among the settings."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList

from broadsheet.newsroom.desk.language_select import LanguageSelect


def paper_panels() -> ObjectList:
    """Return the panels of the form."""
    zones = [(zone, zone.replace("_", " ")) for zone in settings.WAGTAIL_USER_TIME_ZONES]
    return ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("strapline"),
            InlinePanel(
                "names",
                heading=_("Names in other languages"),
                label=_("Name"),
                help_text=_("Fronts, stories and feeds in that language bear it."),
                panels=[
                    FieldPanel("language", widget=LanguageSelect()),
                    FieldPanel("name", widget=forms.TextInput(attrs={"dir": "auto"})),
                    FieldPanel("strapline", widget=forms.TextInput(attrs={"dir": "auto"})),
                ],
            ),
            FieldPanel("time_zone", widget=forms.Select(choices=zones)),
            FieldRowPanel([FieldPanel("contact_email"), FieldPanel("comments_open_days")]),
        ]
    )
