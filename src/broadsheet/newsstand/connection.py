"""A reader's connection: uvicorn's, which answers what lies on the shelf as soon as it is asked.

To uvicorn each request is a task of the event loop and a dictionary of what is known about it.
That takes several times as long as finding the page. So the newsstand is asked first, from within
the parser; what it leaves takes uvicorn's way. ``docs/decisions/0022`` has the figures.

uvicorn bounds neither the header of a request nor the time until it is whole, and answers those
who come when there are too many. Here the first two are bounded, and the last are not kept.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from broadsheet.newsstand.application import Newsstand

IDLE_S = 75.0
"""How long a connection is kept without a request; nginx keeps its own to us for 60 seconds."""
_HEAD_WITHIN_S = 30.0
# Somebody who takes nothing of an answer for so long is not there any more.
_STUCK_S = 300.0
# Of what is no body: the header, and the frames of a body that comes in chunks.
_LARGEST_HEAD = 64 * 1024
# A chunk of one byte has five around it (RFC 9112, 7.1).
_AROUND_A_BYTE = 8

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 31\r\nconnection: close\r\n\r\n"
    b"This request has a long header\n"
)


class Connection(HttpToolsProtocol):
    """One connection, with the newsstand where that is the application itself."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        application = self.config.loaded_app
        self._newsstand = application if isinstance(application, Newsstand) else None
        self._answered = False
        self._beside_body = 0
        self._heard = self.loop.time()
        self._in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; where there are too many already, end at once."""
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what came; refuse a header that has no end."""
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > _LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin a request; what uvicorn notes about it is left until it is wanted."""
        self._answered = False
        self._beside_body = 0
        self._heard = self.loop.time()
        self._in_head = True
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Answer from the shelf, or go uvicorn's way."""
        self._in_head = False
        if self._newsstand is not None and self._is_plain():
            try:
                answer = self._newsstand.at_once(self.url, self.headers)
            except Exception:  # noqa: BLE001 - uvicorn's way meets it again, logs it and says 500
                answer = None
            if answer is not None:
                self._answered = True
                first, whole, brief, body = answer
                ((_, date),) = self.server_state.default_headers
                self.transport.write(
                    b"%bdate: %b\r\n%b%b\r\n%b" % (first, date, whole, brief, body)
                )
                return
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()
        # What comes behind a body in chunks (RFC 9112, 7.1.2) must not join these.
        self.headers = []

    def _is_plain(self) -> bool:
        """Tell whether nothing is before this request, and nothing but a page is wanted."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and (self.cycle is None or self.cycle.response_complete)
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not parser.should_upgrade()
            and not self.flow.write_paused
            and bool(self.server_state.default_headers)
        )

    def on_body(self, body: bytes) -> None:
        """Take a piece of a request's body; one that nobody needs is let go."""
        self._beside_body -= (1 + _AROUND_A_BYTE) * len(body)
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._beside_body = 0
        if not self._answered:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer that went uvicorn's way."""
        self._heard = self.loop.time()
        super().on_response_complete()

    def close_if_left(self, now: float) -> None:
        """Close the connection where nobody is at its other end, or might as well not be."""
        silent = now - self._heard
        if self.transport.is_closing():
            if silent > _STUCK_S:
                self.transport.abort()
        elif self._in_head:
            if silent > _HEAD_WITHIN_S:
                self.transport.close()
        elif (self.cycle is None or self.cycle.response_complete) and silent > IDLE_S:
            self.transport.close()
