"""The list of sources: its columns, filters and search."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView

from broadsheet.attribution import names, register
from broadsheet.attribution.models import RelationHop, Source, SourceAlias, StoryRelation
from broadsheet.newsroom.desk.source_form import country_name

PROPOSED, ACCEPTED, MERGED = "proposed", "accepted", "merged"
_STATES = {
    PROPOSED: gettext_lazy("proposed"),
    ACCEPTED: gettext_lazy("looked at"),
    MERGED: gettext_lazy("merged into another"),
}
_MOST_NAMES = 4


def found(sources: QuerySet[Source], words: str) -> QuerySet[Source]:
    """Keep the sources that ``words`` name, whole or in part; names are compared folded."""
    alike = SourceAlias.objects.filter(source=OuterRef("pk"))
    for word in names.key(words).split():
        alike = alike.filter(folded__contains=word)
    meant = register.resolve(words)
    return sources.filter(Exists(alike) | Q(pk=meant.pk if meant else None))


def with_stories(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Add to each source on how many stories' sources it stands, at whatever hop."""
    hops = (
        RelationHop.objects.filter(source=OuterRef("pk"))
        .exclude(relation__status=StoryRelation.Status.REJECTED)
        .order_by()
        .values("source")
        .annotate(stories=Count("relation__story", distinct=True))
        .values("stories")
    )
    counted = Coalesce(Subquery(hops, output_field=IntegerField()), 0)
    annotated: QuerySet[Source] = sources.annotate(story_count=counted)
    return annotated


class SourceFilterSet(WagtailFilterSet):
    """What the list can be narrowed by; without a state, what was merged is left out."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=list(_STATES.items()),
        method="narrow_state",
        empty_label=gettext_lazy("All but merged"),
        widget=forms.RadioSelect,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"),
        choices=Source.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        # Told apart from itself, each would have its stories counted first.
        distinct=False,
    )

    class Meta:
        model = Source
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Keep what was asked for."""
        narrowed: QuerySet[Source] = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return narrowed
        return narrowed.filter(merged_into__isnull=True)

    def narrow_state(
        self, sources: QuerySet[Source], name: str, value: str
    ) -> QuerySet[Source]:  # called by django-filter
        """Keep the sources in the state that was chosen."""
        if value == MERGED:
            return sources.filter(merged_into__isnull=False)
        return sources.filter(merged_into__isnull=True, proposed=value == PROPOSED)


class _AcceptColumn(Column):
    """A button that accepts a proposed source at once."""

    cell_template_name = "newsroom/sources/accept_cell.html"

    def get_cell_context_data(self, instance: Source, parent_context: Any) -> dict[str, Any]:
        """Return the cell's context, with the form's token."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may = request.user.has_perm("attribution.change_source")
        return {
            **context,
            "csrf_token": get_token(request),
            "source": instance,
            "state": state(instance),
            "next": request.get_full_path() if may else "",
            "offered": may and instance.proposed and instance.merged_into_id is None,
        }


def state(source: Source) -> str:
    """Return what the list says of a source: proposed, or what it was merged into."""
    if source.merged_into is not None:
        return _("merged into %(name)s") % {"name": source.merged_into.name}
    return str(_STATES[PROPOSED]) if source.proposed else ""


def named(source: Source) -> SafeString:
    """Return a source's name and the others it is found by."""
    others = [
        row.text for row in source.aliases.all() if names.key(row.text) != names.key(source.name)
    ]
    others = list(dict.fromkeys(others))
    shown = ", ".join(others[:_MOST_NAMES]) + ("…" if len(others) > _MOST_NAMES else "")
    return format_html('<bdi>{}</bdi><br><small dir="auto">{}</small>', source.name, shown)


class SourceIndexView(IndexView):
    """Every source of the paper, by name."""

    is_searchable = True
    default_ordering = "name"

    def search_queryset(self, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Keep what the words in the search box name."""
        return found(queryset, self.search_query) if self.is_searching else queryset

    def get_base_queryset(self) -> QuerySet[Source]:
        """Return the sources with what a row shows."""
        sources = with_stories(Source.objects.all())
        return sources.select_related("merged_into").prefetch_related("aliases")

    @cached_property
    def columns(self) -> list[Column]:
        """The columns: who, what, on how many stories, and whether somebody looked at it."""
        title: type[TitleColumn] = self._get_title_column_class(TitleColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            title(
                "name",
                label=_("Name"),
                accessor=named,
                sort_key="name",
                width="40%",
                get_url=self.get_inspect_url,
                get_title_id=lambda source: f"snippet_{source.pk}_title",
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column(
                "country",
                label=_("Country"),
                accessor=lambda source: country_name(source.country) if source.country else "",
                sort_key="country",
            ),
            Column("stories", label=_("Stories"), accessor="story_count", sort_key="story_count"),
            _AcceptColumn("state", label=_("State")),
        ]

    def get_list_more_buttons(self, instance: Source) -> list[Any]:
        """Offer to merge a source straight from the list."""
        buttons: list[Any] = list(super().get_list_more_buttons(instance))
        may = self.request.user.has_perm("attribution.change_source")
        if may and instance.merged_into_id is None:
            url = reverse("newsroom_source_merge", args=[instance.pk])
            buttons.append(Button(_("Merge"), url=url, icon_name="resubmit", priority=15))
        return buttons
