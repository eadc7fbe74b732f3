"""Plain files: opened below one folder, following no symbolic link on the way.

On Linux one call to the kernel does it (``openat2`` with ``RESOLVE_NO_SYMLINKS``, Linux 5.6).
Elsewhere, and in containers that forbid that call, each part of the path is opened by itself.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY

# <asm-generic/unistd.h>; the same on every architecture, being newer than 5.1.
_OPENAT2 = 437
# <linux/fcntl.h>, <linux/openat2.h>
_AT_FDCWD = -100
_RESOLVE_NO_SYMLINKS = 0x04
_LOOK_AGAIN_S = 1.0


class _How(ctypes.Structure):
    """``struct open_how`` of <linux/openat2.h>."""

    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


class PlainFiles:
    """The files below ``folder``. The folder itself, and what leads to it, may be a link.

    It may come, go and be replaced while it is used; where it is a link that is turned
    elsewhere, that is seen within a second.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._real = os.path.realpath(folder)
        self._looked_at = time.monotonic()
        self._call = _one_call()

    def path(self, file: str) -> str:
        """Return the path of ``file``, which is given relative to the folder."""
        return f"{self._folder}/{file}"

    def open(self, file: str) -> int | None:
        """Return a descriptor of ``file``, for reading, or ``None`` where there is none.

        ``file`` is relative, without empty parts, ``.`` and ``..``. Whoever gets the descriptor
        closes it, and looks what it is: folders and pipes are opened, too.
        """
        if self._call is None:
            return self._open_by_parts(file)
        now = time.monotonic()
        if now - self._looked_at > _LOOK_AGAIN_S:
            self._real = os.path.realpath(self._folder)
            self._looked_at = now
        try:
            path = os.fsencode(f"{self._real}/{file}")
        except ValueError:  # surrogates that no file name can carry
            return None
        descriptor = self._call(path)
        return descriptor if descriptor >= 0 else None

    def _open_by_parts(self, file: str) -> int | None:
        *folders, name = file.split("/")
        try:
            at = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
            try:
                for folder in folders:
                    below = os.open(folder, _FOLDER, dir_fd=at)
                    os.close(at)
                    at = below
                return os.open(name, _FILE, dir_fd=at)
            finally:
                os.close(at)
        except (OSError, ValueError):
            return None


def _one_call() -> Callable[[bytes], int] | None:
    """Return what opens an absolute path in one call, or ``None`` where the kernel has no such.

    It returns a descriptor, or -1.
    """
    if sys.platform != "linux":
        return None
    how = _How(_FILE, 0, _RESOLVE_NO_SYMLINKS)
    syscall = ctypes.CDLL(None).syscall
    syscall.restype = ctypes.c_long
    syscall.argtypes = (
        ctypes.c_long, ctypes.c_long, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t,
    )  # fmt: skip
    place, size = ctypes.addressof(how), ctypes.sizeof(how)

    def opened(path: bytes, _keep: _How = how) -> int:
        return int(syscall(_OPENAT2, _AT_FDCWD, path, place, size))

    descriptor = opened(b"/")
    if descriptor >= 0:
        os.close(descriptor)
        return opened
    # An old kernel, or a container that allows no call it does not know.
    return None
