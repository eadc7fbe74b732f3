"""The shelf: pressed files by address, the much-read ones kept in memory.

Nothing outside the pressed folder can be reached: an address is first mapped by
``pressed_paths.file_of``, which knows no ``..`` and no hidden name, and the file is then opened
following no symbolic link below the folder (``plain_files``). What is kept in memory is checked
against the disk by one ``stat`` each time, so that a page pressed again is seen at once.

Of a large archive most requests find their page on the disk only, so this is where microseconds
are saved: four calls to the kernel a page, and what is the same for all pages is made once.
"""

from __future__ import annotations

import gzip
import os
import stat
from collections import OrderedDict
from email.utils import formatdate
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from broadsheet.newsstand import plain_files, policy
from broadsheet.newsstand.conditions import Coding
from broadsheet.pressed_paths import UnpressableAddressError, file_of, lies_plain

# A name longer than this the usual file systems refuse anyway; the bytes count, not the letters.
_LONGEST_ADDRESS = 1024
# Whoever comes while they are forgotten waits, and that grows with their number.
_REMEMBERED = 1024


class Identity(NamedTuple):
    """What tells one version of a file from the next: a press always makes a new file."""

    device: int
    inode: int
    changed: int
    size: int


Headers = list[tuple[bytes, bytes]]


class Copy(NamedTuple):
    """One representation of a pressed file, ready to be handed out.

    ``witness`` is the stored file it came from and ``identity`` that file's, for the check
    that it still stands there. ``modified`` is in seconds since 1970, ``etag`` has its quotes.
    ``whole_lines`` and ``brief_lines`` are the header as it is sent, each line with its end:
    the latter stand in a 304 as well, both in a 200.
    """

    body: bytes
    etag: bytes
    modified: int
    coding: Coding
    whole_lines: bytes
    brief_lines: bytes
    witness: str
    identity: Identity

    @property
    def ranges(self) -> bool:
        """Whether parts of it are handed out."""
        return self.coding == "identity"

    @property
    def headers(self) -> Headers:
        """The header of a 200, field by field."""
        return _fields(self.whole_lines) + _fields(self.brief_lines)

    @property
    def brief_headers(self) -> Headers:
        """The header of a 304, field by field."""
        return _fields(self.brief_lines)


def _lines(fields: Headers) -> bytes:
    return b"".join(b"%b: %b\r\n" % field for field in fields)


def _fields(lines: bytes) -> Headers:
    fields = (line.partition(b": ") for line in lines.split(b"\r\n")[:-1])
    return [(name, value) for name, _, value in fields]


class Shelf:
    """The pressed folder ``root``, with at most ``capacity`` bytes of it held in memory."""

    def __init__(self, root: Path, *, https: bool = False, capacity: int = 32 * 2**20) -> None:
        self._files = plain_files.PlainFiles(root)
        self._safety = policy.safety_headers(https=https)
        self._page = self._kind("/", "index.html", plain=False)
        self._capacity = capacity
        # A picture is sent rarely and is large; it would drive out a hundred pages.
        self._largest = min(capacity // 16, 512 * 1024)
        self._held: OrderedDict[tuple[str, Coding], Copy] = OrderedDict()
        self._bytes = 0
        self._asked: set[tuple[str, Coding]] = set()

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
            # As an :class:`Identity` has it, without making one.
            now = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
            if now == held.identity:
                self._held.move_to_end(key)
                return held
            self._drop(key)
        fresh = self._read(address, coding)
        if fresh is not None and len(fresh.body) <= self._largest and self._is_wanted(key):
            self._hold(key, fresh)
        return fresh

    def _is_wanted(self, key: tuple[str, Coding]) -> bool:
        # Whoever walks through the archive asks for each page once. To keep those would cost
        # more than to read them: what they replace is memory that no processor has at hand.
        if key in self._asked:
            return True
        if len(self._asked) >= _REMEMBERED:
            self._asked.clear()
        self._asked.add(key)
        return False

    def made_of(self, stored: bytes, pressed_ns: int, address: str, coding: Coding) -> Copy:
        """Return what :meth:`copy` would, were ``stored`` the file that stands at ``address``.

        ``pressed_ns`` is the file's date in nanoseconds since 1970. Raises
        ``UnpressableAddressError``, and ``OSError`` or ``EOFError`` for what is not gzipped.
        """
        file = file_of(address)
        plain = lies_plain(file)
        used: Coding = "identity" if plain or coding == "identity" else "gzip"
        if used == "gzip":
            mark = b'"%s-%x"' % (stored[-8:].hex().encode(), len(stored))
        else:
            stored = stored if plain else gzip.decompress(stored)
            mark = b'"%s"' % blake2b(stored, digest_size=12).hexdigest().encode()
        kind = self._kind(address, file, plain=plain)
        nowhere = ("", Identity(0, 0, pressed_ns, len(stored)))
        return _made(stored, mark, used, kind, nowhere)

    def has(self, address: str) -> bool:
        """Tell whether something stands at ``address``; it is not read."""
        place = _place(address)
        descriptor = self._files.open(place.stored) if place is not None else None
        if descriptor is None:
            return False
        try:
            return stat.S_ISREG(os.fstat(descriptor).st_mode)
        finally:
            os.close(descriptor)

    def _hold(self, key: tuple[str, Coding], copy: Copy) -> None:
        self._held[key] = copy
        self._bytes += len(copy.body)
        while self._bytes > self._capacity:
            _, oldest = self._held.popitem(last=False)
            self._bytes -= len(oldest.body)

    def _drop(self, key: tuple[str, Coding]) -> None:
        self._bytes -= len(self._held.pop(key).body)

    def _read(self, address: str, coding: Coding) -> Copy | None:
        place = _place(address)
        if place is None:
            return None
        file, stored, plain = place
        found = self._open(stored)
        if found is None:
            return None
        body, identity = found
        used: Coding = "identity" if plain else coding
        if used == "gzip":
            # Of the text and of its length, kept at the end (RFC 1952, 2.3.1): no need to read
            # through the page once more.
            mark = b'"%s-%x"' % (body[-8:].hex().encode(), len(body))
        else:
            if used == "br":
                # Older than its gzipped sister, it is from an earlier press.
                smaller = self._open(f"{file}.br")
                if smaller is not None and smaller[1].changed >= identity.changed:
                    body = smaller[0]
                else:
                    used = "gzip"
            elif not plain:
                body = gzip.decompress(body)
            mark = b'"%s"' % blake2b(body, digest_size=12).hexdigest().encode()
        usual = address.endswith("/") and not address.startswith(_APART)
        kind = self._page if usual else self._kind(address, file, plain=plain)
        return _made(body, mark, used, kind, (self._files.path(stored), identity))

    def _open(self, file: str) -> tuple[bytes, Identity] | None:
        descriptor = self._files.open(file)
        if descriptor is None:
            return None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return None
            body, size = os.read(descriptor, status.st_size), status.st_size
            # The kernel gives it in one piece, unless it is huge.
            while len(body) < size and (more := os.read(descriptor, size - len(body))):
                body += more
        finally:
            os.close(descriptor)
        return body, Identity(status.st_dev, status.st_ino, status.st_mtime_ns, size)

    def _kind(self, address: str, file: str, *, plain: bool) -> _Kind:
        rest: Headers = [(b"cache-control", policy.cache_control(address).encode())]
        if not plain:
            rest.append((b"vary", b"accept-encoding"))
        if policy.is_open_to_other_sites(address):
            rest.append((b"access-control-allow-origin", b"*"))
        content_type = policy.content_type(address, file).encode()
        return _Kind(content_type, _lines([*rest, *self._safety]))


class _Place(NamedTuple):
    """Where something stands: its file as others name it, as it is stored, and whether plain."""

    file: str
    stored: str
    plain: bool


def _place(address: str) -> _Place | None:
    # A page has one address, which ends with a slash, and not its file's name besides.
    if len(address) > _LONGEST_ADDRESS or address.endswith(".html"):
        return None
    try:
        file = file_of(address)
    except UnpressableAddressError:
        return None
    plain = not address.endswith("/") and lies_plain(file)
    return _Place(file, file if plain else f"{file}.gz", plain)


class _Kind(NamedTuple):
    """What the answers of one kind of file have in common: the lines ``rest`` for a 304 as well."""

    content_type: bytes
    rest: bytes


# Where a file may have other headers than a page, whatever its name.
_APART = ("/assets/", "/photos/", "/feeds/")


def _made(
    body: bytes, etag: bytes, coding: Coding, kind: _Kind, origin: tuple[str, Identity]
) -> Copy:
    # The tag is made of the bytes and not of the file's date: a page pressed again to the same
    # bytes keeps its tag, and two presses within one tick of the clock never share one.
    modified = origin[1].changed // 10**9
    handling = b"accept-ranges: bytes"
    if coding != "identity":
        handling = b"content-encoding: %b" % coding.encode()
    return Copy(
        body,
        etag,
        modified,
        coding,
        b"content-type: %b\r\ncontent-length: %d\r\n%b\r\n"
        % (kind.content_type, len(body), handling),
        b"etag: %b\r\nlast-modified: %b\r\n%b" % (etag, _http_date(modified), kind.rest),
        *origin,
    )


# Pages are pressed hundreds in a second, so that few seconds serve many pages.
@lru_cache(maxsize=4096)
def _http_date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
