"""Files of a watched folder claimed, so that no two processes ever take the same one.

A claim is a hidden folder within the watched one, ``.claimed-<process>-<random>``, with a file
``.lock`` that its process holds locked (``flock``). A file is claimed by moving it in, which
succeeds for one process alone. The kernel lets the lock go whatever becomes of the process: a
claim whose lock can be had was left behind, and is taken up again. What the lock's file holds is
how often that has happened.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

_CLAIMED = ".claimed-"
_MAKING = ".claiming-"
_LOCK = ".lock"
# What a process that ended in the middle of claiming left is swept up after this, in seconds.
_STALE = 3_600


class Claim:
    """A claim that is held: ``path`` is its folder, ``times_left`` how often it was left behind.

    As a context it ends with the block; what it still holds then was left behind.
    """

    def __init__(self, path: Path, lock: int, times_left: int = 0) -> None:
        self.path = path
        self.times_left = times_left
        self._lock = lock

    @classmethod
    def make(cls, folder: Path) -> Claim:
        """Return a new claim in ``folder``. Raises ``OSError``."""
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        # It gets its name once it is locked: nobody finds it unlocked before that.
        making = folder / f"{_MAKING}{name}"
        making.mkdir(0o700)
        lock = _locked(making / _LOCK)
        path = folder / f"{_CLAIMED}{name}"
        making.rename(path)
        return cls(path, lock)

    @classmethod
    def left_behind(cls, folder: Path) -> Iterator[Claim]:
        """Yield each claim in ``folder`` that a process has left behind; they are held now."""
        for path in sorted(folder.glob(f"{_CLAIMED}*")):
            try:
                lock = _locked(path / _LOCK)
            except OSError:
                continue
            if not _is_at(lock, path / _LOCK):
                # It was taken up and ended between our look and our lock.
                os.close(lock)
                continue
            times = os.pread(lock, 20, 0).decode("ascii", "replace")
            count = int(times) + 1 if times.isdecimal() else 1
            os.pwrite(lock, str(count).encode(), 0)
            yield cls(path, lock, count)
        _sweep(folder)

    def names(self) -> list[str]:
        """Return the names of the files that are claimed, the oldest first."""
        found = [
            (entry.stat(follow_symlinks=False).st_mtime, entry.name)
            for entry in os.scandir(self.path)
            if entry.is_file(follow_symlinks=False) and entry.name != _LOCK
        ]
        return [name for _, name in sorted(found)]

    def take(self, file: Path) -> bool:
        """Claim ``file``; false where it is not there any more, since others were faster."""
        try:
            file.rename(self.path / file.name)
        except FileNotFoundError:
            return False
        return True

    def give_back(self, name: str, folder: Path) -> None:
        """Put the claimed file ``name`` back into ``folder``, not over a newer one."""
        place(self.path / name, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if not self.names():
                (self.path / _LOCK).unlink()
                self.path.rmdir()
        except OSError:
            # Somebody removed it, or looks at it just now; whoever finds it empty removes it.
            pass
        finally:
            os.close(self._lock)


def place(file: Path, folder: Path) -> Path:
    """Move ``file`` into ``folder`` and return where it lies now: never over another.

    Where its name is taken, it gets a number. Raises ``OSError``.
    """
    for count in range(1, 10_000):
        number = f"-{count}" if count > 1 else ""
        target = folder / f"{file.stem}{number}{file.suffix}"
        try:
            # Unlike a renaming, linking fails where something is there already.
            os.link(file, target, follow_symlinks=False)
        except FileExistsError:
            continue
        except OSError:
            # Some file systems know no links; nobody else writes where this is used.
            if target.exists():
                continue
            file.rename(target)
            return target
        file.unlink()
        return target
    raise FileExistsError(f"{folder} has ten thousand files of this name")


def _locked(path: Path) -> int:
    """Return a descriptor of ``path``, locked; raises ``OSError`` where another has the lock."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _is_at(lock: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock), path.lstat())
    except OSError:
        return False


def _sweep(folder: Path) -> None:
    for path in folder.glob(f"{_MAKING}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < time.time() - _STALE:
                (path / _LOCK).unlink(missing_ok=True)
                path.rmdir()
