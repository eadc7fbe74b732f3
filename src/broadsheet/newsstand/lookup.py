"""Pages that a new node does not have yet: while its folder is filling, the store is asked.

What is found is handed out and not kept: into the folder only the mirror puts anything, or a page
that was withdrawn a moment ago might come back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from broadsheet.object_stores import DamagedObjectError, ObjectStore, Stored, StoreDownError
from broadsheet.pressed_paths import UnpressableAddressError, file_of

_WITHIN_S = 1.5
_AT_ONCE = 8
_LOOKED_EVERY_S = 0.5
# What is not there is not asked for again at once, nor is a store that does not answer.
_FORGOTTEN_AFTER_S = 1.0
_REMEMBERED = 4096
# No page comes near it; a photo may.
_LARGEST = 32 * 2**20


class StoreLookup:
    """Looks in ``store`` until there is the file ``note``, by which the folder is whole."""

    def __init__(
        self, store: ObjectStore, note: Path, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._note = note
        self._clock = clock
        self._filling = True
        self._looked_at = -_LOOKED_EVERY_S
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lookup")
        self._asked = 0
        self._absent: dict[str, float] = {}
        self._silent_until = 0.0

    async def __call__(self, address: str) -> Stored | None:
        """Return what the store has for ``address``, within a second and a half, or ``None``."""
        now = self._clock()
        if now - self._looked_at >= _LOOKED_EVERY_S:
            self._looked_at = now
            self._filling = not self._note.exists()
        if not self._filling or address.endswith(".html"):
            return None
        if now < self._silent_until or now < self._absent.get(address, 0.0):
            return None
        if self._asked >= 4 * _AT_ONCE:
            # More would only wait for each other.
            return None
        try:
            file = file_of(address)
        except UnpressableAddressError:
            return None
        return await self._fetched(address, file)

    async def _fetched(self, address: str, file: str) -> Stored | None:
        self._asked += 1
        try:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(_WITHIN_S):
                found = await loop.run_in_executor(self._pool, self._get, file)
        except (StoreDownError, TimeoutError):
            self._silent_until = self._clock() + _FORGOTTEN_AFTER_S
            return None
        finally:
            self._asked -= 1
        if found is None:
            if len(self._absent) >= _REMEMBERED:
                self._absent.clear()
            self._absent[address] = self._clock() + _FORGOTTEN_AFTER_S
        return found

    def _get(self, file: str) -> Stored | None:
        try:
            return self._store.get(file, at_most=_LARGEST)
        except DamagedObjectError:
            return None
