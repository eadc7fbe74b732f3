"""The body of a page: found by trafilatura, kept as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from html import escape
from itertools import islice

from lxml.etree import _Element
from lxml.html import HtmlElement

from broadsheet.wire.items import WireBlock
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import html_boxes, labels
from broadsheet.wire.parsers.inline import clean, from_text, to_text

# Trafilatura makes every run of white space one plain space and drops what does not print.
# These are part of the text: a Persian word has its joiner, a French colon its narrow space.
# They travel as letters of a script (Linear A) that no news is written in.
_KEPT = "\u00a0\u202f\u2009\u200b\u200c\u200d\u200e\u200f\u00ad\u2066\u2067\u2068\u2069"
_AWAY = {ord(char): 0x10600 + place for place, char in enumerate(_KEPT)}
_BACK = {stand_in: char for char, stand_in in _AWAY.items()}
_WITHIN_TEXT = re.compile(rf"(?<=\S)[{_KEPT}](?=\S)")
_STYLES = {"#b": "strong", "#i": "em", "#sup": "sup", "#sub": "sub"}
_LONGEST_CELL = 400
_LONGEST_POINT = 2000
_FEW_POINTS = 3
_MOST_LINES = 6_000
_BREAK = "\n"


def extract(tree: HtmlElement, url: str) -> list[WireBlock]:
    """Return the blocks of the story on the page, in order; none where there is no story."""
    # Late: it brings numpy, and more, to processes that hardly ever meet a saved page.
    import trafilatura
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(
        _protected(tree),
        url=url or None,
        include_comments=False,
        include_formatting=True,
        include_links=True,
        include_tables=True,
        fast=_is_endless(tree),
    )
    if not isinstance(found, Document) or found.body is None:
        return []
    blocks = _loose(found.body.text)
    for element in found.body:
        blocks.extend(_blocks(element))
        blocks.extend(_loose(element.tail))
    return html_boxes.without_boxes(blocks, tree)


def without_furniture(
    blocks: Iterable[WireBlock], headline: str, repeated: Iterable[str]
) -> list[WireBlock]:
    """Drop from ``blocks`` what the item carries elsewhere, and the page's furniture.

    That is the headline where it opens the body, the number and time of the story, and the
    ``repeated`` texts (captions, bylines), wherever they stand.
    """
    elsewhere = {folded(text) for text in repeated if text}
    kept: list[WireBlock] = []
    for whole in blocks:
        block = whole if kept else _without_headline(whole, headline)
        text = to_text(block.html).strip()
        if (
            not text
            or (not kept and folded(text) == folded(headline))
            or folded(text) in elsewhere
            or labels.is_furniture(text)
            or labels.is_number_line(text)
            or (len(kept) < 3 and labels.time_in(text))  # noqa: PLR2004 - the head of the page
        ):
            continue
        kept.append(block)
    while kept and (kept[-1].kind == "heading" or labels.is_button(to_text(kept[-1].html).strip())):
        # A heading with nothing under it opens what was cut off: links, comments.
        kept.pop()
    return kept


def _without_headline(block: WireBlock, headline: str) -> WireBlock:
    """Cut the headline off a paragraph that begins with it: the page had no mark-up between."""
    text = to_text(block.html).strip()
    rest = text.removeprefix(headline)
    if block.kind != "paragraph" or "<" in block.html or rest == text:
        return block
    # A sentence may well begin with the words of a short headline: then a space follows.
    is_glued = bool(rest) and (rest[0].isupper() or rest[0].isdigit())
    if is_glued or labels.time_in(rest.strip()):
        return WireBlock("paragraph", from_text(rest.strip()))
    return block


def _is_endless(tree: HtmlElement) -> bool:
    """Tell a page of so many lines that comparing them all takes minutes.

    jusText, which trafilatura asks where it is in doubt, takes their number's square.
    """
    lines = tree.iter("p", "li", "td", "div", "dd", "h2", "h3", "blockquote", "br")
    return next(islice(lines, _MOST_LINES, None), None) is not None


def _protected(tree: HtmlElement) -> HtmlElement:
    """Return a copy of ``tree`` in which the white space that matters stands as letters."""
    copy = deepcopy(tree)
    for element in copy.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
            continue
        if element.text and not element.text.isascii():
            element.text = _WITHIN_TEXT.sub(_stand_in, element.text)
        if element.tail and not element.tail.isascii():
            element.tail = _WITHIN_TEXT.sub(_stand_in, element.tail)
    return copy


def _stand_in(match: re.Match[str]) -> str:
    return match[0].translate(_AWAY)


def _blocks(element: _Element) -> list[WireBlock]:
    match element.tag:
        case "head":
            text = _plain(element)
            return [WireBlock("heading", from_text(text))] if text else []
        case "list":
            return _list(element)
        case "quote":
            return _quotation(element)
        case "table":
            return _table(element)
        case "graphic" | "lb":
            return []
        case _:
            return [WireBlock("paragraph", inner) for inner in _paragraphs(element)]


def _loose(text: str | None) -> list[WireBlock]:
    """Return text that stood in no element of its own as a paragraph."""
    said = clean(_text(text)).strip()
    return [WireBlock("paragraph", said)] if said else []


def _quotation(element: _Element) -> list[WireBlock]:
    inner = [child for child in element if child.tag in {"p", "list", "head", "quote"}]
    if not inner:
        return [WireBlock("quotation", part) for part in _paragraphs(element)]
    return [
        WireBlock("quotation" if block.kind == "paragraph" else block.kind, block.html)
        for child in inner
        for block in _blocks(child)
    ]


def _list(element: _Element) -> list[WireBlock]:
    items = list(element.iter("item"))
    if any(len("".join(item.itertext())) > _LONGEST_POINT for item in items[:_FEW_POINTS]):
        # A list that only lays the page out.
        return [
            WireBlock("paragraph", part)
            for item in items
            for part in _paragraphs(item)
            if item.getparent() is element or item.find(".//item") is None
        ]
    points = [
        f"<li>{' '.join(_paragraphs(item))}</li>" for item in element.iter("item") if _plain(item)
    ]
    if not points:
        return []
    numbered = element.get("rend") == "ol"
    tag = "ol" if numbered else "ul"
    markup = clean(f"<{tag}>{''.join(points)}</{tag}>", blocks=True)
    return [WireBlock("numbered list" if numbered else "list", markup)]


def _table(element: _Element) -> list[WireBlock]:
    if not "".join(_unlinked(element)).strip():
        return []  # a table of nothing but links is a menu
    rows = [list(row.iter("cell")) for row in element.iter("row")]
    texts = [_plain(cell) for row in rows for cell in row]
    if max(map(len, rows), default=0) < 2 or max(map(len, texts)) > _LONGEST_CELL:  # noqa: PLR2004
        # A table that only lays the page out.
        cells = (cell for row in rows for cell in row)
        return [WireBlock("paragraph", part) for cell in cells for part in _paragraphs(cell)]
    markup = []
    for row in rows:
        cells_of_row = []
        for cell in row:
            tag = "th" if cell.get("role") == "head" else "td"
            cells_of_row.append(f"<{tag}>{from_text(_plain(cell))}</{tag}>")
        markup.append(f"<tr>{''.join(cells_of_row)}</tr>")
    return [WireBlock("table", clean(f"<table>{''.join(markup)}</table>", blocks=True))]


def _unlinked(element: _Element) -> Iterator[str]:
    """Yield the texts within an element that are no link's."""
    if element.tag != "ref":
        yield element.text or ""
        for child in element:
            yield from _unlinked(child)
            yield child.tail or ""


def _paragraphs(element: _Element) -> list[str]:
    """Return the inline HTML of an element, cut at its line breaks."""
    parts = (part.strip() for part in _inline(element).split(_BREAK))
    return [part for part in map(clean, parts) if to_text(part).strip()]


def _plain(element: _Element) -> str:
    return " ".join(to_text(part) for part in _paragraphs(element)).strip()


def _inline(element: _Element) -> str:
    # Trafilatura's own line ends within a text are white space; only <lb> breaks a line.
    written = [_text(element.text)]
    for child in element:
        inner = _inline(child)
        match child.tag:
            case "lb":
                written.append(_BREAK)
            case "ref" if (target := child.get("target", "")).startswith(("http:", "https:")):
                written.append(f'<a href="{escape(target)}">{inner}</a>')
            case "hi" if (style := _STYLES.get(child.get("rend", ""))) and inner.strip():
                written.append(f"<{style}>{inner}</{style}>")
            case "p" | "item" | "row":
                written.append(f"{_BREAK}{inner}{_BREAK}")
            case "del" | "graphic":
                pass
            case _:
                written.append(inner)
        written.append(_text(child.tail))
    return "".join(written)


def _text(text: str | None) -> str:
    return from_text((text or "").replace("\n", " ").translate(_BACK))
