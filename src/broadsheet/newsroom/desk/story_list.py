"""The list of stories: its columns, filters and search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.snippets.views.snippets import IndexView

from broadsheet.newsroom.desk import status
from broadsheet.newsroom.desk.finding import find
from broadsheet.stories.languages import name_of, paper_languages
from broadsheet.stories.models import Agency, Section, Story, StoryAgency, StoryByline


def language_choices() -> list[tuple[str, str]]:
    """Return the paper's languages, then any other that stories came in."""
    choices = dict(paper_languages())
    after = ""
    # From one language to the next, and not through every story for the few there are.
    languages = Story.objects.order_by("language").values_list("language", flat=True)
    while language := languages.filter(language__gt=after).first():
        choices.setdefault(language, name_of(language))
        after = language
    return list(choices.items())


class StoryFilterSet(WagtailFilterSet):
    """What the list of stories can be narrowed by."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=list(status.LABELS.items()),
        method="narrow_status",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    section = django_filters.ModelChoiceFilter(
        label=_("Section"), queryset=Section.objects.all(), empty_label=_("All")
    )
    agency = django_filters.ModelChoiceFilter(
        label=_("Agency"),
        queryset=Agency.objects.all(),
        method="narrow_agency",
        empty_label=_("All"),
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_choices, empty_label=_("All")
    )
    published = django_filters.DateFromToRangeFilter(
        label=_("First published"), field_name="first_published_at", widget=DateRangePickerWidget
    )

    class Meta:
        model = Story
        fields: list[str] = []

    def narrow_status(
        self, stories: QuerySet[Story], name: str, value: str
    ) -> QuerySet[Story]:  # called by django-filter
        """Keep the stories in the state that was chosen."""
        return status.in_status(stories, value)

    def narrow_agency(
        self, stories: QuerySet[Story], name: str, value: Agency
    ) -> QuerySet[Story]:  # called by django-filter
        """Keep the stories made from the agency's copy; a join would need a slow DISTINCT."""
        return stories.filter(
            Exists(StoryAgency.objects.filter(story=OuterRef("pk"), agency=value))
        )


def headline(story: Story) -> SafeString:
    """Return the headline as its language is written, whatever the newsroom's own language."""
    return format_html(
        '<span lang="{}" dir="{}">{}</span>',
        story.language,
        story.direction,
        story.headline or _("(no headline yet)"),
    )


_STATUS_STYLES = {status.LIVE: "w-status--primary", status.WITHDRAWN: "story-withdrawn"}


def status_tags(story: Story) -> SafeString:
    """Return every state of the story as a tag."""
    return format_html_join(
        " ",
        '<span class="w-status {}">{}</span>',
        ((_STATUS_STYLES.get(name, ""), status.LABELS[name]) for name in status.statuses(story)),
    )


def updated(story: Story) -> datetime | None:
    """Return when the story was last worked on."""
    if story.latest_revision is not None:
        return story.latest_revision.created_at  # type: ignore[no-any-return]
    return story.last_published_at or story.created_at


class StoryIndexView(IndexView):
    """Every story of the paper, newest number first."""

    is_searchable = True
    default_ordering = "-news_id"

    def search_queryset(self, queryset: QuerySet[Story]) -> QuerySet[Story]:
        """Keep what the words or the number in the search box mean."""
        return find(queryset, self.search_query) if self.is_searching else queryset

    def get_base_queryset(self) -> QuerySet[Story]:
        """Return the stories, to be narrowed and ordered by what indexes hold alone."""
        return Story.objects.all()

    def paginate_queryset(
        self, queryset: QuerySet[Story], page_size: int
    ) -> tuple[Paginator[Story], Page[Story], Sequence[Story], bool]:
        """Return a page of stories with what a row shows.

        Only its own are read whole: a story's row in the database is as long as the story, and
        to sort or to skip over a hundred thousand of them takes a second.
        """
        paginator, page, keys, more = super().paginate_queryset(queryset, page_size)
        wanted = list(keys.values_list("pk", flat=True))
        found = {story.pk: story for story in _with_what_a_row_shows(wanted)}
        # One may be deleted between the two questions.
        page.object_list = [found[key] for key in wanted if key in found]
        return paginator, page, page.object_list, more

    @cached_property
    def columns(self) -> list[Column]:
        """The columns, in a journalist's order of interest."""
        title: type[TitleColumn] = self._get_title_column_class(TitleColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            Column("news_id", label=_("News ID"), sort_key="news_id", width="6%"),
            title(
                "headline",
                label=_("Headline"),
                accessor=headline,
                sort_key="headline",
                width="34%",
                get_url=lambda story: self.get_edit_url(story) or self.get_inspect_url(story),
                get_title_id=lambda story: f"snippet_{story.pk}_title",
            ),
            Column("section", label=_("Section"), sort_key="section__name"),
            Column("status", label=_("Status"), accessor=status_tags),
            Column("signed", label=_("Bylines, agencies"), accessor=_signed, width="16%"),
            Column("language", label=_("Language"), sort_key="language"),
            DateColumn(
                "first_published_at", label=_("First published"), sort_key="first_published_at"
            ),
            DateColumn(
                "updated",
                label=_("Updated"),
                accessor=updated,
                # Versions are numbered as they are saved.
                sort_key="latest_revision_id",
            ),
        ]


def _with_what_a_row_shows(news_ids: list[int]) -> QuerySet[Story]:
    stories = status.with_status(Story.objects.filter(pk__in=news_ids))
    return (
        stories.select_related("section", "latest_revision")
        .defer("body", "lead", "latest_revision__content")
        .prefetch_related(
            Prefetch("agencies", StoryAgency.objects.select_related("agency")),
            Prefetch("bylines", StoryByline.objects.select_related("byline")),
        )
    )


def _signed(story: Story) -> str:
    """Return whose work the story is, people before agencies: one column where two have no room."""
    people = [row.byline.name for row in story.bylines.all()]
    return ", ".join([*people, *(row.agency.name for row in story.agencies.all())])
