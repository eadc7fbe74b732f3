"""What stands within a paragraph of NITF, as inline HTML.

NITF marks up what words mean (``person``, ``org``, ``money``, ``chron``); readers get the
words. Source: IPTC NITF 3.6, the group ``enrichedText``.
"""

from __future__ import annotations

import re
from html import escape

from lxml.etree import _Element

from broadsheet.wire.parsers.inline import clean, from_text, to_text
from broadsheet.wire.parsers.xml_input import local

BREAK = "\n"
_SPACE = re.compile(r"[ \t\r\n\f]+")
_INDENTED_STOP = re.compile(r"^[ \t]*\n\s*(?=[.,)])")
_STYLES = {
    "em": "em", "i": "em", "strong": "strong", "b": "strong", "sub": "sub", "sup": "sup"
}  # fmt: skip
UNSEEN = frozenset({"script", "style", "alt-code", "nitf-table-metadata", "rp"})
# Their parts are fields; suppliers leave out the white space between them.
_OF_FIELDS = {"location": ", ", "person": " ", "postaddr": ", ", "byline": ", "}
_QUOTES = "\"“”«»„‟'‘’"
# A line that a supplier broke at a column, and not where a line ends.
_NARROWEST_WRAP = 40
_LINE_END = re.compile(r"""[.!?…؟。:;"”»’')\]]$""")


def inline_of(element: _Element) -> str:
    """Return the inside of ``element`` as inline HTML, :data:`BREAK` where a line ends."""
    name = local(element)
    if name in UNSEEN:
        return ""
    separator = _OF_FIELDS.get(name, "")
    if separator and len(element) > 1 and not _has_loose_text(element):
        return separator.join(filter(None, (marked(child) for child in element)))
    written = [text_in(element.text)]
    for child in element:
        inner = marked(child)
        if name == "byline" and inner and not re.search(r"[\s,]$", "".join(written)[-1:] or " "):
            # "By ANN LEE<byttl>Staff Writer</byttl>"
            written.append(separator)
        written.append(inner)
        written.append(tail_of(child))
    return "".join(written)


def marked(element: _Element) -> str:
    """Return ``element`` as inline HTML with its own mark-up around it."""
    name = local(element)
    inner = inline_of(element)
    if name == "br":
        return BREAK + inner
    if not inner.strip():
        return inner
    if style := _STYLES.get(name):
        return f"<{style}>{inner}</{style}>"
    if name == "a":
        target = (element.get("href") or "").strip()
        return f'<a href="{escape(target)}">{inner}</a>' if target else inner
    if name == "q":
        return _quoted(element, inner)
    return f"（{inner}）" if name == "rt" and not _has_sibling(element, "rp") else inner


def paragraphs_of(run: str) -> list[str]:
    """Return an inline ``run`` as clean paragraphs, cut where its lines really end."""
    lines = [_SPACE.sub(" ", line).strip(" ") for line in run.split(BREAK)]
    # What has no mark-up is clean as it is; cleaning takes far longer than all the rest.
    cleaned = (clean(line) if "<" in line else line for line in _unwrapped(lines))
    kept = [line for line in cleaned if to_text(line).strip()]
    return [line.strip(" ") for line in kept]


def plain(element: _Element) -> str:
    """Return all of ``element`` as text in one line."""
    return " ".join(to_text(part) for part in paragraphs_of(inline_of(element))).strip()


def text_in(text: str | None) -> str:
    """Return ``text`` of an element, its line ends as the white space they are in XML."""
    return from_text(_SPACE.sub(" ", text)) if text else ""


def tail_of(element: _Element) -> str:
    """Return the text behind ``element``, which an indented file begins with a line end."""
    tail = element.tail
    return text_in(_INDENTED_STOP.sub("", tail)) if tail else ""


def _unwrapped(lines: list[str]) -> list[str]:
    """Join lines that were broken at a column, as teleprinters did."""
    if len(lines) == 1 or not any(map(_is_wrapped, lines, lines[1:])):
        return lines
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            goes_on = False
        elif goes_on:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        goes_on = len(line) >= _NARROWEST_WRAP
    return joined


def _is_wrapped(line: str, following: str) -> bool:
    return len(line) >= _NARROWEST_WRAP and not _LINE_END.search(line) and following[:1].islower()


def _quoted(element: _Element, inner: str) -> str:
    before = element.getprevious()
    parent = element.getparent()
    preceding = before.tail if before is not None else parent.text if parent is not None else ""
    text = to_text(inner).strip()
    near = (
        f"{(preceding or '').rstrip()[-1:]}{text[:1]}{text[-1:]}{(element.tail or '').lstrip()[:1]}"
    )
    return inner if any(char in _QUOTES for char in near) else f"“{inner.strip()}”"


def _has_loose_text(element: _Element) -> bool:
    loose = [element.text, *(child.tail for child in element)]
    return any(text and text.strip() for text in loose)


def _has_sibling(element: _Element, name: str) -> bool:
    parent = element.getparent()
    return parent is not None and any(local(child) == name for child in parent)
