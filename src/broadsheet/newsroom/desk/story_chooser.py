"""Choosing a story: for a front, or as what another is a translation of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.chooser import (
    BaseSnippetChooseView,
    ChooseResultsView,
    ChooseView,
)

from broadsheet.accounts.choosing import KeptChooserViewSet
from broadsheet.newsroom.desk import status
from broadsheet.newsroom.desk.finding import find
from broadsheet.newsroom.desk.story_list import headline, language_choices, status_tags
from broadsheet.stories.models import Section, Story


class StoryFilterForm(BaseFilterForm):
    """Words, section and language to choose among."""

    q = forms.CharField(
        label=_("Words or News ID"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Search")}),
    )
    section = forms.ModelChoiceField(
        label=_("Section"),
        queryset=Section.objects.all(),
        required=False,
        empty_label=_("All sections"),
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("All languages")), *language_choices()],
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, stories: QuerySet[Story]) -> QuerySet[Story]:
        """Keep what was asked for."""
        wanted: dict[str, Any] = self.cleaned_data
        if query := wanted.get("q"):
            self.is_searching, self.search_query = True, query
            stories = find(stories, query)
        if section := wanted.get("section"):
            stories = stories.filter(section=section)
        if language := wanted.get("language"):
            stories = stories.filter(language=language)
        return stories


class _ChoosesStories(BaseSnippetChooseView):
    filter_form_class = StoryFilterForm
    ordering = "-news_id"
    per_page = 15

    def get_object_list(self) -> QuerySet[Story]:
        """Return every story, without its body."""
        stories = status.with_status(Story.objects.all())
        return stories.select_related("section").defer("body", "lead")

    @property
    def title_column(self) -> Any:
        """The headline, written as its language is."""
        column = super().title_column
        column.accessor = headline
        column.label = _("Headline")
        return column

    @property
    def columns(self) -> list[Any]:
        """What tells one story from another."""
        return [
            self.title_column,
            Column("news_id", label=_("News ID")),
            Column("section", label=_("Section")),
            Column("status", label=_("Status"), accessor=status_tags),
            DateColumn("first_published_at", label=_("First published")),
        ]


class StoryChooseView(_ChoosesStories, ChooseView):
    """The whole chooser."""


class StoryChooseResultsView(_ChoosesStories, ChooseResultsView):
    """The results alone, as words are typed."""


class StoryChooserViewSet(KeptChooserViewSet):
    """Wagtail's snippet chooser, with a story's columns and filters.

    It lists drafts and stories under an embargo, which not everybody in the newsroom may see.
    """

    needed = ("stories.change_story", "stories.change_front")
    choose_view_class = StoryChooseView
    choose_results_view_class = StoryChooseResultsView
    choose_one_text = _("Choose a story")
    choose_another_text = _("Choose another story")
    edit_item_text = _("Edit this story")
