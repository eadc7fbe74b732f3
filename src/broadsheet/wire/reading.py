"""Records as they are read: each item with all that is kept of it. Asks no database."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from broadsheet.wire import ahead
from broadsheet.wire.copies import Copy, copy_of
from broadsheet.wire.incoming import Incoming, IncomingFile, Unreadable
from broadsheet.wire.items import Unread, WireItem, WireRecord
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import records_in

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Read:
    """One record as it was read, or what became of a file that could not be.

    An item has its ``copy``, where one could be made of it, else the bytes it came in.
    """

    record: WireRecord | Outcome
    copy: Copy | None = None
    bytes_of_file: bytes = b""

    @property
    def raw(self) -> bytes:
        """The bytes that an item came in, where these are not its own."""
        return self.bytes_of_file if self.copy is None else self.copy.raw

    @property
    def size(self) -> int:
        """About how many bytes this takes."""
        if not isinstance(self.record, WireItem):
            return 0
        pictures = sum(len(photo.content or b"") for photo in self.record.photos)
        return pictures + sum(len(block.html) for block in self.record.body)


def read(files: Iterable[Incoming | IncomingFile | Unreadable], *, skip: int = 0) -> Iterator[Read]:
    """Yield what ``files`` hold.

    The first ``skip`` records were dealt with before: of these only an archive's authors and
    topics are read once more, since what follows is filed by them.
    """
    for record, raw in records_in(files):
        skip -= 1
        if skip < 0:
            yield _read(record, raw)
        elif not isinstance(record, Outcome | WireItem | Unread):
            yield Read(record)


def all_worked_ahead(reads: Sequence[Read], *, sketched: bool = True) -> list[Read]:
    """Return ``reads``, in their order, each as :func:`worked_ahead` returns it.

    Without ``sketched`` their sketches are left to whoever stores them (``Copy.sketch``).
    """
    # One language after the other: what is looked up for its commonest words is near at hand.
    order = sorted(range(len(reads)), key=lambda place: _language_of(reads[place]))
    done = {place: worked_ahead(reads[place], sketched=sketched) for place in order}
    return [done[place] for place in range(len(reads))]


def _language_of(read: Read) -> str:
    return read.record.language if isinstance(read.record, WireItem) else ""


def worked_ahead(read: Read, *, sketched: bool = True) -> Read:
    """Return ``read`` with what other rooms want worked out of its item ahead (``wire.ahead``)."""
    if read.copy is None:
        return read
    try:
        copy = replace(read.copy, ahead=ahead.of(read.copy.item))
        if sketched:
            # Kept with the copy once it was asked for.
            _ = copy.sketch
    except Exception:
        # Whoever stores it will do it, and tell of it.
        logger.exception("working ahead on %s failed", read.copy.item.origin)
        return read
    return replace(read, copy=copy)


def _read(record: WireRecord | Outcome, raw: bytes) -> Read:
    if not isinstance(record, WireItem):
        return Read(record)
    try:
        return Read(record, copy_of(record, raw))
    except Exception:
        # By itself it will be told of as any other that a parser reads and nobody can store.
        logger.exception("working out what is kept of %s failed", record.origin)
        return Read(record, bytes_of_file=raw)
