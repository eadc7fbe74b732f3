"""The background worker: presses what is ordered as it comes, and does its duties.

recover                      what a crash left undone is ordered again
until told to stop:
    press what is ordered, a batch at a time
    do the duties whose time has come
    say that it is alive
    wait a moment, or for the bell
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from django.db import Error as AnyDatabaseError
from django.db import connection

from broadsheet import allocator, bell, databases, troubles
from broadsheet.newsstand import duties, heartbeat, nodes
from broadsheet.press import actions, bulk, mirror, orders
from broadsheet.press.warm import warm_up

log = structlog.get_logger("broadsheet.worker")

# How long an order may lie before it is noticed. The question is one look into an index.
_PAUSE_S = 0.2
# The same where the bell tells of it: only what it did not tell is found by looking.
_PAUSE_UNDER_THE_BELL_S = 1.0
# Between two batches the duties get their turn.
_AT_ONCE = 80
# The same of a bulk, pressed by several processes: some seconds.
_BULK_AT_ONCE = 2_000
_BEAT_S = 2.0
# Memory is given back no more often: it takes some milliseconds, and to fill it again a few more.
_REST_EVERY_S = 10.0
_AFTER_FAILURE_S = 2.0
_STOP_WITHIN_S = 5.0
_ORPHANED_WITHIN_S = 0.5


class Worker:
    """Works until :meth:`stop` is called, from another thread or a signal handler.

    ``parent`` is the process that keeps it running, where there is one.
    """

    def __init__(self, parent: int | None = None) -> None:
        self._parent = parent
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._bell = bell.Listener(self._heard) if bell.hangs() else None
        self._mirror = mirror.mirror_of_this_node()
        self._busy = ("starting", time.time())
        self._troubles: tuple[troubles.Trouble, ...] = ()
        self._roster = duties.Roster(duties.registered())
        self._has_worked = False
        self._rested_at = 0.0

    def stop(self) -> None:
        """Finish the sheet in hand and come to an end."""
        self._stopping.set()
        self._woken.set()

    def work(self) -> None:
        """Work until told to stop."""
        beating = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beating.start()
        watching = threading.Thread(target=self._watch, name="troubles", daemon=True)
        watching.start()
        if self._bell is not None:
            self._bell.start()
        following = self._followed()
        bulk.leave_room()
        warm_up()
        gc.freeze()
        log.info("worker started")
        self._attempt("recovering", self._recover)
        while not self._stopping.is_set():
            # Before looking: what is rung meanwhile must not be slept through.
            self._woken.clear()
            pressed = self._attempt("pressing", self._press)
            for duty in self._roster.due():
                if self._stopping.is_set():
                    break
                self._busy = (duty.name, time.time())
                self._roster.perform(duty)
            self._busy = ("waiting", time.time())
            if pressed:
                self._has_worked = True
            elif not self._stopping.is_set():
                self._rest()
                self._woken.wait(self._pause())
        actions.end_bulk()
        self._roster.stop()
        if self._bell is not None:
            self._bell.stop()
        connection.close()
        beating.join()
        watching.join(_BEAT_S)
        if self._mirror is not None and following is not None:
            self._mirror.stop()
            following.join(_STOP_WITHIN_S)
        heartbeat.clear()
        log.info("worker stopped")

    def _followed(self) -> threading.Thread | None:
        """Have this node's folder kept as the store has it, where nodes share one."""
        if self._mirror is None:
            return None
        thread = threading.Thread(target=self._mirror.keep, name="mirror", daemon=True)
        thread.start()
        return thread

    def _rest(self) -> None:
        """Give back what was needed for the work that is done now."""
        if self._has_worked and time.monotonic() - self._rested_at > _REST_EVERY_S:
            self._has_worked, self._rested_at = False, time.monotonic()
            databases.forget_pages()
            allocator.give_back()

    def _heard(self, what: bell.What) -> None:
        if what == "orders":
            self._woken.set()
        elif self._mirror is not None:
            self._mirror.wake()

    def _pause(self) -> float:
        listens = self._bell is not None and self._bell.listens
        pause = _PAUSE_UNDER_THE_BELL_S if listens else _PAUSE_S
        if self._mirror is not None:
            self._mirror.look_every(pause)
        return pause

    def _attempt(self, name: str, act: Callable[[], bool]) -> bool:
        self._busy = (name, time.time())
        try:
            return act()
        except Exception:  # the worker outlives whatever fails
            log.exception("failed", duty=name)
            connection.close()
            self._stopping.wait(_AFTER_FAILURE_S)
            return False

    @staticmethod
    def _recover() -> bool:
        waiting = actions.recover()
        log.info("recovered", orders=waiting)
        return bool(waiting)

    def _press(self) -> bool:
        if not orders.due().exists():
            actions.end_bulk()
            return False
        many = actions.is_bulk_waiting()
        if many:
            self._roster.make_room()
        outcome = actions.press_orders(limit=_BULK_AT_ONCE if many else _AT_ONCE)
        if outcome.failed:
            log.warning("sheets failed", number=outcome.failed)
        return outcome.total > 0

    def _beat(self) -> None:
        while not self._stopping.is_set():
            duty, since = self._busy
            try:
                heartbeat.write(duty, since, self._troubles)
            except OSError as error:  # a full disk, say: it may have room again
                log.warning("no heartbeat", error=str(error))
            self._stopping.wait(_BEAT_S)

    def _watch(self) -> None:
        """Look how everything is that the paper leans on, and tell the other nodes."""
        watch = troubles.Watch()
        while not self._stopping.is_set():
            self._troubles = watch.look()
            try:
                nodes.write(self._busy[0], self._troubles)
            except AnyDatabaseError as error:  # what the others see then is a node that is silent
                log.warning("the other nodes were not told", error=str(error).strip())
                connection.close()
            self._stopping.wait(_BEAT_S)
        # Whose paper was killed beside it is missed, like one that was killed itself. The leash
        # pulls at the death of a thread of the parent, a moment before that of the whole.
        if self._parent is not None:
            time.sleep(_ORPHANED_WITHIN_S)
        if self._parent in {None, os.getppid()}:
            with suppress(AnyDatabaseError):
                nodes.clear()
        connection.close()
