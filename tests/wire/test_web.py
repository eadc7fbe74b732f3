"""Fetching from the web, from a server on loopback that plays along."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest

from broadsheet.wire.incoming import Incoming
from broadsheet.wire.retrievers import web
from broadsheet.wire.retrievers.errors import GoneError, RetrieveError
from broadsheet.wire.retrievers.politeness import back_off
from broadsheet.wire.retrievers.web import Client, Limits, NotModified, Validators
from broadsheet.wire.retrievers.web_address import WebAddress
from wire.loopback_web import FEED, Web, answer, client_of, fetched, redirect


def test_a_feed_comes_with_what_tells_its_state_and_later_only_when_changed(
    web_server: Web, web_client: Client
) -> None:
    def feed(connection: socket.socket, head: str) -> None:
        if 'If-None-Match: W/"7"' in head and "If-Modified-Since: Sat, 30 Dec 2017" in head:
            connection.sendall(answer(b"", "304 Not Modified"))
            return
        headers = (
            'ETag: W/"7"',
            "Last-Modified: Sat, 30 Dec 2017 06:58:00 GMT",
            "Content-Type: application/rss+xml; charset=utf-8",
        )
        connection.sendall(answer(FEED, "200 OK", *headers))

    web_server.answers["/feed"] = feed
    found = fetched(web_client.fetch(web_server.url("/feed")))
    assert found.content == FEED
    assert found.media_type == "application/rss+xml; charset=utf-8"
    assert found.validators == Validators('W/"7"', "Sat, 30 Dec 2017 06:58:00 GMT")
    again = web_client.fetch(web_server.url("/feed"), found.validators)
    assert again == NotModified(web_server.url("/feed"), found.validators)
    head = web_server.requests[0]
    assert head.startswith("GET /feed HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{web_server.port}\r\n" in head
    assert "User-Agent: Broadsheet/test\r\n" in head
    assert "If-None-Match" not in head
    assert "Authorization" not in head


def test_the_paper_says_who_asks(web_server: Web, settings: object) -> None:
    settings.FETCH_PRIVATE = ["127.0.0.0/8"]  # type: ignore[attr-defined]
    settings.FETCH_PORTS = [str(web_server.port)]  # type: ignore[attr-defined]
    settings.BASE_URL = "https://paper.example"  # type: ignore[attr-defined]
    web_server.answers["/"] = answer(FEED)
    assert fetched(web.fetch(web_server.url())).content == FEED
    assert "User-Agent: Broadsheet/" in web_server.requests[0]
    assert "(+https://paper.example/)" in web_server.requests[0]


def test_proxies_of_the_environment_are_not_asked(
    web_server: Web, web_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web_server.answers["/"] = answer(FEED)
    assert fetched(web_client.fetch(web_server.url())).content == FEED


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)),
        ("x-gzip", gzip.compress(FEED, mtime=0)),
        (
            "gzip",
            gzip.compress(FEED[:20], mtime=0) + gzip.compress(FEED[20:], mtime=0) + b"\0" * 40,
        ),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
        ("br", brotli.compress(FEED)),
        ("deflate, gzip", gzip.compress(zlib.compress(FEED), mtime=0)),
        ("gzip", FEED),  # packed in word only
        ("identity", FEED),
    ],
)
def test_what_is_packed_is_unpacked(
    web_server: Web, web_client: Client, coding: str, packed: bytes
) -> None:
    web_server.answers["/"] = answer(packed, "200 OK", f"Content-Encoding: {coding}")
    assert fetched(web_client.fetch(web_server.url())).content == FEED


def test_pieces_of_any_size_come_together(web_server: Web, web_client: Client) -> None:
    packed = gzip.compress(FEED * 100)

    def dribble(connection: socket.socket, head: str) -> None:
        connection.sendall(
            b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for at in range(len(packed)):
            connection.sendall(b"1\r\n" + packed[at : at + 1] + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    web_server.answers["/"] = dribble
    assert fetched(web_client.fetch(web_server.url())).content == FEED * 100


def test_addresses_in_other_letters_are_asked_for_as_the_web_writes_them() -> None:
    found = WebAddress.of(" HTTPS://Bücher.example:443/straße/ä b?q=ü&r=%C3%BC#part ")
    assert (found.host, found.port) == ("xn--bcher-kva.example", 443)
    assert found.target == "/stra%C3%9Fe/%C3%A4%20b?q=%C3%BC&r=%C3%BC"
    assert str(found) == f"https://xn--bcher-kva.example{found.target}"
    assert WebAddress.of("http://[2001:DB8::1]:8080").authority == "[2001:db8::1]:8080"


def test_what_is_gone_is_told_from_what_is_missing(web_server: Web, web_client: Client) -> None:
    web_server.answers["/gone"] = answer(b"", "410 Gone")
    with pytest.raises(GoneError, match="gone for good"):
        web_client.fetch(web_server.url("/gone"))
    with pytest.raises(RetrieveError, match="404") as refused:
        web_client.fetch(web_server.url("/missing"))
    assert (refused.value.status, refused.value.is_temporary) == (404, False)
    for status in ("204 No Content", "300 Multiple Choices", "206 Partial Content", "418 Tea"):
        web_server.answers["/odd"] = answer(b"", status)
        with pytest.raises(RetrieveError, match=status[:3]):
            web_client.fetch(web_server.url("/odd"))
    web_server.answers["/odd"] = answer(b"", "304 Not Modified")
    with pytest.raises(RetrieveError, match="without having been asked"):
        web_client.fetch(web_server.url("/odd"))


def test_a_busy_host_is_left_alone_as_long_as_it_asks(web_server: Web) -> None:
    web_client = client_of(web_server)
    web_server.answers["/"] = answer(b"", "503 Service Unavailable", "Retry-After: 120")
    with pytest.raises(RetrieveError, match="busy") as refused:
        web_client.fetch(web_server.url())
    assert refused.value.retry_after == timedelta(seconds=120)
    assert refused.value.is_temporary
    with pytest.raises(RetrieveError, match="left alone") as kept:
        web_client.fetch(web_server.url("/other"))
    assert kept.value.retry_after is not None
    assert len(web_server.requests) == 1
    at = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    for value, least, most in ((at, 3500, 3600), ("9" * 40, 86400, 86400), ("soon", None, None)):
        web_server.answers["/"] = answer(b"", "429 Too Many Requests", f"Retry-After: {value}")
        with pytest.raises(RetrieveError) as refused:
            client_of(web_server).fetch(web_server.url())
        span = refused.value.retry_after
        if least is None:
            assert span is None
        else:
            assert span is not None
            assert most is not None
            assert least <= span.total_seconds() <= most


def test_waits_grow_with_failures_to_a_day() -> None:
    minutes = timedelta(minutes=5)
    assert [back_off(count, minutes) / minutes for count in range(4)] == [1, 2, 4, 8]
    assert back_off(1000, minutes) == timedelta(days=1)
    assert back_off(0, timedelta(days=7)) == timedelta(days=7)
    asked = RetrieveError("busy", retry_after=timedelta(hours=2))
    assert back_off(1, minutes, asked) == timedelta(hours=2)


def test_a_host_is_asked_one_thing_at_a_time_with_pauses(web_server: Web) -> None:
    web_client = client_of(web_server, pause=0.1)

    def slow(connection: socket.socket, head: str) -> None:
        time.sleep(0.05)
        connection.sendall(answer(FEED))

    web_server.answers["/"] = slow
    failures: list[Exception] = []

    def ask() -> None:
        try:
            # Waiting for one's turn is not the server's slowness.
            web_client.fetch(web_server.url(), limits=Limits(seconds=0.3))
        except RetrieveError as error:
            failures.append(error)

    began = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert failures == []
    assert (len(web_server.requests), web_server.most_at_once) == (4, 1)
    assert time.monotonic() - began >= 4 * 0.05 + 3 * 0.1


def test_pictures_are_told_by_their_bytes(web_server: Web, web_client: Client) -> None:
    picture = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100)
    web_server.answers["/a.png"] = answer(picture, "200 OK", "Content-Type: image/png")
    found = web_client.fetch_picture(web_server.url("/a.png"))
    assert (found.content, found.media_type) == (picture, "image/jpeg")
    assert "Accept: image/jpeg" in web_server.requests[0]
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>Sign in</html>", b""):
        web_server.answers["/a.png"] = answer(content, "200 OK", "Content-Type: image/png")
        with pytest.raises(RetrieveError, match="no picture"):
            web_client.fetch_picture(web_server.url("/a.png"))


def test_a_feed_counts_as_had_once_it_is_stored(web_server: Web, web_client: Client) -> None:
    web_server.answers["/f"] = redirect("/feed", "301 Moved Permanently")
    web_server.answers["/feed"] = answer(FEED, "200 OK", 'ETag: "1"', "Content-Type: text/xml")
    retrieval = web.retrieve(web_server.url("/f"), {}, by=web_client)
    (first,) = retrieval
    assert first.incoming == Incoming(FEED, web_server.url("/feed"), "text/xml")
    assert retrieval.state == {}
    first.failed("It could not be read.")
    assert retrieval.state == {}
    first.done()
    assert retrieval.state["etag"] == '"1"'
    assert retrieval.state["moved_to"] == web_server.url("/feed")
    # A server that knows no states sends the same again.
    second = web.retrieve(web_server.url("/f"), retrieval.state, by=web_client)
    assert list(second) == []
    assert 'If-None-Match: "1"' in web_server.requests[-1]
    web_server.answers["/feed"] = answer(b"", "304 Not Modified")
    third = web.retrieve(web_server.url("/f"), second.state, by=web_client)
    assert list(third) == []
    assert third.state == second.state
    # Where it has moved to, all of that holds; at another address, nothing.
    assert list(web.retrieve(web_server.url("/feed"), third.state, by=web_client)) == []
    web_server.answers["/other"] = answer(FEED)
    (other,) = web.retrieve(web_server.url("/other"), third.state, by=web_client)
    assert isinstance(other.incoming, Incoming)
    assert "If-None-Match" not in web_server.requests[-1]
    web_server.answers["/feed"] = answer(b"", "410 Gone")
    with pytest.raises(GoneError):
        list(web.retrieve(web_server.url("/f"), third.state, by=web_client))
