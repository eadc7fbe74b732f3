"""The press lock: one process at a time presses.

A lock of the kernel on a file in the home (``flock``), so that it is let go whatever becomes of
the process that holds it. Each attempt opens the file anew, which makes two threads of one
process exclude each other as well.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def _file() -> Path:
    return Path(settings.PRESSED_ROOT).parent / "press.lock"


@contextmanager
def press_lock(*, wait: bool) -> Generator[bool]:
    """Hold the press lock for the block; the value says whether it is held.

    With ``wait`` the block starts when the lock is had; without, it starts at once, with
    ``False`` where somebody else presses.
    """
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
