"""The store that nodes share, compared with the ledger, for recovery and for ``check``."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from broadsheet.object_stores import ObjectStore, StoreDownError
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet
from broadsheet.pressed_paths import file_of

log = logging.getLogger(__name__)

_AT_ONCE = 500


def missing() -> Iterator[Sheet]:
    """Yield the sheets that never went into the store, or are known not to be there.

    The caller may write to the database between two of them.
    """
    rows = PressedFile.objects.filter(digest=None).order_by("pk")
    after = 0
    while some := list(rows.filter(pk__gt=after).values_list("pk", "kind", "key")[:_AT_ONCE]):
        after = some[-1][0]
        yield from (Sheet(kind, key) for _, kind, key in some)


def notice_another(shared: ObjectStore) -> None:
    """Have everything count as missing where the store is empty, or another than it was.

    One file is asked for. A store that does not answer is left for later.
    """
    row = PressedFile.objects.exclude(digest=None).order_by("pk").first()
    try:
        if row is None or shared.has(file_of(row.address)):
            return
    except StoreDownError as error:
        log.warning("the store of pressed files could not be looked at: %s", error)
        return
    log.warning("the store of pressed files lacks what the ledger names, all is pressed into it")
    PressedFile.objects.update(digest=None)


def differences(shared: ObjectStore) -> tuple[list[PressedFile], list[str]]:
    """Return the rows whose file the store lacks or has in another size, and files without row.

    Raises ``StoreDownError``. All names lie in memory meanwhile, a hundred bytes each.
    """
    there = {name: size for name, size in shared.names() if not name.startswith(".")}
    wrong = [row for row in _rows() if there.pop(file_of(row.address), None) != row.size]
    return wrong, sorted(there)


def _rows() -> Iterator[PressedFile]:
    rows = PressedFile.objects.only("address", "size", "kind", "key", "digest")
    return rows.iterator(chunk_size=_AT_ONCE)


def repair(shared: ObjectStore) -> None:
    """Take away what no row knows, and have what is wrong count as :func:`missing`.

    The caller holds the press lock. Raises ``StoreDownError``.
    """
    wrong, unknown = differences(shared)
    shared.delete(unknown)
    ids = [row.pk for row in wrong]
    for start in range(0, len(ids), _AT_ONCE):
        PressedFile.objects.filter(pk__in=ids[start : start + _AT_ONCE]).update(digest=None)
