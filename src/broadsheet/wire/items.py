"""What a parser makes of incoming bytes: a ``WireItem``, frozen, with nothing lost.

Fields that a supplier's machine-readable status is carried in (``pub_status``, ``embargoed``,
``signals``, ``ed_note``) are kept verbatim as well as acted upon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

BlockKind = Literal[
    "paragraph", "heading", "quotation", "list", "numbered list", "table", "embed", "photo"
]
# "text" and "page" (a standing page) can become stories and pages of the paper; the others are
# kept and shown to the desk. "planning" is an event, an assignment or an agenda; "knowledge" is
# a concept, a catalogue or a code list.
ItemKind = Literal[
    "text", "page", "picture", "graphic", "video", "audio", "package", "planning", "knowledge"
]
# What the item was at the system it comes from, where that was another newsroom's: the state
# it is to have here. Empty for agency copy, which the terms of adoption decide about.
Stage = Literal["", "published", "scheduled", "draft", "pending", "private", "trashed"]
# How an item is tied to another. "replaces" (an earlier version under another guid), "corrects"
# and "kills" act on the story made of the other; "member" is what a package lists.
LinkRel = Literal["replaces", "corrects", "kills", "translates", "derived", "member", "related"]


@dataclass(frozen=True)
class WireBlock:
    """One block of a body.

    ``html`` is inline HTML (``nh3``-clean); for lists and tables the whole element; for an
    embed the plain address; for a photo the ``key`` of one of the item's ``photos``.
    """

    kind: BlockKind
    html: str


@dataclass(frozen=True)
class WirePhoto:
    """A photo as it came: its words, and its bytes where the supplier sent any.

    ``key`` names it among the photos of its item, for blocks that stand for it; ``url`` is
    where its bytes can be fetched, an address or a file's name beside the item. ``guid`` names
    it at its supplier, ``file_name`` is how its file was called, ``rights`` its terms of use.
    ``stored_as`` names its bytes while its item waits in the queue.
    """

    caption: str = ""
    credit: str = ""
    alt_text: str = ""
    taken_on: date | None = None
    url: str = ""
    content: bytes | None = None
    key: str = ""
    guid: str = ""
    headline: str = ""
    file_name: str = ""
    media_type: str = ""
    rights: str = ""
    stored_as: str = ""


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
class WireSubject:
    """What an item is about, as its supplier codes it: ``medtop:20000001`` in ``scheme``."""

    name: str
    code: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class WireLink:
    """Another item this one is tied to, by its guid (or address) at the supplier."""

    rel: LinkRel
    guid: str
    title: str = ""


@dataclass(frozen=True)
class WireItem:
    """One story as it came in.

    ``guid`` names the story at its supplier and ``version`` the state of it; together with
    ``sha256`` (of the whole incoming bytes of this item) they tell new from seen. ``origin`` is
    the file or address it was read from, for messages. Times are aware, in UTC. ``oddities``
    says, a sentence each, what was unusual and how it was read.

    ``agencies`` are those who sent the copy; ``info_sources`` those it passed through or rests
    on by its own metadata, in order. ``credit_line`` is what the supplier wants printed.
    ``topics`` are names for readers, ``subjects`` the same with their codes. ``urgency`` is the
    IPTC's, 1 (flash) to 9. ``hold``, where it is set, says why this copy must not be published
    by itself, such as an advisory, or an embargo whose end no machine can read.
    ``pub_status`` is empty where the supplier says nothing. ``raw`` are the bytes of this item
    alone, where it came in a larger file; ``None`` where it is the whole of what came in.
    ``kept`` is all the rest of it as JSON, where it comes from an export of this paper's kind.
    """

    guid: str
    origin: str
    format: str
    sha256: str
    headline: str
    body: tuple[WireBlock, ...]
    kind: ItemKind = "text"
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
    byline: str = ""
    agencies: tuple[str, ...] = ()
    info_sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    subjects: tuple[WireSubject, ...] = ()
    places: tuple[str, ...] = ()
    genre: str = ""
    urgency: int | None = None
    photos: tuple[WirePhoto, ...] = ()
    comments: tuple[WireComment, ...] = ()
    comments_open: bool | None = None
    old_urls: tuple[str, ...] = ()
    links: tuple[WireLink, ...] = ()
    rights: str = ""
    credit_line: str = ""
    pub_status: str = ""
    embargoed: datetime | None = None
    expires: datetime | None = None
    signals: tuple[str, ...] = ()
    ed_note: str = ""
    hold: str = ""
    stage: Stage = ""
    raw: bytes | None = None
    oddities: tuple[str, ...] = field(default=())
    kept: str = ""


@dataclass(frozen=True)
class WireAuthor:
    """A person that an archive names as one of its authors, apart from any story.

    ``name`` is what readers see, and what the ``authors`` of its stories say.
    """

    guid: str
    origin: str
    name: str
    slug: str = ""
    email: str = ""
    about: str = ""


@dataclass(frozen=True)
class WireTopic:
    """A category or tag of an archive, apart from any story; empty ones are listed as well.

    ``is_section`` tells a category that stories stand in from a mere tag.
    """

    guid: str
    origin: str
    name: str
    slug: str = ""
    about: str = ""
    parent: str = ""
    is_section: bool = False


@dataclass(frozen=True)
class WireRedirect:
    """An address of an archive that leads to another, or to the story ``guid``."""

    origin: str
    old_url: str
    new_url: str = ""
    guid: str = ""


@dataclass(frozen=True)
class WireFeed:
    """A feed that a list of feeds (OPML) names; ``category`` is the folder it stands in."""

    origin: str
    url: str
    title: str = ""
    language: str = ""
    category: str = ""


@dataclass(frozen=True)
class Unread:
    """Something in a file that could not be read, while the rest of the file could.

    ``kind`` is a word for what it is ("story", "comment", "photo", "shortcode"…); ``reason`` a
    sentence with what to do. ``is_noted`` tells what is only reported, such as a shortcode that
    was kept as it stands, from what was refused.
    """

    origin: str
    kind: str
    reason: str
    is_noted: bool = False


@dataclass(frozen=True)
class WireParticular:
    """Something that an export of this paper's kind says of the paper, apart from its stories.

    ``what`` is a word for it: "paper", "section", "agency", "author", "topic", "source", "merge",
    "translation", "front", "redirect"; ``values`` an object of JSON that says all of it.
    """

    origin: str
    what: str
    values: str


WireRecord = WireItem | WireAuthor | WireTopic | WireRedirect | WireFeed | Unread | WireParticular
