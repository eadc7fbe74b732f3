"""Parts of a story page that other rooms draw: the letters, and later the sources.

A room registers a name and a function; the story's template places what it returns. The order
of registration is the order on the page.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from broadsheet.stories.models import Story

Drawer = Callable[[Story], Markup]
_drawers: dict[str, Drawer] = {}


def register(name: str, drawer: Drawer) -> None:
    """Place what ``drawer`` returns on every story page, as the part ``name``."""
    _drawers[name] = drawer


def draw(story: Story) -> dict[str, Markup]:
    """Return each part's HTML for ``story``, by name; empty Markup where it has nothing."""
    return {name: drawer(story) for name, drawer in _drawers.items()}
