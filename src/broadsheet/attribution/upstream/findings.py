"""What is found upstream: stories, and the words and ways by which they rest on something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from broadsheet.attribution.relation import Span
from broadsheet.attribution.upstream.destinations import Destination


class Visibility(StrEnum):
    """What readers can see of a story."""

    PUBLIC = "public"
    DRAFT = "draft"  # never published, scheduled, or under an embargo
    WITHDRAWN = "withdrawn"  # was published, and readers are told that it is gone
    DELETED = "deleted"  # only its number is left, in the ledger or as made of some copy


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that rests on what was asked for.

    ``span`` counts in the text of ``version``: "public" is what readers see, or saw last, "draft"
    what the desk is writing (``story_text``).
    """

    version: str
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class RestingRelation:
    """A claim in whose chain the source stands.

    ``number`` is the relation's own within its story; ``status`` tells a suggestion from what an
    editor confirmed; rejected ones rest on nothing. ``position`` is the source's place in
    ``chain`` (origin first, empty for a hop that is not known), ``through`` the hops after it:
    none where the paper has it from the source itself. ``source`` is who of those asked for it is,
    ``passages`` are empty where the words are lost.
    """

    number: int
    status: str
    source: str
    position: int
    chain: tuple[str, ...]
    through: tuple[str, ...]
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class RestingCopy:
    """A received item that a story was made of, or brought up to.

    ``revision_id`` is the version that took it in. ``passages`` are the sentences of the story
    that stand in the item, as far as it was not erased.
    """

    item_id: int
    guid: str
    version: str
    revision_id: int | None
    erased: bool
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class RestingStory:
    """A story that rests on what was asked for, by which ways, and where it can be read.

    ``agencies`` are those whose copy it is credited to, where they were asked for.
    ``translation_of`` is the News ID of a resting story, where this one rests on no more than what
    it translates.
    """

    news_id: int
    headline: str
    language: str
    visibility: Visibility
    relations: tuple[RestingRelation, ...] = ()
    copies: tuple[RestingCopy, ...] = ()
    agencies: tuple[str, ...] = ()
    translation_of: int | None = None
    destinations: tuple[Destination, ...] = ()
