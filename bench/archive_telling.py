"""The figures of an archive as a table, and the plot of publishing against its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from pathlib import Path

_WIDTH, _HEIGHT, _EDGE = 640, 320, 56
_BAR_MS = 60.0
_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was asked, what came out at each size, and the bar for it."""

    question: str
    small: str
    full: str
    ratio: str = ""
    bar: str = ""


def row(question: str, small: float, full: float, unit: str, bar: str = "") -> Row:
    """Return a row of two figures in ``unit`` and their ratio."""
    ratio = f"{full / small:.2f}" if small else ""
    return Row(question, f"{_number(small)} {unit}", f"{_number(full)} {unit}", ratio, bar)


def _number(value: float) -> str:
    if value >= 100:  # noqa: PLR2004 - as many digits as say something
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004


def table(rows: Sequence[Row], sizes: tuple[int, int]) -> str:
    """Return ``rows`` as a table in Markdown."""
    small, full = sizes
    lines = [
        f"| | {small:,} stories | {full:,} stories | ratio | bar |",
        "|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {each.question} | {each.small} | {each.full} | {each.ratio} | {each.bar} |"
        for each in rows
    ]
    return "\n".join(lines) + "\n"


def put_into(page: Path, text: str) -> None:
    """Replace what stands between the two marks of ``page``; raises ``ValueError`` without them."""
    before, rest = page.read_text("utf-8").split(_BEGIN, 1)
    _, after = rest.split(_END, 1)
    page.write_text(f"{before}{_BEGIN}\n{text}{_END}{after}", "utf-8")


def plot(points: Sequence[tuple[int, float, float]]) -> str:
    """Return an SVG of publishing: size of the archive, median and 95th percentile in ms.

    The sizes are drawn by their logarithm, the times from nothing up.
    """
    most = max(_BAR_MS, *(worst for _, _, worst in points)) * 1.1
    first, last = log10(points[0][0]), log10(points[-1][0])

    def x(size: int) -> float:
        return _EDGE + (log10(size) - first) / (last - first) * (_WIDTH - 2 * _EDGE)

    def y(ms: float) -> float:
        return _HEIGHT - _EDGE - ms / most * (_HEIGHT - 2 * _EDGE)

    def line(values: Sequence[tuple[int, float]], colour: str) -> str:
        return "".join(
            f'<line x1="{x(a):.1f}" y1="{y(b):.1f}" x2="{x(c):.1f}" y2="{y(d):.1f}" '
            f'stroke="{colour}" stroke-width="2"/>'
            for (a, b), (c, d) in pairwise(values)
        )

    medians = [(size, median) for size, median, _ in points]
    worsts = [(size, worst) for size, _, worst in points]
    marks = "".join(
        f'<circle cx="{x(size):.1f}" cy="{y(median):.1f}" r="3" fill="#1a5fb4"/>'
        f'<text x="{x(size):.1f}" y="{y(median) + 18:.1f}" text-anchor="middle">{median:.0f}</text>'
        f'<text x="{x(size):.1f}" y="{_HEIGHT - _EDGE + 18}" text-anchor="middle">{size:,}</text>'
        for size, median in medians
    )
    right = _WIDTH - _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#222">'
        "<title>Milliseconds to publish a story, against the stories in the archive</title>"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
        f'<path d="M{_EDGE} {_EDGE}V{_HEIGHT - _EDGE}H{right}" fill="none" stroke="#222"/>'
        f'<path d="M{_EDGE} {y(_BAR_MS):.1f}H{right}" stroke="#777" stroke-dasharray="4 4"/>'
        f'<text x="{_EDGE + 6}" y="{y(_BAR_MS) - 5:.1f}" fill="#555">'
        f"bar for the median: {_BAR_MS:.0f} ms</text>"
        f"{line(worsts, '#c64600')}{line(medians, '#1a5fb4')}{marks}"
        f'<text x="{_EDGE}" y="{_EDGE - 26}" font-weight="bold">'
        "Publishing one story, until every page that shows it is pressed (ms)</text>"
        f'<text x="{_EDGE}" y="{_EDGE - 9}" fill="#1a5fb4">median</text>'
        f'<text x="{_EDGE + 60}" y="{_EDGE - 9}" fill="#c64600">95th percentile</text>'
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 14}" text-anchor="middle">'
        "stories in the archive (logarithmic)</text></svg>\n"
    )
