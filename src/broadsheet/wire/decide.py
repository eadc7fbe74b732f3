"""What an item is to the paper: news, a newer state of a story, seen before, taken back.

Pure: it reads the item and what the paper knows, and touches nothing. A further answer is a
further class of :data:`Decision`.

    its supplier takes copy back                   -> Kill
    this very copy was taken before                -> Unchanged
    its story was deleted                          -> Refused
    its supplier took it back for good before      -> Refused
    guid and News ID point at two stories          -> Refused
    nothing is known of it:
        the same copy came under another guid      -> Duplicate
        a state of that copy came before           -> as a state of its story
        else                                       -> New
    only the number is known, the story is another -> Refused
    it tells what was told before, or is older     -> Unchanged
    the desk has worked on the story since         -> Refused, as a ``NewerCopy``
    it mends an error                              -> Correction
    anything else                                  -> Update
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.wire.fields import fingerprint, plain_paragraphs
from broadsheet.wire.intent import intent_of
from broadsheet.wire.items import WireItem
from broadsheet.wire.likeness import folded, is_nearly_same, is_same_copy, same_story


@dataclass(frozen=True)
class KnownStory:
    """A story of the paper, as far as deciding needs it.

    ``fingerprint``, ``updated`` and ``version`` are those of the wire item it was last made
    from, empty for one the desk wrote itself. ``edited_since`` tells whether the desk worked on
    it after that.
    """

    news_id: int
    headline: str
    paragraphs: tuple[str, ...]
    published: datetime | None = None
    captions: tuple[str, ...] = ()
    fingerprint: str = ""
    updated: datetime | None = None
    version: str = ""
    edited_since: bool = False


@dataclass(frozen=True)
class KnownCopy:
    """Copy that came in under another guid and says nearly the same.

    ``item_id`` is its row among the received items, ``story`` what was made of it, if anything;
    ``likeness`` tells how much of the longer text both have, ``same_sender`` whether the same
    agency sent both, and ``same_numbers`` whether they name the same numbers, without which they
    are two stories in the same words.
    """

    item_id: int
    headline: str
    story: KnownStory | None = None
    likeness: float = 0.0
    same_sender: bool = False
    same_numbers: bool = True


@dataclass(frozen=True)
class Known:
    """What the paper knows of an item.

    ``seen`` is the story made from this very copy (guid and bytes), ``by_guid`` the one made
    from another copy under its guid, or under one that it replaces or corrects, ``by_news_id``
    the one that has its number. ``alike`` is copy under another guid that says nearly the same.
    ``deleted_news_id`` is the number of a story that had its guid or number and was deleted;
    ``takes_back`` are the guids this item takes back, ``made_of_it`` the numbers of the stories
    made of them, where it does.
    ``was_withdrawn`` tells that its supplier took this guid back for good.
    """

    seen: KnownStory | None = None
    by_guid: KnownStory | None = None
    by_news_id: KnownStory | None = None
    alike: KnownCopy | None = None
    deleted_news_id: int | None = None
    takes_back: tuple[str, ...] = ()
    made_of_it: tuple[int, ...] = ()
    was_withdrawn: bool = False


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
class Correction(Update):
    """An update that mends an error: readers who saw the story before must be told."""


@dataclass(frozen=True)
class Duplicate:
    """The same copy came in before under another guid, as received item ``item_id``.

    ``news_id`` is the story made of that, if there is one; ``reason`` says what it is a copy of.
    """

    item_id: int
    news_id: int | None
    reason: str


@dataclass(frozen=True)
class Kill:
    """Copy is taken back, of which the stories ``news_ids`` were made (there may be none).

    ``guids`` are those of the copy; only their supplier knows whether any of it ever came here.
    """

    news_ids: tuple[int, ...]
    guids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Not to be taken; ``reason`` says why and what to do."""

    reason: str


@dataclass(frozen=True)
class NewerCopy(Refused):
    """Not to be taken by itself, since the desk has edited story ``news_id`` since it came in."""

    news_id: int = 0


Decision = New | Unchanged | Update | Duplicate | Kill | Refused


def decide(item: WireItem, known: Known) -> Decision:
    """Return what ``item`` is to the paper; the rules stand in the module's docstring."""
    if intent_of(item) == "kill":
        return Kill(known.made_of_it, known.takes_back)
    if reason := _forbidden(item, known):
        return Refused(reason)
    story = known.seen or known.by_guid or known.by_news_id
    if story is not None:
        return _about(item, story, known)
    return _beside(item, known.alike, known) if known.alike is not None else New()


def _beside(item: WireItem, copy: KnownCopy, known: Known) -> Decision:
    """Decide about an item of which nothing is known but that ``copy`` resembles it."""
    if intent_of(item) == "new" and copy.same_numbers and is_same_copy(copy.likeness):
        return _duplicate(copy)
    if copy.story is not None and is_later_state(item, copy):
        return _state_of(item, copy.story, known)
    return New()


def is_later_state(item: WireItem, copy: KnownCopy) -> bool:
    """Tell whether ``item`` is a later state of ``copy``, under a guid of its own.

    That is, it says so, or the same agency sends nearly the same text once more.
    """
    if intent_of(item) in {"update", "correction"}:
        return True
    return copy.same_sender and copy.same_numbers and is_nearly_same(copy.likeness)


def says_nearly_the_same(known: Known) -> str:
    """Return what a new item says nearly the same as; empty where it stands alone."""
    if known.alike is None or not is_nearly_same(known.alike.likeness):
        return ""
    return f"It says nearly the same as “{known.alike.headline}”."


def _about(item: WireItem, story: KnownStory, known: Known) -> Decision:
    if known.seen is not None:
        return Unchanged(story.news_id)
    if _only_number_fits(item, known) and not _is_same(item, story):
        return Refused(
            f"News ID {story.news_id} belongs to another story, “{story.headline}”. Take the "
            "News ID out of the page to import it under a new one."
        )
    return _state_of(item, story, known)


def _state_of(item: WireItem, story: KnownStory, known: Known) -> Decision:
    # The same story in another shape (text and HTML, or this paper's own page) says less or
    # more around its words; under its own guid, that is a change.
    is_same = _tells_the_same(item, story) or (known.by_guid is None and _says_same(item, story))
    if is_same or _is_older(item, story):
        return Unchanged(story.news_id)
    if story.edited_since:
        return NewerCopy(
            f"The desk has edited story {story.news_id} since it came in. Open it in the "
            "newsroom and take over by hand what has changed in the new copy.",
            story.news_id,
        )
    if intent_of(item) == "correction":
        return Correction(story.news_id)
    return Update(story.news_id)


def must_wait(item: WireItem) -> str:
    """Return why ``item`` must never be published by itself; empty where it may be."""
    if item.hold:
        return item.hold
    if intent_of(item) == "advisory":
        return "This is a note to editors, not a story."
    if item.kind not in {"text", "page"}:
        return f"This is no text but: {item.kind}."
    return ""


def _forbidden(item: WireItem, known: Known) -> str:
    if known.was_withdrawn:
        return (
            "The supplier took this copy back before: it must not be used. Ask the supplier "
            "whether the new copy stands."
        )
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


def _duplicate(copy: KnownCopy) -> Duplicate:
    news_id = copy.story.news_id if copy.story is not None else None
    made = f", of which story {news_id} was made" if news_id is not None else ""
    return Duplicate(
        copy.item_id, news_id, f"The same copy came in before: “{copy.headline}”{made}."
    )


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
    if item.version.isdecimal() and story.version.isdecimal() and item.version != story.version:
        return int(item.version) < int(story.version)
    return item.updated is not None and story.updated is not None and item.updated < story.updated
