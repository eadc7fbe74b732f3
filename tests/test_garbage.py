"""What stays for good in a process is not looked through again and again."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

from broadsheet import garbage


@pytest.fixture
def as_before() -> Generator[None]:
    known = list(gc.callbacks)
    yield
    gc.callbacks[:] = known
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_what_outlives_the_first_full_collections_is_set_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage, "_TIMES", 2)
    garbage.freeze_what_stays()
    found = []
    for _ in range(3):
        loaded = [[number] for number in range(100)]
        gc.collect(1)
        assert _is_looked_through(loaded)
        gc.collect()
        found.append(_is_looked_through(loaded))
    assert found == [False, False, True]


def _is_looked_through(held: object) -> bool:
    return any(each is held for each in gc.get_objects())
