"""Keeps processes running: those that serve and the background worker.

They are forked from the process that keeps them and not started anew: what that process has
loaded, nearly all of Django and Wagtail, is then in memory once for all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import structlog

log = structlog.get_logger("broadsheet.serve")

_FIRST_WAIT_S = 0.5
# Having worked this long, it is taken to be sound and the waits start from the beginning.
_SOUND_S = 60.0
_LOOK_S = 0.1
_STOP_WITHIN_S = 15.0
_HEAD_START_S = 2.0
_TOLD_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Post:
    """Work that somebody has to be at. ``name`` is how the system calls the process.

    Of a name the system keeps 15 bytes. Where one after the other ends, the next is awaited longer
    each time, ``longest_wait_s`` at most. Those that end last are told a moment after the
    others, or as soon as these have ended.
    """

    name: str
    work: Callable[[], None]
    longest_wait_s: float = 30.0
    ends_last: bool = False


class Supervisor:
    """Has the work of each post done in a child process, and by a new one whenever that ends.

    A child is in a session of its own, so that Ctrl-C reaches this process alone, which then
    stops it. It starts with no handlers of signals but Python's usual ones, and without standard
    input. Connections and locks must not be open here when it starts: both would share them.
    """

    def __init__(self, posts: Sequence[Post]) -> None:
        self._holders = [_Holder(post) for post in posts]

    def keep(
        self, stopping: Callable[[], bool], *, ready: Callable[[], None] = lambda: None
    ) -> None:
        """Keep every post held until it is ``stopping``; then end all, if need be by force.

        ``ready`` is called when each has been started. Children may be on a leash to the thread
        that calls this, which forks them.
        """
        try:
            self._look(stopping)
            ready()
            while not stopping():
                time.sleep(_LOOK_S)
                self._look(stopping)
        finally:
            deadline = time.monotonic() + _STOP_WITHIN_S
            first = [holder for holder in self._holders if not holder.ends_last]
            for holder in first:
                holder.tell()
            for holder in first:
                holder.wait(deadline - _STOP_WITHIN_S + _HEAD_START_S)
            for holder in self._holders:
                if holder.ends_last:
                    holder.tell()
            for holder in self._holders:
                holder.end(deadline)

    def _look(self, stopping: Callable[[], bool]) -> None:
        for holder in self._holders:
            # Nobody is started who would have to be stopped at once.
            if not stopping():
                holder.look()


class _Holder:
    """Whoever holds a post at the moment."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._child: BaseProcess | None = None
        self._began = 0.0
        self._wait = _FIRST_WAIT_S
        self._again_at = 0.0

    def look(self) -> None:
        """Note that it has ended, and start the next when it is time."""
        now = time.monotonic()
        # Asked for, and not waited for by the pipe that children forked later have inherited.
        if self._child is not None and self._child.exitcode is not None:
            if now - self._began > _SOUND_S:
                self._wait = _FIRST_WAIT_S
            self._again_later(now, "a process ended by itself", status=self._child.exitcode)
            self._child = None
        if self._child is None and now >= self._again_at:
            self._began = now
            child = multiprocessing.get_context("fork").Process(
                target=_apart, args=(self._post,), name=self._post.name
            )
            try:
                with _undisturbed():
                    child.start()
            except OSError as error:  # too little memory, too many processes
                self._again_later(now, "a process cannot be started", reason=str(error))
            else:
                self._child = child

    def _again_later(self, now: float, event: str, **why: object) -> None:
        log.error(event, process=self._post.name, again_in_s=self._wait, **why)
        self._again_at = now + self._wait
        self._wait = min(self._wait * 2, self._post.longest_wait_s)

    def tell(self) -> None:
        """Tell it to end."""
        if self._child is not None and self._child.exitcode is None:
            self._child.terminate()

    @property
    def ends_last(self) -> bool:
        """Whether it is told to end only when the others have."""
        return self._post.ends_last

    def wait(self, deadline: float) -> None:
        """Wait for it to end, until ``deadline`` at most, in seconds of the monotonic clock."""
        while self._child is not None and self._child.exitcode is None:
            if time.monotonic() >= deadline:
                return
            time.sleep(_LOOK_S / 4)

    def end(self, deadline: float) -> None:
        """Wait for it to end; kill it at ``deadline``, in seconds of the monotonic clock."""
        self.wait(deadline)
        if self._child is None:
            return
        if self._child.exitcode is None:
            log.warning("a process does not stop and is killed", process=self._post.name)
            self._child.kill()
        self._child.join()
        self._child = None


@contextmanager
def _undisturbed() -> Generator[None]:
    """Have signals wait that come in the block: a child that is born in it must not miss any."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD_BY)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _apart(post: Post) -> None:
    """Do the work in this process, just forked, as if it had been started by itself."""
    os.setsid()
    with suppress(OSError):
        # What `ps -o comm` and `top` show, where there is one (man 5 proc).
        Path("/proc/self/comm").write_text(post.name, "ascii")
    for signum in _TOLD_BY:
        # The parent's would tell the parent, of which this is a copy.
        signal.signal(signum, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD_BY)
    post.work()
