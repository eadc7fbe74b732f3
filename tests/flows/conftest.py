"""A whole paper, for journeys across rooms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.papers import RunningPaper, start, stop


@pytest.fixture(scope="session")
def demo_paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPaper]:
    """The sample newspaper, loaded into a new home and served."""
    folder = tmp_path_factory.mktemp("demo")
    paper = start(folder / "home", "demo", folder / "printed.txt")
    yield paper
    stop(paper)
