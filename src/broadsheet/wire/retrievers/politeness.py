"""How a host is left in peace: one request at a time, a pause after each, longer when it asks.

``robots.txt`` (RFC 9309) is not read. It speaks to crawlers, which find their own way from link
to link; here a person at the paper entered each address by agreement with its owner, and the
pictures are named in the owner's own copy.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from broadsheet.wire.retrievers.errors import RetrieveError

# Between two requests to one host, in seconds.
PAUSE = 1.0
# How long to wait for one's turn at a host, in seconds.
_LONGEST_WAIT = 60.0
LONGEST_BACK_OFF = timedelta(days=1)
# Hosts that nobody waits for are forgotten beyond this many.
_MOST_HOSTS = 1_000


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    not_before: float = 0.0
    asked_to_wait_until: float = 0.0
    waiting: int = 0


class Politeness:
    """Whose turn it is at each host; one of these serves all threads of a process."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, name: str) -> Iterator[float]:
        """Wait for one's turn at the host ``name`` and have it; yields the seconds waited.

        Raises :class:`RetrieveError` where it takes too long, and at once where the host has
        asked to be left alone.
        """
        began = time.monotonic()
        with self._lock:
            self._forget()
            host = self._hosts.setdefault(name, _Host())
            host.waiting += 1
        try:
            if (left := host.asked_to_wait_until - began) > 0:
                raise RetrieveError(
                    f"“{name}” has asked to be left alone for {left:.0f} more seconds.",
                    is_temporary=True,
                    retry_after=timedelta(seconds=left),
                )
            if not host.lock.acquire(timeout=_LONGEST_WAIT):
                raise RetrieveError(
                    f"“{name}” is busy answering an earlier request of ours.", is_temporary=True
                )
            try:
                time.sleep(max(0.0, host.not_before - time.monotonic()))
                yield time.monotonic() - began
            finally:
                host.not_before = time.monotonic() + self._pause
                host.lock.release()
        finally:
            with self._lock:
                host.waiting -= 1

    def leave_alone(self, name: str, span: timedelta) -> None:
        """Ask nothing of the host ``name`` for ``span``, a day at most."""
        until = time.monotonic() + min(span, LONGEST_BACK_OFF).total_seconds()
        with self._lock:
            self._hosts.setdefault(name, _Host()).asked_to_wait_until = until

    def _forget(self) -> None:
        if len(self._hosts) < _MOST_HOSTS:
            return
        now = time.monotonic()
        for name, host in list(self._hosts.items()):
            if not host.waiting and max(host.not_before, host.asked_to_wait_until) < now:
                del self._hosts[name]


def back_off(failures: int, interval: timedelta, error: RetrieveError | None = None) -> timedelta:
    """Return how long to wait before a place is asked again.

    ``failures`` is how many times in a row it failed, ``interval`` how often it is asked
    otherwise; the wait doubles with each failure, to a day at most. What the place itself
    asked for (``error.retry_after``) is kept, to a day as well.
    """
    doubled: int = 2 ** min(failures, 16)
    wait = min(interval * doubled, max(LONGEST_BACK_OFF, interval))
    if error is not None and error.retry_after is not None:
        wait = max(wait, min(error.retry_after, LONGEST_BACK_OFF))
    return wait
