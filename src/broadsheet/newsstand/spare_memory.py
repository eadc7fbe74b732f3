"""Memory that one large task needed once, given back to the system."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Return to the system what this process has freed, where the C library can (glibc).

    glibc keeps freed memory for later: a worker that compared a ledger of 200,000 files with the
    disk would hold what that took for as long as it runs.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(ctypes.c_size_t(0))
