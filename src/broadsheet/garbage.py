"""Garbage: how often, and in what, Python looks for cycles of objects that nobody refers to."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

# Objects between two looks, where what is worked on leaves few cycles behind: to look for them
# takes a tenth of the time that sheets are drawn in.
FEW_LOOKS = 50_000

_OLDEST = 2
# The newsroom loads what it is made of with the first pages that are asked for: by then all of it
# has been met.
_TIMES = 4


@contextmanager
def seldom_looked_for() -> Generator[None]:
    """Have this process look more seldom in the block."""
    before = gc.get_threshold()
    gc.set_threshold(FEW_LOOKS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def freeze_what_stays() -> None:
    """Set aside all that this process holds, and what outlives its first few full collections.

    The collector does not walk through it any more. In a process that shows the newsroom that takes
    it a sixth of a second each time, and some page waits for that. Garbage among what is set aside
    stays, which is little: a collection has just been.
    """
    left = _TIMES

    def freeze(phase: str, collected: dict[str, Any]) -> None:
        nonlocal left
        if left and phase == "stop" and collected["generation"] == _OLDEST:
            left -= 1
            gc.freeze()

    gc.freeze()
    gc.callbacks.append(freeze)
