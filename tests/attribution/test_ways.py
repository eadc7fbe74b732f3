"""The whole way of words that two relations attribute."""

from __future__ import annotations

import pytest

from attribution.stories_at_desk import relation_in
from broadsheet.attribution import ways

TEXT = "SANA, citing local residents, reported that a convoy left the valley at noon on Friday."
WORDS = "that a convoy left the valley at noon on Friday"
SANA = relation_in(TEXT, "SANA", "reported", WORDS, ["local residents", "SANA"])


def chain(*names: str, source: str = "local residents", words: str = WORDS) -> list[str]:
    """Return the chain that somebody with these hops is given beside SANA."""
    one = relation_in(TEXT, source, "citing", words, list(names))
    return [hop.name for hop in ways.completed((one, SANA))[0].chain]


def test_whoever_is_cited_has_the_chain_of_whoever_cites() -> None:
    assert chain("local residents") == ["local residents", "SANA"]
    assert chain() == ["local residents", "SANA"]
    assert chain("local residents", words=WORDS.removeprefix("that ")) == [
        "local residents",
        "SANA",
    ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (chain("local residents", words="at noon on Friday"), ["local residents"]),
        (chain("a clerk", source=""), ["a clerk"]),
        (chain("SANA", source="SANA"), ["SANA"]),
        (chain("two boys", "local residents"), ["two boys", "local residents"]),
    ],
)
def test_other_words_other_people_and_longer_chains_stay(
    found: list[str], expected: list[str]
) -> None:
    assert found == expected


def test_of_two_chains_the_longer_one_is_told() -> None:
    afp = relation_in(TEXT, "SANA", "reported", WORDS, ["local residents", "SANA", "AFP"])
    one = relation_in(TEXT, "local residents", "citing", WORDS)
    assert [hop.name for hop in ways.completed((SANA, one, afp))[1].chain] == [
        "local residents",
        "SANA",
        "AFP",
    ]
