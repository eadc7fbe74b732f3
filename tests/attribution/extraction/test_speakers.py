"""Every quotation gets its speaker."""

from __future__ import annotations

import pytest

from attribution.extraction.english_text import Said, all_said, findings_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # beside
        ('"We lost the boat," Ann Roe said.', ("Ann Roe", "said", '"We lost the boat,"')),
        ('"Is it over?" Smith asked.', ("Smith", "asked", '"Is it over?"')),
        ("“He told me, ‘Run,’” said the boy.", ("the boy", "said", "“He told me, ‘Run,’”")),
        (
            '"It is over," one woman began, "and we are glad."',
            ("one woman", "began", '"It is over," "and we are glad."'),
        ),
        (
            'A woman in a pink hat: "Leave us alone."',
            ("A woman in a pink hat", ":", '"Leave us alone."'),
        ),
        ('His answer: "Never."', ("His", "answer", '"Never."')),
        ('He called it "a shame" and left.', ("He", "called", 'it "a shame"')),
        (
            "Roe gave the plan “a fair chance.”",
            ("Roe", "gave", "the plan “a fair chance.”"),
        ),
        (
            'She said the plan was "dead on arrival" and "a waste."',
            ("She", "said", 'the plan was "dead on arrival" and "a waste."'),
        ),
        # further quotations of who spoke before
        (
            '"We lost the boat," Ann Roe said. "We lost the nets."',
            ("Ann Roe", "said", '"We lost the boat," "We lost the nets."'),
        ),
        (
            '"Is it over?" Smith asked. "It is."',
            ("Smith", "asked", '"Is it over?" "It is."'),
        ),
        (
            'Ann Roe looked at the sea.\n\n"We lost the boat," she said.\n\n"We lost the nets."',
            ("she", "said", '"We lost the boat," "We lost the nets."'),
        ),
        (
            '"I never saw her," Roe told the court. Asked again, he shrugged. "Never."',
            ("Roe", "told", '"I never saw her," "Never."'),
        ),
        # over paragraphs
        (
            "“We walked for two days,” said Omar Haddad. “We were cold.\n\n“We drank snow.”",
            ("Omar Haddad", "said", "“We walked for two days,” “We were cold. “We drank snow.”"),
        ),
        (
            "“We walked for two days.\n\n“We drank snow,” said Omar Haddad.",
            ("Omar Haddad", "said", "“We walked for two days. “We drank snow,”"),
        ),
        # who the sentence before is about
        ('Roe was in the kitchen. "Come in."', ("Roe", '"', 'Come in."')),
    ],
)
def test_a_quotation_goes_to_who_speaks(text: str, expected: Said) -> None:
    assert all_said(text) == [expected]


def test_a_quotation_is_given_once() -> None:
    text = '"We lost the boat," Ann Roe said. "We lost the nets," said Ben Ort.'
    assert all_said(text) == [
        ("Ann Roe", "said", '"We lost the boat,"'),
        ("Ben Ort", "said", '"We lost the nets,"'),
    ]


@pytest.mark.parametrize("text", ['The "experts" left early.', 'The film "Jaws" is old.'])
def test_words_marked_for_distance_or_as_a_title_are_nobodys(text: str) -> None:
    assert all_said(text) == []


def test_a_quotation_that_nobody_is_named_for_is_hardly_sure() -> None:
    _, found = findings_in("“The sea takes what it wants from us.”")
    (one,) = found
    assert not one.source
    assert one.strength < 0.5
