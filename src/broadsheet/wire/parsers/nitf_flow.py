"""The flow of an NITF body: its elements, in order, as blocks and photos.

Source: IPTC NITF 3.6, the groups ``blockContent`` and ``enrichedText``. Elements that NITF does
not know keep their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from lxml.etree import _Element

from broadsheet.wire.incoming import LONGEST_PARAGRAPH
from broadsheet.wire.items import BlockKind, WireBlock, WirePhoto
from broadsheet.wire.parsers import nitf_tables
from broadsheet.wire.parsers.inline import from_text, to_text
from broadsheet.wire.parsers.nitf_inline import (
    BREAK,
    UNSEEN,
    marked,
    paragraphs_of,
    plain,
    tail_of,
    text_in,
)
from broadsheet.wire.parsers.nitf_media import is_picture, photo_of, size_of
from broadsheet.wire.parsers.photo_keys import renumbered
from broadsheet.wire.parsers.xml_input import local

# What ends the paragraph before it. What is not named here stands within one, unless it holds
# one of these.
_BLOCKS = frozenset(
    {
        "p", "hedline", "hl1", "hl2", "h1", "h2", "h3", "h4", "h5", "h6", "block", "bq",
        "blockquote", "ul", "ol", "dl", "li", "dt", "dd", "table", "nitf-table", "custom-table",
        "pre", "media", "img", "note", "hr", "fn", "datasource", "credit", "abstract", "tagline",
        "bibliography", "body", "body.head", "body.content", "body.end", "div", "section",
        "article", "nitf-table-summary", "body_content",
    }
)  # fmt: skip
# Their loose text keeps its empty lines: suppliers put whole stories there without mark-up.
_LOOSE = frozenset({"body.content", "block", "body", "nitf", "DataContent", "div", "note"})
_EDITORS_NOTES = frozenset({"editorsnote", "editornote", "editors-note", "ednote", "editorsNote"})
_HTML = re.compile(
    r"</?(?:p|br|div|h[1-6]|ul|ol|table|blockquote)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE
)
_HEADINGS = frozenset({"hl1", "hl2", "h1", "h2", "h3", "h4", "h5", "h6"})
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_LONG_LINE = 110


class Flow:
    """The blocks of a body as they are found, in order."""

    def __init__(self, root: _Element, first_photo: int) -> None:
        self.blocks: list[WireBlock] = []
        self.photos: list[WirePhoto] = []
        self.ed_notes: list[str] = []
        self.rights: list[str] = []
        self.credits: list[str] = []
        self.oddities: list[str] = []
        self.first_photo = first_photo
        # By the guid of a picture: its place, and the size of what is there.
        self._sizes: dict[str, tuple[int, int]] = {}
        # Elements that hold blocks, whatever they are called.
        self._holding: set[_Element] = set()
        for element in root.iter():
            if local(element) in _BLOCKS:
                parent = element.getparent()
                while parent is not None and parent not in self._holding:
                    self._holding.add(parent)
                    parent = parent.getparent()

    def walk(self, element: _Element, kind: BlockKind = "paragraph") -> None:
        """Add what stands in ``element``, its loose text as blocks of ``kind``."""
        name = local(element)
        if name in UNSEEN or name == "":
            return
        is_loose = name in _LOOSE
        if is_loose and not len(element) and _HTML.search(element.text or ""):
            self._escaped(element.text or "")
            return
        run = [_loose(element.text) if is_loose else text_in(element.text)]
        for child in element:
            name = local(child)
            if name in _BLOCKS or child in self._holding:
                self._add(kind, "".join(run))
                run = []
                self.block(child, name, kind)
            elif name:
                run.append(marked(child))
            run.append(_loose(child.tail) if is_loose else tail_of(child))
        self._add(kind, "".join(run))

    def block(self, element: _Element, name: str, kind: BlockKind) -> None:
        """Add the block-level ``element``; ``kind`` is what paragraphs are around it."""
        if _is_for_editors(element, name):
            self.ed_notes.append(plain(element))
        elif name in _HEADINGS:
            self.walk(element, "heading")
        elif name in {"bq", "blockquote"}:
            self.walk(element, "quotation")
        elif name in {"ul", "ol"}:
            self._list(element, name)
        elif name in _OWN_WAYS:
            _OWN_WAYS[name](self, element)
        else:
            self.walk(element, kind)

    def note(self, element: _Element, *, in_head: bool = False) -> None:
        """Add a ``note``: to the body, to what editors are told, or to the rights."""
        what = (element.get("noteclass") or "").casefold()
        if what == "cpyrt":
            self.rights.append(plain(element))
        elif in_head or what == "editorsnote" or element.get("type") == "npa":
            self.ed_notes.append(plain(element))
        else:
            self.walk(element)

    def _add(self, kind: BlockKind, run: str) -> None:
        for part in paragraphs_of(run):
            if len(part) <= LONGEST_PARAGRAPH:
                self.blocks.append(WireBlock(kind, part))
                continue
            self.oddities.append("A paragraph was too long for one and was cut into several.")
            text = to_text(part)
            self.blocks.extend(
                WireBlock(kind, from_text(text[at : at + LONGEST_PARAGRAPH // 10]))
                for at in range(0, len(text), LONGEST_PARAGRAPH // 10)
            )

    def _list(self, element: _Element, name: str) -> None:
        markup = nitf_tables.list_of(element)
        if markup:
            self.blocks.append(WireBlock("numbered list" if name == "ol" else "list", markup))
        for media in element.iter():
            if local(media) == "media":
                self._media(media)

    def _table(self, element: _Element) -> None:
        if markup := nitf_tables.table_of(element):
            self.blocks.append(WireBlock("table", markup))
        elif not nitf_tables.has_rows(element):
            self.walk(element)

    def _preformatted(self, element: _Element) -> None:
        # No block keeps columns; lines, at least, stay lines.
        text = "".join(part for part in element.itertext() if isinstance(part, str))
        for line in text.splitlines():
            self._add("paragraph", text_in(line))

    def _media(self, element: _Element) -> None:
        key = f"photo-{self.first_photo + len(self.photos)}"
        photo = photo_of(element, key)
        if photo is None:
            return
        size = size_of(element)
        if photo.guid in self._sizes:
            # dpa sends each size of a picture as a picture of its own.
            place, largest = self._sizes[photo.guid]
            if size > largest:
                self.photos[place] = replace(photo, key=self.photos[place].key)
                self._sizes[photo.guid] = place, size
            return
        if photo.guid:
            self._sizes[photo.guid] = len(self.photos), size
        self.photos.append(photo)
        if is_picture(photo):
            self.blocks.append(WireBlock("photo", key))

    def _escaped(self, text: str) -> None:
        """Add HTML that was sent as text, in CDATA or escaped."""
        # Late: it brings a parser of HTML that most NITF needs not.
        from broadsheet.wire.parsers import fragment

        read = fragment.read(text)
        first = self.first_photo + len(self.photos)
        blocks, photos = renumbered(read.blocks, read.photos, first)
        self.blocks.extend(blocks)
        self.photos.extend(photos)
        self.oddities.extend(read.oddities)


_OWN_WAYS: dict[str, Callable[[Flow, _Element], None]] = {
    "table": Flow._table,
    "custom-table": Flow._table,
    "nitf-table": Flow._table,
    "pre": Flow._preformatted,
    "media": Flow._media,
    "img": Flow._media,
    "note": Flow.note,
}


def _is_for_editors(element: _Element, name: str) -> bool:
    if name == "tagline" and element.get("type") == "npa":
        return True
    named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('style') or ''}"
    return any(word.casefold() in _EDITORS_NOTES for word in named.split())


def _loose(text: str | None) -> str:
    """Return text that stands in no paragraph, a break where it has an empty line."""
    if not text or not text.strip():
        return " " if text else ""
    parts = _EMPTY_LINE.split(text)
    if len(parts) == 1 and any(len(line) > _LONG_LINE for line in text.splitlines()):
        parts = text.splitlines()
    return BREAK.join(text_in(part) for part in parts)
