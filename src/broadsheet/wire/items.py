"""What a parser makes of incoming bytes: a ``WireItem``, frozen, with nothing lost.

Fields that a supplier's machine-readable status is carried in (``pub_status``, ``embargoed``,
``signal``, ``ed_note``) are kept verbatim as well as acted upon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

BlockKind = Literal["paragraph", "heading", "quotation", "list", "numbered list", "table", "embed"]


@dataclass(frozen=True)
class WireBlock:
    """One block of a body.

    ``html`` is inline HTML (``nh3``-clean); for lists and tables the whole element; for an
    embed the plain address.
    """

    kind: BlockKind
    html: str


@dataclass(frozen=True)
class WirePhoto:
    """A photo as it came: its words, and its bytes where the supplier sent any."""

    caption: str = ""
    credit: str = ""
    alt_text: str = ""
    taken_on: date | None = None
    url: str = ""
    content: bytes | None = None


@dataclass(frozen=True)
class WireComment:
    """A reader's comment that comes along with a story from elsewhere."""

    author: str
    text: str
    written_at: datetime
    email: str = ""
    guid: str = ""
    parent_guid: str = ""
    approved: bool = True


@dataclass(frozen=True)
class WireItem:
    """One story as it came in.

    ``guid`` names the story at its supplier and ``version`` the state of it; together with
    ``sha256`` (of the whole incoming bytes of this item) they tell new from seen. ``origin`` is
    the file or address it was read from, for messages. Times are aware, in UTC. ``oddities``
    says, a sentence each, what was unusual and how it was read.
    """

    guid: str
    origin: str
    format: str
    sha256: str
    headline: str
    body: tuple[WireBlock, ...]
    version: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    news_id: int | None = None
    slugline: str = ""
    dateline: str = ""
    lead: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    photos: tuple[WirePhoto, ...] = ()
    comments: tuple[WireComment, ...] = ()
    old_urls: tuple[str, ...] = ()
    rights: str = ""
    pub_status: str = ""
    embargoed: datetime | None = None
    signal: str = ""
    ed_note: str = ""
    oddities: tuple[str, ...] = field(default=())
