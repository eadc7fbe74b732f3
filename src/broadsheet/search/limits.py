"""Limits: how often one address may search, so that nobody takes the paper's time away.

Counted in the cache, in fixed minutes: a restart forgives, which for searches is good enough.
"""

from __future__ import annotations

from time import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from broadsheet.reader_address import address_of

MOST = 40
SECONDS = 60


class TooManyError(Exception):
    """The limit is reached; ``seconds`` says for how long (Retry-After, RFC 9110, 10.2.3)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"more than {MOST} searches in {SECONDS} seconds")
        self.seconds = seconds


def count(request: HttpRequest) -> None:
    """Count one more search of the reader behind ``request``.

    Raises :class:`TooManyError` where this minute's are used up.
    """
    minute, passed = divmod(int(time()), SECONDS)
    # Never the address itself: the cache may be another machine's.
    reader = salted_hmac("broadsheet.search.limits", address_of(request)).hexdigest()
    key = f"search:{minute}:{reader}"
    cache.add(key, 0, timeout=2 * SECONDS)
    try:
        counted = cache.incr(key)
    except ValueError:  # pushed out of a full cache in between
        return
    if counted > MOST:
        raise TooManyError(SECONDS - passed)
