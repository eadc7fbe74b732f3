"""The bytes of photos that came with an item, kept until the desk has a story made of it.

They lie in the paper's private storage, named by their SHA-256, so that the same photo in five
versions of a story lies there once. An item's own row has the rest.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from broadsheet.wire.items import WireItem, WirePhoto

_FOLDER = "wire"
_NAME = re.compile(r"[0-9a-f]{64}")


def keep(item: WireItem) -> WireItem:
    """Store the bytes of the photos of ``item``; return it with their names in place of them."""
    return replace(item, photos=tuple(map(_kept, item.photos)))


def with_bytes(item: WireItem) -> WireItem:
    """Return ``item`` with the bytes of its photos that :func:`keep` stored."""
    return replace(item, photos=tuple(map(_found, item.photos)))


def forget(item: WireItem) -> None:
    """Delete the bytes of the photos of ``item``."""
    for photo in item.photos:
        if _NAME.fullmatch(photo.stored_as):
            default_storage.delete(_path(photo.stored_as))


def _kept(photo: WirePhoto) -> WirePhoto:
    if photo.content is None:
        return photo
    name = hashlib.sha256(photo.content).hexdigest()
    path = _path(name)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(photo.content))
    return replace(photo, stored_as=name)


def _found(photo: WirePhoto) -> WirePhoto:
    if photo.content is not None or not _NAME.fullmatch(photo.stored_as):
        return photo
    try:
        with default_storage.open(_path(photo.stored_as)) as file:
            return replace(photo, content=file.read())
    except FileNotFoundError:
        return photo


def _path(name: str) -> str:
    return f"{_FOLDER}/{name[:2]}/{name}"
