"""“Select all in the list”: what the list shows just then, and never more than one can mean.

Wagtail's lists of snippets send their filters along with that, and its view leaves them out of
account: to reject all comments that wait would reject every comment there is, and to choose all of
200,000 stories would read them whole. Here the list is asked what it shows, and its keys are put
into the request, so that what is confirmed is what is done.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.bulk_action import index as wagtails_view
from wagtail.snippets.views.snippets import SnippetViewSet

AT_MOST = 500
"""How many are chosen at once; their keys have to fit into an address."""


@require_admin_access
def bulk_action(
    request: HttpRequest, app_label: str, model_name: str, action: str
) -> HttpResponseBase:
    """Answer as Wagtail does, with "all" taken for what the list shows.

    Where that is more than :data:`AT_MOST`, or nothing any more, it is said and nothing is done.
    """
    viewset = _viewset(app_label, model_name)
    if viewset is not None and "all" in request.GET.getlist("id"):
        keys = _shown(viewset, request)
        if not keys or len(keys) > AT_MOST:
            said = _("There is nothing in this list any more.")
            if keys:
                said = _("More than %(most)d are in this list. Filter it, or choose page by page.")
            messages.error(request, said % {"most": AT_MOST})
            back = get_valid_next_url_from_request(request)
            return redirect(back or viewset.get_url_name("list"))
        chosen = request.GET.copy()
        chosen.setlist("id", [str(key) for key in keys])
        request.GET = chosen  # type: ignore[assignment]
        # What the form of the confirmation is sent to.
        request.META["QUERY_STRING"] = chosen.urlencode()
    answer: HttpResponseBase = wagtails_view(request, app_label, model_name, action)
    return answer


def _viewset(app_label: str, model_name: str) -> SnippetViewSet | None:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return None
    viewset = getattr(model, "snippet_viewset", None)
    return viewset if isinstance(viewset, SnippetViewSet) else None


def _shown(viewset: SnippetViewSet, request: HttpRequest) -> list[Any]:
    """Return the keys of what the list shows under the filters of ``request``, one too many."""
    view = viewset.index_view.view_class(**viewset.index_view.view_initkwargs)
    view.setup(request)
    return list(view.get_queryset().values_list("pk", flat=True)[: AT_MOST + 1])
