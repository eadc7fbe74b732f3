"""Keeps the background worker running beside the serving processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import structlog

log = structlog.get_logger("broadsheet.serve")

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
# Having worked this long, it is taken to be sound and the waits start from the beginning.
_SOUND_S = 60.0
_STOP_WITHIN_S = 15.0
_SPAWN_WITHIN_S = 30.0


class Supervisor:
    """Runs ``command`` as a child process and starts it again whenever it ends.

    The child is in a session of its own, so that Ctrl-C reaches this process alone, which then
    stops it.
    """

    def __init__(self, command: list[str]) -> None:
        self._command = command
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
            with subprocess.Popen(  # noqa: S603 - our own command, no shell
                self._command, start_new_session=True, stdin=subprocess.DEVNULL
            ) as child:
                self._spawned.set()
                self._wait_for(child)
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _SOUND_S:
                wait = _FIRST_WAIT_S
            log.error("the worker ended by itself", status=child.returncode, again_in_s=wait)
            self._stopping.wait(wait)
            wait = min(wait * 2, _LONGEST_WAIT_S)

    def _wait_for(self, child: subprocess.Popen[bytes]) -> None:
        while child.poll() is None:
            if self._stopping.wait(0.1):
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(_STOP_WITHIN_S)
                except subprocess.TimeoutExpired:
                    log.warning("the worker does not stop and is killed")
                    child.kill()
                return


def worker_command() -> list[str]:
    """Return the command line of a worker on a leash to this process."""
    return [sys.executable, "-m", "broadsheet", "worker", "--leash", str(os.getpid())]
