"""Nouns that attribute."""

from __future__ import annotations

import pytest

from attribution.extraction.english_text import Said, by_rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The senator's claim that the vote was stolen was false.",
            ("The senator", "claim", "that the vote was stolen"),
        ),
        (
            "Fears among voters that prices would rise have grown.",
            ("voters", "Fears", "that prices would rise"),
        ),
        (
            "A warning by the police that roads were icy came late.",
            ("the police", "warning", "that roads were icy"),
        ),
        (
            "The mayor made a promise to fix the road.",
            ("The mayor", "made a promise", "to fix the road"),
        ),
        (
            "The police issued a warning about icy roads.",
            ("The police", "issued a warning", "about icy roads"),
        ),
        (
            "Her hope is that the road will be fixed.",
            ("Her", "hope", "that the road will be fixed"),
        ),
        (
            "The coalition's declared aim of destroying the group has failed.",
            ("The coalition", "aim", "of destroying the group"),
        ),
        ("There are concerns about the water.", ("", "concerns", "about the water")),
        (
            "The union rejected the accusation that it had lied.",
            ("", "accusation", "that it had lied"),
        ),
    ],
)
def test_a_noun_attributes_what_it_takes(text: str, expected: Said) -> None:
    assert by_rule(text, "noun") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The claim check was lost.",
        "The mayor read the report.",
        "The company said in a statement that it had lost money.",
    ],
)
def test_a_noun_without_content_of_its_own_attributes_nothing(text: str) -> None:
    assert by_rule(text, "noun") == []
