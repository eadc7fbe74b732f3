"""A body as the blocks of WordPress: HTML between comments that say what each block is.

https://developer.wordpress.org/block-editor/explanations/architecture/key-concepts/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from broadsheet.press import bodies
from broadsheet.press.xml_text import printable


@dataclass(frozen=True)
class Shown:
    """A picture as a post shows it: the number of its attachment, and its address."""

    number: int
    address: str


def html_of(body: Any, shown: Mapping[int, Shown]) -> str:
    """Return ``body`` (a StreamField's value) as the text of a post.

    ``shown`` are the attachments by the number of the picture; of a picture that has none, the
    words are kept.
    """
    return "\n\n".join(
        drawn for block in body.raw_data if (drawn := _drawn(block["type"], block["value"], shown))
    )


def figure(shown: Shown | None, caption: str, credit: str, alt: str) -> str:
    """Return an image block; where there is no picture, its words alone."""
    told = _captioned(caption, credit)
    if shown is None:
        return _block("paragraph", f"<p>{told}</p>") if told else ""
    image = (
        f'<img src="{escape(shown.address)}" alt="{escape(alt)}" class="wp-image-{shown.number}"/>'
    )
    words = f'<figcaption class="wp-element-caption">{told}</figcaption>' if told else ""
    return _block(
        "image",
        f'<figure class="wp-block-image size-full">{image}{words}</figure>',
        {"id": shown.number, "sizeSlug": "full"},
    )


def _captioned(caption: str, credit: str) -> str:
    words = caption if not credit or credit in caption else f"{caption} ({credit})".strip()
    return escape(words, quote=False)


def _drawn(kind: str, value: Any, shown: Mapping[int, Shown]) -> str:
    try:
        return printable(_KINDS[kind](value, shown))
    # A block of an older kind, or from a careless import: its words are kept.
    except (KeyError, TypeError, AttributeError, ValueError):
        return "\n".join(
            _block("paragraph", f"<p>{escape(text, quote=False)}</p>") for text in texts_in(value)
        )


def _paragraph(value: Any, shown: Mapping[int, Shown]) -> str:
    # A block of WordPress's is one paragraph; a rich text of ours may have several.
    parts = str(bodies.cleaned(value)).split("</p>")
    return "\n\n".join(_block("paragraph", f"{part.strip()}</p>") for part in parts if part.strip())


def _heading(value: Any, shown: Mapping[int, Shown]) -> str:
    return _block("heading", f'<h2 class="wp-block-heading">{escape(value, quote=False)}</h2>')


def _quotation(value: Any, shown: Mapping[int, Shown]) -> str:
    paragraphs = "".join(
        f"<p>{escape(part, quote=False)}</p>" for part in value["text"].split("\n\n") if part
    )
    speaker = value.get("speaker")
    cite = f"<cite>{escape(speaker, quote=False)}</cite>" if speaker else ""
    return _block("quote", f'<blockquote class="wp-block-quote">{paragraphs}{cite}</blockquote>')


def _photo(value: Any, shown: Mapping[int, Shown]) -> str:
    return figure(
        shown.get(value.get("picture") or 0),
        value.get("caption") or "",
        value.get("credit") or "",
        value.get("alt_text") or "",
    )


def _embed(value: Any, shown: Mapping[int, Shown]) -> str:
    told = value.get("caption") or value["title"]
    caption = "" if told == value["url"] else escape(told, quote=False)
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return _block(
        "embed",
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
        f"{escape(value['url'], quote=False)}\n</div>{words}</figure>",
        {"url": value["url"]},
    )


def _list(value: Any, shown: Mapping[int, Shown]) -> str:
    numbered = bool(value.get("numbered"))
    points = "".join(f"<li>{_point(point)}</li>" for point in value["points"])
    tag = "ol" if numbered else "ul"
    return _block(
        "list",
        f'<{tag} class="wp-block-list">{points}</{tag}>',
        {"ordered": True} if numbered else None,
    )


def _point(point: Any) -> str:
    return str(bodies.inline(point["value"] if isinstance(point, Mapping) else point)).strip()


def _table(value: Any, shown: Mapping[int, Shown]) -> str:
    table = value["table"]
    headings = [column.get("heading") or "" for column in table["columns"]]
    head = f"<thead>{_row(headings, 'th')}</thead>" if any(headings) else ""
    rows = "".join(_row(row["values"], "td") for row in table["rows"])
    caption = value.get("caption") or table.get("caption") or ""
    words = f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else ""
    return _block(
        "table",
        f'<figure class="wp-block-table"><table>{head}<tbody>{rows}</tbody></table>{words}'
        "</figure>",
    )


def _row(cells: list[Any], tag: str) -> str:
    drawn = "".join(
        f"<{tag}>{escape('' if cell is None else str(cell), quote=False)}</{tag}>" for cell in cells
    )
    return f"<tr>{drawn}</tr>"


def _block(name: str, html: str, settings: Mapping[str, Any] | None = None) -> str:
    told = ""
    if settings:
        # As WordPress writes it: nothing in it can end the comment.
        told = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
        for letter in ("--", "<", ">", "&"):
            told = told.replace(letter, "".join(f"\\u{ord(each):04x}" for each in letter))
        told += " "
    return f"<!-- wp:{name} {told}-->\n{html}\n<!-- /wp:{name} -->"


def texts_in(value: Any) -> list[str]:
    """Return every text within ``value``, values of JSON; the identifiers of blocks are none."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, Mapping):
        return [text for name, each in value.items() if name != "id" for text in texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    return []


_KINDS: dict[str, Callable[[Any, Mapping[int, Shown]], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "quotation": _quotation,
    "photo": _photo,
    "embed": _embed,
    "list": _list,
    "table": _table,
}
