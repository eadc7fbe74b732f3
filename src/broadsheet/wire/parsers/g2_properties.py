"""How NewsML-G2 writes its properties: values, names, and texts with or without mark-up.

Elements are found by their local name, since suppliers leave the namespace out, misspell it or
change it with the version of the standard. Source: IPTC NewsML-G2 2.35, sections on property
types (``qcode``, ``uri`` and ``literal``; ``name``, ``broader``, ``sameAs``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from lxml.etree import _Element

from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.xml_input import local, text_of

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Roles of names that are for machines, or too short to be read.
_NOT_SHOWN = {"mnemonic", "short", "abbreviation", "sort", "adjective"}
_GROUPS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "header", "tr", "br", "ul",
    "ol", "pre", "blockquote",
}  # fmt: skip
# An address in angle brackets, "<desk@dpa.example>", is none.
_MARKUP = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9:_-]{0,40}(?:[\s/][^<>]{0,1000})?|![^<>]{0,1000})>")
_ESCAPED = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|quot|apos|amp|nbsp|lt|gt);")


def child(element: _Element | None, *path: str) -> _Element | None:
    """Return the first element along ``path`` of local names, or ``None``."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def children(element: _Element | None, *names: str) -> list[_Element]:
    """Return the children called one of ``names``, in order."""
    if element is None:
        return []
    return [each for each in element if local(each) in names]


def within(element: _Element | None, *names: str) -> Iterator[_Element]:
    """Yield all elements below ``element`` called one of ``names``, in document order."""
    if element is not None:
        yield from (each for each in element.iterdescendants() if local(each) in names)


def attribute(element: _Element | None, *names: str) -> str:
    """Return the first attribute of ``names`` that says anything, white space collapsed."""
    if element is None:
        return ""
    values = (" ".join((element.get(name) or "").split()) for name in names)
    return next(filter(None, values), "")


def value_of(element: _Element | None) -> str:
    """Return the value of a controlled property as it stands: QCode, URI, literal, or text."""
    if element is None:
        return ""
    return attribute(element, "qcode", "uri", "literal", "code") or (
        "" if len(element) else text_of(element)
    )


def ending(value: str) -> str:
    """Return the last part of a QCode, URI or word, folded: ``stat:canceled`` -> ``canceled``."""
    return re.split(r"[:/#]", value.strip().rstrip("/"))[-1].strip().casefold()


def role_of(element: _Element) -> str:
    """Return the role of ``element`` without its scheme, folded; empty where it has none."""
    return ending(attribute(element, "role", "roleuri"))


def name_of(element: _Element | None, language: str = "") -> str:
    """Return what readers call ``element``: the best of its names; empty where it has none.

    A name in ``language`` is preferred, and one that is meant to be shown to a mnemonic.
    """
    best, best_rank = "", (9, 9)
    for name in children(element, "name"):
        text = plain(name)
        spoken = (name.get(XML_LANG) or "").split("-")[0].casefold()
        wanted = language.split("-", maxsplit=1)[0].casefold()
        rank = (
            int(role_of(name) in _NOT_SHOWN),
            0 if wanted and spoken == wanted else 1 if not spoken else 2,
        )
        if text and rank < best_rank:
            best, best_rank = text, rank
    return best


def plain(element: _Element | None) -> str:
    """Return the text of ``element`` on one line, without mark-up of any kind in it."""
    return without_markup(text_of(element))


def without_markup(text: str) -> str:
    """Return ``text`` without HTML that was written into it as text, on one line."""
    if _ESCAPED.search(text):
        text = unescape(text)
    if _MARKUP.search(text):
        text = to_text(_MARKUP.sub(" ", text))
    return " ".join(text.split())


def has_markup(element: _Element) -> bool:
    """Tell whether HTML stands in ``element`` where the standard has plain text."""
    text = text_of(element)
    return bool(_MARKUP.search(text) or _ESCAPED.search(text))


def lines_of(element: _Element | None) -> list[str]:
    """Return the text of ``element`` as lines, one a paragraph or point of its mark-up."""
    lines: list[str] = []
    parts: list[str] = []
    for text, ends in _runs(element):
        parts.append(text)
        if ends:
            lines.append("".join(parts))
            parts = []
    lines.append("".join(parts))
    whole = [without_markup(part) for line in lines for part in re.split(r"\n\s*\n", line)]
    return [line for line in whole if line]


def _runs(element: _Element | None) -> Iterator[tuple[str, bool]]:
    if element is None:
        return
    if element.text:
        yield element.text, False
    for each in element:
        name = local(each).lower()
        if name in _GROUPS:
            yield "", True
        yield from _runs(each)
        if name in _GROUPS:
            yield "", True
        if each.tail:
            yield each.tail, False


def unique(texts: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    """Return ``texts`` that say anything, each once, in order."""
    return tuple(dict.fromkeys(filter(None, texts)))
