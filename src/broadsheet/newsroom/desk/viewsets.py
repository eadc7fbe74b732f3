"""The newsroom's own parts of the admin: stories, fronts, and what stories are filed by."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultipleChooserPanel,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from broadsheet.accounts.models import Byline
from broadsheet.newsroom.desk.checking import StoryWorkflowActionView, StoryWorkflowWordsView
from broadsheet.newsroom.desk.front_panel import FrontNowPanel
from broadsheet.newsroom.desk.language_select import LanguageSelect
from broadsheet.newsroom.desk.source_register import SourceViewSet
from broadsheet.newsroom.desk.story_chooser import StoryChooserViewSet
from broadsheet.newsroom.desk.story_form import story_panels
from broadsheet.newsroom.desk.story_list import StoryFilterSet, StoryIndexView
from broadsheet.newsroom.desk.story_views import StoryCreateView, StoryEditView
from broadsheet.newsroom.desk.usage import PagedUsageView
from broadsheet.newsroom.wire_desk.channels import ChannelViewSet
from broadsheet.stories.models import Agency, Front, Section, Story, Topic


def _name_panel() -> TitleFieldPanel:
    # Wagtail's panel for titles fills in the slug while one types; its class of that name hides
    # label and box until the field is entered.
    return TitleFieldPanel("name", targets=["slug"], placeholder=False, classname="")


class StoryViewSet(SnippetViewSet):
    """Stories: writing, listing, versions, workflow."""

    model = Story
    icon = "doc-full"
    menu_label = _("Stories")
    menu_name = "stories"
    menu_order = 100
    add_to_admin_menu = True
    base_url_path = "stories"
    index_view_class = StoryIndexView
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView
    workflow_action_view_class = StoryWorkflowActionView
    collect_workflow_action_data_view_class = StoryWorkflowWordsView
    filterset_class = StoryFilterSet
    chooser_viewset_class = StoryChooserViewSet
    list_per_page = 25
    copy_view_enabled = True
    inspect_view_enabled = False

    @property
    def edit_handler(self) -> Any:
        """The form's panels."""
        return story_panels()


class FrontViewSet(SnippetViewSet):
    """Fronts: which stories lead the paper and its sections."""

    model = Front
    icon = "grid"
    menu_label = _("Fronts")
    menu_name = "fronts"
    menu_order = 110
    add_to_admin_menu = True
    base_url_path = "fronts"
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("address", label=_("Address"), accessor="get_absolute_url"),
    ]
    panels: ClassVar[list[Any]] = [
        FieldRowPanel(
            [
                FieldPanel("section", widget=forms.Select()),
                FieldPanel("language", widget=LanguageSelect()),
            ]
        ),
        MultipleChooserPanel(
            "placements",
            chooser_field_name="story",
            heading=_("Chosen stories"),
            label=_("Story"),
            help_text=_("Drag them into order. The front fills up with the newest others."),
        ),
        FrontNowPanel(heading=_("On this front now")),
    ]


class SectionViewSet(SnippetViewSet):
    """Sections, with their names in each language."""

    model = Section
    usage_view_class = PagedUsageView
    icon = "folder-open-inverse"
    list_display: ClassVar[list[Any]] = ["name", "slug", "position"]
    panels: ClassVar[list[Any]] = [
        _name_panel(),
        FieldRowPanel([FieldPanel("slug"), FieldPanel("position")]),
        InlinePanel(
            "names",
            heading=_("Names in other languages"),
            label=_("Name"),
            panels=[
                FieldRowPanel([FieldPanel("language", widget=LanguageSelect()), FieldPanel("name")])
            ],
        ),
    ]


class TopicViewSet(SnippetViewSet):
    """Topics."""

    model = Topic
    usage_view_class = PagedUsageView
    icon = "tag"
    list_display: ClassVar[list[Any]] = ["name", "slug", "language"]
    list_filter: ClassVar[list[str]] = ["language"]
    search_fields: ClassVar[list[str]] = ["name", "slug"]
    panels: ClassVar[list[Any]] = [
        _name_panel(),
        FieldRowPanel([FieldPanel("slug"), FieldPanel("language", widget=LanguageSelect())]),
    ]


class AgencyViewSet(SnippetViewSet):
    """Agencies and how they are credited."""

    model = Agency
    usage_view_class = PagedUsageView
    icon = "site"
    list_display: ClassVar[list[Any]] = ["name", "slug", "credit_line"]
    search_fields: ClassVar[list[str]] = ["name", "slug"]
    panels: ClassVar[list[Any]] = [
        _name_panel(),
        FieldPanel("slug"),
        FieldPanel("credit_line"),
        FieldPanel("rights", widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})),
    ]


class BylineViewSet(SnippetViewSet):
    """Bylines: the names that stories are signed with."""

    model = Byline
    usage_view_class = PagedUsageView
    icon = "user"
    list_display: ClassVar[list[Any]] = ["name", "role", "user"]
    search_fields: ClassVar[list[str]] = ["name", "slug"]
    panels: ClassVar[list[Any]] = [
        _name_panel(),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("about"),
        FieldPanel("user"),
    ]


class FilingViewSetGroup(SnippetViewSetGroup):
    """What stories are filed by, under one entry of the menu."""

    items = (
        SectionViewSet,
        TopicViewSet,
        AgencyViewSet,
        ChannelViewSet,
        SourceViewSet,
        BylineViewSet,
    )
    menu_label = _("Filing")
    menu_icon = "folder-open-inverse"
    menu_name = "filing"
    menu_order = 140
    add_to_admin_menu = True
