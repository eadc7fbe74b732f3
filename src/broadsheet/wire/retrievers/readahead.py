"""Read-ahead: the operating system is told which small files come next, and fetches them.

An archive that was unpacked an hour ago, or lies on another disk, is no longer in memory. One small
file after the other, each is waited for by itself, which takes longer than to parse it.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

from broadsheet.wire.retrievers.pictures import is_called_picture

# So many files ahead. A disk takes some milliseconds for one, and nearly as few for all of them.
_FILES = 64
# Bytes of each: of a larger file the system sees by itself that it is read from end to end.
_BEGINNING = 256 * 1024

Named = TypeVar("Named")


def told_ahead(files: Iterable[Named]) -> Iterator[Named]:
    """Yield ``files``, in their order; paths among them are told to the system before they come.

    Not so pictures, most of which a text before them has taken already, and what is no file: to
    open a pipe wakes whoever writes to it. What cannot be opened is left for whoever reads it to
    meet. Where the system cannot be told (``posix_fadvise``), nothing is done.
    """
    if not hasattr(os, "posix_fadvise"):
        yield from files
        return
    to_come = iter(files)
    waiting: deque[Named] = deque()
    for file in islice(to_come, _FILES):
        _tell(file)
        waiting.append(file)
    while waiting:
        for file in islice(to_come, 1):
            _tell(file)
            waiting.append(file)
        yield waiting.popleft()


def _tell(file: object) -> None:
    if not isinstance(file, Path) or is_called_picture(file.name):
        return
    with suppress(OSError):
        if not stat.S_ISREG(file.stat().st_mode):
            return
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.posix_fadvise(descriptor, 0, _BEGINNING, os.POSIX_FADV_WILLNEED)
        finally:
            os.close(descriptor)
