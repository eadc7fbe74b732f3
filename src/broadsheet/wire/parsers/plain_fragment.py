"""HTML that is nothing but paragraphs and headings of plain words, as most stories are.

Such a fragment needs neither cleaning nor a tree: what it says can be read off it, several times
as fast. Whatever else stands in it, the long way (:mod:`~broadsheet.wire.parsers.fragment`) is
gone; both must give the same blocks.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

_PIECE = re.compile(
    r"""\s*+<(p|h[1-6])(?:\ (?:class|id|style|dir|lang|align)="[^"<>&]{0,300}+"){0,6}+>"""
    r"""([^<>]*+)</\1>""",
    re.VERBOSE,
)
_REFERENCE = re.compile(
    r"&(?:#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));|([A-Za-z][A-Za-z0-9]{1,30};))?"
)
# What stands for itself wherever it is referred to: printed characters, in ASCII and beyond.
_STANDS_FOR_ITSELF = (range(0x20, 0x7F), range(0xA0, 0xD800), range(0x10000, 0x1FFFE))
# The tree's own parser takes no texts of ten million characters.
_LONGEST = 1_000_000


def pieces_of(markup: str) -> list[tuple[str, str]] | None:
    """Return the paragraphs and headings of ``markup``: the name of each element and its text.

    ``None`` where anything else stands in it. ``markup`` has no character that XML has no place
    for, and its lines end in line feeds.
    """
    if len(markup) > _LONGEST:
        return None
    pieces: list[tuple[str, str]] = []
    at = 0
    while piece := _PIECE.match(markup, at):
        at = piece.end()
        text = piece[2]
        if "&" in text:
            if not all(map(_is_sure, _REFERENCE.finditer(text))):
                return None
            text = unescape(text)
        pieces.append((piece[1], text))
    return pieces if at and not markup[at:].strip() else None


def _is_sure(reference: re.Match[str]) -> bool:
    """Tell whether every reader takes ``reference`` to a character for the same."""
    hexadecimal, decimal, name = reference.groups()
    if name:
        return name in html5
    if not hexadecimal and not decimal:
        return False
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return any(number in each for each in _STANDS_FOR_ITSELF)
