"""Posts as Ghost's newer editor keeps them: Lexical's tree, as HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from broadsheet.wire.parsers.ghost_cards import card, is_card, words_of
from broadsheet.wire.parsers.json_text import listed, said, storable

# Lexical's TextNode: each bit of "format" is a way of printing.
_FORMATS = ((1, "strong"), (2, "em"), (32, "sub"), (64, "sup"))
_GROUPS = {
    "root": "", "paragraph": "p", "heading": "h2", "list": "ul", "listitem": "li",
    "quote": "blockquote", "aside": "blockquote",
}  # fmt: skip
_LINKS = {"link", "autolink", "at-link"}
_BREAKS = {"linebreak": "<br>", "tab": " "}
_DEEPEST = 60
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def to_html(document: Any, oddities: list[str]) -> str:
    """Return a Lexical ``document`` (``{"root": …}``) as HTML; nothing in it is dropped."""
    root = document.get("root") if isinstance(document, dict) else None
    return _node(root, oddities, 0)


def _children(node: Any, oddities: list[str], depth: int) -> str:
    return "".join(_node(child, oddities, depth + 1) for child in listed(node, "children"))


def _node(node: Any, oddities: list[str], depth: int) -> str:  # noqa: PLR0911 - a row of cases
    if not isinstance(node, dict):
        return ""
    if depth > _DEEPEST:
        return " ".join(words_of(node))
    name = said(node, "type").lower().removeprefix("extended-")
    if name == "text":
        return _text(node)
    if name in _BREAKS:
        return _BREAKS[name]
    inner = _children(node, oddities, depth) if "children" in node else ""
    if name in _LINKS:
        url = said(node, "url")
        return f'<a href="{escape(url)}">{inner}</a>' if url else inner
    if name in _GROUPS:
        tag = _tag(name, node)
        return f"<{tag}>{inner}</{tag}>" if tag else inner
    if is_card(name) or not inner:
        return card(name, node, oddities)
    return f"<div>{inner}</div>"


def _tag(name: str, node: dict[str, Any]) -> str:
    if name == "heading":
        tag = said(node, "tag").lower()
        return tag if tag in _HEADINGS else "h2"
    if name == "list":
        return "ol" if said(node, "listType", "tag") in {"number", "ol"} else "ul"
    return _GROUPS[name]


def _text(node: dict[str, Any]) -> str:
    text = node.get("text")
    made = escape(storable(text), quote=False) if isinstance(text, str) else ""
    bits = node.get("format")
    for bit, tag in _FORMATS:
        if made.strip() and isinstance(bits, int) and bits & bit:
            made = f"<{tag}>{made}</{tag}>"
    return made
