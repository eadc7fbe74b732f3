"""Limits: how often one address may search, so that nobody takes the paper's time away.

Counted in the cache, in fixed minutes: a restart forgives, which for searches is good enough.
"""

from __future__ import annotations

import ipaddress
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MOST = 40
SECONDS = 60
# A household or a server gets a whole /64 (RFC 6177).
_IPV6_PREFIX = 64


class TooManyError(Exception):
    """The limit is reached; ``seconds`` says for how long (Retry-After, RFC 9110, 10.2.3)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"more than {MOST} searches in {SECONDS} seconds")
        self.seconds = seconds


def _reader(request: HttpRequest) -> str:
    """Return the network address a request comes from, behind as many proxies as are trusted."""
    address = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        address = hops[-min(settings.TRUSTED_PROXIES, len(hops))] or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:  # noqa: PLR2004 - its name
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))


def count(request: HttpRequest) -> None:
    """Count one more search of the reader behind ``request``.

    Raises :class:`TooManyError` where this minute's are used up.
    """
    minute, passed = divmod(int(time()), SECONDS)
    # Never the address itself: the cache may be another machine's.
    reader = salted_hmac("broadsheet.search.limits", _reader(request)).hexdigest()
    key = f"search:{minute}:{reader}"
    cache.add(key, 0, timeout=2 * SECONDS)
    try:
        counted = cache.incr(key)
    except ValueError:  # pushed out of a full cache in between
        return
    if counted > MOST:
        raise TooManyError(SECONDS - passed)
