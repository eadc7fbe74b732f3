"""Where the admin leads to the wire: its entry in the menu, its addresses, names of its actions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from broadsheet.newsroom.wire_desk import alerts, channels, doing, preview_page, queue_page


class WireMenuItem(MenuItem):
    """The queue, for those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether who asks may."""
        return queue_page.may_look(request.user)


@hooks.register("register_admin_menu_item")
def wire_entry() -> MenuItem:
    """Put the wire before the stories that are made of it."""
    return WireMenuItem(
        _("Wire"), reverse("newsroom_wire"), name="wire", icon_name="download", order=90
    )


@hooks.register("register_admin_urls")
def wire_addresses() -> list[URLPattern]:
    """Serve the queue, its items, alerts, and looking at a channel at once."""
    item = "wire/<int:pk>/"
    alert = "wire/alerts/<int:pk>/"
    return [
        path("wire/", queue_page.QueuePage.as_view(), name="newsroom_wire"),
        path("wire/new/", queue_page.NewRows.as_view(), name="newsroom_wire_new"),
        path("wire/act/", doing.act, name="newsroom_wire_act"),
        path("wire/combine/", doing.CombinePage.as_view(), name="newsroom_wire_combine"),
        path(alert, alerts.AlertPage.as_view(), name="newsroom_wire_alert"),
        path("wire/channels/<int:pk>/look/", channels.look_now, name="newsroom_wire_look"),
        path(item, preview_page.ItemPage.as_view(), name="newsroom_wire_item"),
        path(f"{item}adopt/", doing.adopt, name="newsroom_wire_adopt"),
        path(f"{item}add/", doing.AddPage.as_view(), name="newsroom_wire_add"),
        path(f"{item}raw/", preview_page.RawBytes.as_view(), name="newsroom_wire_raw"),
        path(
            f"{item}photo/<int:number>/",
            preview_page.StoredPhoto.as_view(),
            name="newsroom_wire_photo",
        ),
    ]


@hooks.register("register_permissions")
def wire_permissions() -> QuerySet[Permission]:
    """Let administrators give and take what the channels' own pages do not list."""
    return Permission.objects.filter(
        content_type__app_label="wire",
        codename__in=("view_queueditem", "handle_queueditem", "settle_storyalert"),
    )


@hooks.register("register_log_actions")
def wire_actions(actions: Any) -> None:
    """Give what is done with the wire its names in histories."""
    for name, label, message in (
        ("wire.take", _("Take"), _("Taken")),
        ("wire.release", _("Release"), _("Released")),
        ("wire.dismiss", _("Dismiss"), _("Dismissed")),
        ("wire.restore", _("Restore"), _("Restored")),
        ("wire.adopt", _("Adopt"), _("Adopted")),
        ("wire.add", _("Add to a story"), _("Added to a story")),
        ("wire.alert.settle", _("Settle alert"), _("Alert settled")),
        ("wire.channel.look", _("Look now"), _("Looked at on demand")),
    ):
        actions.register_action(name, label, message)
