"""How the process keeps small while it loads and uses large networks."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType

from broadsheet import allocator

_BYTES = 1_000_000
"""Larger arrays get memory of their own, which goes back when they go. At 64 KB the work slows
by a fifth, at 1 MB nothing is to be measured."""


def keep_lean() -> None:
    """Have what large arrays leave given back (``allocator``)."""
    allocator.keep_lean(_BYTES)


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
