"""A connection that is handed over arrives, with what was read of it, however busy the other is."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
import uvloop

from broadsheet.newsstand import handover

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    giving, taking = handover.pair()
    yield giving, taking
    giving.close()
    taking.close()


def _taken(taking: socket.socket) -> list[bytes]:
    """Take what waits, answer each with what was read of it, and return that."""
    read: list[bytes] = []

    def take(connection: socket.socket, began: bytes) -> None:
        assert not connection.get_inheritable()
        # Some have gone by now.
        with connection, suppress(BrokenPipeError):
            connection.sendall(began[:20])
        read.append(began)

    while handover.take(taking, take):
        pass
    return read


def test_it_is_the_same_connection(ends: Ends) -> None:
    giving, taking = ends
    reader, ours = socket.socketpair()
    with reader:
        with ours:
            assert handover.Giving(giving).give(ours.fileno(), b"GET / HTTP/1.1\r\n")
        assert _taken(taking) == [b"GET / HTTP/1.1\r\n"]
        assert reader.recv(100) == b"GET / HTTP/1.1\r\n"
        assert reader.recv(100) == b""
    assert _taken(taking) == []


def test_as_much_goes_with_it_as_an_event_loop_reads_at_once(ends: Ends) -> None:
    giving, taking = ends
    began = bytes(256_000 + 32 * 1024)
    reader, ours = socket.socketpair()
    with reader, ours:
        assert handover.Giving(giving).give(ours.fileno(), began)
        assert _taken(taking) == [began]


def test_what_is_taken_late_waits_in_its_order(ends: Ends) -> None:
    giving, taking = ends

    async def give() -> list[bytes]:
        giving.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        one = handover.Giving(giving)
        read: list[bytes] = []
        for number in range(200):
            reader, ours = socket.socketpair()
            with reader, ours:
                assert one.give(ours.fileno(), b"%d" % number)
        while len(read) < 200:
            read += _taken(taking)
            await asyncio.sleep(0)
        return read

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        read = runner.run(asyncio.wait_for(give(), 20))
    assert read == [b"%d" % number for number in range(200)]


def test_it_is_said_where_too_many_wait_or_it_is_too_large(ends: Ends) -> None:
    giving, taking = ends

    async def give() -> None:
        one = handover.Giving(giving)
        reader, ours = socket.socketpair()
        with reader, ours:
            # Below the bound of all that waits, and more than a socket may carry in one piece.
            giving.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
            assert not one.give(ours.fileno(), bytes(2**20))
            assert not one.waits
            given = 0
            while one.give(ours.fileno(), b"GET /"):
                given += 1
            assert one.waits
            assert given >= handover.WAITING
            taken = 0
            while one.waits or taken < given:
                taken += len(_taken(taking))
                await asyncio.sleep(0)
            assert taken == given
            assert one.give(ours.fileno(), b"GET /")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(give(), 20))


def test_it_is_said_where_nobody_gives_or_takes_any_more(ends: Ends) -> None:
    giving, taking = ends
    reader, ours = socket.socketpair()
    with reader, ours:
        assert handover.Giving(giving).give(ours.fileno(), b"GET /")
        giving.shutdown(socket.SHUT_WR)
        assert not handover.Giving(giving).give(ours.fileno(), b"GET /")
    with pytest.raises(EOFError):
        _taken(taking)
