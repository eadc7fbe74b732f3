"""What is counted in memory arrives in the counter a moment later, all of it and once."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry, Counter

from broadsheet.newsstand import figures
from broadsheet.newsstand.figures import Tally


def test_counts_arrive_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_FLUSH_S", 0.005)
    registry = CollectorRegistry()
    tally = Tally(Counter("answers", "Answers.", registry=registry))

    async def count() -> None:
        for number in range(30):
            tally.inc()
            if number % 10 == 0:
                await asyncio.sleep(0.012)
        await asyncio.sleep(0.03)

    asyncio.run(count())
    assert registry.get_sample_value("answers_total") == 30
