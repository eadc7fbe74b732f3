"""Photos of several parts of one item, each under a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.wire.items import WireBlock, WirePhoto


def renumbered(
    blocks: Sequence[WireBlock], photos: Sequence[WirePhoto], first: int
) -> tuple[list[WireBlock], list[WirePhoto]]:
    """Return both with the keys of the photos counted from ``first`` ("photo-3")."""
    keys = {photo.key: f"photo-{first + at}" for at, photo in enumerate(photos)}
    return (
        [
            replace(block, html=keys.get(block.html, block.html))
            if block.kind == "photo"
            else block
            for block in blocks
        ],
        [replace(photo, key=keys[photo.key]) for photo in photos],
    )
