"""uvicorn with the newsstand, running in a thread, alone or with another one behind it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from broadsheet.newsstand import handover
from broadsheet.newsstand.application import Newsstand, Receive, Scope, Send
from broadsheet.newsstand.connection import Connection
from broadsheet.newsstand.serving import Server
from broadsheet.newsstand.shelf import Shelf

_DATE = re.compile(rb"\r\ndate: [^\r]+")


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what Django would get: the method, the path, the fields and the body."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    said = repr((scope["method"], scope["path"], scope["query_string"], scope["headers"], body))
    headers = [(b"content-length", b"%d" % len(said.encode()))]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})


class Running:
    """uvicorn with one kind of connection, in a thread; what is given to ``taking`` it takes.

    ``behind`` is another one, to which this one gives what is not its own.
    """

    def __init__(
        self,
        root: Path,
        kind: type[HttpToolsProtocol],
        *,
        taking: socket.socket | None = None,
        behind: Running | None = None,
    ) -> None:
        self.shelf = Shelf(root)
        self.behind = behind
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        config = uvicorn.Config(
            Newsstand(self.shelf, _echo),
            http=kind,
            ws="none",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
        )
        ours = issubclass(kind, Connection)
        self.server = Server(config, taking) if ours else uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            self.loop = runner.get_loop()
            runner.run(self.server.serve(sockets=[self._listening]))

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join()

    def connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, *requests: bytes) -> bytes:
        """Send ``requests`` in one piece and return all that comes before the connection ends."""
        with self.connection() as connection:
            connection.sendall(b"".join(requests))
            # Ends the connection when everything is answered.
            connection.sendall(b"HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
            return _DATE.sub(b"", all_of(connection))

    def settle(self) -> None:
        """Wait until what has come was taken."""
        for one in filter(None, (self, self.behind)):
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.2), one.loop).result()

    def ones(self) -> list[Connection]:
        """Return the connections that there are."""
        return [
            one
            for running in filter(None, (self, self.behind))
            for one in list(running.server.server_state.connections)
            if isinstance(one, Connection)
        ]

    def sweep(self, later: float) -> None:
        """Close what is left, as if it were so many seconds ``later``."""

        async def swept(running: Running) -> None:
            for one in list(running.server.server_state.connections):
                if isinstance(one, Connection):
                    one.close_if_left(one.loop.time() + later)

        for one in filter(None, (self, self.behind)):
            asyncio.run_coroutine_threadsafe(swept(one), one.loop).result()


def all_of(connection: socket.socket) -> bytes:
    """Return all that comes before ``connection`` ends."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while more := connection.recv(1 << 16):
            got += more
    return got


@contextmanager
def running(root: Path, kind: type[HttpToolsProtocol]) -> Generator[Running]:
    """Run one for the block."""
    one = Running(root, kind)
    try:
        yield one
    finally:
        one.stop()


@contextmanager
def handing_over(root: Path) -> Generator[Running]:
    """Run one for the block, and another to which it gives what is not its own."""
    to_behind, of_front = handover.pair()
    to_front, of_behind = handover.pair()
    # Each of a kind of its own, as each process has.
    for_pages = type("ForPages", (Connection,), {"giving": handover.Giving(to_behind)})
    for_the_rest = type(
        "ForTheRest", (Connection,), {"giving": handover.Giving(to_front), "for_pages": False}
    )
    behind = Running(root, for_the_rest, taking=of_front)
    front = Running(root, for_pages, taking=of_behind, behind=behind)
    try:
        yield front
    finally:
        front.stop()
        behind.stop()
        for end in (to_behind, of_front, to_front, of_behind):
            end.close()
