"""Hands: the processes that work out rows for the index, beside the one that stores them.

It is imported there before Django is set up, and therefore imports nothing itself that needs it.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Sequence
from datetime import datetime

from broadsheet import leash

# What ``rows.Row`` is made of, as it travels: an object of a model takes three times as long.
Values = tuple[int, int, bool, datetime | None, bytes, str]


def begin(parent: int) -> None:
    """Set up Django, and expect much work of one kind. Ends with the process ``parent``."""
    # Nobody else tells it: all hands keep open what their work comes through.
    leash.tie_to(parent, signal.SIGKILL)
    import django

    django.setup()
    from broadsheet.search import cutting

    cutting.keep_more()
    # What stays for ever need not be looked through each time that garbage is sought.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def values_of(news_ids: Sequence[int]) -> list[Values]:
    """Return the values of the row of each story of ``news_ids`` that exists."""
    from broadsheet.search import rows

    return [row.values for row in rows.of(news_ids)]
