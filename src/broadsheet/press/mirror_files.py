"""What the mirror does in the folder: put, take away, list, make durable."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import brotli

from broadsheet.object_stores import Stored, all_of
from broadsheet.press.store import TEMPORARY
from broadsheet.pressed_paths import file_of, lies_plain

_MODE = 0o644
# Another process may take an empty folder away just when something is to go into it.
_TRIES = 5


def put(root: Path, address: str, stored: Stored) -> None:
    """Let ``stored`` replace what stands at ``address``, at once; :func:`sync` makes it last.

    Raises ``OSError`` where the disk refuses.
    """
    name = file_of(address)
    pressed = stored.notes.get("pressed", "")
    at = int(pressed) if pressed.isdecimal() else None
    if lies_plain(address):
        _put(root / name, stored.content, at)
        return
    _put(root / f"{name}.gz", stored.content, at)
    smaller = root / f"{name}.br"
    quality = stored.notes.get("brotli", "")
    if quality.isdecimal():
        text = gzip.decompress(stored.content)
        packed = brotli.compress(text, quality=min(int(quality), 11), mode=brotli.MODE_TEXT)
        _put(smaller, packed, at)
    else:
        smaller.unlink(missing_ok=True)


def _put(final: Path, content: bytes, at: int | None) -> None:
    descriptor, name = _temporary(final.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), _MODE)
            stream.write(content)
        if at is not None:
            os.utime(name, ns=(at, at))
        Path(name).replace(final)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _temporary(folder: Path) -> tuple[int, str]:
    for _ in range(_TRIES):
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            return tempfile.mkstemp(prefix=TEMPORARY, dir=folder)
    raise FileNotFoundError(f"{folder} is taken away again and again")


def remove(root: Path, addresses: Iterable[str]) -> None:
    """Take away what stands at ``addresses``."""
    remove_names(root, map(file_of, addresses))


def remove_names(root: Path, names: Iterable[str]) -> None:
    """Take away files by their paths below ``root``, as ``file_of`` names them.

    Empty folders stay: whoever presses on this node may be about to fill one.
    """
    for name in names:
        for path in (name, f"{name}.gz", f"{name}.br"):
            (root / path).unlink(missing_ok=True)


def names(root: Path, *, before: float) -> Iterator[str]:
    """Yield the files below ``root`` last changed before ``before``, as ``file_of`` names them."""
    for folder, _, files in os.walk(root):
        for name in files:
            path = Path(folder, name)
            with suppress(FileNotFoundError):
                # When it came to be here: its date may be that of another node.
                if path.stat().st_ctime < before:
                    if name.startswith(TEMPORARY):
                        path.unlink(missing_ok=True)
                    else:
                        below = path.relative_to(root).as_posix()
                        yield below.removesuffix(".gz").removesuffix(".br")


def size(root: Path, address: str) -> int | None:
    """Return how many bytes the file at ``address`` has, as the ledger counts them."""
    name = file_of(address)
    try:
        return (root / (name if lies_plain(address) else f"{name}.gz")).stat().st_size
    except OSError:
        return None


def sync(root: Path, addresses: Sequence[str]) -> None:
    """Make what was put at ``addresses`` outlast a power cut."""
    paths: set[Path] = set()
    for address in addresses:
        name = file_of(address)
        file = root / (name if lies_plain(address) else f"{name}.gz")
        paths |= {file, file.parent}
    all_of(_sync, sorted(paths))


def _sync(path: Path) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
