"""An export's folder while it is written: every file whole or not there, each with its checksum.

A file is written under a temporary name and renamed. ``SHA256SUMS`` lists the files in the order
in which they are to be read, as ``sha256sum --check`` wants it, and ``manifest.json`` has the
checksum of that list. The manifest says "finished" only once everything is on the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FORMAT = "Broadsheet export"
VERSION = 1
_PART = ".part-"
_CHUNK = 1024 * 1024
# Only names of our own are ever removed from a folder that is completed.
_OWN = re.compile(r"\.part-.+|\d{1,19}(?:\.kept)?\.json")


class FolderError(Exception):
    """The folder cannot take the export; the message says why and what to do."""


def as_json(values: Any) -> bytes:
    """Return ``values`` as readable JSON in UTF-8, the same for the same values."""
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def as_line(values: Any) -> bytes:
    """Return ``values`` as one line of JSON in UTF-8, the same for the same values."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "backslashreplace") + b"\n"


class Folder:
    """The folder at ``path``, which is made, or completed with ``resume``.

    Raises :class:`FolderError` for one that holds anything but an earlier export, and for an
    earlier export without ``resume``. Everything may raise ``OSError``.
    """

    def __init__(self, path: Path, *, resume: bool = False) -> None:
        self.path = path
        _check(path, resume=resume)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._resume = resume
        self._sums_path = path / f"{_PART}{SUMS}"
        self._sums: BinaryIO = self._sums_path.open("wb")
        self._sums_path.chmod(0o600)
        self._sums_hash = hashlib.sha256()
        self.files = 0
        self.bytes = 0
        self._made: set[Path] = set()

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Say, before anything else is written, that an export is being written here."""
        self._put(self.path / MANIFEST, _manifest({**manifest, "finished": False}))

    def write(self, name: str, content: bytes) -> None:
        """Write the file ``name``, a relative path; one that says the same already is left."""
        path = self._place(name)
        if not (self._resume and _says(path, content)):
            self._put(path, content)
        self._note(name, hashlib.sha256(content).hexdigest(), len(content))

    def write_lines(self, name: str, lines: Iterable[Any]) -> int:
        """Write ``lines``, a value of JSON each, to the file ``name``; return how many."""
        path = self._place(name)
        part = path.with_name(f"{_PART}{path.name}")
        digest, size, count = hashlib.sha256(), 0, 0
        with _private(part) as file:
            for values in lines:
                line = as_line(values)
                file.write(line)
                digest.update(line)
                size += len(line)
                count += 1
        part.replace(path)
        self._note(name, digest.hexdigest(), size)
        return count

    def keep_media(self, source: BinaryIO, suffix: str, *, copy: bool) -> tuple[str, str, bool]:
        """Keep the bytes of ``source`` under a name made of them.

        Returns the name, the SHA-256, and whether the file is new to this folder's list. Without
        ``copy``, the bytes are only read.
        """
        digest = hashlib.sha256()
        part = self._place(f"media/{_PART}new") if copy else None
        size = 0
        with _private(part) if part is not None else open(os.devnull, "wb") as file:  # noqa: PTH123
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
                size += len(chunk)
        value = digest.hexdigest()
        name = f"media/{value[:2]}/{value}{suffix}"
        if part is None:
            return name, value, False
        path = self._place(name)
        is_new = not path.exists() or (self._resume and path.stat().st_size != size)
        if is_new:
            part.replace(path)
        else:
            part.unlink()
        return name, value, is_new

    def note_media(self, name: str, digest: str) -> None:
        """List a file that :meth:`keep_media` kept. Call it once for each name."""
        self._note(name, digest, (self.path / name).stat().st_size)

    def sweep(self, folder: str, kept: Collection[str]) -> None:
        """Remove from ``folder`` what an earlier, interrupted export left and ``kept`` has not."""
        path = self.path / folder
        if not self._resume or not path.is_dir():
            return
        for file in path.iterdir():
            if file.name not in kept and _OWN.fullmatch(file.name) and not file.is_symlink():
                file.unlink()

    def folders(self, below: str) -> list[str]:
        """Return the names of the folders in the folder ``below``."""
        path = self.path / below
        return [each.name for each in path.iterdir() if each.is_dir()] if path.is_dir() else []

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Bring everything to the disk, then say so in the manifest."""
        self._sums.close()
        self._sums_path.replace(self.path / SUMS)
        # One call for hundreds of thousands of files; on Linux it returns once they are written.
        os.sync()
        told = {
            **manifest,
            "finished": True,
            "files": self.files,
            "bytes": self.bytes,
            "sums": {"file": SUMS, "sha256": self._sums_hash.hexdigest()},
        }
        self._put(self.path / MANIFEST, _manifest(told), sync=True)
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def abandon(self) -> None:
        """Close the list; what was written so far can be completed later."""
        self._sums.close()

    def _place(self, name: str) -> Path:
        path = self.path / name
        if path.parent not in self._made:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._made.add(path.parent)
        return path

    def _note(self, name: str, digest: str, size: int) -> None:
        line = f"{digest}  {name}\n".encode()
        self._sums.write(line)
        self._sums_hash.update(line)
        self.files += 1
        self.bytes += size

    def _put(self, path: Path, content: bytes, *, sync: bool = False) -> None:
        part = path.with_name(f"{_PART}{path.name}")
        with _private(part) as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """Open ``path`` for writing, for nobody but this user to read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside the folder: under ``path`` once the block ends well, else not at all."""
    part = path.with_name(f"{_PART}{path.name}")
    try:
        with _private(part) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)


def _manifest(told: Mapping[str, Any]) -> bytes:
    # Its first member is what it is recognised by.
    text = json.dumps({"format": FORMAT, "version": VERSION, **told}, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _says(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _check(path: Path, *, resume: bool) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise FolderError(f"{path} is no folder. Name a folder that is empty, or not there yet.")
    if not any(path.iterdir()):
        return
    manifest = path / MANIFEST
    try:
        told = json.loads(manifest.read_bytes()) if manifest.is_file() else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise FolderError(f"{path} is not empty. Name a folder that is empty, or not there yet.")
    if not resume:
        raise FolderError(
            f"{path} holds an export already. Name another folder, or add --resume to complete it."
        )
    if told.get("version") != VERSION:
        raise FolderError(f"The export in {path} is of another version. Name another folder.")
