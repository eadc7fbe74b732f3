"""How the workers find out whether cache and bell answer; whoever keeps a store has its own."""

from __future__ import annotations

from functools import partial

from django.conf import settings

from broadsheet import troubles
from broadsheet.redis_links import Link


def register_all() -> None:
    """Register the probes of what the settings name."""
    if settings.CACHE_URL:
        troubles.register("cache", partial(_silence_of, Link(settings.CACHE_URL)))
    if settings.TASKS_URL:
        troubles.register("bell", partial(_silence_of, Link(settings.TASKS_URL)))


def _silence_of(link: Link) -> str:
    from redis.exceptions import RedisError  # late: only a paper with such a server needs it

    try:
        link.client().ping()
    except (RedisError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
