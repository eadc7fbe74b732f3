"""What the newsstand answers within the parser is what it answers as an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from broadsheet.newsstand.connection import Connection
from broadsheet.newsstand.shelf import Copy
from newsstand.running import Running, all_of, handing_over, running

# More than may stand beside a body.
_CHUNK = b"80000\r\n" + b"a" * 0x80000 + b"\r\n"


@pytest.fixture(params=["alone", "handing over"])
def stand(pressed: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    with running(pressed, Connection) if request.param == "alone" else handing_over(pressed) as one:
        yield one


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
    """All but the date, which all take from the same clock."""
    differ, at_once = [], 0
    with (
        running(pressed, HttpToolsProtocol) as theirs,
        running(pressed, Connection) as ours,
        handing_over(pressed) as two,
    ):
        for target, fields in product(_TARGETS, _FIELDS):
            request = _get(target, *fields, version=version)
            if fields[-1:] == [b"body"]:
                request = request.removesuffix(b"\r\n\r\n")
            answers = [each.ask(request) for each in (theirs, ours, two)]
            if len(set(answers)) > 1:
                differ.append((request, *answers))
        at_once = theirs.server.server_state.total_requests
        at_once -= ours.server.server_state.total_requests
        assert two.behind is not None
        handed = two.behind.server.server_state.total_requests
    assert not differ
    # Otherwise nothing was compared; of HTTP/1.0 each connection ends with its answer.
    assert (at_once > 40) if version == b"1.1" else (at_once == 0)
    assert handed > 40


def test_many_at_once_are_answered_in_their_order(stand: Running) -> None:
    """What is for others and stands behind a page is asked again, as by whoever sends ahead."""
    hit, miss = _get(), _get(b"/no/such/page/")
    waiting = [hit, miss, hit, hit, miss, miss, hit]
    statuses: list[bytes] = []
    times = 0
    while waiting:
        got = re.findall(rb"HTTP/1.1 (\d+)", stand.ask(*waiting))
        assert got
        statuses += got[: len(waiting)]
        waiting = waiting[len(got) :]
        times += 1
    assert statuses == [b"200", b"404", b"200", b"200", b"404", b"404", b"200"]
    assert times <= (1 if stand.behind is None else 3)


def test_a_body_that_nobody_wants_is_no_request(stand: Running) -> None:
    smuggled = _get(b"/feeds/all.json")
    first = _get(b"/", b"Content-Length: %d" % len(smuggled))
    got = stand.ask(first, smuggled, _get())
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"200", b"200", b"200"]
    assert b"application/json" not in got


def test_who_would_rather_speak_another_protocol_is_answered_in_this(stand: Running) -> None:
    """As Java's client asks, of each server it does not know yet."""
    with stand.connection() as connection:
        for _ in range(2):
            connection.sendall(_get(b"/", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c"))
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


def test_a_body_is_not_taken_for_another_protocol(stand: Running) -> None:
    smuggled = _get(b"/feeds/all.json")
    got = stand.ask(
        b"POST /letters/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(smuggled), smuggled)
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"400"]


def test_a_query_goes_on_to_the_page_as_a_query(stand: Running) -> None:
    got = stand.ask(_get(b"/news/207166?a=%20b\xe9&c='d'"))
    assert b"location: /news/207166/?a=%20b%E9&c='d'\r\n" in got


def test_addresses_may_come_as_they_are_typed(stand: Running) -> None:
    typed, quoted = "/تهران/?q=خبر".encode(), quote("/تهران/?q=خبر", safe="/?=").encode()
    assert stand.ask(_get(typed)) == stand.ask(_get(quoted))
    with stand.connection() as connection:
        for piece in (b"GET /\xd8\xaa", b"\xd9\x87/ HTTP/1.1\r\nX-Name: \xd8\xaa\r\n\r\n"):
            connection.sendall(piece)
            stand.settle()
        assert repr(("GET", "/ته/", b"", [(b"x-name", b"\xd8\xaa")], b"")).encode() in (
            connection.recv(1 << 16)
        )


def test_what_follows_a_body_in_chunks_is_no_field(stand: Running) -> None:
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
def test_a_header_without_an_end_is_refused(stand: Running, begun: bytes) -> None:
    sent = 0
    with stand.connection() as connection, contextlib.suppress(ConnectionError):
        connection.sendall(begun)
        # What the two ends of a connection hold between them is a few megabytes.
        while sent < 16 * 2**20:
            connection.sendall(b"a" * 4096)
            sent += 4096
    assert sent < 16 * 2**20
    assert stand.ask(_get()).startswith(b"HTTP/1.1 200 OK")


def test_a_header_that_is_too_long_is_told_so(stand: Running) -> None:
    with stand.connection() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 40_000)
        assert all_of(connection).startswith(b"HTTP/1.1 431 ")


def test_a_large_body_is_no_header(stand: Running) -> None:
    chunk = b"1\r\na\r\n" * 40_000
    got = stand.ask(
        b"POST /a/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n\r\n",
        b"POST /b/ HTTP/1.1\r\nContent-Length: 200000\r\n\r\n" + b"b" * 200_000,
        _get(),
    )
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"404", b"404", b"200", b"200"]
    assert b"a" * 40_000 in got


@pytest.mark.parametrize("target", [b"/large.txt", b"/no/such/page/"])
def test_who_asks_and_does_not_read_fills_no_memory(
    stand: Running, write_pressed: Callable[..., Path], target: bytes
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


@pytest.mark.parametrize("target", [b"/news/207166", b"/no/such/page/", b"/photos/12/wide.jpg"])
def test_who_has_nothing_more_to_say_is_answered(stand: Running, target: bytes) -> None:
    for _ in range(5):
        with stand.connection() as connection:
            connection.sendall(_get(target))
            connection.shutdown(socket.SHUT_WR)
            assert all_of(connection).startswith(b"HTTP/1.1 ")
    stand.settle()
    assert not stand.ones()


def test_what_a_body_holds_is_left_as_it_is(stand: Running) -> None:
    body = b"\xd8\xaa" * 6
    with stand.connection() as connection:
        connection.sendall(b"POST /a/ HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody")
        stand.settle()
        connection.sendall(_get(b"/b/") + b"POST /c/ HTTP/1.1\r\nContent-Length: 12\r\n\r\n")
        stand.settle()
        connection.sendall(body + b"HEAD / HTTP/1.0\r\n\r\n")
        got = all_of(connection)
    assert repr(body).encode() in got
    assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"404", b"404", b"404", b"200"]


def test_who_is_gone_before_it_is_known_who_it_was_is_not_answered(stand: Running) -> None:
    class _Nobody(asyncio.Transport):
        aborted = False

        def abort(self) -> None:
            self.aborted = True

        def get_extra_info(self, name: str, default: object = None) -> object:
            return default

    state = stand.server.server_state
    one = Connection(stand.server.config, state, {}, stand.loop, read=_get(b"/no/such/page/"))
    nobody = _Nobody()
    one.connection_made(nobody)
    state.connections.discard(one)
    assert nobody.aborted
    assert one.cycle is None


def test_a_fault_of_the_shelf_is_told(
    stand: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(address: str, coding: str) -> Copy | None:
        raise OSError("the disk is ill")

    monkeypatch.setattr(stand.shelf, "copy", broken)
    with caplog.at_level("ERROR", "uvicorn.error"):
        got = stand.ask(_get())
    assert got.startswith(b"HTTP/1.1 500 ")
    assert "the disk is ill" in caplog.text


def test_whoever_comes_when_all_places_are_taken_is_not_kept(
    stand: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "at_most", 2)
    with stand.connection() as first, stand.connection() as second:
        for one in (first, second):
            one.sendall(_get())
            assert one.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")
        with stand.connection() as third:
            assert all_of(third) == b""
        second.close()
        stand.settle()
        assert stand.ask(_get()).startswith(b"HTTP/1.1 200 OK")


def _is_open(connection: socket.socket) -> bool:
    connection.settimeout(0.3)
    try:
        return connection.recv(1 << 16, socket.MSG_PEEK) != b""
    except TimeoutError:
        return True


@pytest.mark.parametrize("begun", [b"", b"GET /news", b"GET / HTTP/1.1\r\nHost: paper\r\n"])
def test_a_request_has_half_a_minute_to_become_whole(stand: Running, begun: bytes) -> None:
    with stand.connection() as connection:
        connection.sendall(begun)
        assert _is_open(connection)
        stand.sweep(29)
        assert _is_open(connection)
        stand.sweep(31)
        assert not _is_open(connection)


@pytest.mark.parametrize("target", [b"/news/207166/", b"/no/such/page/"])
def test_a_connection_is_kept_for_the_next_request(stand: Running, target: bytes) -> None:
    with stand.connection() as connection:
        for _ in range(2):
            connection.sendall(_get(target))
            connection.settimeout(20)
            assert connection.recv(1 << 16)
        stand.sweep(70)
        assert _is_open(connection)
        stand.sweep(80)
        assert not _is_open(connection)


def test_a_body_that_does_not_go_on_is_given_up(stand: Running) -> None:
    with stand.connection() as connection:
        connection.sendall(b"POST /letters/ HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        assert _is_open(connection)
        stand.sweep(59)
        assert _is_open(connection)
        stand.sweep(61)
        assert not _is_open(connection)


def test_an_answer_that_nobody_takes_is_given_up(
    stand: Running, write_pressed: Callable[..., Path]
) -> None:
    write_pressed("photos/12/huge.jpg", bytes(16 * 2**20), plain=True)
    with stand.connection() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(_get(b"/photos/12/huge.jpg"))
        stand.settle()
        stand.sweep(0)
        stand.sweep(299)
        assert stand.ones()
        stand.sweep(301)
        stand.settle()
        assert not stand.ones()
