"""Choosers that show what not everybody in the newsroom may see."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from wagtail.snippets.views.chooser import SnippetChooserViewSet


class _AsksFirst:
    """Opens a chooser's view to those alone who hold one of ``needed``.

    Wagtail opens choosers to whoever may enter the newsroom
    (``wagtail.admin.views.generic.chooser``, Wagtail 8.0).
    """

    needed: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hand the request on. Raises ``PermissionDenied``."""
        if not any(map(request.user.has_perm, self.needed)):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class KeptChooserViewSet(SnippetChooserViewSet):
    """Wagtail's snippet chooser for those alone who hold one of ``needed``, Django permissions."""

    needed: tuple[str, ...] = ()

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        """Return the view, with the question for the permission before it."""
        kept = type(view_class.__name__, (_AsksFirst, view_class), {"needed": self.needed})
        return super().construct_view(kept, **kwargs)
