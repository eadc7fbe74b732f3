"""The register of sources in the newsroom: listing, looking at, accepting and editing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from broadsheet.accounts.choosing import KeptChooserViewSet
from broadsheet.accounts.models import User
from broadsheet.attribution import register
from broadsheet.attribution.models import (
    RelationHop,
    Source,
    SourceAlias,
    SourceMerge,
    StoryRelation,
)
from broadsheet.newsroom.desk.checking import sources_url
from broadsheet.newsroom.desk.source_form import country_name, language_name, source_panels
from broadsheet.newsroom.desk.source_list import SourceFilterSet, SourceIndexView
from broadsheet.newsroom.desk.usage import PagedUsageView

_ROWS = 25
CHANGE = "attribution.change_source"


def editor_of(request: HttpRequest) -> User:
    """Return who acts. Raises ``PermissionDenied`` for those who may not change the register."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(CHANGE):
        raise PermissionDenied
    return user


def inspect_url(source: Source) -> str:
    """Return where the newsroom shows what rests on ``source``."""
    return reverse(Source.snippet_viewset.get_url_name("inspect"), args=[source.pk])


def resting_on(source: Source) -> QuerySet[StoryRelation]:
    """Return the attributions that rest on ``source`` at whatever hop, the newest story first.

    Of a source that was merged those are meant that stood under it until then.
    """
    hops = Q(source=source) if source.merged_into_id is None else Q(stood_under=source)
    relations = RelationHop.objects.filter(hops).values("relation")
    rows: QuerySet[StoryRelation] = (
        StoryRelation.objects.filter(pk__in=relations)
        .standing()
        # What is no more than a draft comes last, on every database.
        .order_by(F("story__first_published_at").desc(nulls_last=True), "-story", "number")
    )
    return rows


def _whole(keys: Sequence[int]) -> list[StoryRelation]:
    """Return the attributions ``keys``, in this order, with what a row says of them.

    To sort them whole, with their stories, would take seconds for a source of tens of thousands.
    """
    hops = RelationHop.objects.select_related("source").order_by("position")
    rows = (
        StoryRelation.objects.filter(pk__in=keys)
        .select_related("source", "story")
        .defer("story__body", "story__lead")
        .prefetch_related(Prefetch("hops", hops))
    )
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys if key in found]


class SourceInspectView(InspectView):
    """One source: what is known of it, what rests on it, and what it was merged with."""

    page_title = gettext_lazy("Source")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer to edit and to merge, and lead to its history."""
        source: Source = self.object
        buttons = []
        if self.request.user.has_perm(CHANGE) and source.merged_into_id is None:
            buttons = [
                HeaderButton(_("Edit"), url=self.get_edit_url(), icon_name="edit", priority=1),
                HeaderButton(
                    _("Merge"),
                    url=reverse("newsroom_source_merge", args=[source.pk]),
                    icon_name="resubmit",
                    priority=2,
                ),
            ]
        history = reverse(Source.snippet_viewset.get_url_name("history"), args=[source.pk])
        return [
            *buttons,
            HeaderButton(_("History"), url=history, icon_name="history", priority=3),
        ]

    header_more_buttons: list[Any] = []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return everything the page tells."""
        source: Source = self.object
        relations = resting_on(source)
        keys = relations.values_list("pk", flat=True)
        page = Paginator(keys, _ROWS).get_page(self.request.GET.get("p"))
        merges = SourceMerge.objects.filter(Q(kept=source) | Q(given_up=source))
        may_change = self.request.user.has_perm(CHANGE)
        return {
            **super().get_context_data(**kwargs),
            "source": source,
            "merged_into_url": inspect_url(source.merged_into) if source.merged_into else "",
            "country": country_name(source.country) if source.country else "",
            "language": language_name(source.language) if source.language else "",
            "names": dict.fromkeys(source.aliases.values_list("text", flat=True)),
            "may_change": may_change,
            "stories": relations.order_by().values("story").distinct().count(),
            "page_obj": page,
            "rows": [_row(relation, source) for relation in _whole(list(page))],
            "merges": [
                {"merge": merge, "undo": may_change and register.may_be_undone(merge)}
                for merge in merges.select_related("kept", "given_up", "by", "undone_by")
            ],
        }


def _row(relation: StoryRelation, source: Source) -> dict[str, Any]:
    hops = list(relation.hops.all())
    after = [
        hop.name or hop.get_kind_display()
        for place, hop in enumerate(hops)
        if place > _place(hops, source)
    ]
    return {
        "relation": relation,
        "claim": " … ".join(each["exact"] for each in relation.content_spans),
        "chain": [hop.name or f"[{hop.get_kind_display()}]" for hop in hops],
        "through": after,
        "url": sources_url(relation.story_id),
    }


def _place(hops: list[RelationHop], source: Source) -> int:
    own = (
        place for place, hop in enumerate(hops) if source.pk in (hop.source_id, hop.stood_under_id)
    )
    return next(own, len(hops))


class _SourceForms:
    """What adding and editing have in common."""

    request: HttpRequest

    def save_instance(self) -> Source:
        """Save; whoever edits a source has looked at it. Names of others are pointed out."""
        source: Source = super().save_instance()  # type: ignore[misc]
        register.accept(source, editor_of(self.request))
        for other in same_names(source):
            said = _("“%(name)s” bears one of these names too: texts that use it mean neither.")
            url = reverse("newsroom_source_merge_into", args=[other.pk, source.pk])
            messages.warning(
                self.request,
                said % {"name": other.name},
                buttons=[messages.button(url, _("Are they one? Merge them"))],
            )
        return source


def same_names(source: Source) -> QuerySet[Source]:
    """Return the other sources that bear a name of ``source``."""
    own = SourceAlias.objects.filter(source=source).values("folded")
    others = SourceAlias.objects.filter(folded__in=own, source__merged_into__isnull=True)
    return Source.objects.filter(pk__in=others.values("source")).exclude(pk=source.pk)


class SourceCreateView(_SourceForms, CreateView):
    """The form of a new source."""


class SourceEditView(_SourceForms, EditView):
    """The form of a source that is there; one that was merged has none any more."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead from a source that was merged to where that can be taken back."""
        if self.object.merged_into_id is not None:
            return redirect(inspect_url(self.object))
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody looked at a proposed source, and go back to where it was shown."""
    source = get_object_or_404(Source, pk=pk)
    register.accept(source, editor_of(request))
    messages.success(request, _("“%(name)s” is accepted.") % {"name": source.name})
    return redirect(get_valid_next_url_from_request(request) or inspect_url(source))


class AcceptSources(SnippetBulkAction):
    """Note of many proposed sources that somebody looked at them."""

    display_name = gettext_lazy("Accept")
    aria_label = gettext_lazy("Accept the selected sources")
    action_type = "accept"
    action_priority = 10
    template_name = "newsroom/sources/accept_many.html"
    models = [Source]

    def check_perm(self, obj: Source) -> bool:
        """Tell whether this user may accept sources."""
        return bool(self.request.user.has_perm(CHANGE))

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say how many were accepted."""
        said = ngettext("%(count)d source accepted.", "%(count)d sources accepted.",
                        num_parent_objects)  # fmt: skip
        return said % {"count": num_parent_objects}

    @classmethod
    def execute_action(cls, objects: list[Source], **kwargs: Any) -> tuple[int, int]:
        """Accept ``objects``."""
        waiting = [source for source in objects if source.proposed]
        for source in waiting:
            register.accept(source, kwargs["self"].request.user)
        return len(waiting), 0


def refuse_to_delete(request: HttpRequest, instances: Any) -> HttpResponse | None:
    """Keep a source that something rests on, or that was merged: it can be merged instead."""
    sources = [each.pk for each in instances if isinstance(each, Source)]
    # Each by itself: joined, their numbers would multiply.
    rests = Q()
    for rows in (
        RelationHop.objects.filter(source=OuterRef("pk")),
        StoryRelation.objects.filter(source=OuterRef("pk")),
        SourceMerge.objects.filter(Q(kept=OuterRef("pk")) | Q(given_up=OuterRef("pk"))),
    ):
        rests |= Q(Exists(rows))
    held = Source.objects.filter(rests, pk__in=sources).first()
    if held is None:
        return None
    said = _("“%(name)s” cannot be deleted: stories or merges rest on it. Merge it instead.")
    messages.error(request, said % {"name": held.name})
    return redirect(inspect_url(held))


class SourceChooserViewSet(KeptChooserViewSet):
    """Sources are chosen by those who write stories or keep the register."""

    needed = ("stories.change_story", "attribution.view_source", CHANGE)


class SourceViewSet(SnippetViewSet):
    """Sources: who stands behind what the paper says."""

    model = Source
    usage_view_class = PagedUsageView
    icon = "openquote"
    base_url_path = "sources"
    menu_name = "sources"
    index_view_class = SourceIndexView
    add_view_class = SourceCreateView
    edit_view_class = SourceEditView
    inspect_view_class = SourceInspectView
    inspect_view_enabled = True
    inspect_template_name = "newsroom/sources/inspect.html"
    copy_view_enabled = False
    filterset_class = SourceFilterSet
    chooser_viewset_class = SourceChooserViewSet
    list_per_page = 50

    @property
    def edit_handler(self) -> Any:
        """The form's panels."""
        return source_panels()
