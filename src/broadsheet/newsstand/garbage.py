"""Garbage: what stays for good in a process is not looked through again and again."""

from __future__ import annotations

import gc
from typing import Any

_OLDEST = 2
# The newsroom loads what it is made of with the first pages that are asked for: by then all of it
# has been met.
_TIMES = 4


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
