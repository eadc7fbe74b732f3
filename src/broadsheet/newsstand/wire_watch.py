"""Keeps ``broadsheet poll`` running beside the worker, while the paper has channels to watch.

A process of its own: what comes from outside is read there, and nothing of it can hold up the
press, or take the worker's memory, or end it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import structlog

log = structlog.get_logger("broadsheet.worker")

_STOP_WITHIN_S = 10.0
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 300.0


class WireWatch:
    """Starts the watching process where there is something to watch, and ends it where not.

    ``command`` is what is run; ``broadsheet poll``, on a leash to this process, unless given.
    """

    def __init__(self, command: list[str] | None = None) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._wait = _FIRST_WAIT_S
        self._not_before = 0.0

    def perform(self) -> None:
        """Look whether all is as it should be; to be called every few seconds."""
        from broadsheet.wire.models import Channel

        wanted = Channel.objects.filter(is_active=True).exists()
        if self._child is not None and self._child.poll() is not None:
            log.error("watching the wire ended by itself", status=self._child.returncode)
            self._child = None
            self._not_before = time.monotonic() + self._wait
            self._wait = min(self._wait * 2, _LONGEST_WAIT_S)
        if wanted and self._child is None and time.monotonic() >= self._not_before:
            own = [sys.executable, "-m", "broadsheet", "poll", "--leash", str(os.getpid())]
            self._child = subprocess.Popen(  # noqa: S603 - our own command, no shell
                self._command or own, stdin=subprocess.DEVNULL, start_new_session=True
            )
        elif not wanted and self._child is not None:
            self.stop()

    @property
    def is_watching(self) -> bool:
        """Tell whether the watching process runs."""
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """End the watching process, by force if it takes too long."""
        child, self._child = self._child, None
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
