"""A Redis or Valkey of the tests' own: in memory, on a port of loopback, to be stopped at will."""

from __future__ import annotations

import ctypes
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

_START_WITHIN_S = 20.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Server:
    """A server that runs, until it is stopped; started again it is empty, at the same address."""

    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: int = 0) -> str:
        """Return the address of one of its databases."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and return when it answers."""
        program = shutil.which("valkey-server") or shutil.which("redis-server")
        if program is None:
            raise RuntimeError("no Redis is installed; `make programs` installs what tests need")
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            start_new_session=True,
            preexec_fn=_end_with_the_tests,  # noqa: PLW1509 - nothing else runs yet in the child
        )
        deadline = time.monotonic() + _START_WITHIN_S
        while True:
            try:
                with Redis(port=self.port, socket_timeout=1.0) as client:
                    client.ping()
            except RedisError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Redis does not start: {error}") from error
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End it at once; what it held is lost."""
        if self._process is not None:
            # It may have been halted.
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def make_new(self) -> None:
        """Empty it, and start it where it was stopped."""
        if self._process is None:
            self.start()
            return
        with Redis(port=self.port) as client:
            client.flushall()

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Have it take connections and answer nothing for the block, as a machine cut off does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


def _end_with_the_tests() -> None:
    # prctl(2): the signal comes when the parent dies, also by force.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def running() -> Iterator[Server]:
    """Run a server for the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(probe.getsockname()[1])
    server.start()
    try:
        yield server
    finally:
        server.stop()
