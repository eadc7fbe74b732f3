"""What the newsroom adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.search import SearchArea
from wagtail.snippets.models import register_snippet

from broadsheet.attribution.models import SourcePolicy
from broadsheet.newsroom.claims import hooks as claims_hooks  # noqa: F401 - registers itself
from broadsheet.newsroom.desk import dashboard, source_hooks, topics  # noqa: F401 - registers
from broadsheet.newsroom.desk.page_form import page_panels
from broadsheet.newsroom.desk.paper_form import paper_panels
from broadsheet.newsroom.desk.policy_form import policy_panels
from broadsheet.newsroom.desk.viewsets import FilingViewSetGroup, FrontViewSet, StoryViewSet
from broadsheet.newsroom.wire_desk import hooks as wire_hooks  # noqa: F401 - registers itself
from broadsheet.stories.models import Paper, StandingPage, Story

register_snippet(StoryViewSet)
register_snippet(FrontViewSet)
register_snippet(FilingViewSetGroup)
# Wagtail looks for these forms on the models, which know nothing of the newsroom.
Paper.edit_handler = paper_panels()
StandingPage.edit_handler = page_panels()
SourcePolicy.edit_handler = policy_panels()


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Give the newsroom's own actions their names in the history."""
    actions.register_action(
        "stories.embargo", gettext_lazy("Embargo"), gettext_lazy("Put under an embargo")
    )
    actions.register_action(
        "stories.embargo.lift", gettext_lazy("Lift embargo"), gettext_lazy("Embargo lifted")
    )
    actions.register_action(
        "stories.front.set", gettext_lazy("Set front"), gettext_lazy("Stories chosen and ordered")
    )


@hooks.register("register_account_menu_item")
def second_factor(request: HttpRequest) -> dict[str, str]:
    """Offer the second factor on everyone's account page."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("Set up an authenticator app and recovery codes for your login."),
    }


# Wagtail's panels that speak of pages only; the newsroom's speak of stories.
_PAGE_PANELS = {"locked_pages", "recent_edits"}


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Show what a journalist wants to know first."""
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in _PAGE_PANELS]
    panels.extend(dashboard.panels())


@hooks.register("construct_homepage_summary_items", order=1000)
def no_counts(request: HttpRequest, items: list[Any]) -> None:
    """Leave out how many pages and documents there are."""
    items.clear()


_MENU_ORDER = {"images": 120, "explorer": 150}


@hooks.register("construct_main_menu")
def main_menu(request: HttpRequest, items: list[Any]) -> None:
    """Put the newsroom's own entries first; documents are no part of a paper."""
    items[:] = [item for item in items if item.name not in {"documents", "snippets", "help"}]
    for item in items:
        item.order = _MENU_ORDER.get(item.name, item.order)
        if item.name == "explorer":
            item.label = gettext_lazy("Standing pages")
        elif item.name == "images":
            item.label = gettext_lazy("Pictures")
    items.sort(key=lambda item: int(item.order))


@hooks.register("before_delete_snippet")
def keep_what_was_published(request: HttpRequest, instances: Iterable[Any]) -> Any:
    """Refuse to delete a story readers have seen: its number and its address stay known.

    A draft that an import filed has a time of first publication, at its source, and can go.
    """
    published = [
        instance
        for instance in instances
        if isinstance(instance, Story) and instance.last_published_at is not None
    ]
    if not published:
        return None
    messages.error(
        request,
        _("“%(headline)s” was published and cannot be deleted. Unpublish it instead.")
        % {"headline": published[0].headline},
    )
    return redirect(Story.snippet_viewset.get_url_name("list"))


@hooks.register("register_admin_urls")
def topic_suggestions() -> list[URLPattern]:
    """Serve what the form of a story suggests as topics."""
    return [path("topics/", topics.suggest, name="newsroom_topics")]


@hooks.register("insert_global_admin_css")
def own_style() -> str:
    """Add the little the newsroom needs beyond Wagtail's own style."""
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/desk.css"))


@hooks.register("insert_editor_js")
def unsaved_words() -> str:
    """Take back "Saved" from the header while newer words are not."""
    return format_html('<script defer src="{}"></script>', static("newsroom/unsaved.js"))


class StorySearch(SearchArea):
    """The menu's search looks for stories."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who write."""
        return request.user.has_perm("stories.change_story")


@hooks.register("register_admin_search_area")
def search_stories() -> StorySearch:
    """Put stories before pages and pictures."""
    return StorySearch(
        gettext_lazy("Stories"),
        reverse(Story.snippet_viewset.get_url_name("list")),
        name="stories",
        icon_name="doc-full",
        order=10,
    )
