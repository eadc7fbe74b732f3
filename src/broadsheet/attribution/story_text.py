"""A story's words as they are analysed: one plain text, and where each block of the story is in it.

The headline and the blocks of the body, in reading order, with an empty line between them: what
a reader reads, character for character as the press prints it without its markup
(``press.blocks.words``). Pictures, tables and links have no words here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wagtail.models import Revision

from broadsheet.attribution.anchors import Selector, anchor
from broadsheet.attribution.relation import Span
from broadsheet.press import blocks
from broadsheet.stories.models import Story

HEADLINE = "headline"
_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Block:
    """The words of one block and where they stand: ``text[start:end]``.

    ``key`` is the block's id in the stored body, its place where it has none; a list's second
    point and those after it have "/1", "/2" behind it. ``kind`` is the block's type.
    """

    key: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block: characters ``start`` to ``end`` of its own plain text."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class StoryText:
    """``text`` is what is analysed; ``blocks`` says where in it each block stands."""

    text: str
    blocks: tuple[Block, ...]
    language: str

    @cached_property
    def digest(self) -> str:
        """What tells this text, in its language, from another: SHA-256, in hexadecimal."""
        return hashlib.sha256(f"{self.language}\n{self.text}".encode()).hexdigest()

    @property
    def headline(self) -> Span:
        """Where the headline stands; empty where there is none."""
        if self.blocks and self.blocks[0].key == HEADLINE:
            return self.blocks[0].start, self.blocks[0].end
        return 0, 0

    def pieces(self, span: Span) -> tuple[Piece, ...]:
        """Return the parts of blocks that ``span`` covers, in reading order."""
        return tuple(
            Piece(
                block.key,
                max(span[0], block.start) - block.start,
                min(span[1], block.end) - block.start,
            )
            for block in self.blocks
            if block.start < span[1] and span[0] < block.end
        )

    def span(self, piece: Piece) -> Span:
        """Return where ``piece`` stands in the text.

        Raises ``KeyError`` for a block that is not here and ``ValueError`` where the piece is no
        part of it.
        """
        block = self._by_key[piece.key]
        span = block.start + piece.start, block.start + piece.end
        if not block.start <= span[0] < span[1] <= block.end:
            raise ValueError(
                f"{piece} is no part of a block of {block.end - block.start} characters"
            )
        return span

    def anchor(self, span: Span) -> Selector:
        """Return the selector of ``span``, with the block that it begins in."""
        pieces = self.pieces(span)
        return anchor(self.text, span, pieces[0].key if pieces else "")

    @cached_property
    def _by_key(self) -> dict[str, Block]:
        return {block.key: block for block in self.blocks}


def of(version: Story | Revision) -> StoryText:
    """Return the words of a story as it stands, or of one of its versions."""
    if isinstance(version, Story):
        return assembled(version.headline, version.body.raw_data, version.language)
    return of_content(version.content)


def of_content(content: Mapping[str, Any]) -> StoryText:
    """Return the words of a version by what Wagtail stores of it (``Revision.content``)."""
    body = content.get("body") or "[]"
    raw = json.loads(body) if isinstance(body, str) else body
    return assembled(str(content.get("headline", "")), raw, str(content.get("language", "")))


def newest(story: Story) -> StoryText:
    """Return the words of the story's newest version, a draft or what readers see."""
    # As Wagtail does: without unpublished changes the row itself is the newest, since a command
    # may have written it directly.
    revision = story.latest_revision if story.has_unpublished_changes else None
    return of(story if revision is None else revision)


def assembled(headline: str, body: Iterable[Mapping[str, Any]], language: str) -> StoryText:
    """Return the text of a headline and the raw data of a body."""
    parts: list[str] = []
    found: list[Block] = []
    at = 0
    for key, kind, words in _words(headline, body):
        if parts:
            at += len(_BETWEEN)
        parts.append(words)
        found.append(Block(key, kind, at, at + len(words)))
        at += len(words)
    return StoryText(_BETWEEN.join(parts), tuple(found), language)


def _words(headline: str, body: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    if headline.strip():
        yield HEADLINE, HEADLINE, headline.strip()
    for place, raw in enumerate(body):
        key = str(raw.get("id") or place)
        for number, words in enumerate(blocks.words(raw)):
            if words.strip():
                yield (f"{key}/{number}" if number else key), str(raw["type"]), words.strip()
