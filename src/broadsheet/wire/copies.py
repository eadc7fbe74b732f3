"""Copies: an item with all that is kept of it, worked out before any database is asked.

Pure, and therefore the part of an import that another process can do.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from isal import isal_zlib

from broadsheet.json_text import written
from broadsheet.wire.fields import fingerprint_of, plain_paragraphs, to_fields
from broadsheet.wire.intent import Intent, intent_of
from broadsheet.wire.items import WireItem
from broadsheet.wire.likeness import sketch

# Formats in which each file is a story of its own, however much it says what another does.
_UNFOLDED = ("saved ",)


@dataclass(frozen=True)
class Copy:
    """An item as it is kept.

    ``fields`` are the item's, written as JSON, ``packed`` the bytes it came in, compressed by
    zlib. ``ahead`` is what whoever takes it in had worked out beside the reading (``wire.ahead``).
    """

    item: WireItem
    packed: bytes
    fields: str
    fingerprint: str
    intent: Intent
    ahead: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def raw(self) -> bytes:
        """The bytes the item came in."""
        return zlib.decompress(self.packed)

    @cached_property
    def sketch(self) -> tuple[int, ...]:
        """The item's sketch (``likeness.sketch``), worked out by whoever asks first.

        It goes with the copy into another process. Empty where copy that says nearly the same is
        not looked for.
        """
        return sketch(plain_paragraphs(self.item)) if is_folded(self.item) else ()


def packed(raw: bytes) -> bytes:
    """Return the bytes an item came in as they are kept: compressed by zlib."""
    # igzip takes a quarter of zlib's time for as much, and its higher levels gain nothing.
    return isal_zlib.compress(raw, 1)


def is_folded(item: WireItem) -> bool:
    """Tell whether copy under another guid that says nearly what ``item`` says counts.

    It does in agencies' traffic; in an archive every story is its own.
    """
    return not item.stage and not item.format.startswith(_UNFOLDED)


def copy_of(item: WireItem, raw: bytes) -> Copy:
    """Return all that is kept of ``item``, which was read from ``raw``.

    Of an item that came in a larger file its own bytes are kept, not the file's.
    """
    fields = to_fields(item)
    return Copy(
        item,
        packed(raw if item.raw is None else item.raw),
        written(fields),
        fingerprint_of(item, fields),
        intent_of(item),
    )
