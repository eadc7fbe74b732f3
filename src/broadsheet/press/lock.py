"""The press lock: one process at a time presses, on however many machines the paper runs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from broadsheet import locks


@contextmanager
def press_lock(*, wait: bool) -> Generator[bool]:
    """Hold the press lock for the block; the value says whether it is held.

    With ``wait`` the block starts when the lock is had; without, it starts at once, with
    ``False`` where somebody else presses.
    """
    with locks.held("press", wait=wait) as hold:
        yield bool(hold)
