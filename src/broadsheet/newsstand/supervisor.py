"""Keeps the background worker running beside the serving processes.

The worker is forked from the process that keeps it and not started anew, as those are that serve:
what that process has loaded, nearly all of Django and Wagtail, is then in memory once for all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import structlog

log = structlog.get_logger("broadsheet.serve")

NAME = "broadsheet-work"
"""How the system calls the child, in the 15 bytes it keeps."""
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
# Having worked this long, it is taken to be sound and the waits start from the beginning.
_SOUND_S = 60.0
_LOOK_S = 0.1
_STOP_WITHIN_S = 15.0
_SPAWN_WITHIN_S = 30.0
_TOLD_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Calls ``work`` in a child process, and again in a new one whenever that ends.

    The child is in a session of its own, so that Ctrl-C reaches this process alone, which then
    stops it. It starts with no handlers of signals but Python's usual ones, and without standard
    input. Connections and locks must not be open here when it starts: both would share them.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._stopping = threading.Event()
        self._spawned = threading.Event()
        # Not a daemon: the child's leash is tied to the thread that started it, so that thread
        # has to outlive it.
        self._thread = threading.Thread(target=self._keep, name="supervisor")

    def start(self) -> None:
        """Start the child; returns once it runs, or could not be started within half a minute.

        A process that is forked while the child is being started inherits the pipe by which the
        child tells that it runs, and keeps it open: the child's death would go unnoticed for as
        long as that process lives. So whoever goes on to fork waits for this.
        """
        self._thread.start()
        self._spawned.wait(_SPAWN_WITHIN_S)

    def stop(self) -> None:
        """Stop the child, by force if it takes too long, and return when it has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        wait = _FIRST_WAIT_S
        while not self._stopping.is_set():
            began = time.monotonic()
            child = multiprocessing.get_context("fork").Process(
                target=_apart, args=(self._work,), name="worker"
            )
            with _undisturbed():
                child.start()
            self._spawned.set()
            self._wait_for(child)
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _SOUND_S:
                wait = _FIRST_WAIT_S
            log.error("the worker ended by itself", status=child.exitcode, again_in_s=wait)
            self._stopping.wait(wait)
            wait = min(wait * 2, _LONGEST_WAIT_S)

    def _wait_for(self, child: BaseProcess) -> None:
        # Asked for each time, and not waited for by the pipe that others may have inherited.
        while child.exitcode is None:
            if not self._stopping.wait(_LOOK_S):
                continue
            child.terminate()
            deadline = time.monotonic() + _STOP_WITHIN_S
            while child.exitcode is None and time.monotonic() < deadline:
                time.sleep(_LOOK_S / 2)
            if child.exitcode is None:
                log.warning("the worker does not stop and is killed")
                child.kill()
                child.join()
            return


@contextmanager
def _undisturbed() -> Generator[None]:
    """Have signals wait that come in the block: a child that is born in it must not miss any."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD_BY)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _apart(work: Callable[[], None]) -> None:
    """Call ``work`` in this process, just forked, as if it had been started by itself."""
    os.setsid()
    with suppress(OSError):
        # What `ps -o comm` and `top` show, where there is one (man 5 proc).
        Path("/proc/self/comm").write_text(NAME, "ascii")
    for signum in _TOLD_BY:
        # The parent's would tell the parent's server, of which this is a copy.
        signal.signal(signum, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD_BY)
    work()
