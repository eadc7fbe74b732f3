"""The seam through which a story's preview is drawn.

A story knows that it can be previewed; how a page looks is the press's business, and the
arrows forbid this room to ask it. So the press leaves its renderer here when it starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.stories.models import Story

Renderer = Callable[["Story"], str]
_renderers: list[Renderer] = []


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
