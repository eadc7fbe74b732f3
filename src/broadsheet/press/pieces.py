"""Pieces: parts of a sheet that come out the same each time, kept between two pressings.

A publication adds one story to lists and feeds whose other stories are as they were. What each
of those looks like there (its card, its entry) is kept under a key made of all that goes into it:
first in memory, and then in the pressed sheet itself. The ledger notes where in a sheet each piece
stands; a list that this process has not drawn yet is taken apart into them, so that it costs no
more than one that was drawn a moment ago, however large and old the archive is.
"""

from __future__ import annotations

import hashlib
import logging
import marshal
from base64 import urlsafe_b64encode
from collections import Counter, OrderedDict
from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from broadsheet.press.sheets import Sheet

log = logging.getLogger(__name__)

# Where a piece stands in a sheet: its key, and its first byte and the one behind its last.
Place = tuple[str, int, int]

_DIGEST = 12
_SUBJECT = 16  # the letters of one digest in base 64
_MOST_BYTES = 16 * 2**20
_MOST_SHEETS = 2_000

# What a piece is drawn with and no key can name: the press itself, its labels, how times are said.
_SOURCES = ("press/*.py", "press/jinja2/**/*.html", "stories/*.py", "locale/**/*.[mp]o")
_LIBRARIES = ("babel", "jinja2", "nh3")


def _digest(*of: object) -> str:
    found = hashlib.blake2b(digest_size=_DIGEST)
    for each in of:
        found.update(repr(each).encode())
    return urlsafe_b64encode(found.digest()).decode()


@cache
def _edition() -> str:
    """Return what tells this version of the press from another, which may draw otherwise."""
    here = Path(__file__).parents[1]
    files = sorted(path for pattern in _SOURCES for path in here.glob(pattern))
    return _digest([*map(version, _LIBRARIES), *(path.read_bytes() for path in files)])


def subject(rows: Iterable[tuple[str, tuple[object, ...]]]) -> str:
    """Return what stands in keys for the rows, each with its name, of that which pieces show."""
    found = hashlib.blake2b(_bytes_of(tuple(rows)), digest_size=_DIGEST)
    return urlsafe_b64encode(found.digest()).decode()


# A story stands on a dozen sheets of one publication.
@lru_cache(maxsize=4096)
def _drawn_now(of: str) -> str:
    """Return the first half of the keys of what this version of the press draws of a subject."""
    return _digest(_edition(), of)


# Of this version the same values are the same bytes, however they came about.
_PLAIN = 2


def _bytes_of(rows: Any) -> bytes:
    try:
        # A tenth of what repr() takes, of rows that hold whole bodies.
        return marshal.dumps(rows, _PLAIN)
    except ValueError:  # a time, of a database that gives such
        return repr(rows).encode("utf-8", "surrogatepass")


def keys(of_each: Iterable[str], *ways: Hashable) -> list[str]:
    """Return the key of a piece of each subject, all drawn in the same ``ways``.

    With the subject they must name everything that goes into the piece, each by a value that
    ``repr`` tells from every other.
    """
    way = _way(ways)
    return [_drawn_now(of) + way for of in of_each]


# A list shows all its stories in the same way.
@lru_cache(maxsize=4096)
def _way(ways: tuple[Hashable, ...]) -> str:
    return _digest(ways)


@dataclass
class _Shelf:
    """Pieces by key, as many bytes as there is room for; the one asked for longest ago goes."""

    lock: Lock = field(default_factory=Lock)
    kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    subjects: Counter[str] = field(default_factory=Counter)
    size: int = 0
    most: int = _MOST_BYTES
    # Sheets this process has drawn or taken apart, with what the ledger says of them and the keys
    # of their pieces.
    sheets: OrderedDict[Sheet, tuple[str, tuple[str, ...]]] = field(default_factory=OrderedDict)

    def fetch(self, name: str) -> bytes | None:
        with self.lock:
            found = self.kept.get(name)
            if found is not None:
                self.kept.move_to_end(name)
            return found

    def fetch_all(self, names: Sequence[str]) -> list[bytes | None]:
        with self.lock:
            found = [self.kept.get(name) for name in names]
            for name, content in zip(names, found, strict=True):
                if content is not None:
                    self.kept.move_to_end(name)
            return found

    def put(self, pieces: Iterable[tuple[str, bytes]]) -> None:
        with self.lock:
            for name, content in pieces:
                if name in self.kept:
                    continue
                self.kept[name] = content
                self.subjects[name[:_SUBJECT]] += 1
                self.size += len(content)
            while self.size > self.most:
                name, content = self.kept.popitem(last=False)
                self.size -= len(content)
                self.subjects[name[:_SUBJECT]] -= 1
                if not self.subjects[name[:_SUBJECT]]:
                    del self.subjects[name[:_SUBJECT]]

    def knows(self, sheet: Sheet, sha256: str) -> bool:
        with self.lock:
            known, names = self.sheets.get(sheet, ("", ()))
            # Pieces may have gone since to make room.
            return known == sha256 and all(name in self.kept for name in names)

    def note(self, sheet: Sheet, sha256: str, standing: Iterable[Place]) -> None:
        with self.lock:
            self.sheets[sheet] = sha256, tuple(name for name, _begin, _end in standing)
            self.sheets.move_to_end(sheet)
            while len(self.sheets) > _MOST_SHEETS:
                self.sheets.popitem(last=False)

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()
            self.subjects.clear()
            self.sheets.clear()
            self.size = 0


_shelf = _Shelf()
_drawn: ContextVar[list[tuple[str, bytes]] | None] = ContextVar("pieces_drawn", default=None)


def make_room(size: int) -> None:
    """Keep pieces of so many bytes in memory from now on."""
    _shelf.most = size


def forget() -> None:
    """Forget every piece in memory."""
    _shelf.clear()


def is_known(of: str) -> bool:
    """Tell whether any piece of the subject ``of`` is in memory, so that it may not be needed."""
    return _drawn_now(of) in _shelf.subjects


def lacking(names: Sequence[str]) -> list[int]:
    """Return the places, among ``names``, of those whose piece is not in memory."""
    found = _shelf.fetch_all(names)
    return [place for place, content in enumerate(found) if content is None]


def piece(name: str, draw: Callable[[], tuple[bytes, bool]]) -> bytes:
    """Return the piece of the key ``name``, and note that the sheet which is drawn now has it.

    ``draw`` makes it where it is not known, and says whether it is truly what the key names: what
    it is made of may have changed since that was read, and is kept for nobody then.
    """
    content, kept = _shelf.fetch(name), True
    if content is None:
        content, kept = draw()
        if kept:
            _shelf.put([(name, content)])
    drawn = _drawn.get()
    if kept and drawn is not None:
        drawn.append((name, content))
    return content


def several(names: Sequence[str], draw: Callable[[int], tuple[bytes, bool]]) -> list[bytes]:
    """Return the pieces of ``names``, as :func:`piece` does each.

    ``draw`` is told the place of a name among them.
    """
    found = _shelf.fetch_all(names)
    drawn = _drawn.get()
    for place, name in enumerate(names):
        content = found[place]
        if content is None:
            content = found[place] = piece(name, partial(draw, place))
        elif drawn is not None:
            drawn.append((name, content))
    return [content for content in found if content is not None]


@contextmanager
def noted() -> Generator[list[tuple[str, bytes]]]:
    """Collect the pieces that are asked for in the block, in order."""
    drawn: list[tuple[str, bytes]] = []
    token = _drawn.set(drawn)
    try:
        yield drawn
    finally:
        _drawn.reset(token)


def places(content: bytes, drawn: Iterable[tuple[str, bytes]]) -> list[Place]:
    """Return where in ``content`` the pieces stand that were asked for while it was drawn."""
    found: list[Place] = []
    begin = 0
    for name, part in drawn:
        place = _place(content, part, begin)
        if place >= 0:
            begin = place + len(part)
            found.append((name, place, begin))
    return found


# Enough to tell most pieces from others.
_START = 64


def _place(content: bytes, part: bytes, begin: int) -> int:
    """Return where ``part`` stands in ``content`` from ``begin`` on, or -1.

    Nearly always that is right behind the one before, or its comma. Python prepares for a long
    needle, which takes longer than to find its first letters.
    """
    for at in (begin, begin + 2):
        if content.startswith(part, at):
            return at
    start = part[:_START]
    at = content.find(start, begin)
    while at >= 0 and not content.startswith(part, at):
        at = content.find(start, at + 1)
    return at


def pressed(sheet: Sheet, sha256: str, standing: Iterable[Place]) -> None:
    """Say that this process has drawn what the ledger calls ``sha256``, out of these pieces."""
    _shelf.note(sheet, sha256, standing)


def has(sheet: Sheet, sha256: str) -> bool:
    """Tell whether this process has all pieces of what the ledger calls ``sha256`` at hand."""
    return _shelf.knows(sheet, sha256)


def recall(sheet: Sheet, sha256: str, standing: Sequence[Place], read: Callable[[], bytes]) -> None:
    """Take a pressed sheet apart into its pieces.

    ``standing`` is what the ledger has of :func:`places`. ``read`` returns the bytes of the
    sheet; where they are not those that the ledger speaks of, nothing is taken from them. Raises
    nothing: without its pieces a list is drawn as if it were new.
    """
    try:
        content = read()
        if hashlib.sha256(content).hexdigest() == sha256:
            _shelf.put((name, content[begin:end]) for name, begin, end in standing)
            _shelf.note(sheet, sha256, standing)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with what stands there
        log.info("%s %s is drawn anew: %s", sheet.kind, sheet.key, error)
