"""The allocator of the C library, told to keep little of what it no longer needs.

What comes in are processes that run for months and need much for a moment: a long page, a list of
the newsroom, the arrays of a network. glibc keeps what these leave in its heap, in pieces between
which little fits, and each process grows by some tens of megabytes over a day. Other libraries
are left as they are.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of ``mallopt`` (man 3 mallopt)."""
GLIBCS_OWN = 128 * 1024
"""Where glibc begins; left to itself it raises both thresholds with what it meets."""


def keep_lean(size: int = GLIBCS_OWN) -> None:
    """Have memory go back to the system that is freed in one piece of ``size`` bytes or more.

    It holds for this process and those it forks. Threads share one heap from then on: to be called
    where one of them works at a time, as Python's do.
    """
    if not _is_glibc():
        return
    mallopt = ctypes.CDLL(None).mallopt
    for name, value in ((_ARENA_MAX, 1), (_TRIM_THRESHOLD, size), (_MMAP_THRESHOLD, size)):
        mallopt(name, value)


def give_back() -> None:
    """Give back what lies unused between pieces in use as well; it takes some milliseconds."""
    if _is_glibc():
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _is_glibc() -> bool:
    return platform.libc_ver()[0] == "glibc"
