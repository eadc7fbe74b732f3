"""Chains: how a claim came here, form by form of the grammar."""

from __future__ import annotations

import pytest

from attribution.extraction.english_text import findings_in, said
from broadsheet.attribution.relation import SourceKind

OPEN = "that the road was open"


def chains_in(text: str) -> dict[str, list[str]]:
    """Return the chains of ``text`` by the cue that carries each; a lost hop is ``[missing]``."""
    tokens, found = findings_in(text)
    return {
        tokens.say(one.cue): [
            "[missing]" if hop.kind is SourceKind.MISSING else hop.name for hop in one.chain
        ]
        for one in found
        if one.chain
    }


@pytest.mark.parametrize(
    ("text", "cue", "chain"),
    [
        # A, citing B, reported
        (
            "SANA, citing local residents, reported that the road was open.",
            "reported",
            ["local residents", "SANA"],
        ),
        (
            "SANA, citing information received from local residents, reported on Friday "
            "that the road was open.",
            "reported",
            ["local residents", "SANA"],
        ),
        (
            "The Herald, quoting an unnamed official, said the road was open.",
            "said",
            ["an unnamed official", "The Herald"],
        ),
        (
            "The Harbour Gazette reported on Monday, citing two engineers, that the dam leaks.",
            "reported",
            ["two engineers", "The Harbour Gazette"],
        ),
        (
            "The road was open, the Courier reported Tuesday, citing two officials.",
            "reported",
            ["two officials", "the Courier"],
        ),
        (
            "Citing two officials, the Courier said the road was open.",
            "said",
            ["two officials", "the Courier"],
        ),
        (
            "The paper reported, citing a memo from the ministry, that the road was open.",
            "reported",
            ["the ministry", "The paper"],
        ),
        # A, as cited by B, reported
        (
            "Syria's state television, as cited by AFP, reported that the road was open.",
            "as cited",
            ["Syria's state television", "AFP"],
        ),
        (
            "The minister, as quoted by Reuters, said the road was open.",
            "as quoted",
            ["The minister", "Reuters"],
        ),
        # according to A, quoted by B
        (
            "According to the harbour master, quoted by the Daily Courier, three boats sank.",
            "quoted",
            ["the harbour master", "the Daily Courier"],
        ),
        (
            "According to the ministry, as cited by Interfax, three boats sank.",
            "as cited",
            ["the ministry", "Interfax"],
        ),
        (
            "Three soldiers died, according to the ministry, as reported by TASS.",
            "as reported",
            ["the ministry", "TASS"],
        ),
        # B quoted A as saying
        (
            "The Courier quoted the mayor as saying that the road was open.",
            "quoted",
            ["the mayor", "The Courier"],
        ),
        (
            "The agency cited a doctor as saying the ward was full.",
            "cited",
            ["a doctor", "The agency"],
        ),
        (
            '"The road is open," Reuters quoted the mayor as saying.',
            "quoted",
            ["the mayor", "Reuters"],
        ),
        (
            "The mayor was quoted by the Courier as saying that the road was open.",
            "was quoted",
            ["The mayor", "the Courier"],
        ),
        (
            '"The road is open," the mayor was quoted as saying by Reuters.',
            "was quoted",
            ["the mayor", "Reuters"],
        ),
        # via
        (
            "The ferry is overdue, according to the harbour master, via the Daily Courier.",
            "via",
            ["the harbour master", "the Daily Courier"],
        ),
        (
            "Three soldiers died, the ministry said via TASS.",
            "via",
            ["the ministry", "TASS"],
        ),
        (
            "The ministry, via the TASS news agency, said three soldiers died.",
            "via",
            ["The ministry", "the TASS news agency"],
        ),
        # in a report carried by
        (
            "The army said in a report carried by the state news agency that the road was open.",
            "carried",
            ["The army", "the state news agency"],
        ),
        (
            "Three soldiers died, the ministry said in a statement published by TASS.",
            "published",
            ["the ministry", "TASS"],
        ),
        # told an outlet, and on from there
        (
            "The minister said in an interview with the Courier that the road was open.",
            "said",
            ["The minister", "the Courier"],
        ),
        (
            "The mayor told the Courier, in remarks relayed by Reuters, that the road was open.",
            "relayed",
            ["The mayor", "the Courier", "Reuters"],
        ),
        (
            "The rebels told the Courier, which the BBC quoted, that the road was open.",
            "quoted",
            ["The rebels", "the Courier", "the BBC"],
        ),
        # dangling
        (
            "SANA reported that the army had opened the road, reported.",
            "reported",
            ["SANA", "[missing]"],
        ),
        (
            "The convoy left the camp with the wounded and their families, reported.",
            "reported",
            ["[missing]"],
        ),
    ],
)
def test_a_chain_begins_with_its_origin(text: str, cue: str, chain: list[str]) -> None:
    assert chains_in(text)[cue] == chain


@pytest.mark.parametrize(
    ("text", "stations"),
    [
        (
            "SANA, citing local residents, reported that the road was open.",
            [("local residents", "citing", OPEN), ("SANA", "reported", OPEN)],
        ),
        (
            "Syria's state television, as cited by AFP, reported that the road was open.",
            [("AFP", "as cited", OPEN), ("Syria's state television", "reported", OPEN)],
        ),
        (
            "The Courier quoted the mayor as saying that the road was open.",
            [("The Courier", "quoted", OPEN), ("the mayor", "as saying", OPEN)],
        ),
        (
            "The mayor was quoted by the Courier as saying that the road was open.",
            [("the Courier", "was quoted", OPEN), ("The mayor", "as saying", OPEN)],
        ),
        (
            "The mayor was quoted as saying that the road was open.",
            [("The mayor", "was quoted as saying", OPEN)],
        ),
        (
            "The army said in a report carried by the state news agency that the road was open.",
            [("The army", "said", OPEN), ("the state news agency", "carried", OPEN)],
        ),
        (
            "Residents, quoted by the website, gave a third version of the events.",
            [
                ("the website", "quoted", "a third version of the events"),
                ("Residents,", "gave", "a third version of the events"),
            ],
        ),
    ],
)
def test_each_station_stands_behind_the_same_content(
    text: str, stations: list[tuple[str, str, str]]
) -> None:
    tokens, found = findings_in(text)
    assert [said(tokens, one) for one in found] == stations


def test_a_verb_whose_subject_was_lost_has_the_sentence_and_no_source() -> None:
    tokens, found = findings_in("The convoy left the camp at noon with the wounded, reported.\n")
    (one,) = found
    assert said(tokens, one) == (
        "",
        "reported",
        "The convoy left the camp at noon with the wounded",
    )
    assert one.source_kind is SourceKind.MISSING
    assert one.rule == "dangling"


def test_a_chain_is_carried_on_to_what_the_same_source_adds() -> None:
    text = (
        "SANA, citing local residents, reported on Friday that the road was open, "
        "adding that the convoy had left."
    )
    assert chains_in(text)["adding"] == ["local residents", "SANA"]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor told her brother that the road was open.",
        "He said the office was run by a clerk.",
        "The chairman carried the vote, aides said.",
    ],
)
def test_who_only_listens_or_acts_is_no_station(text: str) -> None:
    assert chains_in(text) == {}
