"""Pressed pages handed out, beside nginx with the same files, as figures for the table."""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import newsstand
from served_paper import Served

_BARS = {"newsstand": "≥ 0.50 ×", "behind nginx": "≥ 0.90 ×"}


@dataclass(frozen=True)
class Beside:
    """How one side fared with one question: requests a second, ms, and ratios to plain nginx."""

    rate: float
    most: float
    rate_ratio: float
    most_ratio: float
    bar: str


def beside_nginx(paper: Served, *, turns: int, seconds: int) -> dict[str, Beside]:
    """Ask the paper and two nginx in turns; returns the medians by question and side."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name:
        folder = Path(name)
        questions = newsstand.questions_of(paper.home / "pressed", folder)
        with (
            newsstand.plain_nginx(paper, folder) as plain,
            newsstand.documented_nginx(paper, folder) as documented,
        ):
            ports = {"nginx": plain, "newsstand": paper.port, "behind nginx": documented}
            found = {}
            for question in questions:
                taken = newsstand.in_turns(question, ports, turns, seconds)
                for side in ports:
                    found[f"{question.name}, {side}"] = _beside(side, taken)
    return found


def _beside(side: str, taken: dict[str, list[newsstand.Turn]]) -> Beside:
    pairs = list(zip(taken[side], taken["nginx"], strict=True))
    return Beside(
        rate=statistics.median(each.rate for each in taken[side]),
        most=statistics.median(each.most for each in taken[side]),
        rate_ratio=statistics.median(ours.rate / theirs.rate for ours, theirs in pairs),
        most_ratio=statistics.median(ours.most / theirs.most for ours, theirs in pairs),
        bar=_BARS.get(side, ""),
    )
