"""Connections handed from one process to another, with what was read of them.

Processes that hand out pages leave what needs Django to one that is there for it, so that its work
keeps no reader of a page waiting, and its memory is needed once; that one gives a connection back
with the next request for a page. What is handed over is the connection itself (``SCM_RIGHTS``, man
7 unix) with the bytes of the request that was begun: the next process reads on where the first
stopped, and the reader notices nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable
from struct import Struct

import structlog

log = structlog.get_logger("broadsheet.connections")

# Of a socket's buffer; the system gives twice as much, or twice what net.core.wmem_max allows.
_BUFFER = 1 << 20
# The event loop reads 256,000 bytes at once, and the beginning of a header may be there already.
_LARGEST = 512 * 1024
# Beside those that wait in the socket: some hundred, of the usual size.
WAITING = 256
"""How many connections at most wait, each with a descriptor, until the socket has room."""
_WAITING_BYTES = 8 * 2**20
_DESCRIPTOR = Struct("i")
# Where several take, the first to wake leaves some to the others.
_TAKEN_AT_ONCE = 4


def pair() -> tuple[socket.socket, socket.socket]:
    """Return the ends for giving and for taking.

    Either may be used by several processes. As long as one has the taking end open, what was given
    waits for whoever takes it.
    """
    giving, taking = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (giving, taking):
        end.setblocking(False)
    giving.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    return giving, taking


class Giving:
    """Gives connections away through ``end``; to be used within one event loop."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._bytes = 0
        self.is_over = False
        """Whether nobody takes any more: the paper stops."""

    @property
    def waits(self) -> bool:
        """Whether anything waits until the socket has room."""
        return bool(self._waiting)

    def give(self, connection: int, read: bytes) -> bool:
        """Give away the descriptor ``connection`` with the bytes that were ``read`` from it.

        What is taken later, waits. Returns false where too many wait, or it cannot be given; in
        any case the caller closes its own descriptor.
        """
        if len(self._waiting) >= WAITING or self._bytes + len(read) > _WAITING_BYTES:
            log.warning("too many requests wait for another process")
            return False
        try:
            if self._waiting or not self._is_sent(connection, read):
                asyncio.get_running_loop().add_writer(self._end, self._go_on)
                self._waiting.append((os.dup(connection), read))
                self._bytes += len(read)
        except BrokenPipeError:
            self.is_over = True
            return False
        except OSError as error:  # more than the system sends in one piece; no descriptor left
            log.warning("a connection cannot be handed over", reason=str(error))
            return False
        return True

    def _is_sent(self, connection: int, read: bytes) -> bool:
        try:
            socket.send_fds(self._end, [read], [connection])
        except BlockingIOError:
            return False
        return True

    def _go_on(self) -> None:
        while self._waiting:
            connection, read = self._waiting[0]
            try:
                if not self._is_sent(connection, read):
                    return
            except OSError as error:
                log.warning("a connection cannot be handed over and ends", reason=str(error))
            self._waiting.popleft()
            self._bytes -= len(read)
            os.close(connection)
        asyncio.get_running_loop().remove_writer(self._end)


async def go_on_with(
    connection: socket.socket, protocol: Callable[[], asyncio.BaseProtocol]
) -> None:
    """Have the running event loop serve ``connection`` by a new ``protocol``."""
    try:
        await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)
    except OSError:  # the reader has gone meanwhile
        connection.close()


def take(end: socket.socket, taken: Callable[[socket.socket, bytes], None]) -> bool:
    """Call ``taken`` with connections that wait at ``end`` and what was read from each.

    Takes a few, and tells whether there may be more. Raises ``EOFError`` where nobody gives any
    more.
    """
    for _ in range(_TAKEN_AT_ONCE):
        try:
            read, carried, _, _ = end.recvmsg(
                _LARGEST, socket.CMSG_LEN(_DESCRIPTOR.size), socket.MSG_CMSG_CLOEXEC
            )
        except BlockingIOError:
            return False
        if not read:
            raise EOFError
        if not carried:
            log.warning("a connection was handed over and is lost: too many files are open")
        for _, _, data in carried:
            connection = socket.socket(fileno=_DESCRIPTOR.unpack(data)[0])
            connection.setblocking(False)
            taken(connection, read)
    return True
