"""The bodies of NewsML-G2 items that are (X)HTML, or something of a supplier's own.

What a supplier repeats around the story (its topics, its time, its genre, its byline) is told
from the story by the classes that dpa and others give it. Lines that were set for a printer
are put together to paragraphs again: Reuters and ANSA begin one by indenting its first line.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.parsers import fragment
from broadsheet.wire.parsers.g2_properties import plain, unique
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.xml_input import local, remove

# dpa, APA: what stands in a header beside the headline; carried by the metadata as well.
_FURNITURE = {"slugline", "publicationdate", "genre", "embargoed", "closingline"}
_BYLINES = {"byline"}
_HTML = {
    "html", "body", "p", "div", "section", "article", "h1", "h2", "h3", "h4", "ul", "ol", "table",
    "pre", "blockquote", "br", "figure", "main",
}  # fmt: skip
# TT's own vocabulary ("ttnitf"): headline, subheading, quotation, lead, body, picture.
_TT = {
    "rubrik": "h1", "mellis": "h2", "citat": "p", "ingress": "section", "brodtext": "section",
    "text": "section",
}  # fmt: skip
_NAME = re.compile(r"[a-z_][\w.-]{0,100}")
_TEXT_RUN = re.compile(r"(<(p|div|body|pre|section)\b[^<>]{0,2000}>)([^<]+)(?=</\2>)")
_TWICE_ESCAPED = re.compile(r"&amp;(#\d{1,6}|#x[0-9a-fA-F]{1,5}|quot|apos|nbsp|amp);")
_TAGS = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|table|span|a|b|i)\b[^<>]{0,1000}>", re.IGNORECASE)
_COLUMNS = re.compile(r"\S {2,}\S|^[-=_*\s]{5,}$")
_FEWEST_ROWS = 3
_CODE = re.compile(r"[A-Z0-9]{2,12}")
_FEWEST_CODES, _LONGEST_ROUTING = 5, 400
_NARROWEST_INDENT, _WIDEST_INDENT = 2, 10


@dataclass
class Layout:
    """A body as it was laid out: its blocks and photos, and what stood around the story."""

    blocks: list[WireBlock] = field(default_factory=list)
    photos: list[WirePhoto] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    dateline: str = ""
    headline: str = ""
    oddities: list[str] = field(default_factory=list)


def from_markup(element: _Element) -> Layout:
    """Return the story in ``element``: HTML in any namespace, or any other XML."""
    copy = deepcopy(element)
    copy.tail = None
    layout = Layout()
    for each in list(copy.iter()):
        if isinstance(each.tag, str):
            name = local(each).lower()
            # Behind a prefix that is not declared may stand what is no name.
            each.tag = name if _NAME.fullmatch(name) else "span"
    names = {each.tag for each in copy.iter() if isinstance(each.tag, str)}
    if "rubrik" in names or "brodtext" in names:
        _from_tt(copy, layout)
    elif not names & _HTML:
        _from_unknown(copy, layout)
    escaped = "".join(copy.itertext())
    if not names & {"p", "div", "br"} and _TAGS.search(escaped):
        layout.oddities.append("The HTML of the story was written as plain text; it was read.")
        _read_into(layout, escaped)
        return layout
    _take_furniture(copy, layout)
    # Elements of the supplier's own that show something: dpa's "dnl-youtubeembed".
    for each in copy.iter():
        if isinstance(each.tag, str) and "-" in each.tag and not len(each):
            each.tag = "iframe" if (each.get("src") or "").startswith("http") else "span"
    etree.cleanup_namespaces(copy)
    headings = [plain(each) for each in copy.iter("h1")]
    layout.headline = next(iter(unique(headings)), "")
    _read_into(layout, etree.tostring(copy, encoding="unicode", method="html"))
    return layout


def from_text(text: str) -> Layout:
    """Return the story in ``text``: HTML, or plain text as printers set it."""
    layout = Layout()
    if _TAGS.search(text):
        _read_into(layout, text)
        return layout
    parts = paragraphs_in(text)
    read = (
        fragment.read("".join(f"<p>{escape(part, quote=False)}</p>" for part in parts))
        if len(parts) > 1
        else fragment.from_plain(text)
    )
    layout.blocks.extend(read.blocks)
    layout.oddities.extend(read.oddities)
    return layout


def paragraphs_in(text: str) -> list[str]:
    """Return the paragraphs of ``text`` that was broken into lines for a printer.

    A paragraph ends at an empty line, and before a line that is indented where others are not.
    Lines set in columns stay lines. Text without such signs is one paragraph.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(8).split("\n")
    following = [line for line in lines[1:] if line.strip()]
    flush = [line for line in following if not line.startswith(" ")]
    tabular = sum(bool(_COLUMNS.search(line.strip())) for line in following) >= _FEWEST_ROWS
    paragraphs: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        stripped = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        is_row = tabular and bool(_COLUMNS.search(stripped))
        begins = number and flush and _NARROWEST_INDENT <= indent <= _WIDEST_INDENT
        if not stripped or begins or is_row:
            paragraphs.append([])
        if stripped:
            paragraphs[-1].append(stripped)
        if is_row:
            paragraphs.append([])
    return [" ".join(parts) for parts in paragraphs if parts]


def _read_into(layout: Layout, markup: str) -> None:
    mended = _TWICE_ESCAPED.sub(r"&\1;", markup)
    if mended != markup:
        layout.oddities.append("Characters were escaped twice; they were read as what they mean.")
    read = fragment.read(_TEXT_RUN.sub(_in_paragraphs, mended))
    layout.blocks.extend(read.blocks)
    layout.photos.extend(read.photos)
    layout.oddities.extend(read.oddities)
    if len(layout.blocks) > 1 and _is_routing(last := to_text(layout.blocks[-1].html)):
        del layout.blocks[-1]
        layout.oddities.append(f"Codes for machines at its end were left out: “{last[:200]}”.")


def _is_routing(text: str) -> bool:
    """Tell a line of codes ("51 77 03 CRO01 1113 GEST03 QBX"), which ANSA ends its copy with."""
    words = text[:_LONGEST_ROUTING].split()
    return (
        len(words) >= _FEWEST_CODES
        and len(text) < _LONGEST_ROUTING
        and all(_CODE.fullmatch(word) for word in words)
        and 2 * sum(any(char.isdigit() for char in word) for word in words) >= len(words)
    )


def _in_paragraphs(match: re.Match[str]) -> str:
    opening, name, text = match.groups()
    if "\n" not in text.strip():
        return match[0]
    parts = paragraphs_in(text)
    if len(parts) < 2:  # noqa: PLR2004 - as it was
        return match[0]
    if name == "p":
        return opening + "</p><p>".join(parts)
    return f"{opening.replace('<pre', '<div')}<p>{'</p><p>'.join(parts)}</p>"


def _take_furniture(root: _Element, layout: Layout) -> None:
    for each in list(root.iter()):
        if not isinstance(each.tag, str) or each.getparent() is None:
            continue
        classes = set((each.get("class") or "").lower().split())
        if classes & _FURNITURE:
            remove(each)
        elif classes & _BYLINES and each.tag in {"p", "div", "span"}:
            layout.bylines.append(plain(each))
            remove(each)
        elif "dateline" in classes and not layout.dateline:
            layout.dateline = plain(each)
            if (each.tail or "")[:1].isalnum() and layout.dateline.endswith(")"):
                # dpa takes the dash away with which AP goes on: "ELM (AP)The bridge…"
                each.tail = f" - {each.tail}"


def _from_tt(root: _Element, layout: Layout) -> None:
    for each in list(root.iter()):
        tag = each.tag if isinstance(each.tag, str) else ""
        if tag == "byline":
            layout.bylines.append(plain(each))
            remove(each)
        elif tag == "dat":
            layout.dateline = layout.dateline or ", ".join(unique([plain(part) for part in each]))
            remove(each)
        elif tag == "bild":
            layout.photos.append(_tt_photo(each))
            remove(each)
        elif tag in _TT:
            each.tag = _TT[tag]


def _tt_photo(element: _Element) -> WirePhoto:
    parts = {str(part.tag): plain(part) for part in element.iter() if isinstance(part.tag, str)}
    url = parts.get("bildfil", "")
    return WirePhoto(
        caption=parts.get("bildtext", ""),
        credit=parts.get("bildskapare", ""),
        url=url,
        key=url or parts.get("bildtext", ""),
    )


def _from_unknown(root: _Element, layout: Layout) -> None:
    """Make paragraphs of what has text in XML that nobody here knows."""
    layout.oddities.append(
        f"The content is in a vocabulary that is not known (“{_first_name(root)}”); its words were "
        "kept."
    )
    for parent in list(root.iter()):
        if not isinstance(parent.tag, str):
            continue
        is_mixed = bool((parent.text or "").strip()) or any(
            (each.tail or "").strip() for each in parent
        )
        for each in parent:
            if isinstance(each.tag, str):
                each.tag = "span" if is_mixed else "div"


def _first_name(root: _Element) -> str:
    return next((str(each.tag) for each in root if isinstance(each.tag, str)), str(root.tag))[:60]
