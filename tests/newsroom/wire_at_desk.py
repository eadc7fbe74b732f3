"""Items of agencies that stand in the queue, as they would after a look at a channel."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from broadsheet.wire import queue
from broadsheet.wire.items import WireBlock, WireItem
from broadsheet.wire.models import Channel, QueuedItem

FERRY = (
    "The ferry to the north island will not sail on Sundays from May on, the harbour office said "
    "on Monday, since two of its three crews have found work ashore."
)
CHOIR = (
    "A choir of two hundred singers opened the new concert hall in the old grain store on Friday "
    "night. The hall has cost nine million and seats eleven hundred people."
)
BRIDGE = (
    "Engineers closed the iron bridge to lorries on Tuesday after a night patrol had found a crack "
    "in one of its arches. Trams go on, at walking pace."
)


def an_item(guid: str, *paragraphs: str, **changes: Any) -> WireItem:
    """Return an item with these paragraphs and whatever else is given."""
    values: dict[str, Any] = {
        "headline": "No ferry on Sundays",
        "language": "en",
        "agencies": ("Coast Press",),
        "published": timezone.now() - timedelta(minutes=5),
        "body": tuple(WireBlock("paragraph", each) for each in paragraphs),
        **changes,
    }
    plain = WireItem(guid=guid, origin="wire.xml", format="NewsML-G2", sha256="", **values)
    return replace(plain, sha256=hashlib.sha256(repr(plain).encode()).hexdigest())


def enter(
    guid: str,
    *paragraphs: str,
    channel: Channel | None = None,
    raw: bytes = b"<the>bytes</the>",
    **changes: Any,
) -> QueuedItem:
    """Put such an item in the queue, and return its row."""
    item = an_item(guid, *(paragraphs or (FERRY,)), **changes)
    entry, _decision, _is_new = queue.enter(item, raw, channel)
    return QueuedItem.objects.get(pk=entry.pk)
