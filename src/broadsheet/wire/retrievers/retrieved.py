"""The one shape in which every retriever hands over what it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from broadsheet.wire.incoming import Incoming, IncomingFile, Unreadable


def nothing_to_do(reason: str = "") -> None:
    """Do nothing: the place need not know what became of it."""


@dataclass(frozen=True)
class Retrieved:
    """One file, message or feed, with what to tell the place when it has been dealt with.

    Exactly one of the two is to be called, before the next is asked for: ``done()`` once
    everything it held is stored, ``failed(reason)`` where it never will be, with a sentence for
    the person who looks at the place. Where neither is called, say because the program ended,
    the place offers the same again. An ``Unreadable`` can only be failed.
    """

    incoming: Incoming | IncomingFile | Unreadable
    done: Callable[[], None] = nothing_to_do
    failed: Callable[[str], None] = nothing_to_do


class Retrieval:
    """What a place has this time, to be gone through once, and what to remember of it.

    ``state`` is what the retriever wants to be given next time: plain JSON values, to be stored
    by the caller after the last one, or after each. It starts as what was given and changes
    as things are done. Going through raises :class:`RetrieveError` where the place as a whole
    cannot be had; ``state`` is to be stored even then.
    """

    def __init__(
        self, state: Mapping[str, Any], each: Callable[[dict[str, Any]], Iterator[Retrieved]]
    ) -> None:
        self.state = dict(state)
        self._each = each

    def __iter__(self) -> Iterator[Retrieved]:
        return self._each(self.state)
