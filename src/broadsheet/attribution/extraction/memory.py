"""How the process gives memory back.

The networks need large arrays for a moment. glibc keeps what they leave in its heap, in pieces
between which little fits, and the process grows by some hundred megabytes over a day's copy.
"""

from __future__ import annotations

import ctypes
import platform

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of ``mallopt`` (man 3 mallopt)."""
_BYTES = 1_000_000
"""Larger arrays get memory of their own, which goes back when they go. At 64 KB the work slows
by a fifth, at 1 MB nothing is to be measured."""


def keep_lean() -> None:
    """Have glibc's allocator give back what large arrays leave; elsewhere nothing is done."""
    if platform.libc_ver()[0] != "glibc":
        return
    mallopt = ctypes.CDLL(None).mallopt
    for name, value in ((_ARENA_MAX, 1), (_TRIM_THRESHOLD, _BYTES), (_MMAP_THRESHOLD, _BYTES)):
        mallopt(name, value)
