"""Where the admin leads to the register's own pages, and what it may not do to a source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks

from broadsheet.newsroom.desk import source_merge, source_register

hooks.register("register_bulk_action", source_register.AcceptSources)


@hooks.register("register_admin_urls")
def register_addresses() -> list[URLPattern]:
    """Serve accepting, merging and taking a merge back."""
    merge = "sources/merge/"
    return [
        path("sources/accept/<int:pk>/", source_register.accept, name="newsroom_source_accept"),
        path(f"{merge}<int:pk>/", source_merge.choose, name="newsroom_source_merge"),
        path(
            f"{merge}<int:pk>/into/<int:into>/",
            source_merge.confirm,
            name="newsroom_source_merge_into",
        ),
        path(f"{merge}undo/<int:pk>/", source_merge.undo, name="newsroom_source_merge_undo"),
    ]


@hooks.register("before_delete_snippet")
def keep_what_is_rested_on(request: HttpRequest, instances: Iterable[Any]) -> Any:
    """Refuse to delete a source that something rests on."""
    return source_register.refuse_to_delete(request, instances)
