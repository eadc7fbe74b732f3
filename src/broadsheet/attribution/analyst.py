"""The analyst: a child process that reads texts for their attributions.

What serves readers or presses pages must not carry a language pipeline about (some hundred
megabytes), so the work is done by ``broadsheet attribute --jsonl``: a line of JSON in, one out.
The child is started when it is first needed, kept while there is work, and ended after an idle
minute. It ends by itself when its parent does, since it then has nothing more to read. A child
that takes too long is killed, and one that dies costs the text it was reading.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from broadsheet.attribution import exchange
from broadsheet.attribution.relation import Analysis

# A long story takes a second; loading the pipeline takes a few on a busy machine.
_LONGEST_S = 60.0
_IDLE_S = 60.0
_CHUNK = 65_536
_ENDS_WITHIN_S = 5.0
# Nobody waits for it as readers wait for a page, or a desk for its story to be pressed.
_NICE = 5


class AnalystError(Exception):
    """A text could not be read; the message says why, in a sentence for the desk."""


def command() -> list[str]:
    """Return the command line of the child."""
    return [
        sys.executable, "-m", "broadsheet", "attribute", "-", "--jsonl", "--processes", "1",
    ]  # fmt: skip


class Analyst:
    """Reads one text at a time, in a child process of its own.

    ``longest_s`` is how long a text may take, ``idle_s`` how long an idle child is kept (seconds).
    Threads may share one; they wait for each other.
    """

    def __init__(
        self,
        child: Sequence[str] | None = None,
        *,
        longest_s: float = _LONGEST_S,
        idle_s: float = _IDLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = list(child) if child is not None else command()
        self._longest_s, self._idle_s, self._clock = longest_s, idle_s, clock
        self._child: subprocess.Popen[bytes] | None = None
        self._used_at = 0.0
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether a child is there."""
        return self._child is not None and self._child.poll() is None

    def analyse(
        self, text: str, published: datetime | None, *, time_zone: str, language: str
    ) -> Analysis:
        """Return what ``text`` attributes to whom (``extraction.analyse``).

        Raises :class:`AnalystError` where the child fails, dies or takes too long; the next text
        gets a new one.
        """
        line = json.dumps(
            {
                "text": text,
                "published": published.isoformat() if published else None,
                "time_zone": time_zone,
                "language": language,
            }
        )
        with self._lock:
            self._used_at = self._clock()
            try:
                answered = self._ask(line.encode() + b"\n")
            except AnalystError:
                self._end()
                raise
            finally:
                self._used_at = self._clock()
        try:
            found = json.loads(answered)
            if error := found.get("error"):
                raise AnalystError(f"The text could not be analysed: {error}")
            return exchange.from_json(found)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AnalystError(f"The analysis came back damaged ({error}).") from error

    def rest(self) -> None:
        """End a child that has been idle for long enough; call this now and then."""
        with self._lock:
            if self._child is not None and self._clock() - self._used_at > self._idle_s:
                self._end()

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, line: bytes) -> bytes:
        deadline = time.monotonic() + self._longest_s
        child = self._started()
        stdin, stdout = _pipe(child.stdin), _pipe(child.stdout)
        answered = bytearray()
        to_write = memoryview(line)
        # Both ways at once: a child that writes before it has read everything must not block us.
        with selectors.DefaultSelector() as waiting:
            waiting.register(stdin, selectors.EVENT_WRITE)
            waiting.register(stdout, selectors.EVENT_READ)
            while not answered.endswith(b"\n"):
                left = deadline - time.monotonic()
                ready = waiting.select(left) if left > 0 else []
                if not ready:
                    raise AnalystError(
                        f"The analysis took more than {self._longest_s:g} seconds and was stopped."
                    )
                for key, _ in ready:
                    if key.fileobj is stdin:
                        to_write = to_write[_written(stdin, to_write) :]
                        if not to_write:
                            waiting.unregister(stdin)
                    else:
                        answered += _read(stdout)
        return bytes(answered)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self._end()
        if self._child is None:
            try:
                # In a session of its own: Ctrl-C is for the parent, which closes the pipe.
                self._child = subprocess.Popen(  # noqa: S603 - our own command, no shell
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    start_new_session=True,
                )
            except OSError as error:
                raise AnalystError(f"The analysis could not be started ({error}).") from error
            os.set_blocking(_pipe(self._child.stdin).fileno(), False)
            _give_way(self._child.pid)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        _pipe(child.stdin).close()
        if child.poll() is None:
            # It may be at work on a text that nobody waits for any more.
            child.terminate()
            try:
                child.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        _pipe(child.stdout).close()


def _give_way(process: int) -> None:
    """Have a child, which is in a session of its own, take the processor that others leave."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, _NICE)
    # Where Linux weighs sessions against each other it heeds this alone (man 7 sched).
    with suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(_NICE), "ascii")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AnalystError("The analysis has no pipe to it.")
    return pipe


def _written(stdin: IO[Any], left: memoryview) -> int:
    try:
        return os.write(stdin.fileno(), left[:_CHUNK])
    except BlockingIOError:
        return 0
    except OSError as error:
        raise AnalystError("The analysis ended before it had read the text.") from error


def _read(stdout: IO[bytes]) -> bytes:
    found = os.read(stdout.fileno(), _CHUNK)
    if not found:
        raise AnalystError("The analysis of this text ended without an answer.")
    return found
