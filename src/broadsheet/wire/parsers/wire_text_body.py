"""The body of wire text: lines of a teleprinter, as paragraphs, headings and tables.

A paragraph starts with an indented line or behind an empty one; its other lines are broken at
a margin that means nothing. Tables and agate keep their lines.
"""

from __future__ import annotations

import re
from html import escape

from broadsheet.wire.items import WireBlock
from broadsheet.wire.parsers.inline import from_text
from broadsheet.wire.parsers.wire_text_signs import SPACE_BAND, TAB_LINE, readable

_INDENTED = re.compile(r"[ ]*\t|[ ]{2,}\S")
_PIPES = re.compile(r"^\s*\|.*\|\s*$")
_COLUMNS = re.compile(r"[ ]{2,}|\t+|\x10+")
_ENDS_SENTENCE = re.compile(r"""[.!?:;…؟。"'”’»)\]]$""")
_RULE = re.compile(r"^[\s_*=.\-–—+~]{3,}$")
_QUAD = re.compile(r"\s*(?:@?<+|[=>]|\.?=!|<!|!)\s*$")
_LIST_LINE = re.compile(r"^\s{0,4}(?:[-*•+]|\d{1,2}[.)])\s+\S")
_FEWEST_ROWS = 3
_LONGEST_CELL = 60
_LONGEST_HEADING = 90
_SHORTEST_PROSE = 120
_LONGEST_PARAGRAPH = 50_000


def blocks_of(lines: list[str], *, tabular: bool = False) -> tuple[WireBlock, ...]:
    """Return ``lines`` as blocks; with ``tabular`` every line is one of its own."""
    groups = _groups(lines, tabular=tabular)
    blocks: list[WireBlock] = []
    for at, group in enumerate(groups):
        if rows := _rows(group, tabular=tabular):
            blocks.append(_table(rows))
            continue
        for text in _texts(group, tabular=tabular):
            is_heading = len(group) == 1 and _is_heading(text, groups, at)
            blocks += [
                WireBlock("heading" if is_heading else "paragraph", from_text(part))
                for part in _bounded(text)
            ]
    return tuple(blocks)


def _groups(lines: list[str], *, tabular: bool) -> list[list[str]]:
    """Return the lines of each paragraph, or of each run of lines that may be a table."""
    groups: list[list[str]] = [[]]
    for line in lines:
        bare = line.replace("\x00", "").rstrip()
        if not bare.strip() or _RULE.match(bare):
            groups.append([])
            continue
        is_row = _is_row(bare)
        before = groups[-1][-1] if groups[-1] else ""
        starts = _INDENTED.match(line) and not is_row
        if before and not tabular and (starts or _is_row(before) != is_row):
            groups.append([])
        groups[-1].append(bare)
    return [group for group in groups if group]


def _is_row(line: str) -> bool:
    if _PIPES.match(line) or line.startswith(TAB_LINE) or SPACE_BAND in line:
        return True
    inner = line.strip()
    return len(inner) <= _LONGEST_CELL * 2 and len(re.findall(r"\S {3,}\S", inner)) >= 1


def _rows(group: list[str], *, tabular: bool) -> list[list[str]]:
    """Return the cells of a table, where the group is one."""
    if all(_PIPES.match(line) for line in group):
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in group]
    if len(group) < _FEWEST_ROWS or not (tabular or all(map(_is_row, group))):
        return []
    rows = [
        [readable(cell).strip() for cell in _COLUMNS.split(line.strip(" \t" + TAB_LINE))]
        for line in group
    ]
    widths = {len(row) for row in rows}
    if max(widths) == 1 or any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return []
    # The lines of prose that happens to have wide spaces have no common number of columns.
    return rows if tabular or len(widths) <= 1 + len(rows) // _FEWEST_ROWS else []


def _table(rows: list[list[str]]) -> WireBlock:
    widest = max(len(row) for row in rows)
    made = []
    for row in rows:
        cells = [f"<td>{escape(cell, quote=False)}</td>" for cell in row]
        if len(row) == 1 < widest:
            cells = [f'<td colspan="{widest}">{escape(row[0], quote=False)}</td>']
        made.append(f"<tr>{''.join(cells)}</tr>")
    return WireBlock("table", f"<table>{''.join(made)}</table>")


def _texts(group: list[str], *, tabular: bool) -> list[str]:
    lines = [readable(_QUAD.sub("", line)).strip(" \t^") for line in group]
    lines = [line for line in lines if line]
    is_list = len(lines) > 1 and sum(bool(_LIST_LINE.match(line)) for line in group) > 1
    if tabular or (is_list and _LIST_LINE.match(group[0])):
        return _listed(lines) if is_list else lines
    return [_joined(lines)] if lines else []


def _listed(lines: list[str]) -> list[str]:
    """Join the lines of each point of a list."""
    points: list[str] = []
    for line in lines:
        if points and not _LIST_LINE.match(line):
            points[-1] = f"{points[-1]} {line}"
        else:
            points.append(line)
    return points


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _is_heading(text: str, groups: list[list[str]], at: int) -> bool:
    """Tell a line between two paragraphs of prose that heads the second of them."""
    if len(text) > _LONGEST_HEADING or _ENDS_SENTENCE.search(text) or not text[0].isalnum():
        return False
    around = groups[at - 1 : at] + groups[at + 1 : at + 2]
    return len(around) == 2 and all(  # noqa: PLR2004
        sum(map(len, group)) >= _SHORTEST_PROSE for group in around
    )


def _bounded(text: str) -> list[str]:
    return [text[at : at + _LONGEST_PARAGRAPH] for at in range(0, len(text), _LONGEST_PARAGRAPH)]
