"""Bundles: the whole paper in one file, taken while it is served, and put back.

A bundle is a tar archive (gzip or Zstandard) with the database, the uploaded media, the
address of the paper and, unless left out, its secret; last comes ``manifest.json`` with the
SHA-256 of each. Pressed pages are not in it: they are pressed again from the database.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Container, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, cast

import zstandard
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from broadsheet import __version__
from broadsheet.newsstand import dumps, home, uploads

_FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = "broadsheet.sqlite3"
_DUMP = "broadsheet.pgdump"
_SECRET = "secret-key"  # noqa: S105 - the name of the file
_BASE_URL = "base-url"
_MEDIA = "media"
_CHUNK = 1 << 20
# More names than a hostile archive should make us read.
_LARGEST_MANIFEST = 256 * 2**20

Progress = Callable[[str], None]


class BundleError(Exception):
    """A bundle that cannot be made or put back; the message says why and what to do."""


@dataclass(frozen=True)
class Member:
    """One file of a bundle: its SHA-256 in hexadecimal and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a bundle holds. ``made_at`` is UTC in ISO 8601."""

    version: str
    made_at: str
    members: dict[str, Member]


def make(file: Path, *, with_secret: bool = True) -> Manifest:
    """Write the whole paper into ``file`` and return what is in it; safe while it is served.

    The suffix chooses the compression: ``.tar.gz``, ``.tgz`` or ``.tar.zst``. The file appears
    only when it is whole. Raises :class:`BundleError` where it exists already, has another
    suffix, or the database cannot be copied.
    """
    _compression(file)
    if file.exists():
        raise BundleError(f"{file} exists already. Choose another name.")
    if not home.database_is_there():
        raise BundleError(f"{settings.HOME} holds no paper. Set BROADSHEET_HOME to where it is.")
    file.parent.mkdir(parents=True, exist_ok=True)
    members: dict[str, Member] = {}
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as folder:
        copy = Path(folder) / _kept_as()
        _copy_database(copy)
        whole = Path(folder) / "bundle"
        with _writing(whole, file) as archive:
            # The database first: a picture is written before the row that names it, so that
            # every picture this copy knows is on the disk by now.
            members[copy.name] = _add(archive, copy, copy.name)
            copy.unlink()
            for path, name in _others(with_secret=with_secret):
                try:
                    members[name] = _add(archive, path, name)
                except FileNotFoundError:
                    continue  # deleted in the newsroom a moment ago
            manifest = Manifest(__version__, datetime.now(UTC).isoformat(), members)
            _add_manifest(archive, manifest)
        with whole.open("rb") as stream:
            os.fsync(stream.fileno())
        whole.rename(file)
    return manifest


def _kept_as() -> str:
    """Return the name that a database of this paper's kind has in a bundle."""
    return _DATABASE if home.database_file() else _DUMP


def _copy_database(copy: Path) -> None:
    copy.touch(mode=0o600)
    database = home.database_file()
    if database is None:
        with _refusing():
            dumps.write(copy)
        return
    with (
        closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=60)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        # In one step: with the write-ahead log readers and writers do not wait for each other,
        # and in several steps each write would make it begin again.
        source.backup(target)
    _check_database(copy)


@contextmanager
def _refusing() -> Generator[None]:
    try:
        yield
    except dumps.DumpError as error:
        raise BundleError(str(error)) from error


def _check_database(path: Path) -> None:
    if path.name == _DUMP:
        with _refusing():
            dumps.check(path)
        return
    with closing(sqlite3.connect(path)) as connection:
        try:
            (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            result = str(error)
    if result != "ok":
        raise BundleError(f"The copy of the database is damaged: {result}")


def _others(*, with_secret: bool) -> Iterator[tuple[Path, str]]:
    if with_secret and Path(settings.SECRET_KEY_FILE).is_file():
        yield Path(settings.SECRET_KEY_FILE), _SECRET
    if Path(settings.BASE_URL_FILE).is_file():
        yield Path(settings.BASE_URL_FILE), _BASE_URL
    for path, name in uploads.files():
        yield path, f"{_MEDIA}/{name}"


def _add(archive: tarfile.TarFile, path: Path, name: str) -> Member:
    with path.open("rb") as stream:
        entry = _entry(name, os.fstat(stream.fileno()).st_size)
        reader = _Hashing(stream, entry.size)
        archive.addfile(entry, cast(IO[bytes], reader))
    return Member(reader.digest.hexdigest(), entry.size)


class _Hashing:
    """Reads exactly ``size`` bytes of a file, taking their hash on the way."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._left = size
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes."""
        wanted = self._left if size < 0 else min(size, self._left)
        chunk = self._stream.read(wanted)
        self._left -= len(chunk)
        self.digest.update(chunk)
        return chunk


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    entry.mtime = int(datetime.now(UTC).timestamp())
    return entry


def _add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps({"format": _FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1)
    archive.addfile(_entry(_MANIFEST, len(text.encode())), io.BytesIO(text.encode()))


def _compression(file: Path) -> str:
    name = file.name.lower()
    if name.endswith((".tar.gz", ".tgz")):
        return "gz"
    if name.endswith((".tar.zst", ".tzst")):
        return "zst"
    raise BundleError(f"{file}: the name must end with .tar.gz or .tar.zst")


@contextmanager
def _writing(path: Path, named: Path) -> Generator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        if _compression(named) == "gz":
            with tarfile.open(fileobj=stream, mode="w|gz") as archive:
                yield archive
        else:
            packer = zstandard.ZstdCompressor(level=9)
            with (
                packer.stream_writer(stream, closefd=False) as packed,
                tarfile.open(fileobj=cast(IO[bytes], packed), mode="w|") as archive,
            ):
                yield archive


@contextmanager
def _reading(file: Path) -> Generator[tarfile.TarFile]:
    compression = _compression(file)
    try:
        with file.open("rb") as stream:
            if compression == "gz":
                with tarfile.open(fileobj=stream, mode="r|gz") as archive:
                    yield archive
            else:
                with (
                    zstandard.ZstdDecompressor().stream_reader(stream) as packed,
                    tarfile.open(fileobj=cast(IO[bytes], packed), mode="r|") as archive,
                ):
                    yield archive
    except (tarfile.TarError, zstandard.ZstdError, EOFError, OSError) as error:
        raise BundleError(f"{file} cannot be read: {error}") from error


def put_back(file: Path) -> Manifest:
    """Fill the empty home, and the database on its server, from ``file``; return what was in it.

    Everything is unpacked beside its place and compared with the manifest before anything is
    put in place. Raises :class:`BundleError` where home or database is not empty, the bundle is
    damaged, holds what does not belong there, is of the other kind of database, or comes from a
    newer Broadsheet.
    """
    folder = Path(settings.HOME)
    if folder.is_dir() and any(path.name != "lost+found" for path in folder.iterdir()):
        raise BundleError(
            f"{folder} is not empty. Set BROADSHEET_HOME to a new folder, or move it away."
        )
    if not home.database_file() and home.database_is_there():
        raise BundleError(
            f"The database {home.database_name()} holds a paper. Name an empty one in DATABASE_URL."
        )
    made = not folder.is_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder))
    try:
        manifest = _unpack(file, staging)
        database = staging / _kept_as()
        _check_database(database)
        _check_age(database, manifest)
        if database.name == _DUMP:
            with _refusing():
                dumps.put_back(database)
            database.unlink()
        uploads.put_back(staging / _MEDIA)
        for path in staging.iterdir():
            path.rename(folder / path.name)
    except BaseException:
        shutil.rmtree(staging)
        if made:
            folder.rmdir()
        raise
    staging.rmdir()
    return manifest


def _unpack(file: Path, into: Path) -> Manifest:
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with _reading(file) as archive:
        for entry in archive:
            if not entry.isfile() or manifest is not None:
                raise BundleError(f"{file}: {entry.name!r} does not belong in a backup")
            stream = archive.extractfile(entry)
            if stream is None:
                raise BundleError(f"{file}: {entry.name!r} cannot be read")
            if entry.name == _MANIFEST:
                manifest = _read_manifest(file, stream, entry.size)
            else:
                found[entry.name] = _write(stream, _place(file, entry.name, into))
    if manifest is None:
        raise BundleError(f"{file} is no whole backup: it has no manifest")
    if found != manifest.members:
        names = sorted(
            name
            for name in found.keys() | manifest.members.keys()
            if found.get(name) != manifest.members.get(name)
        )
        raise BundleError(f"{file} is damaged: {names[0]} is not what the manifest says")
    if _kept_as() not in found:
        raise BundleError(_of_another_kind(file, found))
    return manifest


def _of_another_kind(file: Path, found: Container[str]) -> str:
    if _DUMP in found:
        return f"{file} is of a paper in PostgreSQL. Name an empty database in DATABASE_URL."
    if _DATABASE in found:
        return (
            f"{file} is of a paper in SQLite. Unset DATABASE_URL to restore it; from there "
            "`broadsheet export` and `broadsheet import` bring it to another database."
        )
    return f"{file} holds no database"


def _read_manifest(file: Path, stream: IO[bytes], size: int) -> Manifest:
    if size > _LARGEST_MANIFEST:
        raise BundleError(f"{file}: the manifest is too large")
    try:
        plain = json.loads(stream.read())
        if plain["format"] != _FORMAT:
            raise BundleError(f"{file} has format {plain['format']}, which is not known here")
        members = {name: Member(**member) for name, member in plain["members"].items()}
        return Manifest(plain["version"], plain["made_at"], members)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleError(f"{file}: the manifest cannot be read: {error!r}") from error


def _place(file: Path, name: str, into: Path) -> Path:
    """Return where ``name`` belongs below ``into``; only names that a backup writes are known."""
    parts = PurePosixPath(name).parts
    plain = "\\" not in name and "\x00" not in name and "/".join(parts) == name
    known = name in {_DATABASE, _DUMP, _SECRET, _BASE_URL} or (
        parts[:1] == (_MEDIA,) and len(parts) > 1
    )
    if not plain or not known or ".." in parts:
        raise BundleError(f"{file}: {name!r} does not belong in a backup")
    return into.joinpath(*parts)


def _write(stream: IO[bytes], path: Path) -> Member:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Member(digest.hexdigest(), size)


def _check_age(database: Path, manifest: Manifest) -> None:
    if database.name == _DUMP:
        with _refusing():
            applied = dumps.migrations(database)
    else:
        with closing(sqlite3.connect(database)) as connection:
            applied = set(connection.execute("SELECT app, name FROM django_migrations"))
    known = MigrationLoader(None).disk_migrations
    # Our own rooms only: others replace old migrations by new ones and drop the old.
    ours = {
        config.label for config in apps.get_app_configs() if config.name.startswith("broadsheet.")
    }
    unknown = sorted(row for row in applied if row[0] in ours and row not in known)
    if unknown:
        raise BundleError(
            f"The backup was made by Broadsheet {manifest.version}, which is newer than this one "
            f"({__version__}): it knows the migration {'.'.join(unknown[0])}. Install that version."
        )


def forget_connections() -> None:
    """Close what was open on the database that has just been replaced."""
    connections.close_all()
