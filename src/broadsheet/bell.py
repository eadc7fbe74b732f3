"""The bell: by it the nodes of one paper wake each other, where ``TASKS_URL`` is set.

    ring("orders")      something was ordered that its own process has not pressed
    ring("pressed")     something was pressed

A message says nothing but to look: the truth is in the database (decision 0003). Whoever misses
one looks by itself a moment later, so a bell that is broken costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any, Literal, get_args

import structlog
from django.conf import settings
from django.utils.crypto import salted_hmac

from broadsheet.redis_links import Link, UnreachableError, link_to

log = structlog.get_logger("broadsheet.bell")

What = Literal["orders", "pressed"]
_EVERYTHING: tuple[What, ...] = get_args(What)

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 10.0
# A server that is cut off sends nothing, not even that it is gone.
_PING_EVERY_S = 3.0
_DEAF_AFTER_S = 8.0


def hangs() -> bool:
    """Tell whether this paper has a bell."""
    return bool(settings.TASKS_URL)


def ring(what: What) -> None:
    """Have every node look for ``what``; does nothing without a bell, and never fails.

    To be called after the commit: who looks earlier finds nothing.
    """
    if not hangs():
        return
    # Whoever is not reached looks by himself.
    with contextlib.suppress(UnreachableError), link_to(settings.TASKS_URL).asking() as server:
        server.publish(_channel(what), b"")


def _channel(what: What) -> str:
    # Channels are not kept apart by database: two papers may share one server.
    paper = salted_hmac("broadsheet.bell", "", algorithm="sha256").hexdigest()[:16]
    return f"broadsheet:{paper}:{what}"


class Listener:
    """Calls ``heard`` with what was rung, from a thread of its own, between start and stop.

    Each time it begins to listen it calls ``heard`` for everything, for it may have missed
    something. What ``heard`` raises is logged.
    """

    def __init__(self, heard: Callable[[What], None]) -> None:
        self._heard = heard
        self._stopping = threading.Event()
        self._listening = threading.Event()
        self._link = Link(settings.TASKS_URL, retry=False)
        self._thread = threading.Thread(target=self._keep, name="bell", daemon=True)

    @property
    def listens(self) -> bool:
        """Whether it would hear the bell now."""
        return self._listening.is_set()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, within a moment."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        self._link.close()

    def await_listening(self, seconds: float) -> bool:
        """Wait until it listens, for so long at most; tells whether it does."""
        return self._listening.wait(seconds)

    def _keep(self) -> None:
        wait = _FIRST_WAIT_S
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 - whatever it is, looking goes on without it
                log.warning("the bell is not heard", error=f"{type(error).__name__}: {error}")
            finally:
                self._listening.clear()
            if time.monotonic() - began > _LONGEST_WAIT_S:
                wait = _FIRST_WAIT_S
            self._stopping.wait(wait)
            wait = min(wait * 2, _LONGEST_WAIT_S)

    def _listen(self) -> None:
        channels = {_channel(what).encode(): what for what in _EVERYTHING}
        # Any: the library's types end here.
        server: Any = self._link.client()
        with server.pubsub(ignore_subscribe_messages=True) as ear:
            ear.subscribe(*channels)
            answered_at = pinged_at = time.monotonic()
            # The first answer is that of the subscription itself.
            ear.get_message(timeout=_DEAF_AFTER_S)
            self._listening.set()
            for what in _EVERYTHING:
                self._tell(what)
            while not self._stopping.is_set():
                message = ear.get_message(timeout=0.5)
                now = time.monotonic()
                if message is not None:
                    answered_at = now
                    if message["type"] == "message":
                        self._tell(channels[message["channel"]])
                elif now - answered_at > _DEAF_AFTER_S:
                    raise UnreachableError("it has been silent for too long")
                if now - pinged_at > _PING_EVERY_S:
                    pinged_at = now
                    ear.ping()

    def _tell(self, what: What) -> None:
        try:
            self._heard(what)
        except Exception:
            log.exception("failed to look", what=what)
