"""The library's pictures: their own files under names made of their bytes, and their words."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Self

from broadsheet.newsroom.export.folder import Folder
from broadsheet.stories.models import Picture

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_AT_ONCE = 200
# What a picture says of itself; with its origin, what tells it from others.
_WORDS = (
    "title",
    "caption",
    "credit",
    "description",
    "focal_point_x",
    "focal_point_y",
    "focal_point_width",
    "focal_point_height",
)


@dataclass(frozen=True)
class Kept:
    """A picture of the export: its ``key``, its file's ``name``, and its ``origin``.

    ``file`` is the same name, empty where the file is not in the export.
    """

    key: str
    name: str
    file: str
    origin: str
    width: int
    height: int
    size: int


def key_of(picture: Picture, origin: str = "") -> str:
    """Return what names ``picture`` in an export: made of its origin and words alone.

    So the same picture has the same key in every home, and two that differ in words have two.
    """
    words = [getattr(picture, name) for name in _WORDS]
    words.append(picture.taken_on.isoformat() if picture.taken_on else None)
    told = json.dumps([origin or picture.origin, *words], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


class Pictures:
    """The pictures that were written, by their number; kept on the disk, not in memory."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="broadsheet-export-")
        self._db = sqlite3.connect(Path(self._folder.name) / "pictures", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE pictures (pk INTEGER PRIMARY KEY, key TEXT, name TEXT, file TEXT,"
            " origin TEXT, width INTEGER, height INTEGER, size INTEGER);"
            "CREATE TABLE files (name TEXT PRIMARY KEY);"
            "CREATE TABLE keys (key TEXT PRIMARY KEY);"
        )
        self.missing: list[str] = []
        self.files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._folder.cleanup()

    def write(self, folder: Folder, *, copy: bool) -> Iterator[dict[str, Any]]:
        """Write the files of all pictures and yield what is told of each, in their order."""
        for picture in _all():
            values = self._one(picture, folder, copy=copy)
            if self._db.execute("INSERT OR IGNORE INTO keys VALUES (?)", (values["key"],)).rowcount:
                yield values

    def of(self, numbers: Iterable[int]) -> dict[int, Kept]:
        """Return the pictures with these ``numbers``, as far as there are such."""
        found: dict[int, Kept] = {}
        for number in set(numbers):
            row = self._db.execute(
                "SELECT key, name, file, origin, width, height, size FROM pictures WHERE pk = ?",
                (number,),
            ).fetchone()
            if row is not None:
                found[number] = Kept(*row)
        return found

    def _one(self, picture: Picture, folder: Folder, *, copy: bool) -> dict[str, Any]:
        stored = PurePosixPath(str(picture.file.name))
        suffix = stored.suffix.lower()
        suffix = suffix if _SUFFIX.fullmatch(suffix) else ""
        name = digest = ""
        size = 0
        try:
            with picture.file.storage.open(picture.file.name, "rb") as source:
                name, digest, _ = folder.keep_media(source, suffix, copy=copy)
                size = source.tell()
        except OSError as error:
            # The storage's own errors only: what the folder raises is met again when it is asked.
            if not isinstance(error, FileNotFoundError):
                raise
            self.missing.append(str(picture.file.name))
        file = name if copy else ""
        if file:
            new = self._db.execute("INSERT OR IGNORE INTO files VALUES (?)", (name,)).rowcount
            if new:
                folder.note_media(name, digest)
                self.files += 1
        origin = picture.origin or (f"sha256:{digest}" if digest else f"file:{stored.name}")
        key = key_of(picture, origin)
        self._db.execute(
            "INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (picture.pk, key, name, file, origin, picture.width, picture.height, size),
        )
        return {
            "key": key,
            "file": file or None,
            "sha256": digest or None,
            "file_name": stored.name,
            "origin": origin,
            **{name: getattr(picture, name) for name in _WORDS},
            "taken_on": picture.taken_on.isoformat() if picture.taken_on else None,
            "tags": sorted(picture.tags.names()),
            "created_at": picture.created_at.isoformat(),
        }


def _all() -> Iterator[Picture]:
    last = 0
    while True:
        rows = Picture.objects.filter(pk__gt=last).order_by("pk").prefetch_related("tags")
        batch = list(rows[:_AT_ONCE])
        yield from batch
        if not batch:
            return
        last = batch[-1].pk
