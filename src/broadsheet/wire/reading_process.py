"""What the other process of ``reading_apart`` does."""

from __future__ import annotations

import gc
import io
import pickle
import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from broadsheet import allocator
from broadsheet.wire.reading import all_worked_ahead, read
from broadsheet.wire.retrievers import files
from broadsheet.wire.retrievers.readahead import told_ahead

_AT_ONCE = 100
_MOST_BYTES = 2 * 1024 * 1024
_LEAST_GIVEN_BACK = 1024 * 1024
# As many as are stored together, in one transaction (300 records).
_PLENTY = 3
# What comes last: ``None``.
END = pickle.dumps(None, protocol=pickle.HIGHEST_PROTOCOL)


class Counter(Protocol):
    """A number that two processes see."""

    value: int


def run(pipe: Connection, others: Connection, asked: list[bytes], taken: Counter) -> None:
    """Read the files that are ``asked`` for; send what they hold through ``pipe``, ``None`` last.

    ``asked`` is emptied. It has one pickle, of what ``files.find`` found, paths as text, and of how
    many records to skip. ``others`` is the other's end of the pipe, which only that one is to keep
    open. ``taken`` is how many of what was sent the other has begun to store.
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
        size = sent = 0
        paths = (Path(each) if isinstance(each, str) else each for each in _emptied(found))
        for each in read(files.read(told_ahead(paths), io.BytesIO()), skip=skip):
            some.append(each)
            size += each.size
            if len(some) >= _AT_ONCE or size >= _MOST_BYTES:
                _send(pipe, all_worked_ahead(some, sketched=not _is_awaited(sent, taken.value)))
                some, size, sent = [], 0, sent + 1
        _send(pipe, all_worked_ahead(some, sketched=not _is_awaited(sent, taken.value)))
        pipe.send_bytes(END)


def _emptied(found: list[Any]) -> Iterator[Any]:
    """Yield what is in ``found`` and keep none of it: it may be a hundred thousand paths."""
    found.reverse()
    while found:
        yield found.pop()


def _is_awaited(sent: int, taken: int) -> bool:
    """Tell whether the other process will soon have stored all that was ``sent`` to it.

    Then it has more time than this one, and what it can do as well is left to it, so that both are
    done at the same time.
    """
    return sent - taken < _PLENTY


def _send(pipe: Connection, some: list[Any]) -> None:
    pipe.send_bytes(pickle.dumps(some, protocol=pickle.HIGHEST_PROTOCOL))
