"""Redis as the cache of all nodes, with the table of the database behind it."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis

from broadsheet.caches import TABLE
from broadsheet.redis_links import UnreachableError, link_to

log = logging.getLogger(__name__)


class _Client(RedisCacheClient):
    """Django's client over the link of the process: Django's own connects in each thread anew."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        return link_to(cast(Any, self)._servers[0]).client()


class SharedCache(RedisCache):
    """Redis, and the table of the database for as long as that does not answer."""

    def __init__(self, server: list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
        self._link = link_to(server[0])

    def _asked(self, name: str, *given: Any, **named: Any) -> Any:
        try:
            with self._link.asking():
                return getattr(super(), name)(*given, **named)
        except UnreachableError as error:
            log.debug("the table answers instead of the cache: %s", error)
        return getattr(caches[TABLE], name)(*given, **named)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep ``value`` where nothing is kept for ``key``, and tell whether it is."""
        return bool(self._asked("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept for ``key``, else ``default``."""
        return self._asked("get", key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep ``value`` for ``key``."""
        self._asked("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what is kept for ``key`` for longer, and tell whether there is anything."""
        return bool(self._asked("touch", key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget ``key``, and tell whether anything was kept."""
        return bool(self._asked("delete", key, version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        """Return what is kept for each of ``keys``."""
        return cast(dict[Any, Any], self._asked("get_many", keys, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Tell whether anything is kept for ``key``."""
        return bool(self._asked("has_key", key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add ``delta`` to what is kept. Raises ``ValueError`` where nothing is."""
        return int(self._asked("incr", key, delta, version))

    def set_many(
        self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Keep every value of ``data``; returns an empty list, for each is kept."""
        return list(self._asked("set_many", data, timeout, version))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        """Forget each of ``keys``."""
        self._asked("delete_many", keys, version)

    def clear(self) -> None:
        """Forget everything."""
        self._asked("clear")
