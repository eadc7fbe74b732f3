"""The intake: no request may send more than its address has use for, nor too many come at once.

Django reads a request's body whole, to memory and then to disk, before it looks at the address
or at who asks (``django.core.handlers.asgi``). Without a bound in front of it anybody could
fill the disk with one request, and the press could print no more. Then it takes a thread for each
request, and a connection to the database: without a bound to those there would soon be neither.
"""

from __future__ import annotations

from http import HTTPStatus

from broadsheet.newsstand.application import Application, Message, Receive, Scope, Send

NEWSROOM = "/newsroom/"
# A picture (settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE) and a long story fit; deploy/nginx.conf
# takes as much.
_FROM_THE_NEWSROOM = 50 * 2**20
# The largest thing a reader sends is a letter, see letters.gate.
_FROM_READERS = 128 * 1024

# Of a desk of thirty and their readers' searches a few are at it at a time.
_AT_ONCE = 256

_TOO_LARGE = b"This request is too large.\n"
_TOO_MANY = b"Too many ask at once. Please try again in a moment.\n"


class Intake:
    """Wraps ``application``: a body larger than its address may get is answered by 413.

    One that says its length is refused unread; one that does not is read up to the bound. Where
    ``at_once`` requests that were read are with the application already, the next is answered by
    503; slow senders keep nobody away.
    """

    def __init__(self, application: Application, *, at_once: int = _AT_ONCE) -> None:
        self._application = application
        self._at_once = at_once
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the wrapped application, or refuse it."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        most = largest_body(scope["path"])
        if _said_length(scope) > most:
            await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        taken = 0
        begun = inside = False
        refused: HTTPStatus | None = None

        async def counting() -> Message:
            nonlocal taken, inside, refused
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            elif not inside and message["type"] == "http.request" and not message.get("more_body"):
                if self._inside >= self._at_once:
                    refused = HTTPStatus.SERVICE_UNAVAILABLE
                else:
                    self._inside += 1
                    inside = True
            # As if the client had gone: the application lets go of what it has read.
            return {"type": "http.disconnect"} if refused else message

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._application(scope, counting, noting)
        finally:
            if inside:
                self._inside -= 1
        if refused and not begun:
            await _refuse(send, refused)


def largest_body(path: str) -> int:
    """Return how many bytes a request to ``path`` may send."""
    return _FROM_THE_NEWSROOM if path.startswith(NEWSROOM) else _FROM_READERS


def _said_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            # Python refuses to read very long figures; so many are too large in any case.
            return int(value[:18])
    return 0


async def _refuse(send: Send, status: HTTPStatus) -> None:
    body = _TOO_LARGE if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else _TOO_MANY
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        # What is still on its way is not read.
        (b"connection", b"close"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
