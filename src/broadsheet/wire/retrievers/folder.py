"""A watched folder: what somebody puts into it is taken in and put away.

    harbour.xml                  once it has settled: claimed (claims.py), read, and then
    done/2017-12-30/harbour.xml  or, where it could not be taken in,
    failed/2017-12-30/harbour.xml, with the reason beside it in harbour.xml.reason.txt

To try again what failed, move it back. The days are those of UTC. Pictures that a text names are
read from the same folder and go where it goes; within a turn they come after the texts, else
they would be taken in by themselves first.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming, IncomingFile, Unreadable
from broadsheet.wire.retrievers import pictures
from broadsheet.wire.retrievers.beside import parts_of, read_beside, spellings
from broadsheet.wire.retrievers.claims import Claim, place
from broadsheet.wire.retrievers.errors import RetrieveError
from broadsheet.wire.retrievers.files import opened
from broadsheet.wire.retrievers.retrieved import Retrieval, Retrieved

DONE, FAILED = "done", "failed"
# How long a file must not have changed before it counts as complete, in seconds.
SETTLED = 5.0
MOST_A_TURN = 100
# An empty file may be one that is about to be filled; a text waits for the pictures that it
# names; a file that somebody still has open is not waited for any longer, in seconds.
_LONGEST_WAIT = 60.0
_LONGEST_OPEN = 600.0
# After so many ends of the program in the middle of one file, it is the file's fault.
_MOST_ENDS = 3
_MOST_SEEN = 1_000
_LONGEST_NAME = 200
_UNFINISHED = (
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock", "~",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class _Waiting:
    """A file that waits: pictures sort after all others."""

    is_picture: bool
    mtime_ns: int
    name: str
    size: int


def retrieve(
    folder: Path,
    state: Mapping[str, Any],
    *,
    limit: int = MOST_A_TURN,
    settled: float = SETTLED,
) -> Retrieval:
    """Return what lies in ``folder``, at most ``limit`` files, the oldest first.

    Not below it: what is in folders inside stays there, and so do links, hidden files and those
    whose names say that they are not finished. In ``state``: ``seen``, the files that had not
    settled. Going through raises :class:`RetrieveError` where the folder cannot be used.
    """
    return Retrieval(state, lambda state: _Turn(folder, state, limit, settled).files())


class _Turn:
    def __init__(self, folder: Path, state: dict[str, Any], limit: int, settled: float) -> None:
        self._folder = folder
        self._state = state
        self._limit = limit
        self._settled = settled
        self._unsettled_pictures: list[str] = []

    def files(self) -> Iterator[Retrieved]:
        """Yield what was left behind, then what has come."""
        try:
            waiting = self._waiting()
            yield from self._left_behind()
            yield from self._new(waiting)
        except OSError as error:
            raise RetrieveError(
                f"The folder {self._folder} cannot be used: {error.strerror or error}. It must be "
                "there, and this user must have the right to read and to write in it.",
                is_temporary=True,
            ) from error

    def _left_behind(self) -> Iterator[Retrieved]:
        for claim in Claim.left_behind(self._folder):
            with claim:
                for name in claim.names():
                    yield from _Taken(self._folder, claim, name).parts()

    def _new(self, waiting: list[_Waiting]) -> Iterator[Retrieved]:
        with ExitStack() as held:
            claim: Claim | None = None
            for file in waiting:
                claim = claim or held.enter_context(Claim.make(self._folder))
                if not claim.take(self._folder / file.name):
                    continue
                if self._is_unfinished(claim.path / file.name, file):
                    claim.give_back(file.name, self._folder)
                    continue
                yield from _Taken(self._folder, claim, file.name).parts()

    def _waiting(self) -> list[_Waiting]:
        """Return the files to take, and note those that have not settled."""
        now = time.time()
        seen_before = self._state.get("seen") or {}
        seen: dict[str, list[float]] = {}
        found = []
        for entry in os.scandir(self._folder):
            if _is_unfinished_name(entry.name) or not entry.is_file(follow_symlinks=False):
                continue
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                is_picture = pictures.is_called_picture(entry.name)
                file = _Waiting(is_picture, status.st_mtime_ns, entry.name, status.st_size)
                looks = [file.size, file.mtime_ns]
                last = seen_before.get(_shown(file.name)) or []
                since = last[2] if last[:2] == looks else now
                # A clock that runs ahead elsewhere must not keep a file for ever.
                rest = max(now - status.st_mtime, now - since)
                if rest >= (self._settled if file.size else max(self._settled, _LONGEST_WAIT)):
                    found.append(file)
                    continue
                if len(seen) < _MOST_SEEN:
                    seen[_shown(file.name)] = [*looks, since]
                if is_picture:
                    self._unsettled_pictures.append(file.name)
        self._state["seen"] = seen
        return heapq.nsmallest(self._limit, found)

    def _is_unfinished(self, claimed: Path, file: _Waiting) -> bool:
        """Tell whether the claimed file changes still, or waits for a picture that does."""
        now = time.time()
        try:
            descriptor = os.open(claimed, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return False  # Whoever reads it will say why it cannot be read.
        try:
            status = os.fstat(descriptor)
            if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
                return True
            age = now - status.st_mtime
            if age < _LONGEST_OPEN and _is_being_written(descriptor):
                return True
            if file.is_picture or not self._unsettled_pictures or age > _LONGEST_WAIT:
                return False
            start = os.pread(descriptor, 1024 * 1024, 0)
            return any(os.fsencode(name) in start for name in self._unsettled_pictures)
        finally:
            os.close(descriptor)


class _Taken:
    """A claimed file on its way, with all its parts: one, or the members of a zip file."""

    def __init__(self, folder: Path, claim: Claim, name: str) -> None:
        self._folder = folder
        self._claim = claim
        self._name = name
        self._origin = _shown(str(folder / name))
        self._open_parts = 0
        self._are_all_out = False
        self._is_put_away = False
        self._reasons: list[str] = []
        self._pictures: set[str] = set()

    def parts(self) -> Iterator[Retrieved]:
        """Yield what the file holds; once all of it has been dealt with, it is put away."""
        if self._claim.times_left >= _MOST_ENDS:
            self._are_all_out = True
            reason = (
                f"The program ended {self._claim.times_left} times while it read this file. "
                "Tell whoever looks after Broadsheet."
            )
            yield self._part(Unreadable(self._origin, reason))
            return
        try:
            path = self._claim.path / self._name
            with path.open("rb") as file:
                for part in opened(file, path, self._origin):
                    if isinstance(part, bytes):
                        # The only part: it need not wait for the next to be put away.
                        self._are_all_out = True
                        yield self._part(Incoming(part, self._origin, beside=self._beside))
                    else:
                        yield self._part(part)
        except WireError as error:
            yield self._part(Unreadable(self._origin, str(error)))
        except OSError as error:
            reason = f"The file could not be read: {error.strerror or error}."
            yield self._part(Unreadable(self._origin, reason))
        self._are_all_out = True
        self._put_away_if_over()

    def _part(self, incoming: Incoming | IncomingFile | Unreadable) -> Retrieved:
        self._open_parts += 1
        is_over = False

        def over(reason: str) -> None:
            nonlocal is_over
            if is_over:
                return
            is_over = True
            self._open_parts -= 1
            if reason:
                inner = incoming.origin.removeprefix(self._origin).lstrip("/")
                self._reasons.append(f"{inner}: {reason}" if inner else reason)
            self._put_away_if_over()

        return Retrieved(incoming, lambda: over(""), lambda reason: over(reason or "No reason."))

    def _beside(self, name: str) -> bytes | None:
        found = read_beside(self._folder, name)
        if found is not None:
            if pictures.media_type(found):
                self._pictures.update(
                    parts[0] for each in spellings(name) if len(parts := parts_of(each)) == 1
                )
            return found
        today = datetime.now(UTC).date()
        for day in (today, today - timedelta(days=1)):
            # A picture that came earlier, and was taken in by itself.
            found = read_beside(self._folder / DONE / day.isoformat(), name)
            if found is not None:
                return found
        return None

    def _put_away_if_over(self) -> None:
        if self._open_parts or not self._are_all_out or self._is_put_away:
            return
        try:
            folder = _inner(self._folder, FAILED if self._reasons else DONE)
            placed = place(self._claim.path / self._name, folder)
            self._is_put_away = True
            if self._reasons:
                reason = folder / f"{placed.name[:_LONGEST_NAME]}.reason.txt"
                reason.write_text("\n".join(self._reasons) + "\n", "utf-8", "replace")
            for name in sorted(self._pictures):
                with suppress(FileNotFoundError):
                    place(self._folder / name, folder)
        except OSError as error:
            raise RetrieveError(
                f"{self._origin} could not be put away: {error.strerror or error}. This user must "
                "have the right to write in the folder."
            ) from error


def _inner(folder: Path, name: str) -> Path:
    """Return the folder of today within the folder ``name``, made where it is missing."""
    for part in (name, datetime.now(UTC).date().isoformat()):
        folder = folder / part
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise NotADirectoryError(20, f"{part} is a link, which may lead anywhere")
    return folder


def _is_unfinished_name(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)


def _is_being_written(descriptor: int) -> bool:
    """Tell whether somebody has the file open for writing, where this system can tell.

    A lease for reading is given only where nobody has (``fcntl(2)``, F_SETLEASE), and to the
    owner of the file alone.
    """
    lease = getattr(fcntl, "F_SETLEASE", None)
    if lease is None:
        return False
    try:
        fcntl.fcntl(descriptor, lease, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.fcntl(descriptor, lease, fcntl.F_UNLCK)
    return False


def _shown(name: str) -> str:
    """Return ``name`` as text that can be stored: its bytes need not be UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")
