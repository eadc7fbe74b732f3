"""What an item is to the paper: new, seen, an update, or not to be taken.

Pure: it reads the item and what the paper knows, and touches nothing. Further answers (a
correction, a kill, a duplicate under another guid) are further classes of :data:`Decision`.

    the supplier took it back                      -> Refused
    this very copy was taken before                -> Unchanged
    its story was deleted                          -> Refused
    guid and News ID point at two stories          -> Refused
    neither is known                               -> New
    only the number is known, the story is another -> Refused
    it tells what was told before, or is older     -> Unchanged
    the desk has worked on the story since         -> Refused
    anything else                                  -> Update
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.wire.fields import fingerprint, plain_paragraphs
from broadsheet.wire.items import WireItem
from broadsheet.wire.likeness import folded, same_story

# NewsML-G2 and ninjs statuses (IPTC NewsCodes, scheme "pubstatusg2") that forbid publication.
_TAKEN_BACK = {"canceled", "cancelled", "withheld"}


@dataclass(frozen=True)
class KnownStory:
    """A story of the paper, as far as deciding needs it.

    ``fingerprint`` and ``updated`` are those of the wire item it was last made from, empty for
    one the desk wrote itself. ``edited_since`` tells whether the desk worked on it after that.
    """

    news_id: int
    headline: str
    paragraphs: tuple[str, ...]
    published: datetime | None = None
    captions: tuple[str, ...] = ()
    fingerprint: str = ""
    updated: datetime | None = None
    edited_since: bool = False


@dataclass(frozen=True)
class Known:
    """What the paper knows of an item.

    ``seen`` is the story made from this very copy (guid and bytes), ``by_guid`` the one made
    from another copy under its guid, ``by_news_id`` the one that has its number.
    ``deleted_news_id`` is the number of a story that had its guid or number and was deleted.
    """

    seen: KnownStory | None = None
    by_guid: KnownStory | None = None
    by_news_id: KnownStory | None = None
    deleted_news_id: int | None = None


@dataclass(frozen=True)
class New:
    """No story is made of this yet."""


@dataclass(frozen=True)
class Unchanged:
    """Story ``news_id`` says this already; nothing is to be done."""

    news_id: int


@dataclass(frozen=True)
class Update:
    """Story ``news_id`` is to say this from now on."""

    news_id: int


@dataclass(frozen=True)
class Refused:
    """Not to be taken; ``reason`` says why and what to do."""

    reason: str


Decision = New | Unchanged | Update | Refused


def decide(item: WireItem, known: Known) -> Decision:
    """Return what ``item`` is to the paper; the rules stand in the module's docstring."""
    if reason := _forbidden(item, known):
        return Refused(reason)
    story = known.seen or known.by_guid or known.by_news_id
    if story is None:
        return New()
    if known.seen is None and _only_number_fits(item, known) and not _is_same(item, story):
        return Refused(
            f"News ID {story.news_id} belongs to another story, “{story.headline}”. Take the "
            "News ID out of the page to import it under a new one."
        )
    # The same story in another shape (text and HTML, or this paper's own page) says less or
    # more around its words; under its own guid, that is a change.
    is_same = _tells_the_same(item, story) or (known.by_guid is None and _says_same(item, story))
    if known.seen is not None or is_same or _is_older(item, story):
        return Unchanged(story.news_id)
    if story.edited_since:
        return Refused(
            f"The desk has edited story {story.news_id} since it came in. Open it in the "
            "newsroom and take over by hand what has changed in the new copy."
        )
    return Update(story.news_id)


def _forbidden(item: WireItem, known: Known) -> str:
    status = item.pub_status.rsplit(":", 1)[-1].casefold()
    if status in _TAKEN_BACK:
        return f"The supplier marks this copy as “{item.pub_status}”: it must not be used."
    if known.seen is None and known.deleted_news_id is not None:
        return (
            f"Story {known.deleted_news_id} was made from this copy, or had its number, and the "
            "desk deleted it; a News ID is never used twice. Take the News ID out of the page to "
            "import it as a new story."
        )
    pair = known.by_guid, known.by_news_id
    if pair[0] is not None and pair[1] is not None and pair[0].news_id != pair[1].news_id:
        return (
            f"This copy belongs to story {pair[0].news_id} by its address and to story "
            f"{pair[1].news_id} by its number. Correct the one that is wrong in the page."
        )
    return ""


def _only_number_fits(item: WireItem, known: Known) -> bool:
    return known.by_guid is None or item.guid == f"news-id:{item.news_id}"


def _is_same(item: WireItem, story: KnownStory) -> bool:
    if same_story(plain_paragraphs(item), story.paragraphs):
        return True
    return folded(item.headline) == folded(story.headline) and item.published == story.published


def _tells_the_same(item: WireItem, story: KnownStory) -> bool:
    if story.fingerprint:
        return fingerprint(item) == story.fingerprint
    return item.headline == story.headline and tuple(plain_paragraphs(item)) == story.paragraphs


def _says_same(item: WireItem, story: KnownStory) -> bool:
    captions = {folded(photo.caption) for photo in item.photos}
    return (
        folded(item.headline) == folded(story.headline)
        and tuple(plain_paragraphs(item)) == story.paragraphs
        and item.published == story.published
        and captions == {folded(caption) for caption in story.captions}
    )


def _is_older(item: WireItem, story: KnownStory) -> bool:
    return item.updated is not None and story.updated is not None and item.updated < story.updated
