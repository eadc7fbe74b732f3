"""Parts of a story page that other rooms draw: the letters, the sources, marks in the body.

A room registers a name and a function; the story's template places what it returns. The order
of registration is the order on the page.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from broadsheet.stories.models import Story

Drawer = Callable[[Story], Markup]
Marker = Callable[[str, Markup], Markup]
_drawers: dict[str, Drawer] = {}
_marking: list[tuple[Callable[[Story], Marker | None], str]] = []


def register(name: str, drawer: Drawer) -> None:
    """Place what ``drawer`` returns on every story page, as the part ``name``."""
    _drawers[name] = drawer


def draw(story: Story) -> dict[str, Markup]:
    """Return each part's HTML for ``story``, by name; empty Markup where it has nothing."""
    return {name: drawer(story) for name, drawer in _drawers.items()}


def register_marking(marker_of: Callable[[Story], Marker | None], *, style: str) -> None:
    """Ask ``marker_of`` for each story what marks its body.

    A marker is given the key of each block (its id, or its place where it has none) with the
    block's HTML, in reading order, and returns the HTML with its marks: no text may change.
    ``style`` is the asset that a page with such marks is drawn by.
    """
    _marking.append((marker_of, style))


def marks(story: Story) -> tuple[Marker, list[str]]:
    """Return what sets every room's marks in the body of ``story``, and the assets they need."""
    found = [(marker, style) for of, style in _marking if (marker := of(story)) is not None]

    def mark(key: str, drawn: Markup) -> Markup:
        for marker, _style in found:
            drawn = marker(key, drawn)
        return drawn

    return mark, [style for _marker, style in found]
