"""Where the admin leads to a story's claims: addresses, and a button at every story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from broadsheet.newsroom.claims import views
from broadsheet.stories.models import Story


@hooks.register("register_admin_urls")
def claims_addresses() -> list[URLPattern]:
    """Serve the claims of each story."""
    at = "stories/sources/<int:news_id>/"
    return [
        path("stories/sources/register/", views.candidates, name="newsroom_claims_register"),
        path(at, views.ClaimsView.as_view(), name="newsroom_claims"),
        path(f"{at}add/", views.MarkView.as_view(), name="newsroom_claims_add"),
        path(f"{at}edit/<int:number>/", views.MarkView.as_view(), name="newsroom_claims_edit"),
        path(f"{at}summary/", views.summary, name="newsroom_claims_summary"),
    ]


@hooks.register("register_snippet_listing_buttons")
def claims_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    """Lead from a row of the list of stories to its claims."""
    if isinstance(snippet, Story):
        yield Button(_("Sources"), views.address(snippet), icon_name="openquote", priority=15)
