"""The page of the wire queue, and the fragment its script asks for to learn what is new."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from broadsheet.newsroom.actions.wire_queue import HANDLE
from broadsheet.newsroom.wire_desk import queue_reading
from broadsheet.newsroom.wire_desk.queue_filters import QueueFilterSet
from broadsheet.newsroom.wire_desk.rows import Row
from broadsheet.wire.models import QueuedItem

VIEW = "wire.view_queueditem"
_MOST_DIGITS = 18


def may_look(user: Any) -> bool:
    """Tell whether ``user`` may see what is in the queue."""
    return bool(user.has_perm(VIEW) or user.has_perm(HANDLE))


class LooksAtTheWire(View):
    """A page for those who may see the queue."""

    request: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away who may not."""
        if not may_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class _Narrowed:
    """The queue as the address narrows it."""

    request: Any

    @cached_property
    def filters(self) -> QueueFilterSet:
        """The filters, filled in from the address."""
        return QueueFilterSet(self.request.GET, QueuedItem.objects.all(), request=self.request)

    @property
    def narrowed(self) -> Any:
        """The entries that the filters leave; none where a filter cannot be read."""
        if not self.filters.is_valid():
            return QueuedItem.objects.none()
        return self.filters.filter_queryset(self.filters.queryset)

    def rows(self, entries: Any) -> list[Row]:
        """Return what the list shows of ``entries``."""
        may = self.request.user.has_perm(HANDLE)
        return [Row(entry, may) for entry in entries]


class QueuePage(WagtailAdminTemplateMixin, _Narrowed, LooksAtTheWire):
    """What came in and waits for the desk, the newest first."""

    template_name = "newsroom/wire/queue.html"
    page_title = _("Wire")
    header_icon = "download"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Lead to the channels those who may change them."""
        if not self.request.user.has_perm("wire.change_channel"):
            return []
        url = reverse("wagtailsnippets_wire_channel:list")
        return [HeaderButton(_("Channels"), url=url, icon_name="site")]

    def get(self, request: HttpRequest) -> Any:
        """Answer with one page of the queue."""
        before = _key(request.GET.get("before"))
        page = queue_reading.page(self.narrowed, self.filters.states, before=before)
        kept = request.GET.copy()
        for name in ("before", "after"):
            kept.pop(name, None)
        older = kept.copy()
        older["before"] = str(page.older or "")
        first = kept.urlencode()
        return self.render_to_response(
            self.get_context_data(
                rows=self.rows(page.entries),
                filters=None,
                filter_form=self.filters.form,
                is_narrowed=self.filters.is_narrowed,
                older=older.urlencode() if page.older is not None else "",
                is_first=before is None,
                first_url=f"{request.path}?{first}" if first else request.path,
                news_url=f"{reverse('newsroom_wire_new')}?{first}",
                newest=_newest(),
                may_handle=request.user.has_perm(HANDLE),
                next=request.get_full_path(),
            )
        )


class NewRows(_Narrowed, LooksAtTheWire):
    """The rows that came in after the item ``after``, as a fragment of HTML."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with the rows, newest first; nothing where nothing is new."""
        after = _key(request.GET.get("after"))
        found = (
            queue_reading.since(self.narrowed, self.filters.states, after)
            if after is not None
            else ()
        )
        newest = _newest()
        answer = render(
            request,
            "newsroom/wire/new_rows.html",
            {
                "rows": self.rows(found),
                "newest": newest,
                "may_handle": request.user.has_perm(HANDLE),
            },
        )
        answer["Cache-Control"] = "no-store"
        return answer


def _newest() -> int:
    newest = QueuedItem.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _key(text: str | None) -> int | None:
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _MOST_DIGITS:
        return None
    return int(digits)
