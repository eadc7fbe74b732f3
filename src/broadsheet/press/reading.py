"""One reading of the database, shared by the sheets that are pressed together.

A publication presses some thirty sheets that show much the same stories. Within one batch they
are read once. That is safe because the batch notes each order's ``turn`` before it reads
anything: a change after that raises the turn, and the sheet is pressed again by a fresh reading.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Result = TypeVar("Result")

_now: ContextVar[dict[Hashable, Any] | None] = ContextVar("press_reading", default=None)


@contextmanager
def one_reading() -> Generator[None]:
    """Remember, until the end of the block, what :func:`once` has read."""
    token = _now.set({})
    try:
        yield
    finally:
        _now.reset(token)


def once(key: Hashable, read: Callable[[], Result]) -> Result:
    """Return what ``read`` returns, asking it only once within one reading.

    Outside of :func:`one_reading` nothing is remembered. What is returned is shared: a list of
    stories is not to be changed, a dictionary may be filled as more is read.
    """
    kept = _now.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    result: Result = kept[key]
    return result
