"""The form of a standing page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, ObjectList, PublishingPanel, TabbedInterface

from broadsheet.newsroom.desk.language_select import LanguageSelect


def page_panels() -> TabbedInterface:
    """Return the panels of the form: what is on the page, then where it stands."""
    write = [
        FieldPanel("title", classname="title"),
        FieldPanel("language", widget=LanguageSelect()),
        FieldPanel("body"),
    ]
    publish = [
        FieldPanel("slug", help_text=_("The address: /<slug>/")),
        FieldPanel("search_description", widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})),
        PublishingPanel(),
    ]
    return TabbedInterface(
        [ObjectList(write, heading=_("Write")), ObjectList(publish, heading=_("Publish"))],
        base_form_class=WagtailAdminPageForm,
    )
