"""One entry of a WordPress export, from its bytes to named fields.

WordPress writes well-formed XML, but plugins, hosts and editors do not always leave it so: raw
control characters, entities of HTML, a bare ``&`` and a ``]]>`` within a text are repaired,
since each of them would cost the whole entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from lxml import etree
from lxml.etree import _Comment, _Element

from broadsheet.wire.decoding import NO_CHARSETS
from broadsheet.wire.parsers.wxr_stream import Entry
from broadsheet.wire.parsers.xml_input import ILLEGAL, is_legal

_NAMESPACES = {
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}
_KNOWN = (
    (re.compile(r"^https?://wordpress\.org/export/[\d.]*/?excerpt/?$"), "excerpt"),
    (re.compile(r"^https?://wordpress\.org/export/[\d.]*/?$"), "wp"),
    (re.compile(r"^https?://purl\.org/rss/1\.0/modules/content/?$"), "content"),
    (re.compile(r"^https?://purl\.org/dc/elements/1\.1/?$"), "dc"),
)
_DECLARATION = re.compile(
    r"""xmlns:([A-Za-z_][\w.-]{0,40})\s{0,20}=\s{0,20}(?:"([^"<>]{0,300})"|'([^'<>]{0,300})')"""
)
_ROOT = re.compile(r"<rss\b[^>]{0,5000}", re.IGNORECASE)
_ENCODING = re.compile(
    rb"""^\s{0,99}<\?xml\b[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})"""
)
# XML 1.0, section 2.2: what has no place in it.
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:(#x?[0-9A-Fa-f]{1,7}|\w{1,32});)?")
_XML_NAMES = {"lt", "gt", "amp", "quot", "apos"}
_OPENING = re.compile(
    r"<([A-Za-z_][\w.-]{0,40}(?::[\w.-]{1,60})?)((?:\s[^<>]{0,500})?)>\s{0,200}<!\[CDATA\["
)
_SPLIT_END = "]]]]><![CDATA[>"
_LONGEST_NUMBER = 19
_LONGEST_HEAD = 64 * 1024

_READ_AS_WINDOWS = {"utf-8", "utf8", "iso-8859-1", "latin1", "us-ascii", "ascii"}


@dataclass(frozen=True)
class Dialect:
    """What the head of a file settles for all its entries.

    ``wrapper`` is the start tag that binds the namespaces, ``encoding`` what the file declares.
    """

    wrapper: bytes
    encoding: str

    @classmethod
    def of(cls, head: bytes) -> Dialect:
        """Read the dialect from the first bytes of a file."""
        text = head[:_LONGEST_HEAD].decode("utf-8", "replace")
        root = _ROOT.search(text)
        bound = dict(_NAMESPACES)
        for prefix, double, single in _DECLARATION.findall(root[0] if root else ""):
            if prefix not in {"xml", "xmlns"} and (double or single):
                bound[prefix] = double or single
        names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in bound.items())
        declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
        encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        return cls(f"<rss{names}>".encode("utf-8", "replace"), encoding)


@dataclass(frozen=True)
class Fields:
    """The elements of an entry by name, such as "wp:post_id"; the first of a name is it."""

    texts: dict[str, str]
    groups: dict[str, list[_Element]]
    oddities: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the text of ``name`` without the white space around it; empty without it."""
        return self.texts.get(name, "").strip()

    def raw(self, name: str) -> str:
        """Return the text of ``name`` as it stands, or nothing."""
        return self.texts.get(name, "")

    def each(self, name: str) -> Iterator[Fields]:
        """Yield the elements called ``name``, themselves as fields."""
        for element in self.groups.get(name, ()):
            yield of_element(element)

    def number(self, name: str) -> int:
        """Return the whole number in ``name``; 0 where there is none."""
        text = self.get(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else 0


def fields_of(entry: Entry, dialect: Dialect) -> Fields | None:
    """Return the fields of ``entry``; ``None`` where nothing in it can be read."""
    text, oddities = _text(entry.content, dialect)
    element = _parsed(text, dialect)
    if element is None:
        element = _parsed(_repaired(text), dialect)
        if element is not None:
            oddities.append(f"The entry in line {entry.line} was not well-formed; it was repaired.")
    if element is None:
        element = _parsed(_repaired(text), dialect, recover=True)
        oddities.append(
            f"The entry in line {entry.line} is damaged; what could be read of it was kept."
        )
    if element is None:
        return None
    fields = of_element(element)
    fields.oddities.extend(oddities)
    return fields


def of_element(element: _Element) -> Fields:
    """Return the children of ``element`` as fields."""
    texts: dict[str, str] = {}
    groups: dict[str, list[_Element]] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = name_of(child)
        if name not in texts:
            texts[name] = text_of(child)
        groups.setdefault(name, []).append(child)
    return Fields(texts, groups)


def text_of(element: _Element) -> str:
    """Return the text of ``element`` as it stands, with the comments in it.

    Some sites mark languages by comments, in titles as well, where they are none to XML.
    """
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    for node in element.iter():
        if isinstance(node, _Comment):
            parts.append(f"<!--{node.text or ''}-->")
        elif isinstance(node.tag, str):
            parts.append(node.text or "")
        if node is not element:
            parts.append(node.tail or "")
    return "".join(parts)


def name_of(element: _Element) -> str:
    """Return an element's name with WordPress's usual prefix, whatever the file calls it."""
    return _name(str(element.tag), element.prefix)


@lru_cache(maxsize=500)
def _name(tag: str, prefix: str | None) -> str:
    if not tag.startswith("{"):
        return tag
    uri, name = tag[1:].split("}", 1)
    known = next((known for pattern, known in _KNOWN if pattern.match(uri)), prefix)
    return f"{known}:{name}" if known else name


def channel_value(text: str, name: str) -> str:
    """Return the text of element ``name`` in the head of a channel; empty without it."""
    match = re.search(
        rf"<{re.escape(name)}(?:\s[^<>]{{0,500}})?>\s{{0,200}}(?:<!\[CDATA\[)?([^<\]]{{0,2000}})",
        text,
    )
    return unescape(match[1]).strip() if match else ""


def channel_text(entry: Entry, dialect: Dialect) -> str:
    """Return the head of the channel as text."""
    return _text(entry.content, dialect)[0]


def _text(content: bytes, dialect: Dialect) -> tuple[str, list[str]]:
    oddities = []
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = dialect.encoding
        no_charset = encoding.replace("_", "-") in NO_CHARSETS
        if no_charset or encoding in _READ_AS_WINDOWS:
            # Browsers read "iso-8859-1" as windows-1252 (WHATWG Encoding, "names and labels").
            encoding = "cp1252"
        try:
            text = content.decode(encoding, "replace")
        except (LookupError, ValueError):
            encoding = "cp1252"
            text = content.decode(encoding, "replace")
        oddities.append(f"The entry is not in UTF-8; it was read as {encoding}.")
    if is_legal(text):
        return text, oddities
    text, removed = ILLEGAL.subn("", text)
    if removed:
        oddities.append(f"{removed} control characters, which XML cannot hold, were taken out.")
    return text, oddities


def _parsed(text: str, dialect: Dialect, *, recover: bool = False) -> _Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=recover,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(dialect.wrapper + text.encode() + b"</rss>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return (
        next((child for child in root if isinstance(child.tag, str)), None) if len(root) else None
    )


def _repaired(text: str) -> str:
    """Escape what keeps ``text`` from being XML, losing none of it."""
    text = _closed_sections(text)
    parts = _CDATA.split(text)
    for index in range(0, len(parts), 2):
        parts[index] = _AMPERSAND.sub(_reference, parts[index])
    return "".join(parts)


def _reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES:
        return match[0]
    char = unescape(match[0])
    if char == match[0]:
        return f"&amp;{name};"
    char = ILLEGAL.sub("", char)
    return char.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _closed_sections(text: str) -> str:
    """Escape a ``]]>`` within a section: a section ends where its element does."""
    parts: list[str] = []
    position = 0
    endless: set[str] = set()
    while match := _OPENING.search(text, position):
        closing = f"]]></{match[1]}>"
        end = -1 if closing in endless else text.find(closing, match.end())
        if end < 0:
            endless.add(closing)
            parts.append(text[position : match.end()])
            position = match.end()
            continue
        inner = text[match.end() : end].replace(_SPLIT_END, "]]>").replace("]]>", _SPLIT_END)
        parts += [text[position : match.end()], inner, closing]
        position = end + len(closing)
    return "".join([*parts, text[position:]])
