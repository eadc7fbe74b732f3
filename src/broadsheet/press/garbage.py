"""Garbage: how often Python looks for cycles that nobody refers to while sheets are drawn."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

# Objects between two looks. What is drawn leaves few cycles behind, and to look for them takes a
# tenth of the time.
FEW_LOOKS = 50_000


@contextmanager
def seldom_looked_for() -> Generator[None]:
    """Have this process look more seldom in the block."""
    before = gc.get_threshold()
    gc.set_threshold(FEW_LOOKS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
