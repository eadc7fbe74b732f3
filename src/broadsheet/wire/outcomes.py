"""What became of what came in, record by record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from broadsheet.wire.items import WireItem, WireRecord

Kind = Literal[
    "imported", "unchanged", "updated", "duplicate", "withdrawn", "queued", "noted", "waiting",
    "refused",
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one record, or of a file that holds none.

    What is "waiting" is told of again, once what it waits for has come.

    ``what`` says in a word what the record is: "story", "page", "photo", "author", "topic",
    "redirect", "feed", "comment"…
    """

    origin: str
    kind: Kind
    item: WireItem | None = None
    news_id: int | None = None
    section: str = ""
    oddities: tuple[str, ...] = ()
    error: str = ""
    what: str = "story"
    record: WireRecord | None = None
    along: tuple[tuple[str, str, int], ...] = ()


def what_of(record: WireRecord) -> str:
    """Return in a word what ``record`` is, as outcomes and accounts say it."""
    if isinstance(record, WireItem):
        return {"text": "story", "picture": "photo"}.get(record.kind, record.kind)
    return type(record).__name__.removeprefix("Wire").lower()
