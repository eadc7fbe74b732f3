"""News IDs: one permanent number a story, never handed out twice.

The last number given is one row of the database, raised under its lock, so that two desks
that create at once get two numbers, and a deleted story's number stays used. A number that a
story brings along (an import) raises the row past itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models, transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

_ONLY_ROW = 1


class NewsIdCounter(models.Model):
    """The highest News ID ever used by this paper; exactly one row."""

    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("News ID counter")


def allocate(count: int = 1) -> range:
    """Reserve ``count`` consecutive News IDs and return them.

    The numbers are used up even when the caller's transaction does not need them in the end;
    only a rollback of that transaction gives them back, when nobody can have seen them.
    Raises ``ValueError`` unless ``count`` is at least 1.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    with transaction.atomic():
        NewsIdCounter.objects.get_or_create(pk=_ONLY_ROW)
        NewsIdCounter.objects.filter(pk=_ONLY_ROW).update(last=models.F("last") + count)
        last = NewsIdCounter.objects.get(pk=_ONLY_ROW).last
    return range(last - count + 1, last + 1)


def reserve(news_id: int) -> None:
    """Note that ``news_id`` came with a story from elsewhere, so that it is never allocated."""
    with transaction.atomic():
        NewsIdCounter.objects.get_or_create(pk=_ONLY_ROW)
        NewsIdCounter.objects.filter(pk=_ONLY_ROW).update(last=Greatest("last", news_id))


def assign(wanted: Sequence[int | None]) -> list[int]:
    """Return a News ID for each of ``wanted``, as :func:`allocate` and :func:`reserve` in turn.

    That is the number itself where one is wanted (the caller knows it to be free), and the next
    one where none is.
    """
    with transaction.atomic():
        NewsIdCounter.objects.get_or_create(pk=_ONLY_ROW)
        last = NewsIdCounter.objects.select_for_update().get(pk=_ONLY_ROW).last
        given = []
        for news_id in wanted:
            given.append(last + 1 if news_id is None else news_id)
            last = max(last, given[-1])
        NewsIdCounter.objects.filter(pk=_ONLY_ROW).update(last=last)
    return given
