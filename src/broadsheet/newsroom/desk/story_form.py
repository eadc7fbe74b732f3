"""The form a story is written in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)

from broadsheet.newsroom.claims.panel import ClaimsPanel
from broadsheet.newsroom.desk.checks_panel import ChecksPanel
from broadsheet.newsroom.desk.language_select import LanguageSelect
from broadsheet.newsroom.desk.topics import TopicsWidget
from broadsheet.newsroom.wire_desk.alerts import AlertsBanner
from broadsheet.stories.models import Story
from broadsheet.wire.models import Provenance


class OriginPanel(Panel):
    """The story's number and the wire items it was made from, to read only."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one story's form."""

        template_name = "newsroom/story_origin.html"

        def origins(self) -> QuerySet[Provenance]:
            """Return which received items the story was made from, without their bytes."""
            return (
                Provenance.objects.filter(news_id=self.instance.pk or 0)
                .select_related("item__queued")
                .defer("item__raw", "item__fields")
            )


class StoryForm(WagtailAdminModelForm):
    """A story as the desk edits it; the embargo is lifted only by those who may publish."""

    def clean(self) -> dict[str, Any]:
        """Refuse to lift or shorten an embargo to those who may not, and drop its schedule."""
        cleaned: dict[str, Any] = super().clean()
        before = Story.objects.filter(pk=self.instance.pk).values_list("embargo_until", flat=True)
        held = before.first() if self.instance.pk else None
        if held is None or held <= timezone.now() or "embargo_until" not in cleaned:
            return cleaned
        wanted = cleaned["embargo_until"]
        if wanted is None or wanted < held:
            if self.for_user is None or not self.for_user.has_perm("stories.publish_story"):
                self.add_error(
                    "embargo_until",
                    forms.ValidationError(
                        _("Only an editor may lift or shorten an embargo."), code="embargo"
                    ),
                )
            elif cleaned.get("go_live_at") == held:
                # The schedule was the embargo's, not the desk's.
                cleaned["go_live_at"] = None
        return cleaned


def story_panels() -> TabbedInterface:
    """Return the panels of the form: writing first, then filing, then publishing."""
    write = [
        AlertsBanner(heading=_("Alerts of agencies")),
        FieldPanel(
            "headline",
            classname="title",
            widget=forms.TextInput(attrs={"placeholder": _("Headline"), "dir": "auto"}),
        ),
        # Here, because nothing is kept, by hand or by itself, before a section is chosen.
        FieldRowPanel(
            [
                FieldPanel("section", widget=forms.Select()),
                FieldPanel("language", widget=LanguageSelect()),
            ]
        ),
        ChecksPanel(),
        FieldPanel("lead", widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})),
        FieldPanel("body", help_text=_("Paste whole paragraphs; add blocks with +.")),
        ClaimsPanel(heading=_("Sources")),
        InlinePanel(
            "photos",
            heading=_("Photos"),
            label=_("Photo"),
            help_text=_("The first leads the story. Empty words are taken from the picture."),
            panels=[
                FieldPanel("picture"),
                FieldPanel("caption", widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})),
                FieldRowPanel([FieldPanel("credit"), FieldPanel("taken_on")]),
                FieldPanel("alt_text"),
            ],
        ),
        MultipleChooserPanel(
            "bylines", chooser_field_name="byline", heading=_("Bylines"), label=_("Byline")
        ),
        InlinePanel(
            "agencies",
            heading=_("Agencies"),
            label=_("Agency"),
            help_text=_("Whose copy the story is made from; each is credited on the page."),
            panels=[FieldPanel("agency", widget=forms.Select()), FieldPanel("credit_line")],
        ),
    ]
    file = [
        FieldPanel("topics", widget=TopicsWidget()),
        FieldRowPanel([FieldPanel("slugline"), FieldPanel("dateline")]),
        FieldPanel("translation_of"),
        OriginPanel(heading=_("Number and origin")),
    ]
    publish = [
        MultiFieldPanel(
            [FieldPanel("embargo_until")],
            heading=_("Embargo"),
            help_text=_("To publish at a time of the paper's own, use “Set schedule” at the side."),
        ),
        FieldPanel("substantive_update"),
        FieldPanel("comments_open"),
        PublishingPanel(),
    ]
    return TabbedInterface(
        [
            ObjectList(write, heading=_("Write")),
            ObjectList(file, heading=_("File")),
            ObjectList(publish, heading=_("Publish")),
        ],
        base_form_class=StoryForm,
    )
