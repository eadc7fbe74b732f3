"""Alerts: what an agency did to copy that stories of the paper are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from broadsheet.accounts.models import User
from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.desk.checking import edit_url
from broadsheet.newsroom.wire_desk.queue_page import may_look
from broadsheet.wire.models import StoryAlert

# How many the first page of the newsroom shows; each stays open until somebody settles it.
_ROWS = 12


def open_alerts() -> QuerySet[StoryAlert]:
    """Return the alerts that nobody has settled, the newest first."""
    alerts = StoryAlert.objects.open().select_related("story", "item__queued")
    return alerts.defer("story__body", "story__lead", "item__raw", "item__fields")


class AlertsPanel(Component):
    """On the first page, before everything else: what was withdrawn, corrected or updated."""

    template_name = "newsroom/wire/dashboard_alerts.html"
    name = "wire-alerts"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the open alerts, withdrawals apart, for those who write stories."""
        user = parent_context["request"].user
        if not (may_look(user) and user.has_perm("stories.change_story")):
            return {"kills": [], "others": []}
        kills = open_alerts().kills()  # type: ignore[attr-defined]
        others = open_alerts().exclude(kind=StoryAlert.Kind.KILL)
        return {
            "more": kills.count() > _ROWS,
            "kills": [_row(alert) for alert in kills[:_ROWS]],
            "others": [_row(alert) for alert in others[:_ROWS]],
        }


def _row(alert: StoryAlert) -> dict[str, Any]:
    return {"alert": alert, "story": alert.story, "url": edit_url(alert.story)}


class AlertsBanner(Panel):
    """At the head of a story's form: its open alerts; nothing where there are none."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one story's form."""

        template_name = "newsroom/wire/banner.html"

        @cached_property
        def alerts(self) -> list[StoryAlert]:
            """The open alerts of the story."""
            if not self.instance.pk:
                return []
            return list(open_alerts().filter(story=self.instance.pk))

        def is_shown(self) -> bool:
            """Tell whether there is anything to say."""
            return bool(super().is_shown() and self.alerts)


class AlertPage(WagtailAdminTemplateMixin, View):
    """One alert: what the agency says, which story it concerns, and what was done."""

    template_name = "newsroom/wire/alert.html"
    header_icon = "warning"
    page_title = gettext_lazy("Alert")
    request: Any

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, pk: int) -> Any:
        """Show it."""
        return self._shown(_alert(request, pk))

    def post(self, request: HttpRequest, pk: int) -> Any:
        """Settle it, and return to the story; without a word of what was done, ask for one."""
        alert = _alert(request, pk)
        user = request.user
        if not isinstance(user, User):
            raise PermissionDenied
        how = request.POST.get("how", "")
        try:
            wire_queue.settle(alert, user=user, how=how)
        except ValidationError as error:
            return self._shown(alert, how=how, errors=error.messages)
        messages.success(request, _("The alert is settled."))
        return redirect(edit_url(alert.story))

    def _shown(self, alert: StoryAlert, **more: Any) -> Any:
        may = self.request.user.has_perm(wire_queue.SETTLE) and alert.settled_at is None
        context = self.get_context_data(alert=alert, may_settle=may, url=edit_url(alert.story))
        return self.render_to_response(context | more)


def _alert(request: HttpRequest, pk: int) -> StoryAlert:
    if not may_look(request.user):
        raise PermissionDenied
    alerts = StoryAlert.objects.select_related("story", "item__queued", "settled_by")
    return get_object_or_404(alerts.defer("item__raw", "item__fields"), pk=pk)
