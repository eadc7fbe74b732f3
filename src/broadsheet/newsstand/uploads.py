"""Pictures and documents as uploaded, all of them, for backup and restore: wherever they lie."""

from __future__ import annotations

import mimetypes
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from broadsheet.object_stores import ObjectStore, store_at


def files() -> Iterator[tuple[Path, str]]:
    """Yield each file with its name; it may be gone again when the next is asked for.

    Raises ``broadsheet.object_stores.StoreDownError`` where they lie in a store that does not
    answer.
    """
    if settings.MEDIA_STORE is not None:
        yield from _stored(store_at(settings.MEDIA_STORE))
        return
    media = Path(settings.MEDIA_ROOT)
    for path in sorted(media.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(media).as_posix()


def _stored(store: ObjectStore) -> Iterator[tuple[Path, str]]:
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        copy = Path(folder) / "copy"
        for name, _size in store.names():
            found = store.get(name)
            if found is not None:  # or deleted in the newsroom a moment ago
                copy.write_bytes(found.content)
                yield copy, name


def put_back(folder: Path) -> None:
    """Bring what lies in ``folder`` to the store of uploads, where there is one, and remove it.

    Raises ``broadsheet.object_stores.StoreDownError`` and ``OSError``; the folder is there
    still, then.
    """
    if settings.MEDIA_STORE is None or not folder.is_dir():
        return
    store = store_at(settings.MEDIA_STORE)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            store.put(name, path.read_bytes(), notes={}, headers={"ContentType": kind})
    shutil.rmtree(folder)
