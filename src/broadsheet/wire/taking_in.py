"""Who takes copy in, or decides what becomes of it, does so alone."""

from __future__ import annotations

from broadsheet import locks


def alone() -> None:
    """Have whoever else takes copy in wait until this transaction has ended.

    To be called first in it: what an item is to the paper is decided by what is there, so that
    two decisions at once would make two stories of one, or wait for each other's rows for ever.
    """
    locks.alone("taking copy in")
