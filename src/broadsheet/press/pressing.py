"""Pressing one batch: draw, store, enter in the ledger, strike out the orders.

    for each order:  draw the sheet from the database as it is now; meanwhile the one before
                     is compressed, written beside its place and synced
    all files:       put in place together
    one transaction: ledger rows, what stands above the changed sheets, orders struck out

Whatever stops it on the way, the orders are still there, and pressing again comes to the same.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from broadsheet.press import ledger, loading, orders
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.press.reading import one_reading
from broadsheet.press.sheets import Drawn, Sheet, in_order, kind_of
from broadsheet.press.store import AT_ONCE, Staged, Store
from broadsheet.press.warm import warm_up
from broadsheet.pressed_paths import file_of

log = logging.getLogger(__name__)

# For a sheet above others that could not be written: all else goes before it.
_AFTER_ALL = -4


@dataclass(frozen=True)
class Outcome:
    """How many sheets were pressed (or found unchanged), taken away, and could not be made."""

    pressed: int = 0
    removed: int = 0
    failed: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.pressed + other.pressed, self.removed + other.removed, self.failed + other.failed
        )

    @property
    def total(self) -> int:
        """How many sheets were worked on."""
        return self.pressed + self.removed + self.failed


def store() -> Store:
    """Return the pressed folder of this paper."""
    return Store(Path(settings.PRESSED_ROOT))


def _no_failures() -> list[tuple[PressOrder, Exception]]:
    return []


@dataclass(frozen=True)
class _Writing:
    """A file that is being written, with its row and what asked for it (nobody, if ``None``)."""

    order: PressOrder | None
    row: PressedFile
    files: Future[list[Staged]]


@dataclass
class _Batch:
    """What has become of the orders of one batch so far."""

    store: Store
    known: dict[Sheet, list[PressedFile]]
    pool: Executor
    writing: list[_Writing] = field(default_factory=list)
    staged: list[Staged] = field(default_factory=list)
    rows: list[PressedFile] = field(default_factory=list)
    removals: set[str] = field(default_factory=set)
    gone: list[PressedFile] = field(default_factory=list)
    above: dict[Sheet, int] = field(default_factory=dict)
    done: list[PressOrder] = field(default_factory=list)
    failures: list[tuple[PressOrder, Exception]] = field(default_factory=_no_failures)
    pressed: int = 0
    removed: int = 0


def press_batch(due: Sequence[PressOrder], *, last: bool = False) -> Outcome:
    """Press the sheets of ``due`` together; the caller holds the press lock.

    Where this is the ``last`` batch for now, what stands above its sheets is pressed with them;
    otherwise it is ordered, since the next batch may change it again.

    A sheet that fails does not keep the others from being pressed: its order stays, with the
    error and the time of the next attempt. Raises ``RuntimeError`` inside a transaction, for
    readers must never see what may yet be rolled back, and whatever the disk or the database
    raise when the batch as a whole cannot be stored.
    """
    with transaction.atomic(durable=True):
        pass  # refuses at once, before anything is drawn
    sheets = [Sheet(order.kind, order.key) for order in due]
    warm_up()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        batch = _Batch(store(), ledger.entries(sheets), pool)
        try:
            with one_reading():
                _foresee(sheets)
                for order, sheet in zip(due, sheets, strict=True):
                    try:
                        _press_one(batch, order, sheet)
                    except Exception as error:
                        log.exception("could not press %s %s", sheet.kind, sheet.key)
                        batch.failures.append((order, error))
                if last:
                    _press_above(batch, sheets)
        finally:
            _await_files(batch)
    try:
        # An address that one sheet leaves and another takes is not left empty in between.
        for address in batch.removals - {row.address for row in batch.rows}:
            batch.store.remove(address)
        batch.store.put_in_place(batch.staged)
    except BaseException:
        batch.store.discard(batch.staged)
        raise
    _settle(batch)
    return Outcome(batch.pressed, batch.removed, len(batch.failures))


def _foresee(sheets: Sequence[Sheet]) -> None:
    """Say what will be read, all of it before the first is; what is wrong, drawing will tell."""
    for sheet in sheets:
        with suppress(Exception):
            kind_of(sheet).foresee(sheet.key)
    loading.fetch()


def _press_above(batch: _Batch, drawn: Sequence[Sheet]) -> None:
    """Press what stands above the changed sheets, and above that.

    What was ``drawn`` in this batch already, from a ledger that was not yet so, or could not be
    drawn, is left to be ordered: a batch holds each file once.
    """
    tried = set(drawn)
    while waiting := [sheet for sheet in batch.above if sheet not in tried]:
        tried.update(waiting)
        batch.known.update(ledger.entries(waiting))
        for sheet in in_order(waiting):
            ledger.look_ahead([each.row for each in batch.writing], batch.gone)
            priority = batch.above[sheet]
            try:
                _press_one(batch, PressOrder(priority=priority), sheet)
            except Exception:
                log.exception("could not press %s %s", sheet.kind, sheet.key)
            else:
                del batch.above[sheet]


def _await_files(batch: _Batch) -> None:
    """Gather what was written; a file that could not be is a failure of its sheet alone."""
    for each in batch.writing:
        try:
            files = each.files.result()
        except Exception as error:
            sheet = Sheet(each.row.kind, each.row.key)
            log.exception("could not write %s %s", sheet.kind, sheet.key)
            batch.pressed -= 1
            if each.order is None:
                batch.above[sheet] = _AFTER_ALL
            else:
                batch.done.remove(each.order)
                batch.failures.append((each.order, error))
        else:
            each.row.size = files[0].size
            batch.staged += files
            batch.rows.append(each.row)


def _press_one(batch: _Batch, order: PressOrder, sheet: Sheet) -> None:
    kind = kind_of(sheet)
    address = kind.address(sheet.key)
    begun = time.perf_counter()
    drawn = kind.draw(sheet.key)
    taken = time.perf_counter() - begun
    before = batch.known[sheet]
    elsewhere = [row for row in before if row.address != address]
    if drawn is None:
        batch.removals |= {address, *(row.address for row in before)}
        batch.gone += before
        batch.removed += 1
        changed = bool(before)
    else:
        batch.removals |= {row.address for row in elsewhere}
        batch.gone += elsewhere
        if not isinstance(drawn, Drawn):
            drawn = Drawn(drawn)
        was = next((row for row in before if row.address == address), None)
        changed = _stage(batch, order, _Made(sheet, address, drawn, taken), was)
        batch.pressed += 1
    if changed and (above := kind.above(sheet.key)) is not None:
        batch.above[above] = max(batch.above.get(above, order.priority - 1), order.priority - 1)
    if order.pk is not None:
        batch.done.append(order)


@dataclass(frozen=True)
class _Made:
    """A sheet that was drawn: where it belongs, and how many seconds it took."""

    sheet: Sheet
    address: str
    drawn: Drawn
    seconds: float


def _stage(batch: _Batch, order: PressOrder, made: _Made, was: PressedFile | None) -> bool:
    """Stage the bytes where they differ from what stands there; tell whether they do."""
    sheet, address, drawn = made.sheet, made.address, made.drawn
    told_by = drawn.content if drawn.same_if is None else drawn.same_if
    sha256 = hashlib.sha256(told_by).hexdigest()
    shown_on = [list(each) for each in drawn.shown_on]
    if was is not None and was.sha256 == sha256 and batch.store.stands(address):
        if (was.shown_on, was.tally) != (shown_on, drawn.tally):
            was.shown_on, was.tally = shown_on, drawn.tally
            batch.rows.append(was)
        return False
    file_of(address)  # refuses an address that can have no file, before anything is written
    kind = kind_of(sheet)
    files = batch.pool.submit(
        batch.store.stage,
        address,
        drawn.content,
        gzip_level=kind.gzip,
        brotli_quality=kind.brotli,
    )
    row = PressedFile(
        address=address,
        kind=sheet.kind,
        key=sheet.key,
        sha256=sha256,
        seconds=made.seconds,
        pressed_at=timezone.now(),
        tally=drawn.tally,
        shown_on=shown_on,
    )
    batch.writing.append(_Writing(order if order.pk is not None else None, row, files))
    return True


def _settle(batch: _Batch) -> None:
    with transaction.atomic(durable=True):
        if batch.gone:
            ledger.strike_out(batch.gone)
        if batch.rows:
            ledger.enter(batch.rows)
        for sheet, priority in batch.above.items():
            orders.write([sheet], priority=priority)
        orders.strike_out(batch.done)
        for order, error in batch.failures:
            orders.put_off(order, f"{type(error).__name__}: {error}")
