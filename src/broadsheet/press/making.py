"""Making a sheet: it is drawn, told from what stands there, and written beside its place."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from broadsheet.press import loading, looks, pieces
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Drawn, Sheet, kind_of
from broadsheet.press.store import Staged, Store
from broadsheet.pressed_paths import file_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Standing:
    """What the ledger says of the file at an address: what was pressed there, and when.

    ``sha256`` tells one version of the page from another; the others are the file's
    (``store.Staged``).
    """

    sha256: str
    written_us: int
    size: int
    digest: str | None


def standing(row: PressedFile | None) -> Standing | None:
    """Return what the ledger's ``row`` says of the file at its address."""
    if row is None:
        return None
    return Standing(row.sha256, date_of_file(row.pressed_at), row.size, row.digest)


def date_of_file(pressed_at: datetime) -> int:
    """Return the date of a file that was pressed then, as ``store.Staged`` has it."""
    return (pressed_at - _EPOCH) // timedelta(microseconds=1)


def moment(written_us: int) -> datetime:
    """Return when the file of that date was pressed, in UTC."""
    return _EPOCH + timedelta(microseconds=written_us)


@dataclass(frozen=True)
class Made:
    """A sheet that was drawn: where it belongs, and what the ledger is to remember of it.

    Either its bytes are in ``content``, or they have been written already, to ``files``; where
    both are ``None`` they are what stands at the address.
    """

    sheet: Sheet
    address: str
    sha256: str
    tally: int
    shown_on: list[list[str]]
    seconds: float
    look: str | None = None
    pieces: list[pieces.Place] = field(default_factory=list)
    content: bytes | None = None
    files: tuple[Staged, ...] | None = None


def foresee(sheets: Sequence[Sheet], recalled: Callable[[], None] | None = None) -> None:
    """Say what will be read, all of it before the first is; what is wrong, drawing will tell.

    ``recalled`` waits until those pieces are at hand that stand in pressed sheets; what has one
    is not read.
    """
    for sheet in sheets:
        with suppress(Exception):
            kind_of(sheet).foresee(sheet.key)
    looks.read_notes()
    if recalled is not None:
        recalled()
    looks.fetch()
    loading.fetch()


def made(sheet: Sheet) -> Made | None:
    """Draw ``sheet``; ``None`` where there is nothing (any more) to show.

    Raises what the kind's ``draw`` raises, and ``KeyError`` for a kind nobody registered.
    """
    kind = kind_of(sheet)
    begun = time.perf_counter()
    with pieces.noted() as parts:
        drawn = kind.draw(sheet.key)
    taken = time.perf_counter() - begun
    if drawn is None:
        return None
    if not isinstance(drawn, Drawn):
        drawn = Drawn(drawn)
    told_by = drawn.content if drawn.same_if is None else drawn.same_if
    return Made(
        sheet=sheet,
        address=kind.address(sheet.key),
        sha256=hashlib.sha256(told_by).hexdigest(),
        tally=drawn.tally,
        shown_on=[list(each) for each in drawn.shown_on],
        seconds=taken,
        look=drawn.look,
        pieces=pieces.places(drawn.content, parts) if kind.of_pieces else [],
        content=drawn.content,
    )


def is_new(store: Store, made: Made, was: Standing | None) -> bool:
    """Tell whether ``made`` differs from what stands at its address.

    Raises ``UnpressableAddressError`` where that can have no file.
    """
    file_of(made.address)  # refuses, before anything is written
    if was is not None and was.sha256 == made.sha256:
        return not store.stands(
            made.address, written_us=was.written_us, size=was.size, digest=was.digest
        )
    return True


def written(store: Store, made: Made, at: datetime | None = None) -> list[Staged]:
    """Write the bytes of ``made`` beside their place; raises what :meth:`Store.stage` does.

    ``at`` is when they are pressed, this moment unless it is given.
    """
    kind = kind_of(made.sheet)
    content = made.content or b""
    return store.stage(
        made.address,
        content,
        gzip_level=kind.gzip,
        brotli_quality=kind.brotli,
        written_us=0 if at is None else date_of_file(at),
    )


def made_and_written(store: Store, sheet: Sheet, was: Standing | None) -> Made | None:
    """Draw ``sheet`` and write it where it differs from what stands; raises as both do."""
    new = made(sheet)
    if new is None:
        return None
    files = tuple(written(store, new)) if is_new(store, new, was) else None
    return replace(new, content=None, files=files)
