"""The seam through which previews of stories and standing pages are drawn.

A story knows that it can be previewed; how a page looks is the press's business, and the
arrows forbid this room to ask it. So the press leaves its renderer here when it starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.stories.models import StandingPage, Story

Renderer = Callable[["Story"], str]
PageRenderer = Callable[["StandingPage"], str]
_renderers: list[Renderer] = []
_page_renderers: list[PageRenderer] = []


def register(renderer: Renderer) -> None:
    """Make ``renderer`` draw previews from now on: a story in, the whole HTML page out."""
    _renderers[:] = [renderer]


def draw(story: Story) -> str:
    """Return the HTML page a reader would get for ``story`` as it stands.

    Raises ``RuntimeError`` where no press is installed.
    """
    if not _renderers:
        raise RuntimeError("no press is installed, so there is nothing to draw a preview with")
    return _renderers[0](story)


def register_page(renderer: PageRenderer) -> None:
    """Make ``renderer`` draw previews of standing pages from now on."""
    _page_renderers[:] = [renderer]


def draw_page(page: StandingPage) -> str:
    """Return the HTML page a reader would get for a standing page as it stands.

    Raises ``RuntimeError`` where no press is installed.
    """
    if not _page_renderers:
        raise RuntimeError("no press is installed, so there is nothing to draw a preview with")
    return _page_renderers[0](page)
