"""Where the letters show themselves in the newsroom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from broadsheet.letters import moderation
from broadsheet.letters.models import Letter

register_snippet(moderation.LetterViews)
register_snippet(moderation.BanViews)
for _action in (moderation.Approve, moderation.Reject, moderation.BanAuthors):
    hooks.register("register_bulk_action", _action)


def _waiting_url() -> str:
    return reverse("letters_admin:list") + f"?state={Letter.State.HELD}"


@hooks.register("register_admin_menu_item")
def menu_item() -> moderation.WaitingItem:
    """Put the letters into the menu."""
    return moderation.WaitingItem(
        _("Comments"), _waiting_url(), name="letters", icon_name="comment", order=250
    )


class WaitingPanel(Component):
    """The letters that wait longest, on the first page of the newsroom."""

    name = "letters"
    order = 105
    template_name = "letters/waiting.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the letters for those who may decide on them, and how many there are."""
        waiting = Letter.objects.none()
        if parent_context["request"].user.has_perm("letters.change_letter"):
            waiting = Letter.objects.held().select_related("story")
        rows = [
            (letter, reverse("letters_admin:inspect", args=[letter.pk])) for letter in waiting[:5]
        ]
        count = waiting.count()
        heading = ngettext("%(count)d waiting comment", "%(count)d waiting comments", count)
        return {
            "rows": rows,
            "heading": heading % {"count": count},
            "columns": (_("Comment"), _("Story"), _("Held because"), _("Written")),
            "all_of_them": _("All waiting comments"),
            "url": _waiting_url(),
        }


@hooks.register("construct_homepage_panels")
def home_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the waiting letters on the first page."""
    panels.append(WaitingPanel())


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    """Name what the history says."""
    registry.register_action("letters.approve", _("Approve"), _("Approved"))
    registry.register_action("letters.reject", _("Reject"), _("Rejected"))
    registry.register_action("letters.ban", _("Ban"), _("Author banned"))
