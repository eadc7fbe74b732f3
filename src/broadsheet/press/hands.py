"""Hands: further processes that draw sheets and write them beside their place, for a bulk.

One process holds the press lock and keeps the ledger; its hands hold neither lock nor ledger.
A hand that dies takes nothing with it but time: the orders are struck out only by the one that
holds the lock, once it has put the files in place.

They are started anew and not forked from whoever presses, so that no lock, thread or connection
of that one lives on in them; the first prepares itself and forks the others, which share its
memory.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from broadsheet.press.hand import work_together
from broadsheet.press.making import Made, Standing
from broadsheet.press.sheets import Sheet
from broadsheet.press.store import Store

_PATIENCE_S = 5.0


class HandsLostError(RuntimeError):
    """The hands are gone, or one of them could not even begin; the message says why."""


@dataclass(frozen=True)
class Asked:
    """A sheet to be made, with what the ledger says of its address."""

    sheet: Sheet
    was: Standing | None


@dataclass(frozen=True)
class Failed:
    """A sheet that could not be made: the error as a failed order has it, and its traceback."""

    sheet: Sheet
    error: str
    traceback: str


# ``None`` stands for a sheet that has nothing to show.
Answer = dict[Sheet, Made | Failed | None]


class Hands:
    """``count`` processes that make what they are asked for, in the order in which they are asked.

    Raises ``OSError`` where no process can be started.
    """

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        pairs = [context.Pipe() for _ in range(count)]
        self._ends = [ours for ours, _ in pairs]
        self._asked: deque[list[Connection]] = deque()
        self._first: BaseProcess = context.Process(
            target=work_together, args=([theirs for _, theirs in pairs],), name="press-hand"
        )
        self._first.daemon = True
        self._first.start()
        for _, theirs in pairs:
            theirs.close()

    def ask(self, asked: Sequence[Asked]) -> None:
        """Have ``asked`` made: what follows each other and has one key by the same hand.

        Raises :class:`HandsLostError`.
        """
        shares = _shares(asked, len(self._ends))
        busy = []
        try:
            for end, share in zip(self._ends, shares, strict=True):
                if share:
                    end.send(share)
                    busy.append(end)
        except OSError as error:
            raise HandsLostError(f"a hand of the press is gone: {error}") from error
        self._asked.append(busy)

    def answer(self) -> Answer:
        """Return what has become of what was asked for first and not yet answered.

        Raises :class:`HandsLostError`.
        """
        answer: Answer = {}
        for end in self._asked.popleft():
            try:
                part = end.recv()
            except (EOFError, OSError) as error:
                raise HandsLostError(f"a hand of the press is gone: {error}") from error
            if isinstance(part, str):
                raise HandsLostError(part)
            answer.update(part)
        return answer

    def close(self, store: Store) -> None:
        """Let the hands go, and take away what they have written and nobody asked for any more."""
        with suppress(HandsLostError):
            while self._asked:
                for each in self.answer().values():
                    if isinstance(each, Made) and each.files:
                        store.discard(each.files)
        for end in self._ends:
            end.close()
        self._first.join(_PATIENCE_S)
        if self._first.is_alive():
            self._first.kill()
            self._first.join()


def _shares(asked: Sequence[Asked], count: int) -> list[list[Asked]]:
    """Return ``asked`` in ``count`` runs of about the same length, cut between two keys."""
    shares: list[list[Asked]] = [[] for _ in range(count)]
    each = -(-len(asked) // count)
    place = 0
    for before, one in zip([None, *asked], asked, strict=False):
        share = shares[place]
        if (
            len(share) >= each
            and place + 1 < count
            and before
            and before.sheet.key != one.sheet.key
        ):
            place += 1
            share = shares[place]
        share.append(one)
    return shares
