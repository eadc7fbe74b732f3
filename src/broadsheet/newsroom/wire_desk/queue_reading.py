"""Reading the queue: a page of it, newest first, and what came in since.

However long the queue grows, a page costs what a page costs: it begins after the last item of
the page before (no counting, no skipping), and each state is read through its own index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from broadsheet.wire.models import QueuedItem

PAGE = 50
# More than so many that are new at once are not shown one by one.
MOST_NEW = 100
# Two processes may store items in another order than the one they were numbered in.
_OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True)
class Page:
    """Some entries of the queue, newest first; ``older`` is where the next page begins.

    ``older`` is the key of this page's last entry, ``None`` on the last page.
    """

    entries: tuple[QueuedItem, ...]
    older: int | None


def page(
    entries: QuerySet[QueuedItem],
    states: Sequence[str] | None,
    *,
    before: int | None = None,
    size: int = PAGE,
) -> Page:
    """Return the newest of ``entries`` in ``states`` (``None``: any) that came before ``before``.

    An unknown ``before`` begins at the newest.
    """
    entries = _with_all_shown(entries)
    mark = QueuedItem.objects.filter(pk=before).values_list("received_at", "pk").first()
    if mark is not None:
        at, key = mark
        # Not "earlier, or as early and …": databases look up only the first of these in an index.
        entries = entries.filter(Q(received_at__lte=at) & ~Q(received_at=at, pk__gte=key))
    found = _newest(entries, states, size + 1)
    shown = found[:size]
    return Page(tuple(shown), shown[-1].pk if len(found) > size else None)


def since(
    entries: QuerySet[QueuedItem], states: Sequence[str] | None, newest: int
) -> tuple[QueuedItem, ...]:
    """Return the entries that may have come in since ``newest`` was the newest, newest first.

    Some of them may be known already: whoever asks knows which.
    """
    recent = Q(pk__gt=newest) | Q(received_at__gte=timezone.now() - _OVERLAP)
    return tuple(_newest(_with_all_shown(entries).filter(recent), states, MOST_NEW))


def _with_all_shown(entries: QuerySet[QueuedItem]) -> QuerySet[QueuedItem]:
    return entries.select_related("channel", "taken_by", "duplicate_of")


def _newest(
    entries: QuerySet[QueuedItem], states: Sequence[str] | None, count: int
) -> list[QueuedItem]:
    parts: Iterable[Iterable[QueuedItem]]
    if states is None:
        parts = [entries.newest_first()[:count]]  # type: ignore[attr-defined]
    else:
        parts = [entries.filter(state=each).newest_first()[:count] for each in states]  # type: ignore[attr-defined]
    return list(islice(merge(*parts, key=_age, reverse=True), count))


def _age(entry: QueuedItem) -> tuple[datetime, int]:
    return entry.received_at, entry.pk
