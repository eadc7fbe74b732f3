"""An S3 store of the tests' own (moto's server): in memory, on a port of loopback."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from moto.server import ThreadedMotoServer

from broadsheet.object_stores import ObjectStore, Place

_numbers = count()


@dataclass
class Server:
    """A store that runs, until it is stopped; started again it has what it had."""

    port: int = 0
    _server: ThreadedMotoServer | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, and return when it answers."""
        server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        server.start()
        self.port = server.get_host_and_port()[1]
        self._server = server

    def stop(self) -> None:
        """Have nobody listen on its port."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def place(self) -> Place:
        """Return a place in a bucket of its own."""
        bucket = f"paper-{next(_numbers)}"
        endpoint = f"http://127.0.0.1:{self.port}"
        made = Place(bucket, "pages/", endpoint, "us-east-1", "key", "secret")
        ObjectStore(made)._s3().create_bucket(Bucket=bucket)
        return made


@contextmanager
def running() -> Iterator[Server]:
    """Run a store for the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen on a port, take every connection and never answer; the value is the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # Closing alone does not wake who waits in accept.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in taken:
                connection.close()
