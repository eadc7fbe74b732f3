"""Fetching from servers that send too much, take too long or make no sense."""

from __future__ import annotations

import gzip
import socket
import time
import zlib

import brotli
import pytest

from broadsheet.wire.retrievers.errors import RetrieveError
from broadsheet.wire.retrievers.web import Client, Limits
from wire.loopback_web import FEED, Web, answer, client_of, fetched

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(b"\0" * 30 * MB)),
        ("deflate", zlib.compress(b"\0" * 30 * MB)),
        ("br", brotli.compress(b"\0" * 30 * MB, quality=3)),
        ("gzip, gzip", gzip.compress(gzip.compress(b"\0" * 30 * MB))),
    ],
)
def test_bombs_are_refused_while_they_unfold(
    web_server: Web, web_client: Client, coding: str, bomb: bytes
) -> None:
    assert len(bomb) < MB
    web_server.answers["/"] = answer(bomb, "200 OK", f"Content-Encoding: {coding}")
    with pytest.raises(RetrieveError, match="more than 1 MB"):
        web_client.fetch(web_server.url(), limits=Limits(size=MB))


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)[:-12]),
        ("gzip", gzip.compress(FEED, mtime=0)[:30] + b"\xff" * 30),
        ("deflate", zlib.compress(FEED)[:-3]),
        ("br", brotli.compress(FEED)[:-3]),
        ("br", b"\xff" * 50),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("gzip, gzip, gzip", b""),
    ],
)
def test_what_is_packed_wrongly_is_refused(
    web_server: Web, web_client: Client, coding: str, packed: bytes
) -> None:
    web_server.answers["/"] = answer(packed, "200 OK", f"Content-Encoding: {coding}")
    with pytest.raises(RetrieveError, match=r"broken or cut off|not asked for"):
        web_client.fetch(web_server.url())


def test_bodies_without_an_end_end(web_server: Web, web_client: Client) -> None:
    def endless(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    web_server.answers["/"] = endless
    with pytest.raises(RetrieveError, match="more than 1 MB"):
        web_client.fetch(web_server.url(), limits=Limits(size=MB))
    web_server.answers["/"] = answer(b"", length=5 * MB)
    with pytest.raises(RetrieveError, match="has 5 MB; at most 1 MB"):
        web_client.fetch(web_server.url(), limits=Limits(size=MB))


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
)
def test_a_byte_now_and_then_does_not_keep_us(
    web_server: Web, web_client: Client, start: bytes
) -> None:
    def slow(connection: socket.socket, head: str) -> None:
        connection.sendall(start)
        while not web_server.stopped.wait(0.02):
            connection.sendall(b"x")

    web_server.answers["/"] = slow
    began = time.monotonic()
    # A slow answer that has no form at all is found out sooner.
    with pytest.raises(RetrieveError) as refused:
        web_client.fetch(web_server.url(), limits=Limits(seconds=0.4))
    assert time.monotonic() - began < 2
    assert refused.value.is_temporary


def test_endless_interim_answers_and_heads_end(web_server: Web, web_client: Client) -> None:
    def interim(connection: socket.socket, head: str) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)

    def heads(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Filler: " + b"y" * 1000 + b"\r\n")

    web_server.answers = {"/interim": interim, "/heads": heads}
    for path in web_server.answers:
        with pytest.raises(RetrieveError):
            web_client.fetch(web_server.url(path), limits=Limits(seconds=0.5))


@pytest.mark.parametrize(
    "sent",
    [
        answer(FEED, length=len(FEED) + 10),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabcd",
        b"HTTP/1.1 huh\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x00\x00",
        b"",
    ],
)
def test_broken_answers_are_refused(web_server: Web, web_client: Client, sent: bytes) -> None:
    web_server.answers["/"] = sent
    with pytest.raises(RetrieveError, match="broke off") as refused:
        web_client.fetch(web_server.url())
    assert refused.value.is_temporary


def test_more_than_was_announced_is_left(web_server: Web, web_client: Client) -> None:
    web_server.answers["/"] = answer(FEED + b"and more", length=len(FEED))
    assert fetched(web_client.fetch(web_server.url())).content == FEED


def test_nobody_there(web_server: Web) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RetrieveError, match="cannot be reached") as refused:
        client_of(web_server, ports=(port,)).fetch(f"http://127.0.0.1:{port}/")
    assert refused.value.is_temporary
