"""From the blocks of an item to the blocks of a story's body."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from lxml import html as lxml_html

from broadsheet.json_text import written
from broadsheet.wire.items import WireBlock, WireItem
from broadsheet.wire.parsers.inline import clean, to_text

_FORESEEN = "stream without photos"


class Stream(NamedTuple):
    """The blocks of a body, each with an id as Wagtail gives it, and the same as it is stored."""

    blocks: list[dict[str, Any]]
    text: str


def foresee(item: WireItem) -> Stream:
    """Return the body of a story that is made of ``item`` and shows none of its photos in it.

    It is remembered with the item, which takes it along into another process.
    """
    blocks = stream_of(block for block in item.body if block.kind != "photo")
    for block in blocks:
        block["id"] = str(uuid.uuid4())
    found = item.__dict__[_FORESEEN] = Stream(blocks, written(blocks))
    return found


def foreseen(item: WireItem) -> Stream | None:
    """Return what :func:`foresee` returned of ``item``, if it was asked; not to be changed."""
    return item.__dict__.get(_FORESEEN)


def keep_foreseen(item: WireItem, before: WireItem) -> None:
    """Remember of ``item`` what was foreseen of what it was ``before``, which had the same body."""
    if item.body is before.body and (found := foreseen(before)) is not None:
        item.__dict__[_FORESEEN] = found


def stream_of(
    blocks: Iterable[WireBlock], photos: Mapping[str, dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Return ``blocks`` as the raw values of ``stories.blocks.StoryBodyBlock``, in order.

    ``photos`` are the values of photo blocks by the ``key`` of the item's photos; a photo that
    is not among them has no picture here, and its block is left out. Everything is sanitised
    once more on the way: an item may come from anybody.
    """
    known = photos or {}
    return [
        {"type": name, "value": value}
        for name, value in (
            _block(block) if block.kind != "photo" else ("photo", known.get(block.html))
            for block in blocks
        )
        if value is not None
    ]


def _block(block: WireBlock) -> tuple[str, Any]:
    match block.kind:
        case "heading":
            return "heading", to_text(block.html)
        case "quotation":
            return "quotation", {"text": to_text(block.html), "speaker": ""}
        case "list" | "numbered list":
            points = [f"<p>{point}</p>" for point in _points(block.html)]
            return "list", {"numbered": block.kind == "numbered list", "points": points}
        case "table":
            return "table", _table(block.html)
        case "embed":
            return "embed", {"url": block.html, "title": block.html, "caption": ""}
        case _:
            return "paragraph", f"<p>{clean(block.html)}</p>"


def _points(markup: str) -> list[str]:
    root = lxml_html.fragment_fromstring(clean(markup, blocks=True), create_parent="div")
    points = []
    for point in root.iter("li"):
        for nested in [child for child in point if child.tag in {"ul", "ol"}]:
            # A list within a point becomes points of its own, which `iter` still meets.
            point.addnext(nested)
        inner = lxml_html.tostring(point, encoding="unicode", with_tail=False)
        if text := clean(inner).strip():
            points.append(text)
    return points


def _table(markup: str) -> dict[str, Any]:
    root = lxml_html.fragment_fromstring(clean(markup, blocks=True), create_parent="div")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.iter("td", "th")]
        for row in root.iter("tr")
    ]
    rows = [row for row in rows if any(row)]
    headed = root.find(".//th") is not None and len(rows) > 1
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    headings = rows.pop(0) if headed else [""] * width
    caption = root.find(".//caption")
    return {
        "caption": caption.text_content().strip()[:255] if caption is not None else "",
        "table": {
            "columns": [{"type": "text", "heading": heading} for heading in headings],
            "rows": [{"values": row} for row in rows],
            "caption": "",
        },
    }
