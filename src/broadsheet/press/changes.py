"""The journal of pressed files: what changed, in the order of the ledger's transactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from broadsheet.press.models import PressedChange, PressedFile

# A node that was away for longer compares its whole folder instead.
_KEPT_FOR = timedelta(days=7)
_KEPT = 1_000_000
_AT_ONCE = 20_000


def enter(written: Iterable[PressedFile], removed: Iterable[str]) -> None:
    """Enter the files that were written, and the addresses that are empty now.

    Inside the ledger's transaction, by whoever holds the press lock.
    """
    # What was taken away comes first: readers must not see it a moment longer.
    changes = [PressedChange(address=address, digest="") for address in removed]
    changes += [PressedChange(address=row.address, digest=row.digest or "") for row in written]
    PressedChange.objects.bulk_create(changes, batch_size=500)


def prune() -> int:
    """Take out rows older than a week, and what is more than a million; return how many.

    The last row stays, for by it a node knows that it has missed nothing.
    """
    last = PressedChange.objects.order_by("-id").values_list("id", flat=True).first()
    if last is None:
        return 0
    pruned = 0
    old = PressedChange.objects.filter(id__lt=last, at__lt=timezone.now() - _KEPT_FOR)
    many = PressedChange.objects.filter(id__lte=last - _KEPT)
    for rows in (old, many):
        # In slices, so that nobody waits long to write.
        while ids := list(rows.order_by("id").values_list("id", flat=True)[:_AT_ONCE]):
            count, _ = PressedChange.objects.filter(id__lte=ids[-1], id__gte=ids[0]).delete()
            pruned += count
    return pruned
