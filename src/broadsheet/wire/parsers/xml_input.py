"""XML as suppliers really send it, read safely and leniently.

Document types and entities of their own are taken out before parsing (no expansion, no file,
no network); HTML's named characters, which feeds use without declaring them, are read. What is
not well formed is repaired where that loses no text, and the item says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.entities import html5
from itertools import pairwise

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import HEAD, Incoming

# What XML 1.0 (section 2.2) has no place for.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Of these, the controls: all below the space but tab, line feed and carriage return.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_XML_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}?\?>", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s+|<\?.{0,2000}?\?>|<!--.{0,5000}?-->", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]{0,100}:)?([A-Za-z_][\w.-]{0,100})(?=[\s/>])")
_REFERENCE = re.compile(r"&(?:#(?P<code>x[0-9a-fA-F]{1,8}|[0-9]{1,9})|(?P<name>\w{1,32}));|&")
_OWN_NAMES = {"lt", "gt", "amp", "quot", "apos"}
_LONG_TAG = re.compile(r"<[A-Za-z][^<]{2000}")
_MOST_ATTRIBUTES = 300
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|$))", re.DOTALL)
_SPACE = re.compile(r"\s+")
# More than one root, for those who send several documents in one file.
_SECOND_ROOT = re.compile(r"<\?xml\b", re.IGNORECASE)


@dataclass(frozen=True)
class Markup:
    """The root element of a document, and what was odd about its bytes."""

    root: _Element
    oddities: tuple[str, ...] = ()


def is_legal(text: str) -> bool:
    """Tell whether ``text`` has nothing of ``ILLEGAL``: ten times faster than looking for each."""
    try:
        coded = text.encode()
    except UnicodeEncodeError:
        return False
    if "\ufffe" in text or "\uffff" in text:
        return False
    return len(coded.translate(None, _CONTROLS)) == len(coded)


def read(incoming: Incoming) -> Markup:
    """Return the document in ``incoming``. Raises :class:`WireError` where there is none."""
    markup = read_text(incoming.decoded.text)
    return Markup(markup.root, (*incoming.decoded.oddities, *markup.oddities))


def read_text(text: str) -> Markup:
    """Return the document in ``text``. Raises :class:`WireError` where there is none."""
    oddities: list[str] = []
    text = text.lstrip("\ufeff \t\r\n\x00")
    legal = ILLEGAL.sub("", text)
    if legal != text:
        oddities.append(
            f"{len(text) - len(legal)} characters that XML does not allow were left out."
        )
    body = _XML_DECLARATION.sub("", _without_doctype(legal), count=1)
    try:
        return _markup(_parse(body), body, oddities)
    except etree.XMLSyntaxError:
        # Named characters of HTML, mostly: quick to mend, and then well formed.
        pass
    mended = "".join(
        part if part.startswith("<![CDATA[") else _REFERENCE.sub(_mended, part)
        for part in _CDATA.split(body)
    )
    try:
        root = _parse(mended)
    except etree.XMLSyntaxError as error:
        found = _recovered(mended)
        if found is None:
            raise WireError(
                f"The XML cannot be read: line {error.lineno or 1}: {_said(error)}. Have the "
                "supplier send it again."
            ) from error
        oddities.append(
            f"The XML is not well formed (line {error.lineno or 1}: {_said(error)}); what could "
            "be read of it was read."
        )
        return _markup(found, mended, oddities)
    if mended != body:
        oddities.append("The XML uses characters by names it does not declare; they were read.")
    return _markup(root, mended, oddities)


def documents(text: str) -> list[str]:
    """Return the documents in ``text``, more than one where a file has several in a row."""
    starts = [match.start() for match in _SECOND_ROOT.finditer(text)]
    if len(starts) < 2:  # noqa: PLR2004 - one declaration is one document
        return [text]
    bounds = [0, *starts[1:], len(text)]
    return [text[one:other] for one, other in pairwise(bounds)]


def root_name(incoming: Incoming) -> str:
    """Return the root element's name without its prefix; empty for what is no XML."""
    text = incoming.decoded.text[:HEAD].lstrip("\ufeff\x00")
    text = _without_doctype(text)
    at = 0
    while match := _PROLOGUE.match(text, at):
        at = match.end()
    root = _ROOT.match(text, at)
    return root[2] if root else ""


def local(element: _Element) -> str:
    """Return the name of ``element`` without its namespace; empty for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2]


def text_of(element: _Element | None) -> str:
    """Return all text within ``element``, white space collapsed; empty for ``None``."""
    if element is None:
        return ""
    parts = (text for text in element.itertext(etree.Element, "*") if isinstance(text, str))
    return _SPACE.sub(" ", "".join(parts)).strip()


def remove(element: _Element) -> None:
    """Remove ``element`` and leave the text behind it in its place."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _markup(root: _Element, text: str, oddities: list[str]) -> Markup:
    # Who lists an element's attributes, here and in the libraries, takes the square of their
    # number.
    for element in root.iter() if _LONG_TAG.search(text) else ():
        if isinstance(element.tag, str) and len(element.attrib) > _MOST_ATTRIBUTES:
            element.attrib.clear()
            oddities.append("An element had more attributes than any; they were left out.")
    return Markup(root, tuple(dict.fromkeys(oddities)))


def _parse(text: str) -> _Element:
    return etree.fromstring(text.encode("utf-8", "replace"), _parser(recover=False))


def _recovered(text: str) -> _Element | None:
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if not isinstance(root, etree._Element) or not isinstance(root.tag, str):
        return None
    return root if len(root) or (root.text or "").strip() else None


def _parser(*, recover: bool) -> etree.XMLParser:
    # Not huge_tree: libxml2's own bounds on depth (256) and on text are what we want.
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_pis=True,
        remove_comments=True,
        strip_cdata=True,
    )


def _mended(match: re.Match[str]) -> str:
    if (code := match["code"]) is not None:
        number = int(code[1:], 16) if code[0] == "x" else int(code)
        if number < 0x110000 and not ILLEGAL.match(chr(number)):  # noqa: PLR2004 - Unicode's end
            return match[0]
        return "\ufffd"
    name = match["name"]
    if name in _OWN_NAMES:
        return match[0]
    if name and (character := html5.get(f"{name};")):
        return escape(character, quote=False)
    return f"&amp;{match[0][1:]}"


def _said(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "not well formed").split(", line ")[0][:200].rstrip(".")


def _without_doctype(text: str) -> str:
    """Return ``text`` without its document type, and with it every entity it declares."""
    head = text[:HEAD]
    start = head.upper().find("<!DOCTYPE") if "<!" in head else -1
    if start < 0 or _ROOT.search(_PROLOGUE.sub("", text[:start])):
        return text
    depth, quote = 0, ""
    for at in range(start, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif char == ">" and depth <= 0:
            return text[:start] + text[at + 1 :]
    return text[:start]
