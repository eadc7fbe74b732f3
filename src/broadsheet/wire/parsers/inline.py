"""Inline HTML for the blocks of an item: made from plain text, cleaned, and read back."""

from __future__ import annotations

import html
import re

import nh3
from lxml import html as lxml_html

from broadsheet.wire.parsers.xml_input import ILLEGAL, is_legal

_SEPARATORS = re.compile("[\x0b\x0c\x1c-\x1f]")
_INLINE = {"a", "b", "strong", "i", "em", "sub", "sup"}
_BLOCKS = {
    *_INLINE, "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto"}
_TAG = re.compile(r"<(/?)[a-z]")
# References to characters other than those that stand where a text is written as HTML.
_REFERENCES = re.compile(r"&(?!(?:amp|lt|gt);)")
# No writer nests deeper (a link within a cell within two lists does with twelve); readers of
# markup, in Python and in browsers, give up sooner or later.
_DEEPEST = 60


def from_text(text: str) -> str:
    """Return plain ``text`` as inline HTML; every character of it stays readable."""
    return html.escape(text, quote=False)


def legal(text: str) -> str:
    """Return ``text`` without the characters that neither XML (1.0, section 2.2) nor readers know.

    Some separate words: they become spaces.
    """
    return text if is_legal(text) else ILLEGAL.sub("", _SEPARATORS.sub(" ", text))


def clean(markup: str, *, blocks: bool = False) -> str:
    """Return ``markup`` with nothing but inline elements (and lists and tables: ``blocks``).

    What is nested deeper than anybody writes keeps its words alone.
    """
    if is_clean(markup):
        return markup
    cleaned = nh3.clean(
        markup,
        tags=_BLOCKS if blocks else _INLINE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return nh3.clean(cleaned, tags=set()) if _is_too_deep(cleaned) else cleaned


def is_clean(markup: str) -> bool:
    """Tell plain text of which :func:`clean` would change nothing; not of all such text."""
    return (
        "<" not in markup
        and ">" not in markup
        and "\r" not in markup
        and "\x00" not in markup
        and "\xa0" not in markup
        and ("&" not in markup or _REFERENCES.search(markup) is None)
        and is_legal(markup)
    )


def _is_too_deep(cleaned: str) -> bool:
    depth = 0
    for tag in _TAG.finditer(cleaned):
        depth += -1 if tag[1] else 1
        if depth > _DEEPEST:
            return True
    return False


def to_text(markup: str) -> str:
    """Return what a reader sees of inline ``markup``."""
    if "<" not in markup:
        return html.unescape(markup)
    fragment = lxml_html.fragment_fromstring(legal(markup), create_parent="div")
    return str(fragment.text_content())
