"""Rolls: what is ticked off, and what is left."""

from __future__ import annotations

import tracemalloc

from broadsheet.press.rolls import Roll, mark


def test_what_is_not_ticked_off_is_left() -> None:
    roll = Roll([7, 2**62, -(2**63), 263, 519, 7])
    assert len(roll) == 6
    assert sorted(roll.left()) == [-(2**63), 7, 263, 519, 2**62]
    assert roll.tick(7)
    assert roll.tick(7)
    assert roll.tick(519)
    assert not roll.tick(8)
    assert not roll.tick(7 + 256 * 1000)
    assert sorted(roll.left()) == [-(2**63), 263, 2**62]


def test_an_empty_roll_has_nothing() -> None:
    roll = Roll([])
    assert not len(roll)
    assert not roll.tick(0)
    assert not list(roll.left())


def test_a_hundred_thousand_names_take_a_megabyte_and_a_half() -> None:
    tracemalloc.start()
    try:
        roll = Roll(mark(f"news/{number}.html") for number in range(100_000))
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert roll.tick(mark("news/99999.html"))
    assert kept < 1_500_000
    assert most < 2_000_000
