"""A reader's connection: uvicorn's, which answers what lies on the shelf as soon as it is asked.

To uvicorn each request is a task of the event loop and a dictionary of what is known about it.
That takes several times as long as finding the page. So the newsstand is asked first, from within
the parser; what it leaves takes uvicorn's way. ``docs/decisions/0022`` has the figures.

Where others are there for what needs Django, the connection goes to them with such a request, and
back with the next one for a page (``handover``; ``docs/decisions/0023``).

Here are the bounds, too, that uvicorn does not have: of what a sender may send before it is a
request, of how long it may take, and of how many may be connected.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from typing import Any, ClassVar

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from broadsheet.newsstand.application import Newsstand
from broadsheet.newsstand.handover import Giving, go_on_with

log = structlog.get_logger("broadsheet.connections")

IDLE_S = 75.0
"""How long a connection is kept without a request; nginx keeps its own to us for 60 seconds."""
_HEAD_WITHIN_S = 30.0
# A body of which nothing comes for so long does not go on.
_BODY_AGAIN_WITHIN_S = 60.0
# Somebody who takes nothing of an answer for so long is not there any more.
_STUCK_S = 300.0
# Of what is no body: the header, and the frames of a body that comes in chunks. As nginx has it.
_LARGEST_HEAD = 32 * 1024
# A chunk of one byte has five around it (RFC 9112, 7.1).
_AROUND_A_BYTE = 8
# Of requests that are sent before the last is answered, so many wait.
_PIPELINED = 64

_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 52\r\nretry-after: 2\r\n"
    b"cache-control: no-store\r\nconnection: close\r\n\r\n"
    b"Too many ask at once. Please try again in a moment.\n"
)
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 31\r\nconnection: close\r\n\r\n"
    b"This request has a long header\n"
)


class Connection(HttpToolsProtocol):
    """One connection, with the newsstand where that is the application itself."""

    at_most: ClassVar[int | None] = None
    """How many connections a process keeps; whoever comes beyond them is not answered."""
    giving: ClassVar[Giving | None] = None
    """Where connections go whose request is for other processes, if there are any."""
    for_pages: ClassVar[bool] = True
    """Whether this process answers what is on the shelf, and the others the rest, or the reverse.
    """

    def __init__(self, *args: Any, read: bytes | None = None, **named: Any) -> None:
        """Begin as uvicorn's does, with what another process has ``read``.

        The request that was read is answered here; in a process for pages, where it is for one.
        """
        super().__init__(*args, **named)
        self._read = read
        # Whoever gave a page back has looked itself; it may be gone by now.
        self._to = self.giving if read is None or self.for_pages else None
        # Nothing more is answered on this connection than what was asked by now.
        self._last = False
        application = self.config.loaded_app
        self._newsstand = application if isinstance(application, Newsstand) else None
        # Of the request that is being read: whether it needs no more of uvicorn.
        self._done = False
        self._in_line = True
        self._in_head = True
        self._beside_body = 0
        self._heard = self.loop.time()
        self._unsent = 0
        self._unsent_since = 0.0
        # What was read since the last request had come whole, and whether it is of one request.
        self._between = True
        self._begun = b""
        self._alone = False
        self._leaving = False

    @classmethod
    def begin(
        cls, connection: socket.socket, read: bytes, config: Config, state: ServerState, app: Any
    ) -> None:
        """Serve ``connection``, from which ``read`` was read, in the running event loop.

        ``config``, ``state`` and ``app`` (the application's state) are the server's.
        """
        one = cls(config, state, app, read=read)
        task = one.loop.create_task(go_on_with(connection, lambda: one))
        task.add_done_callback(one.tasks.discard)
        one.tasks.add(task)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; where there are too many already, end at once."""
        super().connection_made(transport)
        if self.client is None:
            # Gone already, and nobody could say who it was.
            transport.abort()
        elif self.at_most is not None and len(self.connections) > self.at_most:
            log.warning("more connections than are kept", kept=self.at_most)
            transport.close()
        elif self._read:
            read, self._read = self._read, None
            self.data_received(read)
            # Reading begins behind this call, whatever was asked for in it.
            self.loop.call_soon(self._keep_pausing)
            if getattr(self.server_state, "ending", False):
                # It comes too late to be told with the others.
                self.shutdown()

    def data_received(self, data: bytes) -> None:
        """Take what came; refuse a header that has no end."""
        if len(data) <= _LARGEST_HEAD:
            self._take(data)
        else:
            # In pieces, or the bounds would hold only between what came at once.
            for at in range(0, len(data), _LARGEST_HEAD):
                if self._leaving:
                    self._begun += data[at:]
                    break
                if self.transport.is_closing():
                    return
                self._take(data[at : at + _LARGEST_HEAD])
        if self._leaving and self._to is not None:
            self._leave(self._to)

    def _keep_pausing(self) -> None:
        if self.flow.read_paused and not self.transport.is_closing():
            self.transport.pause_reading()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer what was asked by whoever has nothing more to say, and end."""
        if self._is_answered() or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def _take(self, data: bytes) -> None:
        if self._between:
            self._alone = self._in_line = True
            self._begun = data if self._to is not None else b""
        elif self._in_head and self._alone and self._to is not None:
            self._begun += data
        if self._in_line:
            if not data.isascii():
                data = _quoted_line(data)
            self._in_line = b"\n" not in data
        self._beside_body += len(data)
        super().data_received(data)
        if self._leaving:
            return
        if self._beside_body > _LARGEST_HEAD and not self.transport.is_closing():
            if self._is_answered():
                self.transport.write(_TOO_LARGE)
                self.transport.close()
            else:
                # It would stand in the middle of another answer.
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin a request; what uvicorn notes about it is left until it is wanted."""
        self._done = False
        self._in_head = True
        self._between = False
        self._heard = self.loop.time()
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Answer from the shelf, or go uvicorn's way."""
        self._in_head = False
        if self._leaving or self._last or self.transport.is_closing():
            self._done = True
        elif self._newsstand is not None:
            self._from_the_newsstand(self._newsstand)
        if not self._done:
            self._go_uvicorns_way()

    def _from_the_newsstand(self, newsstand: Newsstand) -> None:
        """Answer at once, or have the connection leave, or neither."""
        if not self.for_pages:
            if self._can_leave() and newsstand.has(self.parser.get_method(), self.url):
                self._done = self._leaving = True
                return
        elif self._is_plain():
            self._at_once(newsstand)
        if (
            not self._done
            and self.for_pages
            and self._to is not None
            and not newsstand.has(self.parser.get_method(), self.url)
        ):
            self._done = True
            if self._can_leave():
                self._leaving = True
            else:
                self._end_here()

    def _at_once(self, newsstand: Newsstand) -> None:
        try:
            answer = newsstand.at_once(self.url, self.headers)
        except Exception:  # noqa: BLE001 - uvicorn's way meets it again, logs it and says 500
            return
        if answer is not None:
            self._done = True
            first, whole, brief, body = answer
            ((_, date),) = self.server_state.default_headers
            self.transport.write(b"%bdate: %b\r\n%b%b\r\n%b" % (first, date, whole, brief, body))

    def _is_plain(self) -> bool:
        """Tell whether nothing is before this request, and nothing but a page is wanted."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and self._is_answered()
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not parser.should_upgrade()
            and not self.flow.write_paused
            and bool(self.server_state.default_headers)
        )

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _can_leave(self) -> bool:
        """Tell whether the connection can be handed over: nothing but this request is begun."""
        return (
            self._to is not None
            and not self._to.is_over
            and self._alone
            and self._is_answered()
            and not self.transport.get_write_buffer_size()
        )

    def _end_here(self) -> None:
        """Answer what was asked before, and no more.

        Who sends requests ahead has to reckon with that (RFC 9112, 9.3.2), and sends again what
        was not answered.
        """
        self._last = True
        if self._is_answered():
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    def _leave(self, to: Giving) -> None:
        descriptor = self.transport.get_extra_info("socket").fileno()
        if not to.give(descriptor, self._begun):
            if self.for_pages:
                self.transport.write(_TOO_MANY)
                self.transport.close()
                return
            # Here, since the page is here as well.
            anew = socket.socket(fileno=os.dup(descriptor))
            self.begin(anew, self._begun, self.config, self.server_state, self.app_state)
        # Ends what this process has of it, and tells the reader nothing.
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; whoever takes this connection over says so itself."""
        if self._leaving or self._last or self.transport.is_closing():
            return
        if self._is_answered():
            super().send_400_response(msg)
        else:
            # It would stand before another answer.
            self.transport.abort()

    def _go_uvicorns_way(self) -> None:
        if len(self.pipeline) >= _PIPELINED:
            self._done = True
            self.transport.abort()
            return
        if self.parser.should_upgrade() and _has_body(self.headers):
            # The parser takes the body for the other protocol, and what follows for a request.
            self._done = True
            self.send_400_response("A request with a body cannot change the protocol.\n")
            return
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()
        # What comes behind a body in chunks (RFC 9112, 7.1.2) must not join these.
        self.headers = []

    def on_body(self, body: bytes) -> None:
        """Take a piece of a request's body; one that nobody needs is let go."""
        # Not below nothing: a long body would buy as many fields behind it.
        self._beside_body = max(0, self._beside_body - (1 + _AROUND_A_BYTE) * len(body))
        if not self._done:
            self._heard = self.loop.time()
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._beside_body = 0
        self._between = True
        self._alone = False
        if not self._leaving:
            self._begun = b""
            self._to = self.giving
        if not self._done:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer that went uvicorn's way."""
        self._heard = self.loop.time()
        super().on_response_complete()

    def close_if_left(self, now: float) -> None:
        """Close the connection where nobody is at its other end, or might as well not be.

        ``now`` is the time of the event loop. To be called every few seconds.
        """
        if self._is_stuck(now):
            self.transport.abort()
            return
        silent = now - self._heard
        if self._is_answered():
            most = _HEAD_WITHIN_S if self._in_head else IDLE_S
        elif self.cycle.more_body and not self.flow.read_paused:
            most = _BODY_AGAIN_WITHIN_S
        else:
            return
        if silent > most:
            self.transport.close()

    def _is_stuck(self, now: float) -> bool:
        unsent = self.transport.get_write_buffer_size()
        if unsent != self._unsent or not unsent:
            self._unsent, self._unsent_since = unsent, now
        return now - self._unsent_since > _STUCK_S


def _quoted_line(data: bytes) -> bytes:
    # Whoever types an address in Persian to a simple program sends it as it is. The parser takes
    # ASCII alone (RFC 9112, 3.2), as other servers do not.
    line, end, rest = data.partition(b"\n")
    return _NOT_ASCII.sub(lambda found: b"%%%02X" % ord(found[0]), line) + end + rest


def _has_body(fields: list[tuple[bytes, bytes]]) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")
        for name, value in fields
    )
