"""The pressed folder: files are replaced whole, so that no reader ever meets half a page."""

from __future__ import annotations

import ctypes
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from secrets import token_hex

import brotli
import deflate
from isal import isal_zlib

from broadsheet.pressed_paths import file_of, lies_plain

# A hidden name, which no address can have: what a crash leaves behind is out of reach.
TEMPORARY = ".press-"
_MODE = 0o644
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# In bytes: what nearly every file system gives a file at least, and up to where it matters.
_BLOCK = 4096
_SMALL = 4 * _BLOCK
# Of libdeflate's levels those from here on weigh all ways to write a text, and mostly win so much.
_TIGHTEST = 10
_WON = 0.035
# The level that is asked for where time matters more than some bytes, and igzip's of its four that
# comes to about the same size in half the time; window and header as gzip has them.
_QUICK, _QUICK_BY_IGZIP, _AS_GZIP = 1, 2, 31
# What a disk needs for a sync is mostly waiting, and many files wait as long as one.
AT_ONCE = 4


@cache
def side_by_side() -> ThreadPoolExecutor:
    """Return the threads of this process in which files are compressed, written and synced."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="press-file")


# `broadsheet demo` presses and then forks the servers, which inherit the pool without its threads:
# what is given to that is never done.
os.register_at_fork(after_in_child=side_by_side.cache_clear)


@dataclass(frozen=True)
class Staged:
    """A file that is written under a name of its own and waits to take its place.

    Both as texts, which cost nothing to hand from one process to another.
    """

    written_to: str
    place: str
    size: int
    # Its date, in the microseconds since 1970 that a database keeps.
    written_us: int
    # SHA-256 of what was written, where the store is one that others share.
    digest: str | None = None

    @property
    def temporary(self) -> Path:
        """The file as it is written."""
        return Path(self.written_to)

    @property
    def final(self) -> Path:
        """The file that it is to become."""
        return Path(self.place)


# What the disk refused, and why.
Refusal = tuple[Staged, OSError]


class Store:
    """The pressed files below ``root``.

    With ``syncs`` off, files are written without waiting for the disk, and :meth:`put_in_place`
    waits once for all of them: for many files at a time, whoever wrote them.
    """

    syncs = True

    @property
    def is_quick(self) -> bool:
        """Whether :meth:`put_in_place` takes some milliseconds only: nobody is asked for more."""
        return self.syncs

    def __init__(self, root: Path) -> None:
        self._root = root

    def stage(
        self,
        address: str,
        content: bytes,
        *,
        gzip_level: int = 6,
        brotli_quality: int = 0,
        written_us: int = 0,
    ) -> list[Staged]:
        """Write ``content`` for ``address`` beside its place: text compressed, pictures as is.

        The file has the date ``written_us``, in microseconds since 1970, or that of this moment.

        What is written is durable when this returns, if this store ``syncs``. Raises
        ``UnpressableAddressError`` for an address that can have no file and ``OSError`` where the
        disk refuses; nothing is left behind then.
        """
        place = f"{self._root}/{file_of(address)}"
        written_us = written_us or time.time_ns() // 1000
        if lies_plain(address):
            return [self._write(place, content, written_us)]
        staged = [self._write(f"{place}.gz", _packed(content, gzip_level), written_us)]
        if brotli_quality:
            try:
                # After its gzipped sister: the newsstand takes an older one for a leftover.
                packed = brotli.compress(content, quality=brotli_quality, mode=brotli.MODE_TEXT)
                staged.append(self._write(f"{place}.br", packed, written_us))
            except BaseException:
                self.discard(staged)
                raise
        return staged

    def _write(self, place: str, content: bytes, written_us: int) -> Staged:
        folder = os.path.dirname(place)  # noqa: PTH120 - a path costs as much as the writing
        name = f"{folder}/{TEMPORARY}{token_hex(8)}"
        try:
            descriptor = os.open(name, _NEW_FILE, _MODE)
        except FileNotFoundError:
            Path(folder).mkdir(parents=True, exist_ok=True)
            descriptor = os.open(name, _NEW_FILE, _MODE)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as stream:
                os.fchmod(descriptor, _MODE)
                written = 0
                while written < len(content):
                    written += stream.write(content[written:])
                os.utime(descriptor, ns=(written_us * 1000, written_us * 1000))
                if self.syncs:
                    os.fsync(descriptor)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Staged(name, place, len(content), written_us)

    def adopt(self, address: str, staged: Iterable[Staged]) -> None:
        """Take over what another process has staged for ``address``."""

    def discard(self, staged: Iterable[Staged]) -> None:
        """Take away staged files that will not be needed."""
        for file in staged:
            file.temporary.unlink(missing_ok=True)

    def put_in_place(self, staged: Iterable[Staged]) -> list[Refusal]:
        """Let each staged file replace what stands at its place, at once, and stay there.

        Returns those for which the disk refused that, each with why; they keep no other back. A
        file was synced before it is renamed here, and its folder is after, so that a power cut
        leaves the old page or the new one, and a page that the ledger names is there.
        """
        files = list(staged)
        if not files:
            return []
        if not self.syncs:
            return self._put_in_place_together(files)
        folders: dict[str, list[Staged]] = {}
        for file in files:
            folders.setdefault(file.place.rpartition("/")[0], []).append(file)
        refused = side_by_side().map(_placed, folders.values())
        return [refusal for refusals in refused for refusal in refusals]

    def _put_in_place_together(self, files: list[Staged]) -> list[Refusal]:
        try:
            _sync_all(self._root)
        except OSError as error:
            self.discard(files)
            return [(file, error) for file in files]
        refusals = _replaced(files)
        self.discard(file for file, _ in refusals)
        _sync_all(self._root)
        return refusals

    def stands(
        self, address: str, *, written_us: int, size: int, digest: str | None = None
    ) -> bool:
        """Tell whether the file that the ledger names stands at ``address``, and no other.

        It names the file's date and size (:class:`Staged`), and its ``digest`` where nodes share a
        store. A file that took its place just before a crash is not in the ledger, which still
        has the one before it: of that page nothing may be left out because it was so once.
        """
        file = self._root / file_of(address)
        try:
            status = (file if lies_plain(address) else _with(file, ".gz")).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        found = (status.st_mtime_ns // 1000, status.st_size)
        return stat.S_ISREG(status.st_mode) and found == (written_us, size)

    def content(self, address: str) -> bytes:
        """Return what stands at ``address``, uncompressed.

        Raises ``OSError`` where nothing does, and ``deflate.DeflateError`` or ``ValueError`` where
        that cannot be uncompressed.
        """
        file = self._root / file_of(address)
        if lies_plain(address):
            return file.read_bytes()
        return bytes(deflate.gzip_decompress(_with(file, ".gz").read_bytes()))

    def remove(self, address: str) -> None:
        """Take away what stands at ``address``, if anything, and folders that it leaves empty."""
        self.remove_file(file_of(address))

    def remove_file(self, name: str) -> None:
        """Take away a file by its path below the folder, as :meth:`files` gives it."""
        file = self._root / name
        found = [_taken_away(path) for path in (file, _with(file, ".gz"), _with(file, ".br"))]
        # Most that is taken away never stood there, and a sync is waiting.
        if any(found):
            _sync(file.parent)
        folder = file.parent
        while folder != self._root and folder.is_relative_to(self._root):
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:  # not empty
                return
            folder = folder.parent

    def files(self) -> Iterator[str]:
        """Yield every pressed file by its path below the folder, as :func:`file_of` names it.

        Copies in brotli are left out; what a crash left half-written is taken away.
        """
        at_root = len(str(self._root)) + 1
        for folder, _, names in os.walk(self._root):
            within = folder[at_root:] and f"{folder[at_root:]}/"
            for name in names:
                if name.startswith(TEMPORARY):
                    Path(folder, name).unlink(missing_ok=True)
                elif not name.endswith(".br"):
                    yield f"{within}{name.removesuffix('.gz')}"


def _packed(content: bytes, level: int) -> bytes:
    """Return ``content`` gzipped: the same page is the same bytes, for there is no time inside.

    What is large and often made anew is packed by igzip, all else by libdeflate.
    A page that takes a block of the disk for its last few bytes is packed as tightly as can be:
    that costs three times as much, and most pages of stories are little more than a block.
    """
    if level == _QUICK:
        return isal_zlib.compress(content, _QUICK_BY_IGZIP, _AS_GZIP)
    packed = bytes(deflate.gzip_compress(content, level))
    too_much = len(packed) % _BLOCK
    if _BLOCK < len(packed) < _SMALL and 0 < too_much < len(packed) * _WON:
        packed = min(packed, bytes(deflate.gzip_compress(content, _TIGHTEST)), key=len)
    return packed


def _with(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _taken_away(path: Path) -> bool:
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _placed(files: Sequence[Staged]) -> list[Refusal]:
    """Let ``files``, all of one folder, take their places one after the other, and sync it."""
    refused = _replaced(files)
    left = {file for file, _ in refused}
    for file in left:
        file.temporary.unlink(missing_ok=True)
    if len(left) < len(files):
        try:
            _sync(files[0].final.parent)
        except OSError as error:
            refused += [(file, error) for file in files if file not in left]
    return refused


def _replace(file: Staged) -> None:
    os.replace(file.written_to, file.place)  # noqa: PTH105 - as above


def _replaced(files: Iterable[Staged]) -> list[Refusal]:
    """Let each file take its place; return those that could not, with their copies in brotli.

    A copy comes after its gzipped sister. It would say what the page that stands does not.
    """
    refused: dict[str, Refusal] = {}
    for file in files:
        if sister := refused.get(f"{file.place.removesuffix('.br')}.gz"):
            refused[file.place] = (file, sister[1])
            continue
        try:
            _replace(file)
        except OSError as error:
            refused[file.place] = (file, error)
    return list(refused.values())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _syncfs() -> Callable[[int], int] | None:
    """Return the system's ``syncfs`` (Linux), which waits for all of a file system at once."""
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


def _sync_all(root: Path) -> None:
    """Wait until all that was written below ``root`` is on the disk.

    For a hundred files a quarter of the processor's time of a sync each, and a tenth of the
    waiting. Raises ``OSError`` where the disk has refused something (Linux 5.8 and later tell).
    """
    syncfs = _syncfs()
    if syncfs is None:
        os.sync()
        return
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if syncfs(descriptor):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)
