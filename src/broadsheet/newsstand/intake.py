"""The intake: no request may send more than its address has use for.

Django reads a request's body whole, to memory and then to disk, before it looks at the address
or at who asks (``django.core.handlers.asgi``). Without a bound in front of it anybody could
fill the disk with one request, and the press could print no more.
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

_REFUSAL = b"This request is too large.\n"


class Intake:
    """Wraps ``application``: a body larger than its address may get is answered by 413.

    One that says its length is refused unread; one that does not is read up to the bound.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the wrapped application, or refuse it."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        most = largest_body(scope["path"])
        if _said_length(scope) > most:
            await _refuse(send)
            return
        taken = 0
        begun = False

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # As if the client had gone: the application lets go of what it has read.
            return message if taken <= most else {"type": "http.disconnect"}

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        await self._application(scope, counting, noting)
        if taken > most and not begun:
            await _refuse(send)


def largest_body(path: str) -> int:
    """Return how many bytes a request to ``path`` may send."""
    return _FROM_THE_NEWSROOM if path.startswith(NEWSROOM) else _FROM_READERS


def _said_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            # Python refuses to read very long figures; so many are too large in any case.
            return int(value[:18])
    return 0


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_REFUSAL)).encode()),
        (b"cache-control", b"no-store"),
        # What is still on its way is not read.
        (b"connection", b"close"),
    ]
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": _REFUSAL})
