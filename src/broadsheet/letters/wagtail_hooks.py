"""Where the letters show themselves in the newsroom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
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


class WaitingSummary(SummaryItem):
    """How many letters wait, at the head of the dashboard."""

    order = 250
    template_name = "letters/waiting.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the number and where the letters are."""
        return {"waiting": Letter.objects.held().count(), "url": _waiting_url()}

    def is_shown(self) -> bool:
        """Show it to those who may decide."""
        return bool(self.request.user.has_perm("letters.change_letter"))


@hooks.register("construct_homepage_summary_items")
def summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Put the number of waiting letters on the dashboard."""
    items.append(WaitingSummary(request))


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    """Name what the history says."""
    registry.register_action("letters.approve", _("Approve"), _("Approved"))
    registry.register_action("letters.reject", _("Reject"), _("Rejected"))
    registry.register_action("letters.ban", _("Ban"), _("Author banned"))
