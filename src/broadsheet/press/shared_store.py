"""The pressed folder of a paper on several nodes: what is put there is in the store first.

The store holds the truth, and the folder is this node's own copy of it. So nothing takes its
place in the folder that the store has not taken; the other nodes follow (``press.mirror``).
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from broadsheet.object_stores import ASKED, ObjectStore, StoreDownError, all_of, store_at
from broadsheet.press import store_trouble
from broadsheet.press.store import Refusal, Staged, Store
from broadsheet.pressed_paths import file_of, lies_plain

log = logging.getLogger(__name__)

# While the store is in trouble, it is asked no more often than this.
_ASKED_EVERY_S = 1.0
# How tightly the other nodes pack what another process staged.
_BROTLI_QUALITY = 5

Telling = Callable[[str, str], str]
_type_of: list[Telling] = []
_caching_of: list[Callable[[str], str]] = []


def serve_with(content_type: Telling, cache_control: Callable[[str], str]) -> None:
    """Have objects carry the headers that readers get, for whoever serves them from the store.

    The one is asked with address and file name, the other with the address.
    """
    _type_of[:] = [content_type]
    _caching_of[:] = [cache_control]


def remote() -> ObjectStore | None:
    """Return the store of pressed files that the nodes share; ``None`` where there is none."""
    return store_at(settings.PRESS_STORE) if settings.PRESS_STORE is not None else None


class SharedStore(Store):
    """The folder ``root``, with the store ``shared`` before it."""

    def __init__(self, root: Path, shared: ObjectStore) -> None:
        super().__init__(root)
        self._shared = shared
        self._addresses: dict[Path, str] = {}
        self._brotli: dict[str, int] = {}

    @property
    def is_quick(self) -> bool:
        """It is not: another machine is asked to keep each file."""
        return False

    def stage(
        self,
        address: str,
        content: bytes,
        *,
        gzip_level: int = 6,
        brotli_quality: int = 0,
        written_us: int = 0,
    ) -> list[Staged]:
        """Write ``content`` beside its place in the folder, as :meth:`Store.stage` does."""
        staged = super().stage(
            address,
            content,
            gzip_level=gzip_level,
            brotli_quality=brotli_quality,
            written_us=written_us,
        )
        self.adopt(address, staged)
        self._brotli[address] = brotli_quality
        return staged

    def adopt(self, address: str, staged: Iterable[Staged]) -> None:
        """Take over what this or another process has staged for ``address``."""
        self._addresses.update(dict.fromkeys((file.final for file in staged), address))

    def _write(self, place: str, content: bytes, written_us: int) -> Staged:
        staged = super()._write(place, content, written_us)
        return replace(staged, digest=hashlib.sha256(content).hexdigest())

    def put_in_place(self, staged: Iterable[Staged]) -> list[Refusal]:
        """Put each staged file into the store, then into its place in the folder.

        Returns those that store or disk refused. Raises :class:`StoreDownError` where the store
        as a whole does not answer or refuses; then no file has taken its place here.
        """
        files = list(staged)
        packed = {file.final for file in files if file.final.suffix == ".br"}
        # A node makes the copy in brotli by itself, where the object says so.
        sent = [file for file in files if file.final not in packed]
        asked: list[OSError | StoreDownError | None] = []
        try:
            asked = all_of(_Sending(self._put, packed), sent)
        finally:
            self._tell(next((e for e in asked if isinstance(e, StoreDownError)), None))
        refused = {
            file: error for file, error in zip(sent, asked, strict=True) if error is not None
        }
        for error in refused.values():
            if isinstance(error, StoreDownError):
                raise error
        refusals = [(file, e) for file, e in refused.items() if isinstance(e, OSError)]
        lost = {_sister(file.final) for file, _ in refusals}
        for file in files:
            if file in refused or file.final in lost:
                self.discard([file])
        files = [file for file in files if file not in refused and file.final not in lost]
        return refusals + super().put_in_place(files)

    def _put(self, file: Staged, packed: set[Path]) -> None:
        address = self._addresses[file.final]
        name = file_of(address)
        notes = {
            "sha256": file.digest or "",
            # So that the same page has the same date on every node.
            "pressed": str(file.temporary.stat().st_mtime_ns),
        }
        if _sister(file.final) in packed:
            notes["brotli"] = str(self._brotli.get(address, _BROTLI_QUALITY))
        headers = {} if lies_plain(address) else {"ContentEncoding": "gzip"}
        if _type_of:
            headers["ContentType"] = _type_of[0](address, name)
            headers["CacheControl"] = _caching_of[0](address)
        self._shared.put(name, file.temporary.read_bytes(), notes=notes, headers=headers)

    def _tell(self, error: StoreDownError | None) -> None:
        if error is not None:
            store_trouble.note("press", error)
        elif store_trouble.troubles("press"):
            store_trouble.is_over("press")

    def stands(
        self, address: str, *, written_us: int, size: int, digest: str | None = None
    ) -> bool:
        """Tell whether what the ledger names stands at ``address``: these bytes and no others."""
        return digest is not None and local_digest(self._root, address) == digest

    def remove(self, address: str) -> None:
        """Take away what stands at ``address``, in the store and then here.

        Raises :class:`StoreDownError`; the file stands here still, then.
        """
        try:
            self._shared.delete([file_of(address)])
        except StoreDownError as error:
            self._tell(error)
            raise
        super().remove(address)


class _Sending:
    """Sends files, until the store proves to be down: what comes after is not worth the wait."""

    def __init__(self, put: Callable[[Staged, set[Path]], None], packed: set[Path]) -> None:
        self._put, self._packed = put, packed
        self._down: StoreDownError | None = None

    def __call__(self, file: Staged) -> OSError | StoreDownError | None:
        if self._down is not None:
            return self._down
        try:
            self._put(file, self._packed)
        except StoreDownError as error:
            self._down = error
            return error
        except OSError as error:
            return error
        return None


def _sister(final: Path) -> Path:
    return final.with_suffix(".br")


def local_digest(root: Path, address: str) -> str | None:
    """Return the SHA-256 of the file that stands at ``address`` below ``root``, if one does."""
    name = file_of(address)
    try:
        content = (root / (name if lies_plain(address) else f"{name}.gz")).read_bytes()
    except OSError:
        return None
    return hashlib.sha256(content).hexdigest()


def silence() -> str:
    """Return what is wrong with the store at the moment, or an empty text."""
    shared = remote()
    if shared is None:
        return ""
    # Whether it can be read says nothing of that. And it is asked here as well: where another
    # node has pressed all that waited, this one's press has no reason to ask.
    if not takes():
        return store_trouble.reason("press") or "it takes nothing"
    try:
        shared.has(ASKED)
    except StoreDownError as error:
        return str(error)
    return ""


_asked_at = -_ASKED_EVERY_S


def takes() -> bool:
    """Tell whether pressing is worth a try: there is no store, or it takes what it is given.

    A store that was in trouble is asked again, once a second at most, before anything is drawn.
    """
    global _asked_at  # noqa: PLW0603 - of the whole process
    shared = remote()
    if shared is None or not store_trouble.troubles("press"):
        return True
    if time.monotonic() - _asked_at < _ASKED_EVERY_S:
        return False
    try:
        shared.ask()
    except (StoreDownError, OSError) as error:
        store_trouble.note("press", error)
        return False
    finally:
        _asked_at = time.monotonic()
    store_trouble.is_over("press")
    log.warning("the store of pressed files takes again what it is given")
    return True
