"""The leash: a child process ends with its parent, however that ends.

`kill -9` gives a parent no chance to stop its children, and one that lived on would hold the
port or the press lock against the next start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_LOOK_S = 1.0


def tie_to(parent: int, signum: signal.Signals) -> None:
    """Have this process get ``signum`` when the process ``parent``, which started it, ends.

    Call it in the child. Where the parent is gone already, the signal comes at once.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0) == 0:
            if os.getppid() != parent:
                os.kill(os.getpid(), signum)
            return
    threading.Thread(target=_watch, args=(parent, signum), daemon=True).start()


def _watch(parent: int, signum: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signum)
