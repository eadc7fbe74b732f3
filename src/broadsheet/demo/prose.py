"""From the samples' Markdown to the blocks of a story's body.

The samples are CommonMark with tables. Straight quotation marks become those of the story's
language. Three things mean more here than in CommonMark: a paragraph that holds only a picture
is a photo block, one that holds only a link is an embed, and one that starts with "Table:" is
the caption of the table after it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.tree import SyntaxTreeNode

Block = tuple[str, Any]

_QUOTES = {"en": "“”‘’", "de": "„“‚‘", "fa": "«»‹›"}
_RENDERER = RendererHTML()
_CAPTION = "Table:"
_SPEAKER = re.compile(r"^[—–]\s*")


class ProseError(ValueError):
    """A text that uses Markdown the samples have no block for."""


@lru_cache(maxsize=8)
def _markdown(language: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"typographer": True, "quotes": _QUOTES[language]})
    return parser.enable(["table", "replacements", "smartquotes"])


def line(text: str, language: str) -> str:
    """Return one line of plain text with the quotation marks of ``language``.

    Raises :class:`ProseError` for a line with markup in it.
    """
    rendered = _markdown(language).renderInline(text.strip())
    if "<" in rendered:
        raise ProseError(f"{text!r} should be plain text")
    return html.unescape(rendered)


def blocks(text: str, language: str) -> list[Block]:
    """Return the body blocks of ``text``, as (kind, value) with pictures by name.

    Values are as ``StoryBodyBlock`` stores them, save that a photo's ``picture`` is a name
    (the caller puts the picture's number).
    Raises :class:`ProseError` for markup that no block can hold.
    """
    tree = SyntaxTreeNode(_markdown(language).parse(text))
    found: list[Block] = []
    for node in tree.children:
        if node.type == "table":
            found.append(("table", _table(node, _caption_before(found))))
        else:
            found.append(_block(node, language))
    return found


def _caption_before(found: list[Block]) -> str:
    if found and found[-1][0] == "paragraph" and found[-1][1].startswith(_CAPTION):
        return str(found.pop()[1]).removeprefix(_CAPTION).strip()
    return ""


def _block(node: SyntaxTreeNode, language: str) -> Block:
    match node.type:
        case "heading":
            return "heading", _plain(node)
        case "paragraph":
            return _paragraph(node, language)
        case "blockquote":
            return "quotation", _quotation(node)
        case "bullet_list" | "ordered_list":
            # Mere values, which Wagtail reads; what has a type but no id, it takes for a value.
            points = [_inline(point.children[0], language) for point in node.children]
            return "list", {"numbered": node.type == "ordered_list", "points": points}
        case _:
            raise ProseError(f"there is no block for {node.type!r}")


def _paragraph(node: SyntaxTreeNode, language: str) -> Block:
    inline = node.children[0].children
    only = inline[0] if len(inline) == 1 else None
    if only is not None and only.type == "image":
        return "photo", {
            "picture": str(only.attrs["src"]),
            "caption": line(str(only.attrs.get("title", "")), language),
            "alt_text": line(only.content, language),
        }
    if only is not None and only.type == "link":
        return "embed", {
            "url": str(only.attrs["href"]),
            "title": _plain(only),
            "caption": str(only.attrs.get("title", "")),
        }
    return "paragraph", _inline(node, language)


def _quotation(node: SyntaxTreeNode) -> dict[str, str]:
    paragraphs = [_plain(child) for child in node.children]
    if len(paragraphs) > 1 and _SPEAKER.match(paragraphs[-1]):
        return {
            "text": "\n\n".join(paragraphs[:-1]),
            "speaker": _SPEAKER.sub("", paragraphs[-1]),
        }
    return {"text": "\n\n".join(paragraphs), "speaker": ""}


def _rows(table: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for part in table.children:
        yield from part.children


def _inline(node: SyntaxTreeNode, language: str) -> str:
    """Render what a paragraph, cell or heading holds, as Wagtail keeps inline HTML."""
    parser = _markdown(language)
    tokens = node.children[0].to_tokens()[0].children or []
    rendered = str(_RENDERER.renderInline(tokens, parser.options, {}))
    return (
        rendered.replace("<strong>", "<b>")
        .replace("</strong>", "</b>")
        .replace("<em>", "<i>")
        .replace("</em>", "</i>")
        .replace("\n", " ")
    )


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in {"text", "code_inline"}:
        return node.content
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(_plain(child) for child in node.children)


_NATIVE_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٬٫", "0123456789,.")


def _table(node: SyntaxTreeNode, caption: str) -> dict[str, Any]:
    """Return the stored form of a table block; a column of plain numbers becomes numeric."""
    head, *body = [[_plain(cell) for cell in row.children] for row in _rows(node)]
    numeric = [all(_number(row[index]) is not None for row in body) for index in range(len(head))]
    return {
        "caption": caption,
        "table": {
            "columns": [
                {"type": "number" if number else "text", "heading": heading}
                for number, heading in zip(numeric, head, strict=True)
            ],
            "rows": [
                {
                    "values": [
                        str(_number(cell)) if number else cell
                        for number, cell in zip(numeric, row, strict=True)
                    ]
                }
                for row in body
            ],
            "caption": "",
        },
    }


def _number(text: str) -> Decimal | None:
    # Cells in native digits stay text: a number block would print them in Western ones.
    if text != text.translate(_NATIVE_DIGITS):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
