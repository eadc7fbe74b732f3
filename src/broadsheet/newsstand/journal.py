"""The journal: one log line and one count for each request it wraps, with an id of its own."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import structlog

from broadsheet.newsstand.application import Application, Message, Receive, Scope, Send

log = structlog.get_logger("broadsheet.requests")

_OURS = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

Count = Callable[[str, int, float], None]


class Journal:
    """Wraps ``application``: every answer gets an id, is counted and, unless ``quiet``, logged.

    The id comes from a proxy in front (X-Request-ID) where ``trusting``, and is made here
    otherwise. ``count`` is told the path, the status and the seconds of each. Neither the query
    nor the body is logged: they may hold what a person typed.
    """

    def __init__(
        self, application: Application, *, count: Count, quiet: bool, trusting: bool = False
    ) -> None:
        self._application = application
        self._count = count
        self._quiet = quiet
        self._trusting = trusting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the wrapped application."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = self._id(scope)
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._application(scope, receive, noting)
            finally:
                seconds = time.perf_counter() - began
                self._count(scope["path"], status, seconds)
                if not self._quiet:
                    self._write(scope, status, seconds)

    def _id(self, scope: Scope) -> str:
        if self._trusting:
            for name, value in scope["headers"]:
                if name == b"x-request-id" and _OURS.fullmatch(value.decode("latin-1")):
                    return str(value.decode("latin-1"))
        return secrets.token_hex(8)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        client = scope.get("client")
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            ms=round(seconds * 1000, 1),
            client=client[0] if client else "-",
        )
