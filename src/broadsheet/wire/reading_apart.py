"""Reading in a process of its own, beside the one that stores: an import takes two cores then.

The other process asks no database. It is forked from this one: what a paper is loaded with both
have together, which saves sixty megabytes and more than a second. What it has read it sends some
hundred records at a time, and waits while the storing is behind: memory grows with neither the
files nor their number. When this process ends, whatever way, the other meets a closed pipe and ends
as well.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import pickle
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue

from django.db import connections

from broadsheet.wire import reading_process
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Unreadable
from broadsheet.wire.reading import Read
from broadsheet.wire.retrievers import files

# To start the other process takes as long as to read a few hundred files.
_FEWEST_FILES = 1_000
_FEWEST_BYTES = 8 * 1024 * 1024
# So many times that much may have been read and not yet be stored: enough for both to have work
# while one is held up. It waits packed, a third of what it takes unpacked.
_AHEAD = 5

# Bytes; the most that Linux allows everybody.
_IN_THE_PIPE = 1 << 20

Some = list[Read] | None


class ReadingStoppedError(WireError):
    """The process that reads ended before it had read everything."""


def is_worth_it(found: Sequence[Path | Unreadable]) -> bool:
    """Tell whether ``found`` (as ``files.find`` returns it) is much, and there is a second core."""
    if (os.cpu_count() or 1) < 2 or any(str(each) == files.STANDARD_INPUT for each in found):  # noqa: PLR2004 - cores
        return False
    if len(found) >= _FEWEST_FILES:
        return True
    size = 0
    for each in found:
        if isinstance(each, Path):
            with suppress(OSError):
                size += each.stat().st_size
    return size >= _FEWEST_BYTES


def read_apart(found: list[Path | Unreadable], *, skip: int = 0) -> Iterator[Read]:
    """Yield what the files of ``found`` hold, in order, as ``reading.read`` does.

    ``found`` is emptied: a hundred thousand paths take a hundred megabytes, in each process.

    Not to be begun within a transaction. Raises :class:`ReadingStoppedError` where the other
    process ended too soon.
    """
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    _widen(theirs)
    # Packed, they are a tenth of what two processes would have of them.
    asked = [pickle.dumps(([*map(_plain, found)], skip), protocol=pickle.HIGHEST_PROTOCOL)]
    found.clear()
    # How many of what was sent have been taken for storing; written by this process alone.
    taken = context.RawValue("L", 0)
    process = context.Process(
        target=reading_process.run, args=(theirs, mine, asked, taken), daemon=True
    )
    # No connection is to be at both ends of a fork; this process opens one anew.
    connections.close_all()
    process.start()
    theirs.close()
    asked.clear()
    ahead: Queue[bytes | Exception] = Queue(maxsize=_AHEAD)
    threading.Thread(target=_receive, args=(mine, ahead), daemon=True).start()
    try:
        while (some := _unpacked(ahead.get())) is not None:
            taken.value += 1
            yield from some
    finally:
        process.terminate()
        process.join()


def _unpacked(packed: bytes | Exception) -> Some:
    if isinstance(packed, Exception):
        raise ReadingStoppedError(
            "The process that reads the files ended. Import once more with --resume."
        ) from packed
    # It comes from a process of our own, through a pipe that nobody else has.
    some: Some = pickle.loads(packed)  # noqa: S301
    return some


def _plain(found: Path | Unreadable) -> str | Unreadable:
    return str(found) if isinstance(found, Path) else found


def _widen(pipe: Connection) -> None:
    """Let more into ``pipe`` at once: neither end has to wake the other some forty times a turn."""
    # Linux alone has it, and a user may have used up what he is allowed (man 7 pipe).
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _IN_THE_PIPE)


def _receive(mine: Connection, ahead: Queue[bytes | Exception]) -> None:
    """Take what comes, some of it before it is asked for."""
    try:
        while True:
            packed = mine.recv_bytes()
            ahead.put(packed)
            if packed == reading_process.END:
                return
    except Exception as error:  # noqa: BLE001 - told to whoever waits
        ahead.put(error)
