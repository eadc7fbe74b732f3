"""The cache that all processes and nodes share: a table in the database, or Redis.

With ``CACHE_URL`` set, Redis (or Valkey, which speaks the same) is asked first, and the table of
the database for as long as it does not answer. So nothing that is counted in the cache goes
uncounted, how often somebody tried to log in above all: a limit begins anew when Redis fails, and
it holds. Decision 0013 has the grounds.
"""

from __future__ import annotations

from typing import Any

from broadsheet.redis_links import checked

_TABLE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "newsroom_cache",
    # What is over is dropped first; this many addresses can be counted at a time.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
# The name of the table among Django's caches, where Redis is the default one.
TABLE = "table"


def described(url: str) -> dict[str, dict[str, Any]]:
    """Return Django's description of the caches; the table alone where ``url`` is empty.

    Raises ``ImproperlyConfigured`` where ``url`` cannot be the address of a server.
    """
    if not url:
        return {"default": _TABLE}
    return {
        "default": {
            "BACKEND": "broadsheet.shared_cache.SharedCache",
            "LOCATION": [checked("CACHE_URL", url)],
            "KEY_PREFIX": "broadsheet",
        },
        TABLE: _TABLE,
    }
