"""How this room tells the press what it draws and presses."""

from __future__ import annotations

from pathlib import Path

from broadsheet.attribution.reader_view import part
from broadsheet.press import assets, parts

STYLE = "sources.css"


def connect() -> None:
    """Register the parts and marks of story pages, and this room's own sheets; called once."""
    for file in sorted((Path(__file__).parents[1] / "assets").iterdir()):
        assets.register(file.name, file)
    parts.register("sources", part.story_part)
    parts.register_marking(part.marker, style=STYLE)
