"""Verbs that attribute: source, cue and content, frame by frame."""

from __future__ import annotations

import pytest

from attribution.extraction.english_text import Said, all_said, by_rule

CLOSE = "the school would close"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a clause
        (f"The mayor said that {CLOSE}.", ("The mayor", "said", f"that {CLOSE}")),
        (f"The mayor said {CLOSE}.", ("The mayor", "said", CLOSE)),
        ("The school would close, the mayor said.", ("the mayor", "said", f"T{CLOSE[1:]}")),
        ("The school, the mayor said, would close.", ("the mayor", "said", f"T{CLOSE[1:]}")),
        (f"She asked whether {CLOSE}.", ("She", "asked", f"whether {CLOSE}")),
        (f"The council explained why {CLOSE}.", ("The council", "explained", f"why {CLOSE}")),
        ("He told reporters that he was tired.", ("He", "told", "that he was tired")),
        (
            "The trick, she has learned, is not to ask.",
            ("she", "has learned", "The trick is not to ask"),
        ),
        (
            "As the mayor put it, the school was doomed.",
            ("the mayor", "As put it", "the school was doomed"),
        ),
        (
            "The fire spread fast, as officials warned.",
            ("officials", "as warned", "The fire spread fast"),
        ),
        ("She thinks so.", ("She", "thinks", "so")),
        # an infinitive
        ("The minister promised to cut taxes.", ("The minister", "promised", "to cut taxes")),
        ("The union urged members to stay home.", ("The union", "urged", "members to stay home")),
        # an object and what it is called
        ("Critics called the plan a disaster.", ("Critics", "called", "the plan a disaster")),
        (
            "The report described the bridge as unsafe.",
            ("The report", "described", "the bridge as unsafe"),
        ),
        (
            "The ministry accused the rebels of breaking the truce.",
            ("The ministry", "accused", "the rebels of breaking the truce"),
        ),
        # a gerund, a particle, a preposition, an object
        ("The lawyer denied taking the money.", ("The lawyer", "denied", "taking the money")),
        ("The governor called for an inquiry.", ("The governor", "called for", "an inquiry")),
        ("Farmers worry about the drought.", ("Farmers", "worry", "about the drought")),
        ("The company denied the charges.", ("The company", "denied", "the charges")),
        # the passive
        ("The plan was rejected by the union.", ("the union", "was rejected", "The plan")),
        (
            "The group has repeatedly been accused of killing civilians.",
            ("", "has repeatedly been accused", "The group of killing civilians"),
        ),
        (
            "The troops are said to be near the border.",
            ("", "are said", "The troops to be near the border"),
        ),
        ("The deal is expected to fail.", ("", "is expected", "The deal to fail")),
        ("It is believed that the ship sank.", ("", "is believed", "that the ship sank")),
        # the cue with what belongs to it
        (
            f"The mayor did not say whether {CLOSE}.",
            ("The mayor", "did not say", f"whether {CLOSE}"),
        ),
        (
            "The minister came to believe that the war was lost.",
            ("The minister", "came to believe", "that the war was lost"),
        ),
        # what the parser hung on a noun
        (
            "The company said in a letter to investors that it had lost money.",
            ("The company", "said", "that it had lost money"),
        ),
    ],
)
def test_a_verb_attributes_what_its_frame_holds(text: str, expected: Said) -> None:
    assert all_said(text) == [expected]


def test_a_relative_clause_tells_who_is_meant_and_attributes_by_itself() -> None:
    text = "Two officials who asked not to be named said the talks had failed."
    assert all_said(text) == [
        ("Two officials who", "asked", "not to be named"),
        ("Two officials who asked not to be named", "said", "the talks had failed"),
    ]


def test_only_what_holds_words_or_numbers_can_show() -> None:
    assert all_said("The poll showed that voters were tired.") == [
        ("The poll", "showed", "that voters were tired")
    ]
    assert all_said("The storm showed that nature was strong.") == []


def test_a_participle_shares_the_subject_of_the_verb_it_hangs_on() -> None:
    text = "The agency reported that the mayor had resigned, adding that he would leave the city."
    assert all_said(text) == [
        ("The agency", "reported", "that the mayor had resigned"),
        ("The agency", "adding", "that he would leave the city"),
    ]


def test_a_day_before_a_participle_is_not_who_speaks() -> None:
    for source, _, _ in all_said("Sales fell, the firm said Thursday, blaming the weather."):
        assert source != "Thursday"


@pytest.mark.parametrize("text", ["The dog ran to the park.", "The train is late.", "Rain fell."])
def test_other_verbs_attribute_nothing(text: str) -> None:
    assert all_said(text) == []


def test_the_same_words_are_never_two_cues() -> None:
    text = "The mayor was quoted as saying that the school would close."
    assert by_rule(text, "clause") == []
