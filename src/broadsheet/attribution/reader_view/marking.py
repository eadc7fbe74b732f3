"""Marks around claims in the pressed HTML of a body, whose text stays what it is.

A claim is known by characters of the story's plain text; it is found in the HTML by counting the
characters that are no white space. Where the two differ the block is left as it is. No mark
crosses a tag, so that bold words, links and paragraphs stay whole.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet.attribution.relation import Span
from broadsheet.attribution.story_text import HEADLINE, Block, StoryText
from broadsheet.press import dates

_TOKEN = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+|<""")
_WRITTEN = re.compile(r"&(?:#\w+|\w+);|\S")
_VISIBLE = re.compile(r"\S")
_CLOSING = frozenset(".,;:!?…)]}”’»›\"'،؛؟")
# The press draws it before a quotation's speaker without any character (figcaption::before).
_DRAWN = "—"


@dataclass(frozen=True)
class Mark:
    """A claim to be marked: its ``number``, where it stands, and the ``way`` it came.

    ``way`` is the number that the list of sources has for it. ``spans`` count in the story's text.
    """

    number: int
    way: int
    spans: tuple[Span, ...]
    decided: bool = True


class Marker:
    """Marks the claims of one story, block by block in reading order.

    ``language`` is that of the labels, the active one.
    """

    def __init__(self, text: StoryText, marks: Iterable[Mark], language: str) -> None:
        self._text = text
        self._language = language
        body = [(block.start, block.end) for block in text.blocks if block.key != HEADLINE]
        cut = [(mark, _within(mark.spans, body)) for mark in marks]
        self._marks = [(mark, spans) for mark, spans in cut if spans]
        self.placed: set[int] = set()
        """The numbers of the claims that were marked so far."""

    def __call__(self, key: str, drawn: Markup) -> Markup:
        """Return the HTML of the block ``key`` with the claims in it marked."""
        blocks = [block for block in self._text.blocks if _belongs(block, key)]
        here = [
            (mark, inside, spans[-1][1])
            for mark, spans in self._marks
            if (inside := _within(spans, [(block.start, block.end) for block in blocks]))
        ]
        if not here:
            return drawn
        written = _Written(str(drawn), self._text.text, blocks)
        if not written.is_the_text:
            return drawn
        cover: list[tuple[int, int, Mark]] = []
        ends: dict[int, list[Mark]] = {}
        for mark, inside, last in here:
            found = [place for span in inside if (place := written.place(span)) is not None]
            cover += [(start, end, mark) for start, end in found]
            if found and inside[-1][1] == last:
                ends.setdefault(written.after(found[-1][1]), []).append(mark)
        return Markup("".join(self._pieces(written.source, cover, ends)))  # noqa: S704

    def _pieces(
        self, source: str, cover: list[tuple[int, int, Mark]], ends: dict[int, list[Mark]]
    ) -> Iterator[str]:
        cover.sort(key=lambda each: (each[0], -each[1], each[2].number))
        cuts = sorted({at for start, end, _mark in cover for at in (start, end)} | set(ends))
        for token in _TOKEN.finditer(source):
            begin, end = token.span()
            if token[0].startswith("<") or not token[0].strip():
                yield token[0]
                if token[0] == "</a>":
                    yield from self._references(ends.pop(end, ()))
                continue
            inner = cuts[bisect_left(cuts, begin + 1) : bisect_left(cuts, end)]
            stack: list[Mark] = []
            for start, stop in pairwise([begin, *inner, end]):
                wanted = [mark for a, b, mark in cover if a <= start and stop <= b]
                same = _common(stack, wanted)
                yield "</span>" * (len(stack) - same)
                yield from map(self._opened, wanted[same:])
                yield source[start:stop]
                stack = wanted
                if stop in ends:
                    yield "</span>" * len(stack)
                    stack = []
                    yield from self._references(ends.pop(stop))
            yield "</span>" * len(stack)

    def _opened(self, mark: Mark) -> str:
        kind = "claim" if mark.decided else "claim unsure"
        if mark.number in self.placed:
            return f'<span class="{kind}" data-claim="{mark.number}">'
        self.placed.add(mark.number)
        return f'<span class="{kind}" id="claim-{mark.number}">'

    def _references(self, marks: Iterable[Mark]) -> Iterator[str]:
        """Yield a link to each way that claims end with here; it has no characters of its own."""
        for mark in {mark.way: mark for mark in marks}.values():
            printed = dates.numerals(mark.way, self._language)
            label = _("Source %(number)s") % {"number": printed}
            yield Markup(
                '<a class="ref" href="#source-{}" aria-label="{}" aria-describedby="way-{}"'
                ' data-n="{}"></a>'
            ).format(mark.number, label, mark.way, printed)


class _Written:
    """The HTML of a block, and where in it each character of the block's words is written."""

    def __init__(self, source: str, text: str, blocks: Sequence[Block]) -> None:
        self.source = source
        self._starts: list[int] = []
        self._ends: list[int] = []
        characters: list[str] = []
        self._links: list[Span] = []
        opened = 0
        for token in _TOKEN.finditer(source):
            if token[0].startswith("<"):
                if token[0].startswith(("<a ", "<a>")):
                    opened = token.start()
                elif token[0] == "</a>":
                    self._links.append((opened, token.end()))
                continue
            for found in _WRITTEN.finditer(token[0]):
                for character in html.unescape(found[0]) if len(found[0]) > 1 else found[0]:
                    if not character.isspace():
                        characters.append(character)
                        self._starts.append(token.start() + found.start())
                        self._ends.append(token.start() + found.end())
        self._places = _places(text, blocks, characters)
        self.is_the_text = self._places is not None

    def place(self, span: Span) -> Span | None:
        """Return where the words of ``span`` begin and end in the HTML; ``None`` of no word."""
        places = self._places or []
        first = bisect_left(places, span[0])
        last = bisect_left(places, span[1]) - 1
        return (self._starts[first], self._ends[last]) if first <= last else None

    def after(self, at: int) -> int:
        """Return where a reference to what ends ``at`` stands: after its full stop and its link."""
        while self.source[at : at + 1] in _CLOSING:
            at += 1
        return next((end for start, end in self._links if start < at < end), at)


def _belongs(block: Block, key: str) -> bool:
    head, _slash, tail = block.key.rpartition("/")
    return block.key == key or (head == key and tail.isdecimal())


def _within(spans: Iterable[Span], ranges: Sequence[Span]) -> list[Span]:
    return [(max(a, c), min(b, d)) for a, b in spans for c, d in ranges if a < d and c < b]


def _places(text: str, blocks: Sequence[Block], written: Sequence[str]) -> list[int] | None:
    """Return where in ``text`` each written character stands, ``None`` where they differ."""
    found: list[int] = []
    for block in blocks:
        for visible in _VISIBLE.finditer(text, block.start, block.end):
            if len(found) < len(written) and written[len(found)] == visible[0]:
                found.append(visible.start())
            elif visible[0] != _DRAWN:
                return None
    return found if len(found) == len(written) else None


def _common(one: Sequence[Mark], other: Sequence[Mark]) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] is pair[1], zip(one, other)))  # noqa: B905
