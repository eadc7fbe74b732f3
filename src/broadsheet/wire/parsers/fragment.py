"""HTML inside something else (a feed, ninjs, NewsML-G2, a mail, an export), as blocks.

A fragment is all story: nothing is left out as furniture, other than what shows no words
(scripts, styles, tracking pixels, form controls). Pages, where the story must first be found,
are read by ``saved_html``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urljoin

import nh3
from lxml import etree
from lxml import html as lxml_html
from lxml.etree import _Element

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.incoming import LONGEST_PARAGRAPH
from broadsheet.wire.items import BlockKind, WireBlock, WirePhoto
from broadsheet.wire.parsers import plain_fragment
from broadsheet.wire.parsers.inline import clean, from_text, legal
from broadsheet.wire.parsers.tag_bounds import has_surplus_attributes, is_too_deep
from broadsheet.wire.parsers.xml_input import local

_INLINE = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em",
           "sub": "sub", "sup": "sup"}  # fmt: skip
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_GROUPS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "nav", "ol", "p", "picture", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", *_HEADINGS,
}  # fmt: skip
_PLAYERS = {"iframe", "video", "audio", "embed", "object", "amp-iframe", "amp-youtube"}
_PICTURES = {"img", "amp-img"}
_DROPPED = {
    "script", "style", "template", "head", "title", "select", "textarea", "button", "svg", "math",
    "datalist", "canvas", "map",
}  # fmt: skip
_OTHER = {
    "span", "font", "u", "s", "small", "big", "abbr", "acronym", "code", "kbd", "samp", "var", "tt",
    "mark", "time", "q", "del", "ins", "dfn", "bdi", "bdo", "ruby", "rt", "rp", "label", "br",
    "source", "param", "data", "strike", "nobr", "wbr", "meter", "progress", "output",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "srcset", "data-src", "data-original", "data-lazy-src",
            "data-credit", "data-caption", "id"},
    "amp-img": {"src", "alt", "width", "height"},
    "iframe": {"src", "data-src", "width", "height"}, "amp-iframe": {"src"},
    "amp-youtube": {"data-videoid"}, "video": {"src", "poster"}, "audio": {"src"},
    "source": {"src"}, "embed": {"src"}, "object": {"data"}, "blockquote": {"cite"},
    "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"},
}  # fmt: skip
_TAG = re.compile(r"<[A-Za-z!/]")
_GROUP_TAG = re.compile(
    r"<(?:p|div|br|table|ul|ol|blockquote|h[1-6]|section|figure|pre|dl)\b", re.IGNORECASE
)
# Taken away before: noscript, text where scripts run; and XHTML's "<title />", open to HTML.
_NOSCRIPT = re.compile(r"(?i)</?noscript[^<>]{0,500}>|<(?:title|script|style)\b[^<>]{0,500}/>")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*(?:\n[ \t\r\f\v]*)+")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_NOT_BLANK = re.compile(r"[\t\r\n\f\v]")
_ENDS_SENTENCE = re.compile(r"""[.!?:;…؟。！？۔][)\]"'”’»]*$""")
_ENDED_LINES = 0.6
_SMALLEST_PICTURE = 3
_DEEPEST = 150
_ANY_TAG = re.compile(r"<[^<>]{0,4000}>")


@dataclass(frozen=True)
class Fragment:
    """What a fragment holds. Photo blocks name their photo by its ``key``."""

    blocks: tuple[WireBlock, ...] = ()
    photos: tuple[WirePhoto, ...] = ()
    oddities: tuple[str, ...] = ()


def read(markup: str, base_url: str = "") -> Fragment:
    """Return the blocks and photos of ``markup``, HTML or plain text.

    Plain text has its paragraphs between blank lines, or one on each line where the lines end
    as sentences do. Addresses are made absolute with ``base_url``.
    """
    markup = legal(markup.replace("\r\n", "\n").replace("\r", "\n"))
    if not _TAG.search(markup):
        return from_plain(unescape(markup))
    if plain := _of_pieces(plain_fragment.pieces_of(markup) or ()):
        return Fragment(plain)
    markup = _NOSCRIPT.sub("", markup)
    if not _GROUP_TAG.search(markup):
        # Text with nothing but emphasis and links: its blank lines are its paragraphs.
        markup = "".join(f"<p>{part}</p>" for part in _BLANK_LINE.split(markup.strip()))
    if is_too_deep(markup) or has_surplus_attributes(markup):
        return _words_alone(_ANY_TAG.sub("\n\n", markup))
    safe = nh3.clean(
        markup,
        tags={*_INLINE, *_GROUPS, *_PLAYERS, *_PICTURES, *_OTHER},
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    root = lxml_html.fragment_fromstring(safe, create_parent="div")
    fragment = _Reader(base_url).read(root)
    if not fragment.blocks and _has_words(safe):
        return _words_alone(safe)
    return fragment


def from_element(element: _Element, base_url: str = "") -> Fragment:
    """Return the blocks of an element of (X)HTML, in any namespace or none."""
    copy = deepcopy(element)
    copy.tail = None
    for each in list(copy.iter()):
        if isinstance(each.tag, str):
            name = local(each).lower()
            # After an undeclared prefix may stand what is no name.
            each.tag = name if _NAME.fullmatch(name) else "span"
    etree.cleanup_namespaces(copy)
    return read(etree.tostring(copy, encoding="unicode", method="html"), base_url)


def from_plain(text: str) -> Fragment:
    """Return plain ``text`` as paragraphs; every word of it is kept."""
    text = legal(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    parts = _BLANK_LINE.split(text)
    if len(parts) == 1:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        ended = sum(bool(_ENDS_SENTENCE.search(line)) for line in lines)
        parts = lines if len(lines) > 1 and ended >= _ENDED_LINES * len(lines) else parts
    reader = _Reader("")
    for part in parts:
        reader.buffer = [from_text(part)]
        reader.flush()
    return Fragment(tuple(reader.blocks))


def _of_pieces(pieces: Iterable[tuple[str, str]]) -> tuple[WireBlock, ...]:
    reader = _Reader("")
    for tag, text in pieces:
        reader.buffer = [escape(text, quote=False)]
        reader.flush("paragraph" if tag == "p" else "heading")
    return tuple(reader.blocks)


@dataclass
class _Reader:
    """Walks the tree; ``buffer`` is the inline HTML of the paragraph that is being read."""

    base_url: str
    blocks: list[WireBlock] = field(default_factory=list)
    photos: list[WirePhoto] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)

    def read(self, root: _Element) -> Fragment:
        self._children(root, "paragraph", 0)
        self.flush()
        return Fragment(tuple(self.blocks), tuple(self.photos), tuple(self.oddities))

    def flush(self, kind: BlockKind = "paragraph") -> None:
        whole = "".join(self.buffer)
        # Where one blank stands between two words already, to put one there takes long.
        if "  " in whole or _NOT_BLANK.search(whole):
            whole = _SPACE.sub(" ", whole)
        whole = whole.strip()
        self.buffer = []
        if not _has_words(whole):
            return
        if kind == "heading":
            self.blocks.append(WireBlock("heading", from_text(_plain(whole))))
            return
        for part in _bounded(whole):
            if text := clean(part).strip():
                self.blocks.append(WireBlock(kind, text))

    def _children(self, element: _Element, kind: BlockKind, depth: int) -> None:
        self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, kind, depth + 1)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self.buffer.append(escape(text, quote=False))

    def _element(self, element: _Element, kind: BlockKind, depth: int) -> None:
        tag = str(element.tag)
        if depth > _DEEPEST:
            self._text(f" {_words(element)} ")
        elif tag == "br":
            self._line_break(element, kind)
        elif tag in _PICTURES | _PLAYERS | {"figure"}:
            self._shown(element, tag, kind, depth)
        elif tag in {"ul", "ol"} and not _holds(element, _PICTURES | _PLAYERS | {"table", "p"}):
            self._whole(element, "list" if tag == "ul" else "numbered list", kind)
        elif tag == "table" and _is_table(element):
            self._whole(element, "table", kind)
        elif tag == "pre":
            self._lines(element, kind)
        elif tag in _GROUPS:
            self._group(element, tag, kind, depth)
        elif tag in _INLINE and not _holds(element, _GROUPS | _PICTURES | _PLAYERS):
            self._inline(element, tag, kind, depth)
        else:
            self._children(element, kind, depth)

    def _shown(self, element: _Element, tag: str, kind: BlockKind, depth: int) -> None:
        if tag in _PICTURES:
            self._picture(element)
        elif tag in _PLAYERS:
            self._player(element, kind, depth)
        else:
            self._figure(element, kind, depth)

    def _group(self, element: _Element, tag: str, kind: BlockKind, depth: int) -> None:
        self.flush(kind)
        within: BlockKind = kind
        if tag in _HEADINGS and kind == "paragraph":
            within = "heading"
        elif tag == "blockquote":
            within = "quotation"
        self._children(element, within, depth)
        self.flush(within)

    def _inline(self, element: _Element, tag: str, kind: BlockKind, depth: int) -> None:
        name = _INLINE[tag]
        target = f' href="{escape(self._absolute(element.get("href")))}"' if tag == "a" else ""
        before, self.buffer = self.buffer, []
        count = len(self.blocks)
        self._children(element, kind, depth)
        inner = "".join(self.buffer)
        self.buffer = before
        if len(self.blocks) > count:
            # A line break within ended the paragraph: what came before it stands already.
            self.buffer = []
        if not _has_words(inner):
            self.buffer.append(" " if inner else "")
        elif tag == "a" and not element.get("href"):
            self.buffer.append(inner)
        else:
            self.buffer.append(f"<{name}{target}>{inner}</{name}>")

    def _line_break(self, element: _Element, kind: BlockKind) -> None:
        so_far = _plain("".join(self.buffer)).strip()
        following = element.getnext()
        is_double = (
            following is not None and following.tag == "br" and not (element.tail or "").strip()
        )
        inside = element.getparent()
        in_inline = inside is not None and inside.tag in _INLINE
        if not in_inline and (is_double or _ENDS_SENTENCE.search(so_far) or not so_far):
            self.flush(kind)
        else:
            self.buffer.append(" ")

    def _lines(self, element: _Element, kind: BlockKind) -> None:
        self.flush(kind)
        for line in _words(element).split("\n"):
            self._text(line)
            self.flush(kind)

    def _whole(self, element: _Element, as_kind: BlockKind, kind: BlockKind) -> None:
        self.flush(kind)
        for link in element.iter("a"):
            if link.get("href"):
                link.set("href", self._absolute(link.get("href")))
        markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        markup = clean(_SPACE.sub(" ", markup), blocks=True).strip()
        if _has_words(markup):
            self.blocks.append(WireBlock(as_kind, markup))

    def _figure(self, element: _Element, kind: BlockKind, depth: int) -> None:
        self.flush(kind)
        pictures = [each for each in element.iter(*_PICTURES) if self._source(each)]
        captions = list(element.iter("figcaption"))
        if not pictures or len(captions) > 1 or _holds(element, _PLAYERS | {"table"}):
            self._children(element, kind, depth)
            self.flush(kind)
            return
        printed = " ".join(_words(captions[0]).split()) if captions else ""
        for picture in pictures:
            self._picture(picture, printed)
            printed = ""
        if not captions:
            for picture in pictures:
                picture.getparent().remove(picture)  # type: ignore[union-attr]
            self._children(element, kind, depth)
            self.flush(kind)

    def _picture(self, element: _Element, printed: str = "") -> None:
        url = self._source(element)
        if not url or _is_pixel(element) or any(photo.url == url for photo in self.photos):
            if printed:
                self._text(printed)
                self.flush()
            return
        self.flush()
        caption, credit = split_credit(printed or element.get("data-caption") or "")
        self.photos.append(
            WirePhoto(
                caption=caption,
                credit=credit or clean_credit(element.get("data-credit") or ""),
                alt_text=" ".join((element.get("alt") or "").split()),
                url=url,
                key=url,
            )
        )
        self.blocks.append(WireBlock("photo", url))

    def _source(self, element: _Element) -> str:
        for name in ("data-src", "data-lazy-src", "data-original", "src"):
            if (address := element.get(name)) and not address.startswith("data:"):
                return self._absolute(address)
        srcset = (element.get("srcset") or "").split(",")[-1].split()
        return self._absolute(srcset[0]) if srcset else ""

    def _player(self, element: _Element, kind: BlockKind, depth: int) -> None:
        address = element.get("src") or element.get("data-src") or element.get("data") or ""
        if not address:
            source = element.find(".//source")
            address = (source.get("src") or "") if source is not None else ""
        if video := element.get("data-videoid"):
            address = f"https://www.youtube.com/watch?v={video}"
        self.flush(kind)
        url = self._absolute(address)
        is_address = url.startswith(("http://", "https://"))
        if is_address and WireBlock("embed", url) not in self.blocks:
            self.blocks.append(WireBlock("embed", url))
        if element.tag == "embed" or not is_address:
            # The parser does not know that embed is empty: what follows it stands within. Else,
            # what stands within is what those see who cannot play it.
            self._children(element, kind, depth)
            self.flush(kind)

    def _absolute(self, address: str | None) -> str:
        address = (address or "").strip()
        if address.startswith("//"):
            return f"https:{address}"
        try:
            return urljoin(self.base_url, address) if self.base_url else address
        except ValueError:
            return address


def _words(element: _Element) -> str:
    return "".join(text for text in element.itertext() if isinstance(text, str))


def _words_alone(markup: str) -> Fragment:
    said = ("The HTML is nested too deep, or damaged; its words were kept.",)
    return Fragment(from_plain(_plain(markup)).blocks, (), said)


def _holds(element: _Element, tags: set[str]) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _is_table(element: _Element) -> bool:
    """Tell a table of words from one that lays out a page."""
    if _holds(element, _PICTURES | _PLAYERS | {"table", "ul", "ol", *_HEADINGS}):
        return False
    rows = [len(row) for row in element.iter("tr")]
    return len(rows) > 1 and max(rows, default=0) > 1


def _is_pixel(element: _Element) -> bool:
    sizes = [element.get("width") or "", element.get("height") or ""]
    return any(size.isdigit() and int(size) <= _SMALLEST_PICTURE for size in sizes)


def _has_words(markup: str) -> bool:
    return bool(_plain(markup).strip())


def _plain(markup: str) -> str:
    return unescape(_ANY_TAG.sub("", markup)) if "<" in markup else unescape(markup)


def _bounded(markup: str) -> list[str]:
    """Cut what is longer than any paragraph at white space, without its emphasis."""
    if len(markup) <= LONGEST_PARAGRAPH:
        return [markup]
    text, parts = _plain(markup), []
    while len(text) > LONGEST_PARAGRAPH // 2:
        end = text.rfind(" ", 1, LONGEST_PARAGRAPH // 2)
        end = end if end > 0 else LONGEST_PARAGRAPH // 2
        parts.append(from_text(text[:end]))
        text = text[end:].strip()
    return [*parts, from_text(text)]
