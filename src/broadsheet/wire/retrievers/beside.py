"""Files beside a file, by the name a text gives them: never outside the folder it lies in.

The name comes from whoever wrote the text. It is walked part by part without following a link,
so that neither ``../../secret-key`` nor a link that somebody put there leads out.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from broadsheet.wire.incoming import LARGEST_FILE

_LONGEST_NAME = 1_000
_MOST_PARTS = 8


def parts_of(name: str) -> list[str]:
    """Return the parts of the relative path ``name``; none where it leads out, or is no path.

    Both slashes count: texts made on Windows write the other one. Hidden names are none.
    """
    if len(name) > _LONGEST_NAME or any(ord(letter) < ord(" ") for letter in name):
        return []
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "." and len(parts) > 1:
        del parts[0]
    if len(parts) > _MOST_PARTS or any(not part or part.startswith(".") for part in parts):
        return []
    return parts


def spellings(name: str) -> list[str]:
    """Return ``name``, and what it means where it is written as a part of an address."""
    return list(dict.fromkeys((name, unquote(name))))


def read_beside(folder: Path, name: str) -> bytes | None:
    """Return the bytes of the file ``name`` in or below ``folder``; ``None`` where there is none.

    Nor is there one for a name that leads out of the folder, for a link, for what is no plain
    file, and for more than ``LARGEST_FILE`` bytes.
    """
    for spelling in spellings(name):
        content = _read(folder, parts_of(spelling))
        if content is not None:
            return content
    return None


def open_beside(folder: Path, name: str) -> BinaryIO | None:
    """Return the plain file ``name`` in or below ``folder``, open; ``None`` as above.

    It may be of any size.
    """
    parts = parts_of(name)
    if not parts:
        return None
    try:
        handle = _open(folder, parts)
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
        return handle
    handle.close()
    return None


def _read(folder: Path, parts: list[str]) -> bytes | None:
    if not parts:
        return None
    try:
        with _open(folder, parts) as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                return None
            content = handle.read(LARGEST_FILE + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= LARGEST_FILE else None


def _open(folder: Path, parts: list[str]) -> BinaryIO:
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        # Not to wait for whoever may write into a pipe.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        file = os.open(parts[-1], flags, dir_fd=at)
    finally:
        os.close(at)
    return open(file, "rb")  # noqa: PTH123 - a descriptor has no path
