"""Wagtail's parts without its web API, which the newsroom has no address for.

Wagtail 8 loads the third version of that API with its parts, be it switched on or not, and with it
django-ninja, pydantic and REST framework: 27 MB of 117 and 0.4 s of 2.2 in each process that starts
(`broadsheet serve`, one that presses, one that reads an import). What of it the parts ask for when
they begin is stood in for by what does nothing; the API cannot be switched on beside these.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig


class _NoApi:
    """Takes routes, for nobody."""

    def add_router(self, prefix: str, router: object) -> None:
        """Do nothing."""


def _register_nothing() -> None:
    """Do nothing."""


@contextmanager
def _without_api(part: str) -> Generator[None]:
    """Let ``part`` (``wagtail.images``) begin in the block as if it had no API."""
    stands_in: dict[str, dict[str, Any]] = {
        "wagtail.api.v3.api": {"api": _NoApi()},
        f"{part}.api": {},
        f"{part}.api.v3": {"router": None, "register_content_types": _register_nothing},
        f"{part}.api.v3.router": {"router": None},
        f"{part}.api.v3.registry": {"register_content_types": _register_nothing},
    }
    modules = {}
    for name, holds in stands_in.items():
        if name not in sys.modules:
            modules[name] = ModuleType(name)
            vars(modules[name]).update(holds)
    sys.modules.update(modules)
    try:
        yield
    finally:
        # Found missing is better than found dumb, should anybody ask for it later.
        for name, module in modules.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class Redirects(WagtailRedirectsAppConfig):
    """Redirects, as Wagtail has them."""

    def ready(self) -> None:
        """Begin."""
        with _without_api("wagtail.contrib.redirects"):
            super().ready()


class Documents(WagtailDocsAppConfig):
    """Documents, as Wagtail has them."""

    def ready(self) -> None:
        """Begin."""
        with _without_api("wagtail.documents"):
            super().ready()


class Images(WagtailImagesAppConfig):
    """Pictures, as Wagtail has them."""

    def ready(self) -> None:
        """Begin."""
        with _without_api("wagtail.images"):
            super().ready()


class Snippets(WagtailSnippetsAppConfig):
    """Snippets, as Wagtail has them."""

    def ready(self) -> None:
        """Begin."""
        with _without_api("wagtail.snippets"):
            super().ready()
