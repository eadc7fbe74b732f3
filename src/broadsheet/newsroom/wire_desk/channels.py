"""Channels in the newsroom: where agencies' copy comes from, and how each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from broadsheet.newsroom.desk.language_select import LanguageSelect
from broadsheet.newsroom.desk.usage import PagedUsageView
from broadsheet.wire.models import Channel

CHANGE = "wire.change_channel"
_FAULTS = 20
# How long the first page tells of a channel that will not be looked at again.
_REMEMBERED = timedelta(days=7)
_ROWS = 8


def inspect_url(channel: Channel) -> str:
    """Return where the newsroom shows how ``channel`` is."""
    return reverse("wagtailsnippets_wire_channel:inspect", args=[channel.pk])


def health(channel: Channel) -> str:
    """Return in a sentence how ``channel`` is."""
    if not channel.is_active:
        gave_up = _("It is not watched any more: it cannot be read.")
        return gave_up if channel.failures else _("It is not watched.")
    if channel.failures:
        count = ngettext(
            "The last look failed.", "The last %(count)d looks failed.", channel.failures
        ) % {"count": channel.failures}
        return f"{count} {_copy(channel)}"
    if channel.last_polled_at is None:
        return _("Nobody has looked there yet.")
    if channel.is_late:
        # Not within the f-string: what stands there is not collected for translation.
        nobody = _("Nobody looks there at present: is the worker running?")
        return f"{nobody} {_copy(channel)}"
    if channel.last_item_at is None:
        return _("It answers, but no copy has come yet.")
    return _("All is well.")


def _copy(channel: Channel) -> str:
    if channel.last_item_at is None:
        return _("No copy has ever come.")
    at = date_format(localtime(channel.last_item_at), "SHORT_DATETIME_FORMAT")
    return _("No copy since %(time)s.") % {"time": at}


def health_cell(channel: Channel) -> SafeString:
    """Return the sentence, marked where something is wrong, with the last error."""
    return format_html(
        '<span class="w-status {}">{}</span>{}',
        "" if channel.is_late else "w-status--primary",
        health(channel),
        format_html('<br><small dir="auto">{}</small>', _short(channel.last_error))
        if channel.last_error
        else "",
    )


def _short(text: str) -> str:
    most = 200
    return text if len(text) <= most else f"{text[: most - 1]}…"


class ChannelIndexView(IndexView):
    """Every channel, by name, with how it is."""

    is_searchable = True
    search_fields = ("name", "address")
    default_ordering = "name"

    def get_base_queryset(self) -> Any:
        """Return the channels with what a row shows."""
        return Channel.objects.select_related("agency").defer("state")

    @cached_property
    def columns(self) -> list[Column]:
        """The columns: which channel, how it is, what becomes of its copy."""
        title: type[TitleColumn] = self._get_title_column_class(TitleColumn)
        return [
            # Together no wider than leaves the others room on a small screen.
            title(
                "name",
                label=_("Name"),
                sort_key="name",
                get_url=self.get_inspect_url,
                width="20%",
            ),
            Column("health", label=_("How it is"), accessor=health_cell, width="20%"),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("agency", label=_("Agency"), sort_key="agency__name"),
            Column("adoption", label=_("Its copy"), accessor="get_adoption_display"),
            DateColumn("last_success_at", label=_("Last success"), sort_key="last_success_at"),
            DateColumn("last_item_at", label=_("Last copy"), sort_key="last_item_at"),
            DateColumn("next_poll_at", label=_("Next look"), sort_key="next_poll_at"),
        ]


class ChannelInspectView(InspectView):
    """One channel: how it is, and what went wrong last."""

    page_title = gettext_lazy("Channel")
    header_more_buttons: ClassVar[list[Any]] = []

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Lead to its form and to what came through it."""
        channel: Channel = self.object
        buttons: list[Any] = []
        if self.request.user.has_perm(CHANGE):
            buttons.append(HeaderButton(_("Edit"), url=self.get_edit_url(), icon_name="edit"))
        queue = f"{reverse('newsroom_wire')}?state=all&channel={channel.pk}"
        return [*buttons, HeaderButton(_("Its items"), url=queue, icon_name="download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return everything the page tells."""
        channel: Channel = self.object
        return {
            **super().get_context_data(**kwargs),
            "channel": channel,
            "health": health(channel),
            "may_look": self.request.user.has_perm(CHANGE) and channel.is_active,
            "faults": channel.faults.all()[:_FAULTS],
        }


@require_POST
def look_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a channel looked at as soon as the worker comes round."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    channel = get_object_or_404(Channel, pk=pk)
    if channel.is_active:
        channel.next_poll_at = timezone.now()
        channel.save(update_fields=["next_poll_at"])
        log(instance=channel, action="wire.channel.look", user=request.user)
        said = _("“%(name)s” is looked at within a minute, if the worker runs.")
        messages.success(request, said % {"name": channel.name})
    else:
        messages.warning(request, _("“%(name)s” is not watched.") % {"name": channel.name})
    return redirect(get_valid_next_url_from_request(request) or inspect_url(channel))


class ChannelsInTrouble(Component):
    """On the first page, for those who can do something about it: channels that fail."""

    template_name = "newsroom/wire/dashboard_channels.html"
    name = "wire-channels"
    order = 104

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the channels that failed, or that nobody looks at."""
        if not parent_context["request"].user.has_perm(CHANGE):
            return {"rows": []}
        at = timezone.now()
        watched = Q(is_active=True) & (Q(failures__gt=0) | Q(next_poll_at__lt=at))
        given_up = Q(is_active=False, failures__gt=0, last_polled_at__gt=at - _REMEMBERED)
        suspected = Channel.objects.filter(watched | given_up).defer("state")
        late = [each for each in suspected if each.is_late or not each.is_active][:_ROWS]
        return {
            "rows": [
                {"channel": each, "health": health(each), "url": inspect_url(each)} for each in late
            ]
        }


class _OptionalLanguage(LanguageSelect):
    """A choice of the paper's languages, or of none."""

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        """Return the options, that of none first."""
        groups = super().optgroups(name, value, attrs)
        chosen = not any(value)
        none = self.create_option(name, "", "–", chosen, 0)
        return [(None, [none], 0), *groups]


def channel_panels() -> ObjectList:
    """Return the panels of the form."""
    return ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("kind", widget=forms.Select()),
                    FieldPanel("address", widget=forms.TextInput(attrs={"dir": "ltr"})),
                    FieldRowPanel([FieldPanel("username"), FieldPanel("secret_name")]),
                    FieldRowPanel([FieldPanel("every_minutes"), FieldPanel("is_active")]),
                ],
                heading=gettext_lazy("Where copy comes from"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("agency", widget=forms.Select()),
                    FieldRowPanel(
                        [
                            FieldPanel("section", widget=forms.Select()),
                            FieldPanel("language", widget=_OptionalLanguage()),
                        ]
                    ),
                ],
                heading=gettext_lazy("What it is, where the copy does not say"),
            ),
            FieldPanel("adoption", widget=forms.RadioSelect()),
        ]
    )


class ChannelViewSet(SnippetViewSet):
    """Channels: feeds, folders and mailboxes that are watched."""

    model = Channel
    usage_view_class = PagedUsageView
    icon = "download"
    base_url_path = "channels"
    menu_name = "channels"
    index_view_class = ChannelIndexView
    inspect_view_class = ChannelInspectView
    inspect_view_enabled = True
    inspect_template_name = "newsroom/wire/channel.html"
    copy_view_enabled = False
    list_filter: ClassVar[list[str]] = ["kind", "agency", "adoption", "is_active"]
    list_per_page = 50

    @property
    def edit_handler(self) -> Any:
        """The form's panels."""
        return channel_panels()
