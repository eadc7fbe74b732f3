"""What a colon or a dash attributes."""

from __future__ import annotations

import pytest

from attribution.extraction.english_text import Said, by_rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police: Bridge will close", ("Police", ":", "Bridge will close")),
        ("Bridge will close: police", ("police", ":", "Bridge will close")),
        ("Keller: “We will win”", ("Keller", ":", "“We will win”")),
        ("Study: Coffee is good for you", ("Study", ":", "Coffee is good for you")),
        ("MR. ROE: I was asleep by then.", ("MR. ROE", ":", "I was asleep by then.")),
        ("“All men are fools.” — Ann Roe", ("Ann Roe", "—", "“All men are fools.”")),
        ("A bridge at night. Photo: Ann Roe.", ("Ann Roe", "Photo:", "A bridge at night.")),
    ],
)
def test_a_speaker_stands_on_one_side_and_the_words_on_the_other(text: str, expected: Said) -> None:
    assert by_rule(text, "colon") == [expected]


def test_question_and_answer_are_two() -> None:
    assert by_rule("Q: Did you see it?\nA: I did.", "colon") == [
        ("Q", ":", "Did you see it?"),
        ("A", ":", "I did."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Analysis: The war goes on",
        "Photo: Ann Roe",
        "At night. Photo: The bridge was closed on Monday.",
        "Opinion: Close the bridge",
        "The town has three things: a church, a bar and a bridge.",
        "Published: 0658 GMT December 30, 2017",
        "12:30",
        ":",
    ],
)
def test_a_label_is_nobody(text: str) -> None:
    assert by_rule(text, "colon") == []
