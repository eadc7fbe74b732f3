"""What becomes of a connection that goes from one process to another, and back."""

from __future__ import annotations

import http.client
import re
import socket
from pathlib import Path

import pytest

from broadsheet.newsstand.handover import Giving
from newsstand.running import all_of, handing_over


def _get(target: bytes = b"/news/207166/", *fields: bytes, version: bytes = b"1.1") -> bytes:
    lines = b"".join(field + b"\r\n" for field in (b"Host: paper", *fields))
    return b"GET %b HTTP/%b\r\n%b\r\n" % (target, version, lines)


def _status(connection: socket.socket, request: bytes) -> bytes:
    """Send ``request``, read the answer to its end and return its status."""
    connection.sendall(request)
    answer = http.client.HTTPResponse(connection, method=request.partition(b" ")[0].decode())
    answer.begin()
    answer.read()
    return b"%d" % answer.status


def test_only_what_is_no_page_is_handed_over(pressed: Path) -> None:
    asked = [_get(), _get(b"/photos/12/wide.jpg"), _get(b"/", b"Range: bytes=0-9")]
    with handing_over(pressed) as two, two.connection() as connection:
        assert two.behind is not None
        for request in [*asked, b"HEAD / HTTP/1.1\r\n\r\n"]:
            assert _status(connection, request).startswith(b"20")
            assert not two.behind.server.server_state.connections
        for target, status in ((b"/no/such/page/", b"404"), (b"/news/207166/", b"200")) * 2:
            assert _status(connection, _get(target)) == status
            two.settle()
            assert len(two.server.server_state.connections) == (status == b"200")
            assert len(two.behind.server.server_state.connections) == (status == b"404")


def test_a_page_that_is_gone_when_it_comes_back_is_not_sought_by_django_here(
    pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with handing_over(pressed) as two, two.connection() as connection:
        assert _status(connection, _get(b"/no/such/page/")) == b"404"
        for name in ("has", "copy"):
            monkeypatch.setattr(two.shelf, name, lambda *_: None)
        # The other process still has it, and does not give it away a second time.
        assert _status(connection, _get()) == b"200"
        assert two.server.server_state.total_requests == 0


def test_a_page_that_cannot_go_back_is_answered(
    pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with handing_over(pressed) as two, two.connection() as connection:
        assert _status(connection, _get(b"/no/such/page/")) == b"404"
        monkeypatch.setattr(Giving, "give", lambda *_: False)
        for target, status in ((b"/news/207166/", b"200"), (b"/no/such/page/", b"404")) * 2:
            assert _status(connection, _get(target)) == status
        assert two.behind is not None
        assert two.behind.server.server_state.total_requests == 5


def test_what_comes_anew_while_a_process_ends_is_answered_and_ends(
    pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with handing_over(pressed) as two, two.connection() as connection:
        assert _status(connection, _get(b"/no/such/page/")) == b"404"
        # As when the paper stops: a page begins the connection anew, after all were told.
        monkeypatch.setattr(Giving, "give", lambda *_: False)
        assert two.behind is not None
        monkeypatch.setattr(two.behind.server.server_state, "ending", True)
        assert _status(connection, _get()) == b"200"
        # uvicorn would keep it for five seconds.
        connection.settimeout(2)
        assert connection.recv(1) == b""


def test_where_too_many_wait_the_next_is_told_to_come_again(
    pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Giving, "give", lambda *_: False)
    with handing_over(pressed) as two:
        got = two.ask(_get(b"/no/such/page/"))
        assert got.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nretry-after: 2\r\n" in got
        head, _, body = got.partition(b"\r\n\r\n")
        assert b"content-length: %d\r\n" % len(body) in head
        assert two.ask(_get()).startswith(b"HTTP/1.1 200 ")


def test_pages_are_not_kept_by_what_is_sent_behind_them(pressed: Path) -> None:
    with handing_over(pressed) as two, two.connection() as connection:
        connection.sendall(_get() + _get(b"/no/such/page/"))
        assert re.findall(rb"HTTP/1.1 (\d+)", all_of(connection)) == [b"200"]
        assert two.server.server_state.total_requests == 0
