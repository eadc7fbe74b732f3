"""Pressing one batch: draw, store, enter in the ledger, strike out the orders.

    for each order:  draw the sheet from the database as it is now; meanwhile the one before
                     is compressed, written beside its place and synced
    all files:       put in place together, meanwhile
    one transaction: ledger rows, what stands above the changed sheets, orders struck out;
                     committed once every file has its place

Whatever stops it on the way, the orders are still there, and pressing again comes to the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from broadsheet import garbage
from broadsheet.press import changes, ledger, orders, pieces, shared_store
from broadsheet.press.hands import Failed
from broadsheet.press.making import Made, foresee, is_new, made, moment, standing, written
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.press.reading import one_reading
from broadsheet.press.sheets import Sheet, in_order, kind_of, kinds
from broadsheet.press.store import Refusal, Staged, Store, side_by_side
from broadsheet.press.warm import warm_up
from broadsheet.pressed_paths import UnpressableAddressError, file_of

log = logging.getLogger(__name__)

# For a sheet above others that could not be written: all else goes before it.
_AFTER_ALL = -4
_USUAL = 6


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
    """Return the pressed folder of this paper, behind the store where several nodes share one."""
    root = Path(settings.PRESSED_ROOT)
    shared = shared_store.remote()
    return Store(root) if shared is None else shared_store.SharedStore(root, shared)


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
    staged: dict[Staged, _Writing] = field(default_factory=dict)
    rows: list[PressedFile] = field(default_factory=list)
    removals: dict[str, tuple[PressOrder, Sheet]] = field(default_factory=dict)
    taken_away: list[str] = field(default_factory=list)
    gone: list[PressedFile] = field(default_factory=list)
    above: dict[Sheet, int] = field(default_factory=dict)
    done: list[PressOrder] = field(default_factory=list)
    failures: list[tuple[PressOrder, Exception]] = field(default_factory=_no_failures)
    failed: set[Sheet] = field(default_factory=set)
    pressed: set[Sheet] = field(default_factory=set)
    removed: set[Sheet] = field(default_factory=set)

    def fail(self, order: PressOrder | None, sheet: Sheet, error: Exception) -> None:
        """Keep ``sheet`` back, and what asked for it, from all that the others come to."""
        log.error("could not press %s %s", sheet.kind, sheet.key, exc_info=error)
        if sheet in self.failed:
            return
        self.failed.add(sheet)
        self.pressed.discard(sheet)
        self.removed.discard(sheet)
        if order is None or order.pk is None:
            self.above[sheet] = _AFTER_ALL
            return
        if order in self.done:
            self.done.remove(order)
        self.failures.append((order, error))


@garbage.seldom_looked_for()
def press_batch(
    due: Sequence[PressOrder],
    *,
    last: bool = False,
    by_hands: Mapping[Sheet, Made | Failed | None] | None = None,
) -> Outcome:
    """Press the sheets of ``due`` together; the caller holds the press lock.

    Where this is the ``last`` batch for now, what stands above its sheets is pressed with them;
    otherwise it is ordered, since the next batch may change it again. ``by_hands`` has what other
    processes have drawn and written of it since the orders were read (``press.hands``).

    A sheet that cannot be drawn, or whose file the disk refuses, does not keep the others from
    being pressed: its order stays, with the error and the time of the next attempt. Raises
    ``RuntimeError`` inside a transaction, for readers must never see what may yet be rolled
    back, ``StoreDownError`` where the store that nodes share does not answer (every order is
    still there as it was, then), and whatever the database raises.
    """
    with transaction.atomic(durable=True):
        pass  # refuses at once, before anything is drawn
    sheets = [Sheet(order.kind, order.key) for order in due]
    warm_up()
    batch = _Batch(store(), ledger.entries(sheets), side_by_side())
    ready = by_hands or {}
    batch.store.syncs = not ready
    try:
        with one_reading():
            recalled = _recall(batch, ready)
            foresee([sheet for sheet in sheets if sheet not in ready], recalled)
            for order, sheet in _longest_first(due, sheets):
                try:
                    new = ready[sheet] if sheet in ready else made(sheet)
                    _press_one(batch, order, sheet, new)
                except Exception as error:  # noqa: BLE001 - logged and kept with the order
                    batch.fail(order, sheet, error)
            if last:
                _press_above(batch, sheets)
    finally:
        _await_files(batch)
    try:
        _take_away(batch)
        placing = _put_in_place(batch)
    except BaseException:
        batch.store.discard(batch.staged)
        raise
    _settle_when(batch, placing)
    return Outcome(len(batch.pressed), len(batch.removed), len(batch.failures))


def _longest_first(
    due: Sequence[PressOrder], sheets: Sequence[Sheet]
) -> list[tuple[PressOrder, Sheet]]:
    """Return both, pair by pair: first what takes longest to compress, while the rest is drawn.

    They all take their places together, at the end.
    """
    levels = {kind.name: kind.gzip for kind in kinds()}
    found = list(zip(due, sheets, strict=True))
    # What is large is compressed at a low level.
    return sorted(found, key=lambda pair: levels.get(pair[1].kind, _USUAL))


def _recall(batch: _Batch, ready: Mapping[Sheet, object]) -> Callable[[], None]:
    """Take those sheets apart that this process has not drawn before (``press.pieces``).

    Returns what waits until that is done.
    """
    of_pieces = {kind.name for kind in kinds() if kind.of_pieces}
    standing = {
        row.address: row
        for sheet, rows in batch.known.items()
        if sheet not in ready and sheet.kind in of_pieces
        for row in rows
        if not pieces.has(sheet, row.sha256)
    }
    found = ledger.pieces_of(standing.values()) if standing else {}

    def recall(address: str) -> None:
        row = standing[address]
        read = partial(batch.store.content, address)
        pieces.recall(Sheet(row.kind, row.key), row.sha256, found[address], read)

    def recall_all() -> None:
        for address in found:
            recall(address)

    # To read, unpack and check them leaves room for the database that is asked meanwhile; in
    # several threads they would stand in its way whenever it has answered.
    under_way = batch.pool.submit(recall_all)

    def recalled() -> None:
        under_way.result()

    return recalled


def _press_above(batch: _Batch, drawn: Sequence[Sheet]) -> None:
    """Press what stands above the changed sheets, and above that.

    What was ``drawn`` in this batch already, from a ledger that was not yet so, or could not be
    drawn, is left to be ordered: a batch holds each file once.
    """
    tried = set(drawn)
    batch.known.update(ledger.entries(_all_above(batch.above)))
    while waiting := [sheet for sheet in batch.above if sheet not in tried]:
        tried.update(waiting)
        for sheet in in_order(waiting):
            ledger.look_ahead([each.row for each in batch.writing], batch.gone)
            priority = batch.above[sheet]
            try:
                _press_one(batch, PressOrder(priority=priority), sheet, made(sheet))
            except Exception:
                log.exception("could not press %s %s", sheet.kind, sheet.key)
            else:
                del batch.above[sheet]


def _all_above(sheets: Iterable[Sheet]) -> set[Sheet]:
    """Return ``sheets`` with what stands above them, and above that."""
    found: set[Sheet] = set()
    for each in sheets:
        sheet: Sheet | None = each
        while sheet is not None and sheet not in found:
            found.add(sheet)
            sheet = kind_of(sheet).above(sheet.key)
    return found


def _await_files(batch: _Batch) -> None:
    """Gather what was written; a file that could not be is a failure of its sheet alone."""
    for each in batch.writing:
        try:
            files = each.files.result()
        except Exception as error:  # noqa: BLE001 - logged and kept with the order
            batch.fail(each.order, Sheet(each.row.kind, each.row.key), error)
        else:
            each.row.size, each.row.digest = files[0].size, files[0].digest
            batch.staged.update(dict.fromkeys(files, each))
            batch.rows.append(each.row)


def _take_away(batch: _Batch) -> None:
    # An address that one sheet leaves and another takes is not left empty in between.
    taken = {row.address for row in batch.rows}
    for address, (order, sheet) in batch.removals.items():
        # The old page of a sheet that has got no new one is better than none.
        if address in taken or sheet in batch.failed:
            continue
        try:
            batch.store.remove(address)
        except (OSError, UnpressableAddressError) as error:
            batch.fail(order, sheet, error)
        else:
            batch.taken_away.append(address)


def _put_in_place(batch: _Batch) -> Future[list[Refusal]]:
    """Begin to let the files take their places; wait for it where that may take long.

    The ledger's rows are written meanwhile, and nobody else can write while they are.
    """
    files = list(batch.staged)
    if batch.store.is_quick:
        return batch.pool.submit(batch.store.put_in_place, files)
    placed: Future[list[Refusal]] = Future()
    placed.set_result(batch.store.put_in_place(files))
    return placed


class _RefusedError(Exception):
    """Some files could not take their places; what was written of them must not stand."""


def _settle_when(batch: _Batch, placing: Future[list[Refusal]]) -> None:
    """Enter in the ledger what has become of the batch, once the files have taken their places."""
    try:
        with suppress(_RefusedError):
            _settle(batch, placing)
            return
    finally:
        wait([placing])
    for file, error in placing.result():
        writing = batch.staged[file]
        batch.fail(writing.order, Sheet(writing.row.kind, writing.row.key), error)
        batch.rows = [row for row in batch.rows if row is not writing.row]
    _settle(batch)


class NotMadeApartError(RuntimeError):
    """What kept another process from making a sheet; the message names the error's type."""


def _press_one(batch: _Batch, order: PressOrder, sheet: Sheet, new: Made | Failed | None) -> None:
    if isinstance(new, Failed):
        raise NotMadeApartError(new.error)
    kind = kind_of(sheet)
    address = kind.address(sheet.key)
    before = batch.known[sheet]
    elsewhere = [row for row in before if row.address != address]
    if new is None:
        left = {row.address for row in before}
        with suppress(UnpressableAddressError):  # nothing can stand there
            file_of(address)
            left.add(address)
        batch.gone += before
        batch.removed.add(sheet)
        changed = bool(before)
    else:
        left = {row.address for row in elsewhere}
        was = next((row for row in before if row.address == address), None)
        changed = _stage(batch, order, new, was)
        batch.gone += elsewhere
        batch.pressed.add(sheet)
    batch.removals.update(dict.fromkeys(left, (order, sheet)))
    if changed and (above := kind.above(sheet.key)) is not None:
        batch.above[above] = max(batch.above.get(above, order.priority - 1), order.priority - 1)
    if order.pk is not None:
        batch.done.append(order)


def _stage(batch: _Batch, order: PressOrder, new: Made, was: PressedFile | None) -> bool:
    """Stage the bytes where they differ from what stands there; tell whether they do."""
    files: Future[list[Staged]]
    pressed_at = timezone.now()
    if new.files is not None:
        pressed_at = moment(new.files[0].written_us)
        batch.store.adopt(new.address, new.files)
        files = Future()
        files.set_result(list(new.files))
    elif new.content is not None and is_new(batch.store, new, standing(was)):
        files = batch.pool.submit(written, batch.store, new, pressed_at)
    else:
        others = new.pieces and not pieces.has(new.sheet, new.sha256)
        look = ledger.as_kept(new.sha256, new.look)
        before = None if was is None else (was.shown_on, was.tally, was.look)
        if was is not None and (others or before != (new.shown_on, new.tally, look)):
            was.shown_on, was.tally, was.look = new.shown_on, new.tally, look
            was.pieces = new.pieces or None
            batch.rows.append(was)
        return False
    row = PressedFile(
        address=new.address,
        kind=new.sheet.kind,
        key=new.sheet.key,
        sha256=new.sha256,
        seconds=new.seconds,
        pressed_at=pressed_at,
        tally=new.tally,
        shown_on=new.shown_on,
        pieces=new.pieces or None,
        look=ledger.as_kept(new.sha256, new.look),
    )
    if new.pieces and new.content is not None:
        pieces.pressed(new.sheet, new.sha256, new.pieces)
    batch.writing.append(_Writing(order if order.pk is not None else None, row, files))
    return True


def _settle(batch: _Batch, placing: Future[list[Refusal]] | None = None) -> None:
    """Write what has become of the batch; raises :class:`_RefusedError` where a file was refused.

    Nothing is written then.
    """
    with transaction.atomic(durable=True):
        gone = [row for row in batch.gone if Sheet(row.kind, row.key) not in batch.failed]
        if gone:
            ledger.strike_out(gone)
        if batch.rows:
            ledger.enter(batch.rows)
        if shared_store.remote() is not None:
            written = {id(each.row) for each in batch.writing}
            changes.enter([row for row in batch.rows if id(row) in written], batch.taken_away)
        for sheet, priority in batch.above.items():
            orders.write([sheet], priority=priority)
        orders.strike_out(batch.done)
        for order, error in batch.failures:
            apart = isinstance(error, NotMadeApartError)
            orders.put_off(order, str(error) if apart else f"{type(error).__name__}: {error}")
        if placing is not None and placing.result():
            raise _RefusedError
