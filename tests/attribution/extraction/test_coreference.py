"""Who "it", "she", "the agency" and "Keller" are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.attribution import analyse
from broadsheet.attribution.relation import AttributionRelation, SourceKind

WHEN = datetime(2026, 3, 14, 18, 5, tzinfo=UTC)


def sources(text: str) -> dict[str, str]:
    """Return the resolved source by the words of each cue."""
    found = analyse(text, WHEN).relations
    return {text[slice(*one.cue[0])]: one.source_name for one in found}


def of(text: str, cue: str) -> AttributionRelation:
    """Return the relation whose cue begins with ``cue``."""
    found = analyse(text, WHEN).relations
    return next(one for one in found if text[slice(*one.cue[0])].startswith(cue))


@pytest.mark.parametrize(
    ("text", "cue", "name"),
    [
        (
            "Mary Harlow said the bridge was closed.\n\nShe added that it would reopen in June.",
            "added",
            "Mary Harlow",
        ),
        (
            "Robert Stone, the mayor of Ashton, denied the report.\n\n"
            "Stone insisted that no money was missing.",
            "insisted",
            "Robert Stone",
        ),
        (
            "Senator Ruth Adler and Mark Doyle met on Friday. He said the talks had failed.",
            "said",
            "Mark Doyle",
        ),
        (
            "The Interior Ministry said four people were held.\n\n"
            "The ministry announced a new curfew.",
            "announced",
            "Interior Ministry",
        ),
        (
            "Local farmers complained that the dam was leaking. They said nobody had come.",
            "said",
            "Local farmers",
        ),
        (
            "The Harbour Courier reported that the port was shut. "
            "It said two ships had been turned away.",
            "said",
            "Harbour Courier",
        ),
        (
            "The Harbour Courier reported that the port was shut.\n\n"
            "According to the report, two ships had been turned away.",
            "According to",
            "Harbour Courier",
        ),
        ("“I think the dam will hold,” said Anna Keller.", "think", "Anna Keller"),
        (
            "The engineer who warned that the dam was leaking has resigned.",
            "warned",
            "The engineer",
        ),
    ],
)  # fmt: skip
def test_a_source_is_resolved(text: str, cue: str, name: str) -> None:
    assert of(text, cue).source_name == name


def test_a_resolved_name_is_a_named_source() -> None:
    text = "Mary Harlow said the bridge was closed.\n\nShe added that it would reopen in June."
    assert of(text, "added").source_kind is SourceKind.NAMED


def test_what_cannot_be_told_keeps_its_own_words() -> None:
    assert sources("She said the bridge was closed.") == {"said": "She"}


def test_a_place_is_nobody_that_he_could_be() -> None:
    text = "Troops left for Jordan on Monday. He said they would be back."
    assert of(text, "said").source_name == "He"


def test_what_goes_on_came_by_the_same_way() -> None:
    text = (
        "State television, as cited by the Northern News Agency, reported that the town had "
        "fallen.\n\nIt said the bridge was destroyed."
    )
    names = [hop.name for hop in of(text, "said").chain]
    assert names == ["State television", "Northern News Agency"]


def test_a_name_loses_what_only_describes_it() -> None:
    text = "Jonland's official NNA said the town had fallen."
    assert of(text, "said").source_name == "NNA"


def test_a_common_noun_is_no_name() -> None:
    text = "The city's works department said the road would close."
    assert of(text, "said").source_name == "The city's works department"
