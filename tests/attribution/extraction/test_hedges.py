"""Words that weaken a claim or keep a distance from it."""

from __future__ import annotations

import pytest

from broadsheet.attribution.extraction import english, hedges, reading
from broadsheet.attribution.extraction.finding import relation
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import AttributionRelation, HedgeKind

HEARSAY, DISTANCING = HedgeKind.HEARSAY, HedgeKind.DISTANCING
AGENTLESS, SCARE = HedgeKind.AGENTLESS, HedgeKind.SCARE


def hedged(text: str) -> list[tuple[str, HedgeKind]]:
    """Return the hedges of ``text`` in its words."""
    return [(text[slice(*one.span)], one.kind) for one in hedges.find(reading.read(text))]


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Helicopters have reportedly landed.", "reportedly", HEARSAY),
        ("The alleged thief fled.", "alleged", HEARSAY),
        ("The reported thefts rose.", "reported", HEARSAY),
        ("The suspected thief fled.", "suspected", HEARSAY),
        ("The unconfirmed report spread.", "unconfirmed", HEARSAY),
        ("The troops are said to be near.", "are said to be", HEARSAY),
        ("The road was reported closed.", "was reported", HEARSAY),
        ("Rumor has it that he left.", "Rumor has it", HEARSAY),
        ("The coalition claims to have hit the base.", "claims", DISTANCING),
        ("She insists that she was home.", "insists", DISTANCING),
        ("His claim that he was home is false.", "claim", DISTANCING),
        (
            "The alliance has repeatedly been accused of killing civilians.",
            "has repeatedly been accused",
            AGENTLESS,
        ),
        ("The group is accused of theft.", "is accused", AGENTLESS),
        ("The bank is believed to be broke.", "is believed", AGENTLESS),
        ("She is widely seen as the favourite.", "is widely seen", AGENTLESS),
        ("It was feared that the dam would break.", "was feared", AGENTLESS),
        ("The so-called caliphate fell.", "so-called", SCARE),
        ("The self-proclaimed mayor left.", "self-proclaimed", SCARE),
        ('The "experts" left early.', '"experts"', SCARE),
        ("What officials call a zone is a wall.", "What officials call", SCARE),
    ],
)
def test_a_hedge_is_found_with_its_kind(text: str, words: str, kind: HedgeKind) -> None:
    assert hedged(text) == [(words, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "He was accused by the court of theft.",
        '"We won," the mayor said.',
        'He read the book called "The Sea".',
        "The storm claimed twelve lives.",
        "The police did not claim that he was home.",
        "He maintained the road.",
        "The agency reported the theft.",
        "",
    ],
)
def test_plain_words_are_no_hedge(text: str) -> None:
    assert hedged(text) == []


def relations_with_hedges(text: str) -> tuple[AttributionRelation, ...]:
    doc = reading.read(text)
    tokens = Tokens(doc, reading.quoted(text))
    found = [relation(tokens, one) for one in english.findings(tokens)]
    return hedges.attach(found, hedges.find(doc))


def test_a_hedge_belongs_to_the_relation_whose_cue_or_content_it_stands_in() -> None:
    first, second = relations_with_hedges("The coalition claims to have hit the so-called base.")
    assert [one.kind for one in first.hedges] == [DISTANCING, SCARE]
    assert [one.kind for one in second.hedges] == [SCARE]


def test_the_marks_of_a_sources_own_words_are_no_hedge_of_the_paper() -> None:
    text = "The mayor has a plan. The plan is a “disaster”, the union said."
    (one,) = relations_with_hedges(text)
    assert one.hedges == ()
