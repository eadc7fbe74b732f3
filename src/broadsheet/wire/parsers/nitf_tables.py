"""The lists and tables of an NITF body as HTML.

Source: IPTC NITF 3.6, elements ``ul``, ``ol``, ``li``, ``table``, ``nitf-table`` and
``custom-table``.
"""

from __future__ import annotations

from lxml.etree import _Element

from broadsheet.wire.parsers.inline import clean
from broadsheet.wire.parsers.nitf_inline import UNSEEN, marked, paragraphs_of, tail_of, text_in
from broadsheet.wire.parsers.xml_input import local

_LONGEST_SPAN = 3
_PARAGRAPHS = frozenset({"p", "div", "block", "hl1", "hl2", "dt", "dd"})


def list_of(element: _Element) -> str:
    """Return a list, with the lists in it, as HTML; empty where it has no text."""
    return clean(_list(element), blocks=True)


def table_of(element: _Element) -> str:
    """Return a table as HTML; empty where no cell has text."""
    rows = []
    for row in element.iter():
        if local(row) != "tr":
            continue
        cells = [_cell(cell) for cell in row if local(cell) in {"td", "th"}]
        if any(text for _, text in cells):
            rows.append(f"<tr>{''.join(markup for markup, _ in cells)}</tr>")
    if not rows:
        return ""
    captions = [_points(child) for child in element.iter() if local(child) == "caption"]
    caption = f"<caption>{' '.join(captions)}</caption>" if any(captions) else ""
    return clean(f"<table>{caption}{''.join(rows)}</table>", blocks=True)


def has_rows(element: _Element) -> bool:
    """Tell whether a table is laid out in rows at all."""
    return any(local(child) == "tr" for child in element.iter())


def _list(element: _Element) -> str:
    tag = "ol" if local(element) == "ol" else "ul"
    points = []
    for child in element:
        name = local(child)
        if name in {"ul", "ol"}:
            # Within a list without a point of its own, as old HTML has it.
            points.append(_list(child))
        elif name and (text := _points(child)):
            points.append(f"<li>{text}</li>")
    return f"<{tag}>{''.join(points)}</{tag}>" if points else ""


def _points(element: _Element) -> str:
    """Return the inside of a point or cell: its paragraphs in one, its lists as lists."""
    written: list[str] = []
    run = [text_in(element.text)]
    for child in element:
        name = local(child)
        if name in {"ul", "ol"}:
            written.extend([*paragraphs_of("".join(run)), _list(child)])
            run = []
        elif name in _PARAGRAPHS:
            written.extend([*paragraphs_of("".join(run)), _points(child)])
            run = []
        elif name and name not in UNSEEN and name != "media":
            run.append(marked(child))
        run.append(tail_of(child))
    written.extend(paragraphs_of("".join(run)))
    return " ".join(filter(None, written))


def _cell(element: _Element) -> tuple[str, str]:
    tag = local(element)
    text = _points(element)
    spans = "".join(
        f' {name}="{value}"'
        for name in ("colspan", "rowspan")
        if (value := (element.get(name) or "").strip()).isdecimal()
        and value.isascii()
        and len(value) <= _LONGEST_SPAN
        and value != "1"
    )
    return f"<{tag}{spans}>{text}</{tag}>", text
