"""Adverbs, adjectives and prepositions that attribute."""

from __future__ import annotations

import pytest

from attribution.extraction.english_text import Said, all_said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("According to the police, the man fled.", ("the police", "According to", "the man fled")),
        ("The man fled, according to the police.", ("the police", "according to", "The man fled")),
        ("The man, according to the police, fled.", ("the police", "according to", "The man fled")),
        (
            "The plant will close, per two officials.",
            ("two officials", "per", "The plant will close"),
        ),
        ("In her view, the plan is dead.", ("her", "In view", "the plan is dead")),
        ("By his own account, he slept all day.", ("his", "By account", "he slept all day")),
        (
            "Helicopters have reportedly landed in the town.",
            ("", "reportedly", "Helicopters have landed in the town"),
        ),
        (
            "The army is allegedly behind the raid.",
            ("", "allegedly", "The army is behind the raid"),
        ),
        ("The alleged thief fled.", ("", "alleged", "thief")),
        ("The so-called caliphate fell.", ("", "so-called", "caliphate")),
        ("Officials were worried about the dam.", ("Officials", "were worried", "about the dam")),
        ("The teachers are willing to talk.", ("The teachers", "are willing", "to talk")),
    ],
)
def test_a_modifier_attributes_what_it_modifies(text: str, expected: Said) -> None:
    assert all_said(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The town paid 30 euros per month.",
        "It was sure to rain.",
        "The road leads to the north.",
        "The view from the tower is wide.",
    ],
)
def test_words_that_only_look_like_it_attribute_nothing(text: str) -> None:
    assert all_said(text) == []
