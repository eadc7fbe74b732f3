"""How the process keeps small, and gives memory back.

The networks need large arrays for a moment. glibc keeps what they leave in its heap, in pieces
between which little fits, and the process grows by some hundred megabytes over a day's copy.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType

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


@contextmanager
def without_commands_of_spacy() -> Generator[None]:
    """Let spaCy be imported in the block without its command line.

    ``spacy`` takes one function out of it, which nothing else calls; with it come a web client
    and 370 modules, a quarter of the memory of the import. Whoever asks for it later gets it.
    """
    names = ("spacy.cli", "spacy.cli.info")
    if "spacy" in sys.modules:
        yield
        return
    stands_in = {name: ModuleType(name) for name in names}
    stands_in["spacy.cli"].__path__ = []
    vars(stands_in["spacy.cli.info"])["info"] = None
    sys.modules.update(stands_in)
    try:
        yield
    finally:
        for name, module in stands_in.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
