"""The shelf: pressed files by address, the much-read ones kept in memory.

Nothing outside the pressed folder can be reached: an address is first mapped by
``pressed_paths.file_of``, which knows no ``..`` and no hidden name, and the file is then opened
part by part below the folder, following no symbolic link. What is kept in memory is checked
against the disk by one ``stat`` each time, so that a page pressed again is seen at once.
"""

from __future__ import annotations

import gzip
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from broadsheet.newsstand import policy
from broadsheet.newsstand.conditions import Coding
from broadsheet.pressed_paths import UnpressableAddressError, file_of, lies_plain

_OPEN_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_OPEN_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY
# A name longer than this the usual file systems refuse anyway; the bytes count, not the letters.
_LONGEST_ADDRESS = 1024


class Identity(NamedTuple):
    """What tells one version of a file from the next: a press always makes a new file."""

    device: int
    inode: int
    changed: int
    size: int


def _identity(status: os.stat_result) -> Identity:
    return Identity(status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)


Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Copy:
    """One representation of a pressed file, ready to be handed out.

    ``witness`` is the stored file it came from and ``identity`` that file's, for the check
    that it still stands there. ``headers`` are those of a 200; ``brief_headers`` those of a 304.
    ``modified`` is in seconds since 1970, ``etag`` has its quotes.
    """

    body: bytes
    etag: bytes
    modified: int
    coding: Coding
    ranges: bool
    headers: Headers
    brief_headers: Headers
    witness: str
    identity: Identity


class Shelf:
    """The pressed folder ``root``, with at most ``capacity`` bytes of it held in memory."""

    def __init__(self, root: Path, *, https: bool = False, capacity: int = 64 * 2**20) -> None:
        self._root = str(root)
        self._safety = policy.safety_headers(https=https)
        self._capacity = capacity
        # A picture is sent rarely and is large; it would drive out a hundred pages.
        self._largest = min(capacity // 16, 512 * 1024)
        self._held: OrderedDict[tuple[str, Coding], Copy] = OrderedDict()
        self._bytes = 0

    def copy(self, address: str, coding: Coding) -> Copy | None:
        """Return what stands at ``address``, in ``coding`` where it is to be had, or ``None``.

        ``address`` is the decoded path of a URL. "br" may be answered by gzip; pictures come as
        they are, whatever the coding.
        """
        key = (address, coding)
        held = self._held.get(key)
        if held is not None:
            try:
                status = os.stat(held.witness)  # noqa: PTH116 - a Path costs more than the call
            except OSError:
                self._drop(key)
                return None
            if _identity(status) == held.identity:
                self._held.move_to_end(key)
                return held
            self._drop(key)
        fresh = self._read(address, coding)
        if fresh is not None and len(fresh.body) <= self._largest:
            self._hold(key, fresh)
        return fresh

    def has(self, address: str) -> bool:
        """Tell whether something stands at ``address``."""
        return self.copy(address, "gzip") is not None

    def _hold(self, key: tuple[str, Coding], copy: Copy) -> None:
        self._held[key] = copy
        self._bytes += len(copy.body)
        while self._bytes > self._capacity:
            _, oldest = self._held.popitem(last=False)
            self._bytes -= len(oldest.body)

    def _drop(self, key: tuple[str, Coding]) -> None:
        self._bytes -= len(self._held.pop(key).body)

    def _read(self, address: str, coding: Coding) -> Copy | None:
        # A page has one address, which ends with a slash, and not its file's name besides.
        if len(address) > _LONGEST_ADDRESS or address.endswith(".html"):
            return None
        try:
            file = file_of(address)
        except UnpressableAddressError:
            return None
        plain = lies_plain(file)
        stored = file if plain else f"{file}.gz"
        found = self._open(stored)
        if found is None:
            return None
        body, identity = found
        used: Coding = "identity" if plain else coding
        if used == "br":
            # Older than its gzipped sister, it is from an earlier press.
            smaller = self._open(f"{file}.br")
            if smaller is not None and smaller[1].changed >= identity.changed:
                body = smaller[0]
            else:
                used = "gzip"
        elif used == "identity" and not plain:
            body = gzip.decompress(body)
        return self._made(
            address,
            file,
            body=body,
            coding=used,
            identity=identity,
            witness=f"{self._root}/{stored}",
        )

    def _open(self, file: str) -> tuple[bytes, Identity] | None:
        *folders, name = file.split("/")
        try:
            at = os.open(self._root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
            try:
                for folder in folders:
                    below = os.open(folder, _OPEN_FOLDER, dir_fd=at)
                    os.close(at)
                    at = below
                descriptor = os.open(name, _OPEN_FILE, dir_fd=at)
            finally:
                os.close(at)
        except (OSError, ValueError):
            # ValueError: surrogates that no file name can carry.
            return None
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            return None
        with os.fdopen(descriptor, "rb", buffering=0) as stream:
            return stream.readall(), _identity(status)

    def _made(
        self,
        address: str,
        file: str,
        *,
        body: bytes,
        coding: Coding,
        identity: Identity,
        witness: str,
    ) -> Copy:
        # The hash of the bytes and not the file's date: a page pressed again to the same bytes
        # keeps its tag, and two presses within one tick of the clock never share one.
        etag = b'"%s"' % blake2b(body, digest_size=12).hexdigest().encode()
        modified = identity.changed // 10**9
        plain = lies_plain(file)
        common: Headers = [
            (b"etag", etag),
            (b"last-modified", formatdate(modified, usegmt=True).encode()),
            (b"cache-control", policy.cache_control(address).encode()),
        ]
        if not plain:
            common.append((b"vary", b"accept-encoding"))
        if policy.is_open_to_other_sites(address):
            common.append((b"access-control-allow-origin", b"*"))
        ranges = coding == "identity"
        headers = [
            (b"content-type", policy.content_type(address, file).encode()),
            (b"content-length", str(len(body)).encode()),
            *common,
            *self._safety,
        ]
        if ranges:
            headers.append((b"accept-ranges", b"bytes"))
        else:
            headers.append((b"content-encoding", coding.encode()))
        return Copy(
            body=body,
            etag=etag,
            modified=modified,
            coding=coding,
            ranges=ranges,
            headers=headers,
            brief_headers=[*common, *self._safety],
            witness=witness,
            identity=identity,
        )
