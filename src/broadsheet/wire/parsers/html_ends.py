"""Where a story begins and ends among the blocks that were found on its page.

Under a story stand links to others, calls to subscribe and comments; in the midst of it, "read
also". They are told by their own words and by being links, never by their place alone: a short
last line may be the story's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.wire.items import WireBlock
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import around
from broadsheet.wire.parsers.inline import to_text

_LINK = re.compile(r"<a\b[^>]{0,2000}>([^<]{0,2000}(?:<(?!/a>)[^<]{0,2000}){0,20})</a>")
_BOLD = re.compile(r"<(strong|em)>.{1,200}</\1>")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔»”\"'’)\]]\s*$")
_CRUMBS = re.compile(r"\S\s+[>›»/|]\s+\S.*\s[>›»/|]\s+\S")
_LONGEST_LABEL = 70
_LONGEST_CALL = 360
_LONGEST_CREDIT = 140
_SHORTEST_SENTENCE = 60
_SHORTEST_STORY = 150
_NEARLY_ALL = 0.85
_FEW_AFTER = 0.3
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")


@dataclass(frozen=True)
class _Seen:
    block: WireBlock
    text: str
    linked: float

    @property
    def is_link(self) -> bool:
        return self.linked >= _NEARLY_ALL

    @property
    def is_heading(self) -> bool:
        """Tell a heading, or a short bold line that stands for one."""
        if self.block.kind == "heading":
            return True
        is_bold = bool(_BOLD.fullmatch(self.block.html.strip()))
        return is_bold and len(self.text) <= _LONGEST_LABEL and not self.text.endswith((".", "!"))

    @property
    def weight(self) -> int:
        """Return the letters of prose in it, a Chinese one for two; 0 for what is none."""
        length = len(self.text) + len(_WIDE.findall(self.text))
        if self.is_heading or self.is_link:
            return 0
        is_sentence = bool(_SENTENCE_END.search(self.text)) and length >= _SHORTEST_SENTENCE
        return length if is_sentence or length >= 2 * _SHORTEST_SENTENCE else 0

    @property
    def is_label(self) -> bool:
        return len(self.text) <= _LONGEST_LABEL and bool(around.OTHERS.match(self.text))


def trimmed(blocks: Sequence[WireBlock], headline: str) -> list[WireBlock]:
    """Return the blocks of the story alone, in order."""
    seen = [_seen(block) for block in blocks]
    seen = [
        one
        for one in seen
        if not _is_picture_credit(one)
        and not (one.is_heading and folded(one.text) == folded(headline))
        and not _is_labelled_link(one)
    ]
    seen = _without_tail(_without_others(_without_head(seen)))
    return [one.block for one in seen]


def _seen(block: WireBlock) -> _Seen:
    text = " ".join(to_text(block.html).split())
    linked = sum(len(to_text(match[1])) for match in _LINK.finditer(block.html))
    return _Seen(block, text, linked / max(len(text), 1))


def _is_labelled_link(one: _Seen) -> bool:
    """Tell "Read more: …", where all that follows the label is a link."""
    label = around.LABELLED.match(one.text)
    if label is None:
        return False
    linked = one.linked * len(one.text)
    return linked >= _NEARLY_ALL * (len(one.text) - len(label[0])) > 0


def _is_picture_credit(one: _Seen) -> bool:
    return (
        one.block.kind == "paragraph"
        and len(one.text) <= _LONGEST_CREDIT
        and bool(around.PICTURE_CREDIT.match(one.text))
    )


def _without_head(seen: list[_Seen]) -> list[_Seen]:
    """Drop paths, labels and lone links that stand before the first sentence."""
    first = next((at for at, one in enumerate(seen) if one.weight), len(seen))
    if first == len(seen):
        return seen
    head = [
        one
        for one in seen[:first]
        if one.block.kind not in {"paragraph", "list"}
        or len(one.text) > _LONGEST_CREDIT
        or not (one.is_link or one.is_label or _CRUMBS.search(one.text))
    ]
    return [*head, *seen[first:]]


def _without_others(seen: list[_Seen]) -> list[_Seen]:
    """Cut at a heading over other stories or comments, or drop the links under it.

    A "read also" in the midst of a story is followed by the rest of it, which must stay.
    """
    kept: list[_Seen] = []
    at = 0
    while at < len(seen):
        one = seen[at]
        if not one.is_label:
            kept.append(one)
            at += 1
            continue
        before = sum(other.weight for other in kept)
        under = seen[at + 1 :]
        is_end = bool(around.COMMENTS.search(one.text)) or _are_teasers(under)
        if before >= _SHORTEST_STORY and is_end:
            return kept
        at += 1
        while at < len(seen) and (seen[at].is_link or seen[at].is_label):
            at += 1
    return kept


def _are_teasers(seen: Sequence[_Seen]) -> bool:
    """Tell links or headings with a few words under each from the rest of a story."""
    told = sum(bool(one.weight) for one in seen)
    heads = sum(one.is_link or one.is_heading or one.is_label for one in seen)
    return told <= heads


def _without_tail(seen: list[_Seen]) -> list[_Seen]:
    """Drop headings with nothing under them, lone links and calls at the end.

    One link or one bold line alone may be the last line of a story; several links, or what
    stands with a label or a call, are not.
    """
    end = len(seen)
    told = sum(one.weight for one in seen)
    sure = links = 0
    while end:
        last = seen[end - 1]
        told -= last.weight
        is_call = len(last.text) <= _LONGEST_CALL and bool(around.CALL.search(last.text))
        if last.is_heading and around.SOURCES.match(last.text):
            return seen
        if told < _SHORTEST_STORY:
            break
        if not (is_call or last.is_heading or last.is_label or last.is_link):
            break
        sure += last.is_label or is_call
        links += last.is_link
        end -= 1
    is_little = sum(len(one.text) for one in seen[end:]) <= _FEW_AFTER * sum(
        len(one.text) for one in seen
    )
    has_heading = any(one.block.kind == "heading" for one in seen[end:])
    is_furniture = sure or (is_little and (links > 1 or (links and has_heading)))
    return seen[:end] if is_furniture else seen
