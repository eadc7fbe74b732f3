"""Plain files: opened below one folder, following no symbolic link on the way.

Each folder on the way is opened by itself, refusing links, and the last one is kept for a while:
the stories of an archive lie a thousand to a folder, and to go through all of its parts for each
of them takes longer than to read it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY
_LOOK_AGAIN_S = 1.0
# As many as 256,000 stories lie in.
_KEPT_OPEN = 256


class PlainFiles:
    """The files below ``folder``. The folder itself, and what leads to it, may be a link.

    It may come, go and be replaced while it is used, and so may folders in it: what has come is
    there at once, and what is no longer on the way is gone within a second. To be used by one
    thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._open: dict[str, int] = {}
        self._looked_at = time.monotonic()

    def __del__(self) -> None:
        self._forget()

    def path(self, file: str) -> str:
        """Return the path of ``file``, which is given relative to the folder."""
        return f"{self._folder}/{file}"

    def open(self, file: str) -> int | None:
        """Return a descriptor of ``file``, for reading, or ``None`` where there is none.

        ``file`` is relative, without empty parts, ``.`` and ``..``. Whoever gets the descriptor
        closes it, and looks what it is: folders and pipes are opened, too.
        """
        now = time.monotonic()
        if now - self._looked_at > _LOOK_AGAIN_S:
            self._forget()
            self._looked_at = now
        folder, _, name = file.rpartition("/")
        try:
            at = self._open.get(folder)
            if at is not None:
                try:
                    return os.open(name, _FILE, dir_fd=at)
                except FileNotFoundError:
                    # Where it has no name any more, another may have come in its place.
                    if os.fstat(at).st_nlink:
                        return None
                    os.close(self._open.pop(folder))
            return os.open(name, _FILE, dir_fd=self._opened(folder))
        except (OSError, ValueError):  # ValueError: surrogates that no file name can carry
            return None

    def _opened(self, folder: str) -> int:
        at = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        for part in folder.split("/") if folder else ():
            try:
                below = os.open(part, _FOLDER, dir_fd=at)
            finally:
                os.close(at)
            at = below
        if len(self._open) >= _KEPT_OPEN:
            os.close(self._open.pop(next(iter(self._open))))
        self._open[folder] = at
        return at

    def _forget(self) -> None:
        while self._open:
            os.close(self._open.popitem()[1])
