"""The newsstand's ASGI application: the outermost layer, in front of Django.

GET and HEAD of what was pressed are answered here, from the shelf, without the database and
without a template; everything else goes on to Django, as a rule in another process (``handover``).
This is the one part of the project where microseconds are counted (``bench/newsstand.py``): what
can be made once is made when a file is put on the shelf, and what nearly every request asks for is
answered without a turn of the event loop (``Newsstand.at_once``, which ``connection`` calls).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from string import punctuation
from typing import Any, Protocol
from urllib.parse import quote, unquote

from broadsheet.newsstand.conditions import (
    UnsatisfiableRangeError,
    best_coding,
    is_unchanged,
    part_wanted,
)
from broadsheet.newsstand.shelf import Copy, Headers, Shelf

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_EMPTY: Message = {"type": "http.response.body", "body": b""}
# How WordPress names a post, a page or a file that has no path of its own; Django knows where
# each has gone. Any other query of the front is no address of a thing.
_OLD_ADDRESS = re.compile(rb"(?:^|&)(?:p|page_id|attachment_id|cat|tag|author)=")
_HEEDED = frozenset(
    {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range"}
)
# Photos are: to look at one twice would cost more than its answer.
_LARGE = "/photos/"
# Sent whole, a picture of several megabytes would lie in memory twice for a slow reader.
_CHUNK = 256 * 1024

_WHOLE = b"HTTP/1.1 200 OK\r\n"
_NOT_AGAIN = b"HTTP/1.1 304 Not Modified\r\n"


class Counter(Protocol):
    """Something that counts answers of one kind."""

    def inc(self) -> None:
        """Count one more."""


class Found(Protocol):
    """A file as it is stored, with its date ("pressed") among its notes."""

    @property
    def content(self) -> bytes:
        """Its bytes."""

    @property
    def notes(self) -> dict[str, str]:
        """What was noted with it."""


Elsewhere = Callable[[str], Awaitable[Found | None]]


class Uncounted:
    """Counts nothing: for tests, and where no figures are wanted."""

    def inc(self) -> None:
        """Do nothing."""


class Newsstand:
    """Hands out what lies on ``shelf``; what does not is left to ``otherwise``.

    ``hits`` counts pressed files handed out, ``unchanged`` answers of 304, and ``misses`` what
    went on to ``otherwise``. ``elsewhere`` is asked for what the shelf does not have.
    """

    def __init__(
        self,
        shelf: Shelf,
        otherwise: Application,
        *,
        hits: Counter | None = None,
        unchanged: Counter | None = None,
        misses: Counter | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._shelf = shelf
        self._otherwise = otherwise
        self._hits = hits or Uncounted()
        self._unchanged = unchanged or Uncounted()
        self._misses = misses or Uncounted()
        self._elsewhere = elsewhere

    def at_once(self, target: bytes, fields: Headers) -> tuple[bytes, bytes, bytes, bytes] | None:
        """Return the answer to a GET that needs no more than the shelf, or ``None``.

        ``target`` is the request's, as it came, and ``fields`` its header. The answer is what
        :meth:`__call__` would send: its first line, the lines of its header in two parts, and its
        body. ``None`` leaves the request to that method: what is not on the shelf, is asked for in
        parts, or is sent in pieces.
        """
        address, headers = _plain_address(target), _heeded(fields)
        if address is None or b"range" in headers or address.startswith(_LARGE):
            return None
        copy = self._shelf.copy(address, best_coding(headers.get(b"accept-encoding", b"")))
        if copy is None or len(copy.body) > _CHUNK:
            return None
        if (b"if-none-match" in headers or b"if-modified-since" in headers) and is_unchanged(
            headers, copy.etag, copy.modified
        ):
            self._unchanged.inc()
            return _NOT_AGAIN, b"", copy.brief_lines, b""
        self._hits.inc()
        return _WHOLE, copy.whole_lines, copy.brief_lines, copy.body

    def has(self, method: bytes, target: bytes) -> bool:
        """Tell whether a request of ``method`` for ``target`` is answered by what is on the shelf.

        ``target`` is the request's, as it came. What is not, may still be had ``elsewhere``.
        """
        address = _plain_address(target)
        return method in {b"GET", b"HEAD"} and address is not None and self._shelf.has(address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._otherwise(scope, receive, send)
            return
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await self._other_method(scope, receive, send)
            return
        headers = _heeded(scope["headers"])
        path = scope["path"]
        if path == "/" and _OLD_ADDRESS.search(scope.get("query_string", b"")):
            self._misses.inc()
            await self._otherwise(scope, receive, send)
            return
        copy = self._shelf.copy(path, best_coding(headers.get(b"accept-encoding", b"")))
        if copy is None:
            await self._absent(scope, receive, send, headers)
            return
        if (b"if-none-match" in headers or b"if-modified-since" in headers) and is_unchanged(
            headers, copy.etag, copy.modified
        ):
            self._unchanged.inc()
            await send(_start(304, copy.brief_headers))
            await send(_EMPTY)
            return
        self._hits.inc()
        if copy.ranges and b"range" in headers and method == "GET":
            await _send_part(copy, headers, send)
            return
        await send(_start(200, copy.headers))
        if method == "HEAD":
            await send(_EMPTY)
        else:
            await _send_body(copy.body, send)

    async def _from_elsewhere(self, scope: Scope, headers: dict[bytes, bytes], send: Send) -> bool:
        """Hand out what is not on the shelf but elsewhere; tell whether it was."""
        if self._elsewhere is None or (found := await self._elsewhere(scope["path"])) is None:
            return False
        pressed = found.notes.get("pressed", "")
        coding = best_coding(headers.get(b"accept-encoding", b""))
        try:
            copy = self._shelf.made_of(
                found.content, int(pressed) if pressed.isdecimal() else 0, scope["path"], coding
            )
        except (OSError, EOFError):  # not what was put there
            return False
        if is_unchanged(headers, copy.etag, copy.modified):
            self._unchanged.inc()
            await send(_start(304, copy.brief_headers))
            await send(_EMPTY)
            return True
        self._hits.inc()
        await send(_start(200, copy.headers))
        if scope["method"] == "HEAD":
            await send(_EMPTY)
        else:
            await _send_body(copy.body, send)
        return True

    async def _absent(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes]
    ) -> None:
        if await self._from_elsewhere(scope, headers, send):
            return
        path = scope["path"]
        if not path.endswith("/") and self._shelf.has(f"{path}/"):
            query = scope.get("query_string", b"")
            # Only what can be pressed comes here, so the path cannot start with two slashes
            # and lead to another site.
            target = quote(f"{path}/").encode()
            if query:
                target += b"?" + quote(query, safe=punctuation).encode()
            self._hits.inc()
            await send(
                _start(
                    301,
                    [
                        (b"location", target),
                        (b"content-length", b"0"),
                        (b"cache-control", b"public, max-age=3600"),
                    ],
                )
            )
            await send(_EMPTY)
            return
        self._misses.inc()
        await self._otherwise(scope, receive, send)

    async def _other_method(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._shelf.has(scope["path"]):
            allow = [(b"allow", b"GET, HEAD"), (b"content-length", b"0")]
            await send(_start(405, allow))
            await send(_EMPTY)
            return
        self._misses.inc()
        await self._otherwise(scope, receive, send)


def _plain_address(target: bytes) -> str | None:
    path, _, query = target.partition(b"?")
    if path[:1] != b"/" or b"#" in path or not path.isascii():
        return None
    if path == b"/" and _OLD_ADDRESS.search(query):
        return None
    address = path.decode("ascii")
    return unquote(address) if "%" in address else address


def _heeded(fields: Headers) -> dict[bytes, bytes]:
    headers: dict[bytes, bytes] = {}
    for name, value in fields:
        if name in _HEEDED:
            # A header that comes in several lines is one list (RFC 9110, 5.3).
            headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _send_body(body: bytes, send: Send) -> None:
    if len(body) <= _CHUNK:
        await send({"type": "http.response.body", "body": body})
        return
    view = memoryview(body)
    for at in range(0, len(body), _CHUNK):
        more = at + _CHUNK < len(body)
        await send(
            {
                "type": "http.response.body",
                "body": bytes(view[at : at + _CHUNK]),
                "more_body": more,
            }
        )


async def _send_part(copy: Copy, headers: dict[bytes, bytes], send: Send) -> None:
    size = len(copy.body)
    kept = [(name, value) for name, value in copy.headers if name != b"content-length"]
    try:
        part = part_wanted(headers, size, copy.etag, copy.modified)
    except UnsatisfiableRangeError:
        kept.append((b"content-range", b"bytes */%d" % size))
        await send(_start(416, [*kept, (b"content-length", b"0")]))
        await send(_EMPTY)
        return
    if part is None:
        await send(_start(200, copy.headers))
        await _send_body(copy.body, send)
        return
    body = copy.body[part.first : part.last + 1]
    kept.append((b"content-range", b"bytes %d-%d/%d" % (part.first, part.last, size)))
    kept.append((b"content-length", b"%d" % len(body)))
    await send(_start(206, kept))
    await _send_body(body, send)
