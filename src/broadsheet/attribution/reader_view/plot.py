"""A small plot of what came first-hand and second-hand, drawn as SVG that a page holds itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.attribution.reader_view.resting import Figures

WIDTH, HEIGHT = 640, 190
_TOP, _BOTTOM, _LEFT, _RIGHT = 12, 26, 34, 4
_MOST_MONTHS = 24
_LEAST_PERIODS = 3
_LEAST_CLAIMS = 12
_LABELS = 6

Month = tuple[int, int]


@dataclass(frozen=True)
class Bar:
    """One period: a rectangle from ``x`` of ``width``, its two heights stacked from ``base`` up."""

    x: float
    width: float
    first_y: float
    first_height: float
    second_y: float
    second_height: float


@dataclass(frozen=True)
class Label:
    """A text under the axis or beside it, at its place."""

    x: float
    y: float
    period: tuple[int, int]
    value: int


@dataclass(frozen=True)
class Plot:
    """The bars of all periods, with no gap for any that has none, and what is written beside them.

    ``by_year`` tells that the periods are whole years: ``(year, 0)``.
    """

    periods: dict[Month, tuple[int, int]]
    by_year: bool
    bars: tuple[Bar, ...]
    below: tuple[Label, ...]
    beside: tuple[Label, ...]


def plot(figures: Figures, *, rtl: bool) -> Plot | None:
    """Return a plot of ``figures``, ``None`` where there is too little to make a picture of.

    Months where they span two years at most, else years; time runs as the page is read.
    """
    periods = _periods(figures)
    filled = sum(1 for counts in periods.values() if any(counts))
    if filled < _LEAST_PERIODS or figures.total < _LEAST_CLAIMS:
        return None
    most = _round(max(sum(counts) for counts in periods.values()))
    step = (WIDTH - _LEFT - _RIGHT) / len(periods)
    high = HEIGHT - _TOP - _BOTTOM
    base = HEIGHT - _BOTTOM
    bars, below = [], []
    every = -(-len(periods) // _LABELS)
    for place, (period, (first, second)) in enumerate(periods.items()):
        begin = _LEFT + place * step
        x = WIDTH - begin - step if rtl else begin
        one, two = first / most * high, second / most * high
        width = step * 0.72
        bars.append(
            Bar(
                *map(_cut, (x + step * 0.14, width, base - one, one, base - one - two, two)),
            )
        )
        if place % every == 0:
            below.append(Label(_cut(x + step / 2), HEIGHT - 8, period, 0))
    edge = WIDTH - _LEFT + 6 if rtl else _LEFT - 6
    beside = tuple(
        Label(edge, _cut(base - value / most * high), (0, 0), value) for value in (most // 2, most)
    )
    by_year = all(month == 0 for _year, month in periods)
    return Plot(periods, by_year, tuple(bars), tuple(below), beside)


def _periods(figures: Figures) -> dict[Month, tuple[int, int]]:
    if not figures.months:
        return {}
    first, last = min(figures.months), max(figures.months)
    length = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    if length <= _MOST_MONTHS:
        months = [divmod(first[0] * 12 + first[1] - 1 + n, 12) for n in range(length)]
        return {(y, m + 1): figures.months.get((y, m + 1), (0, 0)) for y, m in months}
    years = range(first[0], last[0] + 1)
    return {
        (year, 0): _sum([c for (y, _m), c in figures.months.items() if y == year]) for year in years
    }


def _sum(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(first for first, _second in counts), sum(second for _first, second in counts)


def _round(value: int) -> int:
    """Return the next even number that is 2, 4, 10 or 20 times a power of ten, or ``value``."""
    scale = 1
    while True:
        for each in (2, 4, 6, 8, 10):
            if each * scale >= value:
                return each * scale
        scale *= 10


def _cut(value: float) -> float:
    return round(value, 1)
