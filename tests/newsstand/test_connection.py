"""What the newsstand answers within the parser is what it answers as an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from broadsheet.newsstand.application import Newsstand, Receive, Scope, Send
from broadsheet.newsstand.connection import Connection
from broadsheet.newsstand.shelf import Copy, Shelf

# More than may stand beside a body.
_CHUNK = b"80000\r\n" + b"a" * 0x80000 + b"\r\n"
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


class _Running:
    """uvicorn with one kind of connection, in a thread."""

    def __init__(self, root: Path, kind: type[HttpToolsProtocol]) -> None:
        self.shelf = Shelf(root)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.server = uvicorn.Server(
            uvicorn.Config(
                Newsstand(self.shelf, _echo),
                http=kind,
                ws="none",
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
            )
        )
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
            connection.sendall(b"HEAD /end/ HTTP/1.1\r\nConnection: close\r\n\r\n")
            return _DATE.sub(b"", _all(connection))

    def settle(self) -> None:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.2), self.loop).result()

    def ones(self) -> list[Connection]:
        return [one for one in self.server.server_state.connections if isinstance(one, Connection)]


def _all(connection: socket.socket) -> bytes:
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while more := connection.recv(1 << 16):
            got += more
    return got


@contextmanager
def _running(root: Path, kind: type[HttpToolsProtocol]) -> Generator[_Running]:
    running = _Running(root, kind)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def stand(pressed: Path) -> Iterator[_Running]:
    with _running(pressed, Connection) as running:
        yield running


def _get(target: bytes = b"/news/207166/", *fields: bytes, version: bytes = b"1.1") -> bytes:
    lines = b"".join(field + b"\r\n" for field in (b"Host: paper", *fields))
    return b"GET %b HTTP/%b\r\n%b\r\n" % (target, version, lines)


_TARGETS = [
    b"/news/207166/",
    b"/news/207166/?utm_source=feed",
    b"/news/207166",
    b"/news/207166/#top",
    b"/%6eews/207166/",
    b"/news/%66%ff/",
    b"http://paper/news/207166/",
    b"//news/207166/",
    b"/",
    b"/?",
    b"/?p=12",
    b"/?from=there",
    b"/feeds/all.json",
    b"/assets/paper.abc123.css",
    b"/photos/12/wide.jpg",
    b"/no/such/page/",
    b"/no/such/page/?a=%20b",
    b"*",
]
_FIELDS: list[list[bytes]] = [
    [],
    [b"Accept-Encoding: gzip, br"],
    [b"accept-encoding: gzip", b"ACCEPT-ENCODING: br;q=0"],
    [b"Accept-Encoding: gzip", b"If-None-Match: *"],
    [b"Accept-Encoding: gzip", b'If-None-Match: "other"'],
    [b"If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"],
    [b"Range: bytes=0-9"],
    [b"Expect: 100-continue"],
    [b"Content-Length: 4", b"", b"body"],
]


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_the_answers_are_uvicorns_to_the_byte(pressed: Path, version: bytes) -> None:
    """All but the date, which both take from the same clock."""
    differ, at_once = [], 0
    with _running(pressed, Connection) as ours, _running(pressed, HttpToolsProtocol) as theirs:
        for target, fields in product(_TARGETS, _FIELDS):
            request = _get(target, *fields, version=version)
            if fields[-1:] == [b"body"]:
                request = request.removesuffix(b"\r\n\r\n")
            mine, its = ours.ask(request), theirs.ask(request)
            if mine != its:
                differ.append((request, mine, its))
        at_once = theirs.server.server_state.total_requests
        at_once -= ours.server.server_state.total_requests
    assert not differ
    # Otherwise nothing was compared; of HTTP/1.0 each connection ends with its answer.
    assert (at_once > 40) if version == b"1.1" else (at_once == 0)


def test_many_at_once_are_answered_in_their_order(stand: _Running) -> None:
    hit, miss = _get(), _get(b"/no/such/page/")
    got = stand.ask(hit, miss, hit, hit, miss, miss, hit)
    statuses = re.findall(rb"HTTP/1.1 (\d+)", got)
    assert statuses == [b"200", b"404", b"200", b"200", b"404", b"404", b"200", b"404"]


def test_a_body_that_nobody_wants_is_no_request(stand: _Running) -> None:
    smuggled = _get(b"/feeds/all.json")
    first = _get(b"/", b"Content-Length: %d" % len(smuggled))
    got = stand.ask(first, smuggled, _get())
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"200", b"200", b"404"]
    assert b"application/json" not in got


def test_who_would_rather_speak_another_protocol_is_answered_in_this(stand: _Running) -> None:
    """As Java's client asks, of each server it does not know yet."""
    with stand.connection() as connection:
        for _ in range(2):
            connection.sendall(_get(b"/", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c"))
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


def test_a_body_is_not_taken_for_another_protocol(stand: _Running) -> None:
    smuggled = _get(b"/feeds/all.json")
    got = stand.ask(
        b"POST /letters/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(smuggled), smuggled)
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"400"]


def test_a_query_goes_on_to_the_page_as_a_query(stand: _Running) -> None:
    got = stand.ask(_get(b"/news/207166?a=%20b\xe9&c='d'"))
    assert b"location: /news/207166/?a=%20b%E9&c='d'\r\n" in got


def test_addresses_may_come_as_they_are_typed(stand: _Running) -> None:
    typed, quoted = "/تهران/?q=خبر".encode(), quote("/تهران/?q=خبر", safe="/?=").encode()
    assert stand.ask(_get(typed)) == stand.ask(_get(quoted))
    with stand.connection() as connection:
        for piece in (b"GET /\xd8\xaa", b"\xd9\x87/ HTTP/1.1\r\nX-Name: \xd8\xaa\r\n\r\n"):
            connection.sendall(piece)
            stand.settle()
        assert repr(("GET", "/ته/", b"", [(b"x-name", b"\xd8\xaa")], b"")).encode() in (
            connection.recv(1 << 16)
        )


def test_what_follows_a_body_in_chunks_is_no_field(stand: _Running) -> None:
    request = (
        b"POST /letters/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n0\r\nX-Forwarded-For: 10.1.2.3\r\n\r\n"
    )
    got = stand.ask(request, _get())
    assert b"'hello'" in got
    assert b"10.1.2.3" not in got
    assert b"HTTP/1.1 200 OK" in got


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nHost: paper\r\n" + b"X-Long: ",
        b"GET /",
        b"POST /letters/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Long: ",
        # A body that is let go, and one that is not, before what has no end.
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\nX-Long: " % _CHUNK,
        b"POST /letters/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\nX-Long: " % _CHUNK,
    ],
)
def test_a_header_without_an_end_is_refused(stand: _Running, begun: bytes) -> None:
    sent = 0
    with stand.connection() as connection, contextlib.suppress(ConnectionError):
        connection.sendall(begun)
        # What the two ends of a connection hold between them is a few megabytes.
        while sent < 16 * 2**20:
            connection.sendall(b"a" * 4096)
            sent += 4096
    assert sent < 16 * 2**20
    assert stand.ask(_get()).startswith(b"HTTP/1.1 200 OK")


def test_a_header_that_is_too_long_is_told_so(stand: _Running) -> None:
    with stand.connection() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 40_000)
        assert _all(connection).startswith(b"HTTP/1.1 431 ")


def test_a_large_body_is_no_header(stand: _Running) -> None:
    chunk = b"1\r\na\r\n" * 40_000
    got = stand.ask(
        b"POST /a/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n\r\n",
        b"POST /b/ HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + b"b" * 200_000,
        _get(),
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"404", b"404", b"200", b"404"]
    assert b"a" * 40_000 in got


@pytest.mark.parametrize("target", [b"/large.txt", b"/no/such/page/"])
def test_who_asks_and_does_not_read_fills_no_memory(
    stand: _Running, write_pressed: Callable[..., Path], target: bytes
) -> None:
    write_pressed("large.txt", b"".join(b"%d " % number for number in range(40_000)))
    with stand.connection() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(2)
        # Either it is not taken any more, or who sends it is not listened to.
        with contextlib.suppress(TimeoutError, ConnectionError):
            connection.sendall(_get(target) * 200_000)
        stand.settle()
        for one in stand.ones():
            assert one.transport.get_write_buffer_size() < 2 * 2**20
            assert len(one.pipeline) <= 64
    assert stand.ask(_get()).startswith(b"HTTP/1.1 200 OK")


def test_a_fault_of_the_shelf_is_told(
    stand: _Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(address: str, coding: str) -> Copy | None:
        raise OSError("the disk is ill")

    monkeypatch.setattr(stand.shelf, "copy", broken)
    with caplog.at_level("ERROR", "uvicorn.error"):
        got = stand.ask(_get())
    assert got.startswith(b"HTTP/1.1 500 ")
    assert "the disk is ill" in caplog.text


def test_whoever_comes_when_all_places_are_taken_is_not_kept(
    stand: _Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "at_most", 2)
    with stand.connection() as first, stand.connection() as second:
        for one in (first, second):
            one.sendall(_get())
            assert one.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")
        with stand.connection() as third:
            assert _all(third) == b""
        second.close()
        stand.settle()
        assert stand.ask(_get()).startswith(b"HTTP/1.1 200 OK")


def _swept(stand: _Running, later: float) -> None:
    async def sweep() -> None:
        for one in stand.ones():
            one.close_if_left(one.loop.time() + later)

    asyncio.run_coroutine_threadsafe(sweep(), stand.loop).result()


def _is_open(connection: socket.socket) -> bool:
    connection.settimeout(0.3)
    try:
        return connection.recv(1 << 16, socket.MSG_PEEK) != b""
    except TimeoutError:
        return True


@pytest.mark.parametrize("begun", [b"", b"GET /news", b"GET / HTTP/1.1\r\nHost: paper\r\n"])
def test_a_request_has_half_a_minute_to_become_whole(stand: _Running, begun: bytes) -> None:
    with stand.connection() as connection:
        connection.sendall(begun)
        assert _is_open(connection)
        _swept(stand, 29)
        assert _is_open(connection)
        _swept(stand, 31)
        assert not _is_open(connection)


@pytest.mark.parametrize("target", [b"/news/207166/", b"/no/such/page/"])
def test_a_connection_is_kept_for_the_next_request(stand: _Running, target: bytes) -> None:
    with stand.connection() as connection:
        for _ in range(2):
            connection.sendall(_get(target))
            connection.settimeout(20)
            assert connection.recv(1 << 16)
        _swept(stand, 70)
        assert _is_open(connection)
        _swept(stand, 80)
        assert not _is_open(connection)


def test_a_body_that_does_not_go_on_is_given_up(stand: _Running) -> None:
    with stand.connection() as connection:
        connection.sendall(b"POST /letters/ HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        assert _is_open(connection)
        _swept(stand, 59)
        assert _is_open(connection)
        _swept(stand, 61)
        assert not _is_open(connection)


def test_an_answer_that_nobody_takes_is_given_up(
    stand: _Running, write_pressed: Callable[..., Path]
) -> None:
    write_pressed("photos/12/huge.jpg", bytes(16 * 2**20), plain=True)
    with stand.connection() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(_get(b"/photos/12/huge.jpg"))
        stand.settle()
        _swept(stand, 0)
        _swept(stand, 299)
        assert stand.ones()
        _swept(stand, 301)
        stand.settle()
        assert not stand.ones()
