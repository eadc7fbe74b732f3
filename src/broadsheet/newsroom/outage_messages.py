"""Says so on the next page, when what somebody did in the newsroom does not reach readers yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from broadsheet.newsroom.desk.outage_panel import sentence
from broadsheet.newsstand import outages

# What keeps a change from readers; the rest stands on the newsroom's first page.
_TOLD = frozenset({"store", "workers", "mirror"})


class OutageMessagesMiddleware:
    """Adds a warning after a form of the newsroom was taken, for each outage that delays it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on, and look how the paper is where something was changed."""
        response = self.get_response(request)
        if (
            request.method == "POST"
            and response.status_code == HTTPStatus.FOUND
            and request.path.startswith(reverse("wagtailadmin_home"))
            and request.user.is_authenticated
        ):
            # What was done is done: that it cannot be told more must not make it look undone.
            with suppress(DatabaseError):
                for outage in outages.present():
                    if outage.kind in _TOLD:
                        messages.warning(request, sentence(outage))
        return response
