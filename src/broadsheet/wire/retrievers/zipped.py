"""Zip files opened member by member: pages, photographs, the export of another system.

Nothing is ever written under a name that stands in the file. What the file says of itself is
checked before anything is unpacked, and ``zipfile`` holds each member to the size it says.
"""

from __future__ import annotations

import contextlib
import posixpath
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import HEAD, LARGEST_FILE, Incoming, IncomingFile, Unreadable
from broadsheet.wire.retrievers.beside import parts_of, spellings
from broadsheet.wire.retrievers.pictures import is_called_picture

MOST_MEMBERS = 20_000
# All members together, unpacked.
LARGEST_TOTAL = 8 * 1024 * 1024 * 1024
# The list of members: ``zipfile`` makes objects of all of it, some ten times as large.
_LARGEST_LIST = 4 * 1024 * 1024
# Text that repeats itself packs to a thirtieth; a bomb to a thousandth, the most deflate can.
_MOST_RATIO = 200
_RATIO_COUNTS_FROM = 1024 * 1024
_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# APPNOTE.TXT 4.3.15 and 4.3.16: the end of the list, and what tells of its larger form.
_END = struct.Struct("<4s4H2LH")
_LARGE_MARK = b"PK\x06\x07"
_LARGE_LENGTH = 20
_LONGEST_COMMENT = 65_535
_IS_ENCRYPTED = 0x1
_IS_UTF_8 = 0x800
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
    IndexError, OverflowError,
)  # fmt: skip


def is_zip(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` is a zip file."""
    return head.startswith(_STARTS)


def members(file: IO[bytes], origin: str) -> Iterator[Incoming | IncomingFile | Unreadable]:
    """Yield what the zip ``file`` holds: texts by name, then the pictures that none of them has.

    Exports of archives are unpacked into a temporary file, which is there until the next
    member is asked for. Raises :class:`WireError` where the whole file cannot be used.
    """
    try:
        _check_list(file)
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise WireError("The zip file is broken or incomplete. Pack or send it again.") from error
    with archive:
        index = _index(archive, file)
        taken: set[str] = set()
        for name in sorted(index, key=lambda name: (is_called_picture(name), name)):
            if name in taken:
                continue
            try:
                yield from _member(archive, index, name, f"{origin}/{name}", taken)
            except WireError as error:
                yield Unreadable(f"{origin}/{name}", str(error))
            except _BROKEN:
                yield Unreadable(
                    f"{origin}/{name}", "This part of the zip file is broken. Pack it again."
                )


def spool(source: IO[bytes], head: bytes, target: IO[bytes]) -> None:
    """Copy ``head`` and the rest of ``source`` into ``target``. Raises ``OSError``."""
    target.write(head)
    shutil.copyfileobj(source, target)
    target.flush()


def _check_list(file: IO[bytes]) -> None:
    """Raise :class:`WireError` where the list of members is larger than any in use here."""
    size = file.seek(0, 2)
    start = max(0, size - _LONGEST_COMMENT - _END.size - _LARGE_LENGTH)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile
    _, _, _, _, count, length, _, _ = _END.unpack_from(tail, at)
    is_large = tail[max(0, at - _LARGE_LENGTH) : at].startswith(_LARGE_MARK)
    if is_large or count > MOST_MEMBERS or length > _LARGEST_LIST:
        raise WireError(
            f"The zip file holds more than {MOST_MEMBERS:,} files, or more than 4 GB. Unpack it "
            "and import the folder."
        )
    file.seek(0)


def _index(archive: zipfile.ZipFile, file: IO[bytes]) -> dict[str, zipfile.ZipInfo]:
    """Return the files in ``archive`` by name. Raises :class:`WireError` for bombs."""
    # By its name: is_dir() fails on those who have none.
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise WireError("This is an office document or a book. Save its text as HTML.")
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > LARGEST_TOTAL:
        raise WireError(
            f"The zip file holds more than {MOST_MEMBERS:,} files, or unpacks to more than "
            f"{LARGEST_TOTAL // 1024**3} GB. Pack it in parts."
        )
    if sum(info.compress_size for info in infos) > file.seek(0, 2):
        raise WireError("The parts of the zip file overlap, as only a trap's do. It was left.")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _name(info)
        if not _is_furniture(name):
            found.setdefault(name, info)
    if not found:
        raise WireError("The zip file holds no files.")
    return found


def _name(info: zipfile.ZipInfo) -> str:
    name = info.filename.replace("\\", "/")
    if not info.flag_bits & _IS_UTF_8:
        # Without the flag it should be the first PC's letters; most who leave it out mean UTF-8.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


def _is_furniture(name: str) -> bool:
    parts = name.split("/")
    return parts[0] == "__MACOSX" or any(part.startswith(".") and part.strip(".") for part in parts)


def _member(
    archive: zipfile.ZipFile,
    index: dict[str, zipfile.ZipInfo],
    name: str,
    origin: str,
    taken: set[str],
) -> Iterator[Incoming | IncomingFile]:
    from broadsheet.wire.parsers import archive_parser

    info = index[name]
    _check(info, name)
    with archive.open(info) as source:
        head = source.read(HEAD)
        if archive_parser(head) is not None:
            with tempfile.NamedTemporaryFile(prefix="broadsheet-") as target:
                spool(source, head, target)
                yield IncomingFile(Path(target.name), origin, head)
            return
        if is_zip(head):
            raise WireError("This is a zip file within a zip file. Unpack it first.")
        if info.file_size > LARGEST_FILE:
            raise _too_large(info.file_size)
        content = head + source.read()

    def beside(other: str) -> bytes | None:
        for spelling in spellings(other):
            key = posixpath.join(posixpath.dirname(name), *parts_of(spelling))
            found = index.get(key)
            if found is None or found.file_size > LARGEST_FILE:
                continue
            try:
                _check(found, key)
                read = archive.read(found)
            except (*_BROKEN, WireError):
                return None
            taken.add(key)
            return read
        return None

    yield Incoming(content, origin, beside=beside)


def _check(info: zipfile.ZipInfo, name: str) -> None:
    if not parts_of(name):
        raise WireError("Its name leads out of the zip file, or is none. Pack it again.")
    if info.flag_bits & _IS_ENCRYPTED:
        raise WireError("It is locked with a password. Pack it again without one.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise WireError("It is packed in an unusual way. Pack it again as an ordinary zip file.")
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > _RATIO_COUNTS_FROM and ratio > _MOST_RATIO:
        raise WireError(
            f"It unpacks to {ratio:,.0f} times its size, as only a trap does. It was left."
        )


def _too_large(size: int) -> WireError:
    return WireError(
        f"The file has {size / 1024 / 1024:.0f} MB; at most {LARGEST_FILE // 1024 // 1024} MB "
        "are read. Send its parts by themselves."
    )
