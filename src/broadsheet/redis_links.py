"""Links to a Redis or Valkey server, which the paper can do without at any moment.

What comes in is the address of a server, what leaves is a client with little patience: whoever
asks waits for half a second at most, and a server that has not answered is left alone for a
while, so that a page that asks it ten times does not wait ten times.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from redis import Redis

_SCHEMES = ("redis", "rediss", "unix")
_PATIENCE_S = 0.5
_LEFT_ALONE_S = 2.0


class UnreachableError(Exception):
    """The server does not answer, or refuses; the message says how."""


def checked(setting: str, url: str) -> str:
    """Return ``url``, the value of ``setting``, where it can be the address of a server.

    Raises ``ImproperlyConfigured`` in a sentence that does not repeat it, for there may be a
    password in it.
    """
    try:
        parts = urlsplit(url)
        fits = parts.scheme in _SCHEMES and bool(
            parts.path if parts.scheme == "unix" else parts.hostname
        )
        _ = parts.port
    except ValueError:
        fits = False
    if not fits:
        # Not the error itself, which may hold the password.
        raise ImproperlyConfigured(
            f"{setting} cannot be used. It is written as redis://:password@host:6379/0, or with "
            "rediss:// for a connection that is encrypted."
        ) from None
    return url


class Link:
    """The way to one server, shared by all threads of a process.

    ``retry`` has a question put a second time where the first broke off: a connection that was
    kept may be to a server that was started anew since.
    """

    def __init__(
        self, url: str, *, retry: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = url
        self._retry = retry
        self._clock = clock
        self._lock = threading.Lock()
        self._client: Redis | None = None
        self._asked_again_at = 0.0

    def client(self) -> Redis:
        """Return the client; nothing is connected before the first question."""
        with self._lock:
            if self._client is None:
                # Late: only a paper with such a server needs the library.
                from redis import Redis
                from redis.backoff import NoBackoff
                from redis.retry import Retry

                self._client = Redis.from_url(
                    self._url,
                    socket_connect_timeout=_PATIENCE_S,
                    socket_timeout=_PATIENCE_S,
                    # The library's own waits for up to ten seconds in between.
                    retry=Retry(NoBackoff(), 1 if self._retry else 0),
                )
            return self._client

    @contextmanager
    def asking(self) -> Generator[Redis]:
        """Give the client for a question.

        Raises :class:`UnreachableError` where the server does not answer, and without asking it
        for two seconds after.
        """
        from redis.exceptions import RedisError

        if self._clock() < self._asked_again_at:
            raise UnreachableError("it did not answer a moment ago")
        try:
            yield self.client()
        except (RedisError, OSError) as error:
            self._asked_again_at = self._clock() + _LEFT_ALONE_S
            raise UnreachableError(f"{type(error).__name__}: {error}") from error
        else:
            self._asked_again_at = 0.0

    def close(self) -> None:
        """End its connections; the next question opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()


_links: dict[str, Link] = {}
_links_lock = threading.Lock()


def link_to(url: str) -> Link:
    """Return the one link of this process to the server at ``url``."""
    with _links_lock:
        return _links.setdefault(url, Link(url))


def close_all() -> None:
    """End the connections of every link."""
    with _links_lock:
        links = list(_links.values())
        _links.clear()
    for link in links:
        link.close()
