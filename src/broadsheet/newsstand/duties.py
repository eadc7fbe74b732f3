"""Duties: what the background worker does from time to time, beside pressing what is ordered.

A room that may import this one registers its duty when it starts (``AppConfig.ready``); of
those that may not, this room registers what they offer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import structlog
from django.db import connection

from broadsheet import locks

log = structlog.get_logger("broadsheet.worker")


def nothing_to_stop() -> None:
    """Do nothing: the duty keeps nothing running."""


class Of(Enum):
    """Whose a duty is, where several nodes serve one paper."""

    PAPER = "the paper"
    """Done by one node at a time, whichever comes first."""
    NODE = "the node"
    """Done by every node, for itself: it is about its home, or keeps something running."""


@dataclass(frozen=True)
class Duty:
    """Something to do every ``every`` seconds, by calling ``perform``.

    ``perform`` may return how much there was to do; that is logged where it is not zero.
    ``stop`` ends what it keeps running, when the worker ends, and ``make_room`` what takes much
    memory and can be started anew, when others are about to take as much. The name of a duty of
    the paper is made of letters and spaces, for a lock is named after it.
    """

    name: str
    every: float
    perform: Callable[[], int | None]
    stop: Callable[[], None] = nothing_to_stop
    of: Of = Of.PAPER
    make_room: Callable[[], None] = nothing_to_stop

    @property
    def lock(self) -> str:
        """The name of the lock that keeps the duty to one node."""
        return "duty-" + re.sub(r"[^a-z]+", "-", self.name.lower()).strip("-")


_duties: dict[str, Duty] = {}


def register(duty: Duty) -> None:
    """Have the worker do ``duty`` from now on. Raises ``ValueError`` where its name is taken."""
    if duty.name in _duties:
        raise ValueError(f"a duty named {duty.name!r} is registered already")
    _duties[duty.name] = duty


def registered() -> list[Duty]:
    """Return every duty, in the order of registration."""
    return list(_duties.values())


@dataclass
class Roster:
    """Which of ``duties`` is due when. Each is due at once, then every so many seconds.

    ``clock`` gives seconds that only go forward.
    """

    duties: list[Duty]
    clock: Callable[[], float] = time.monotonic
    _next: dict[str, float] = field(default_factory=dict)

    def due(self) -> list[Duty]:
        """Return the duties whose time has come."""
        now = self.clock()
        return [duty for duty in self.duties if self._next.get(duty.name, 0.0) <= now]

    def stop(self) -> None:
        """End what the duties keep running."""
        for duty in self.duties:
            duty.stop()

    def make_room(self) -> None:
        """End for now what the duties keep running and takes much memory."""
        for duty in self.duties:
            duty.make_room()

    def perform(self, duty: Duty) -> bool:
        """Do ``duty`` and tell whether it went well; a failure is logged and never raised."""
        try:
            done = _done(duty)
        except Exception:  # one duty must not keep the worker from the others
            log.exception("duty failed", duty=duty.name)
            # Whatever broke may have broken the connection; the next duty gets a new one.
            connection.close()
            return False
        else:
            if done:
                log.info("duty done", duty=duty.name, number=done)
            return True
        finally:
            self._next[duty.name] = self.clock() + duty.every


def _done(duty: Duty) -> int | None:
    if duty.of is Of.NODE:
        return duty.perform()
    with locks.held(duty.lock, wait=False) as mine:
        return duty.perform() if mine else None
