"""The mirror: keeps this node's folder of pressed files as the store of the paper has them.

    follow      what the journal has entered since: taken away at once, the rest fetched
    reconcile   every row of the ledger against the folder, for a node that is new or was away

How far it has come is noted in the home once what it fetched is on the disk. A node that presses
itself has put its own files in place already; it finds them by their digest and fetches nothing.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from broadsheet.object_stores import (
    ASKED,
    DamagedObjectError,
    ObjectStore,
    StoreDownError,
    all_of,
)
from broadsheet.press import mirror_files, mirror_notes, orders, store_trouble
from broadsheet.press.models import PressedChange, PressedFile
from broadsheet.press.shared_store import local_digest, remote
from broadsheet.press.sheets import Sheet
from broadsheet.pressed_paths import file_of

log = structlog.get_logger("broadsheet.mirror")

_PAUSE_S = 0.2
_AFTER_TROUBLE_S = 1.0
# With nothing to fetch, the store is asked now and then, so that the newsroom knows how it is.
_ASKED_EVERY_S = 10.0
_CHANGES_AT_ONCE = 1000
_ROWS_AT_ONCE = 500
# For this long the store may have another version than ledger or journal: one that is just being
# pressed. After that nobody is pressing it any more.
_DOUBTED_FOR_S = 5.0
_TOLD_EVERY_S = 10.0
# From a file's place in the folder to its row in the ledger, a batch of the press at most.
_PRESSED_WITHIN_S = 60.0


def mirror_of_this_node() -> Mirror | None:
    """Return the mirror of this node's folder; ``None`` where no store is shared."""
    shared = remote()
    if shared is None:
        return None
    return Mirror(Path(settings.PRESSED_ROOT), shared, Path(settings.HOME) / mirror_notes.FILE_NAME)


class Mirror:
    """Keeps ``root`` as ``shared`` has it, and in ``file`` how far that has come.

    :meth:`keep` runs in a thread of its own; :meth:`wake` and :meth:`stop` may be called from
    any other.
    """

    def __init__(
        self,
        root: Path,
        shared: ObjectStore,
        file: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._root = root
        self._shared = shared
        self._file = file
        self._clock = clock
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._pause = _PAUSE_S
        self._note = mirror_notes.read(file, shared.place)
        # What could not be had as ledger or journal name it, and since when.
        self._doubted: dict[str, float] = {}
        self._asked_at = clock()
        self._compared = False

    def wake(self) -> None:
        """Have it look now."""
        self._woken.set()

    def stop(self) -> None:
        """Have :meth:`keep` come to an end."""
        self._stopping.set()
        self._woken.set()

    def look_every(self, seconds: float) -> None:
        """Look this often by itself; longer waits are for a node that is woken."""
        self._pause = seconds

    def keep(self) -> None:
        """Follow until told to stop. Whatever fails is logged, and tried again a moment later."""
        try:
            while not self._stopping.is_set():
                # Before looking: what is told meanwhile must not be slept through.
                self._woken.clear()
                if not self._looked() and not self._stopping.is_set():
                    self._woken.wait(self._pause)
        finally:
            connection.close()

    def _looked(self) -> bool:
        try:
            busy = self.follow() > 0
            if not self._compared:
                # After a crash, or a hand in the folder.
                self.reconcile(thorough=False)
            self._ask_now_and_then()
        except StoreDownError as error:
            if not store_trouble.troubles("mirror"):
                log.warning("the store of pressed files does not answer", error=str(error))
            store_trouble.note("mirror", error)
        except (DatabaseError, OSError) as error:
            log.warning("the mirror cannot follow", error=f"{type(error).__name__}: {error}")
            connection.close()
        except Exception:  # the thread outlives whatever fails
            log.exception("the mirror failed")
            connection.close()
        else:
            store_trouble.is_over("mirror")
            return busy
        self._stopping.wait(_AFTER_TROUBLE_S)
        return True

    def _ask_now_and_then(self) -> None:
        now = self._clock()
        if now - self._asked_at > _ASKED_EVERY_S or store_trouble.troubles("mirror"):
            self._asked_at = now
            self._shared.has(ASKED)

    def follow(self) -> int:
        """Bring the folder up to what the journal says by now; return how many files changed.

        Raises ``StoreDownError``, ``OSError`` where the disk refuses, and what the database
        raises. What was done until then is done.
        """
        if self._note is None or (done := self._follow(self._note)) is None:
            return self.reconcile()
        if not self._doubted:
            # While something is doubted, a new start has to look there again.
            self._note.write(self._file)
        return done

    def _follow(self, note: mirror_notes.Note) -> int | None:
        """Do what the journal says after ``note``; ``None`` where it goes not so far back."""
        rows = list(
            PressedChange.objects.filter(id__gte=note.seen).order_by("id")[: _CHANGES_AT_ONCE + 1]
        )
        if note.seen:
            if not rows or not note.is_of(rows[0]):
                return None
            rows = rows[1:]
        if not rows and not self._doubted:
            return 0
        # The last word on each address holds.
        changes = {row.address: row.digest for row in rows}
        gone = [address for address, digest in changes.items() if not digest]
        mirror_files.remove(self._root, gone)
        for address in gone:
            self._doubted.pop(address, None)
        touched = self._fetch({a: digest for a, digest in changes.items() if digest})
        touched += self._look_again()
        mirror_files.sync(self._root, touched)
        if rows:
            self._note = mirror_notes.Note.of(self._shared.place, rows[-1])
        return len(rows)

    def _fetch(self, wanted: dict[str, str]) -> list[str]:
        """Fetch what differs of ``wanted`` (digests by address); return what was put in place.

        Raises ``StoreDownError``.
        """
        came = all_of(lambda item: self._had(*item), list(wanted.items()))
        now = self._clock()
        touched = []
        for address, had in zip(wanted, came, strict=True):
            if had is None:
                self._doubted.setdefault(address, now)
                continue
            self._doubted.pop(address, None)
            if had:
                touched.append(address)
        return touched

    def _had(self, address: str, digest: str) -> bool | None:
        """Tell whether the file had to be put in place; ``None`` where it cannot be had."""
        if local_digest(self._root, address) == digest:
            return False
        try:
            stored = self._shared.get(file_of(address))
        except DamagedObjectError as error:
            log.warning("damaged in the store", address=address, error=str(error))
            return None
        if stored is None or stored.digest != digest:
            return None
        mirror_files.put(self._root, address, stored)
        return True

    def _look_again(self) -> list[str]:
        """Try once more what is doubted, as the ledger has it now; give up what nobody presses."""
        touched: list[str] = []
        doubted = list(self._doubted)
        for start in range(0, len(doubted), _ROWS_AT_ONCE):
            some = doubted[start : start + _ROWS_AT_ONCE]
            rows = {row.address: row for row in PressedFile.objects.filter(address__in=some)}
            gone = [address for address in some if address not in rows]
            mirror_files.remove(self._root, gone)
            # Without a digest it is ordered already: the journal will tell.
            for address in gone + [a for a, row in rows.items() if row.digest is None]:
                del self._doubted[address]
            touched += self._fetch({a: row.digest for a, row in rows.items() if row.digest})
            late = self._clock() - _DOUBTED_FOR_S
            for address, row in rows.items():
                if self._doubted.get(address, late + 1) <= late:
                    self._have_pressed(row)
                    del self._doubted[address]
        return touched

    @staticmethod
    def _have_pressed(row: PressedFile) -> None:
        log.error("the store lacks what the ledger names, it is pressed anew", address=row.address)
        PressedFile.objects.filter(pk=row.pk, digest=row.digest).update(digest=None)
        orders.write([Sheet(row.kind, row.key)])

    def reconcile(self, *, thorough: bool = True) -> int:
        """Compare every row of the ledger with the folder; return how many files changed.

        Byte for byte, or by size where it need not be ``thorough``. Files that no row knows are
        taken away first; what the journal enters meanwhile is followed. Raises as :meth:`follow`
        does; begun again it fetches only what is still missing.
        """
        began = time.time()
        log.info("comparing the folder with the ledger")
        last = PressedChange.objects.order_by("-id").first()
        note = mirror_notes.Note.of(self._shared.place, last)
        if thorough:
            # Until it is there again, readers get from the store what is missing here.
            self._file.unlink(missing_ok=True)
            self._note = None
        removed = self.remove_unknown(before=began - _PRESSED_WITHIN_S)
        told_at, looked, fetched = self._clock(), 0, 0
        for some in _ledger("address", "digest", "size"):
            if self._stopping.is_set():
                return removed + fetched
            # A row without a digest is from before there was a store: it is ordered (recovery).
            wanted = {row.address: row.digest for row in some if row.digest}
            if not thorough:
                sizes = {row.address: row.size for row in some}
                wanted = {
                    address: digest
                    for address, digest in wanted.items()
                    if mirror_files.size(self._root, address) != sizes[address]
                }
            fetched += len(self._fetch(wanted))
            looked += len(some)
            if self._follow(note) is not None and self._note is not None:
                note = self._note
            if self._clock() - told_at > _TOLD_EVERY_S:
                told_at = self._clock()
                log.info("comparing", files=looked, fetched=fetched)
        os.sync()
        log.info("compared", files=looked, fetched=fetched, removed=removed)
        self._note, self._compared = note, True
        if not self._doubted:
            note.write(self._file)
        return removed + fetched

    def remove_unknown(self, *, before: float) -> int:
        """Take away files from before ``before`` (seconds since 1970) that no row knows.

        Younger ones may be of a press whose rows are not committed yet.
        """
        known = array("Q")
        for some in _ledger("address"):
            known.extend(_mark(file_of(row.address)) for row in some)
        known = array("Q", sorted(known))
        removed = 0
        for name in mirror_files.names(self._root, before=before):
            mark = _mark(name)
            at = bisect_left(known, mark)
            if at == len(known) or known[at] != mark:
                mirror_files.remove_names(self._root, [name])
                removed += 1
        return removed

    def remove_withdrawn(self) -> int:
        """Take away what was withdrawn while this node was away, and nothing else.

        For a node that is about to open. Returns how many files; raises what the database
        raises.
        """
        if self._note is None or not self._note.is_continued():
            return self.remove_unknown(before=time.time())
        rows = PressedChange.objects.filter(id__gt=self._note.seen).order_by("id")
        # The last word on each address holds.
        changes = dict(rows.values_list("address", "digest").iterator())
        gone = [address for address, digest in changes.items() if not digest]
        mirror_files.remove(self._root, gone)
        return len(gone)


def _ledger(*fields: str) -> Iterator[Sequence[PressedFile]]:
    """Yield the ledger in slices; no question lasts, whatever is done between two of them."""
    after = 0
    rows = PressedFile.objects.only(*(fields or ("address", "digest"))).order_by("pk")
    while some := list(rows.filter(pk__gt=after)[:_ROWS_AT_ONCE]):
        yield some
        after = some[-1].pk


def _mark(name: str) -> int:
    # Eight bytes a file: half a million names would be a hundred megabytes.
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
