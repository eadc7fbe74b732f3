"""What the other process of ``reading_apart`` does."""

from __future__ import annotations

import fcntl
import gc
import io
import pickle
import signal
import sys
import termios
from array import array
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from broadsheet import allocator
from broadsheet.wire.reading import all_worked_ahead, read
from broadsheet.wire.retrievers import files
from broadsheet.wire.retrievers.readahead import told_ahead

_AT_ONCE = 100
_MOST_BYTES = 2 * 1024 * 1024
_LEAST_GIVEN_BACK = 1024 * 1024
# What comes last: ``None``.
END = pickle.dumps(None, protocol=pickle.HIGHEST_PROTOCOL)


def run(pipe: Connection, others: Connection, asked: list[bytes]) -> None:
    """Read the files that are ``asked`` for; send what they hold through ``pipe``, ``None`` last.

    ``asked`` is emptied. It has one pickle, of what ``files.find`` found, paths as text, and of how
    many records to skip. ``others`` is the other's end of the pipe, which only that one is to keep
    open.
    """
    # An interruption is the other's to deal with.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    others.close()
    # What is read comes and goes in pieces of some megabytes.
    allocator.keep_lean(_LEAST_GIVEN_BACK)
    # What stays for ever need not be looked through each time that garbage is sought.
    gc.freeze()
    # Nor is there much garbage in circles among what was read.
    gc.set_threshold(50_000, 20, 20)
    # The other one has gone where the pipe is closed.
    with suppress(BrokenPipeError):
        # It comes from the process that this one is forked from.
        found, skip = pickle.loads(asked.pop())  # noqa: S301
        some: list[Any] = []
        size = 0
        paths = (Path(each) if isinstance(each, str) else each for each in _emptied(found))
        for each in read(files.read(told_ahead(paths), io.BytesIO()), skip=skip):
            some.append(each)
            size += each.size
            if len(some) >= _AT_ONCE or size >= _MOST_BYTES:
                _send(pipe, all_worked_ahead(some, sketched=not _is_awaited(pipe)))
                some, size = [], 0
        _send(pipe, all_worked_ahead(some, sketched=not _is_awaited(pipe)))
        pipe.send_bytes(END)


def _emptied(found: list[Any]) -> Iterator[Any]:
    """Yield what is in ``found`` and keep none of it: it may be a hundred thousand paths."""
    found.reverse()
    while found:
        yield found.pop()


def _is_awaited(pipe: Connection) -> bool:
    """Tell whether all that was sent has been taken: then the other has more time than this one.

    What it can do as well is left to it, so that both are done at the same time. It takes
    some ahead (``reading_apart``), so that it hardly ever stands waiting meanwhile.
    """
    # Linux tells of a pipe at both its ends (man 7 pipe); others may not.
    if not sys.platform.startswith("linux"):
        return False
    unread = array("i", [0])
    fcntl.ioctl(pipe.fileno(), termios.FIONREAD, unread)
    return not unread[0]


def _send(pipe: Connection, some: list[Any]) -> None:
    pipe.send_bytes(pickle.dumps(some, protocol=pickle.HIGHEST_PROTOCOL))
