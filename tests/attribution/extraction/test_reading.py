"""Text to sentences and their grammar."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.attribution.extraction import reading


def sentences(text: str) -> list[str]:
    return [one.text.strip() for one in reading.read(text).sents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("It rained! Did it stop? It did.", ["It rained!", "Did it stop?", "It did."]),
        # abbreviations and initials
        ("Mr. Roe met Gov. Ort. They talked.", ["Mr. Roe met Gov. Ort.", "They talked."]),
        ("J. P. Roe lives in the U.S. The town is small.", None),
        ("He left at 3 p.m. on Monday.", ["He left at 3 p.m. on Monday."]),
        ("HARRISBURG, Pa. (Wire) — It rained.", ["HARRISBURG, Pa. (Wire) — It rained."]),
        # quotations
        ("“It rained. It stopped,” he said.", ["“It rained.", "It stopped,” he said."]),
        ("“Is it over?” Smith asked.", ["“Is it over?” Smith asked."]),
        ("“It is over!” the boy shouted.", ["“It is over!” the boy shouted."]),
        ("“It is over.” He left.", ["“It is over.”", "He left."]),
        # the end of a line always ends a sentence
        ("A headline\nIt rained.", ["A headline", "It rained."]),
        ("A headline\r\n\r\nIt rained.", ["A headline", "It rained."]),
        ("A headline\u2028It rained.", ["A headline", "It rained."]),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["J. P. Roe lives in the U.S.", "The town is small."]
    assert sentences(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n\r\n", "😀", "👩‍👩‍👧 left.", "…", "a\u0301"])
def test_any_small_text_is_read(text: str) -> None:
    doc = reading.read(text)
    assert doc.text == text


@given(st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_positions_are_those_of_the_text_that_was_given(text: str) -> None:
    doc = reading.read(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)
    assert [token.i for one in doc.sents for token in one] == list(range(len(doc)))


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("The convoy left the camp at noon, reported.", ["reported"]),
        ("The convoy left the camp at noon, reported\nIt rained.", ["reported"]),
        ("The convoy left the camp at noon, she said.", []),
        ("“The convoy left the camp,” said.", []),
        ("The convoy left, reported the agency.", []),
        ("Left, reported.", []),
    ],
)
def test_a_verb_of_saying_without_its_subject_is_told_apart(text: str, lost: list[str]) -> None:
    doc = reading.read(text)
    words = [token.text for token in doc]
    assert [words[at] for at in reading.dangling(words)] == lost
    # It hangs on the sentence before it all the same.
    for at in reading.dangling(words):
        assert doc[at].sent.start < at


def test_many_texts_are_read_as_each_alone() -> None:
    texts = ["It rained, reported.\nIt stopped.", "", "“Is it over?” Smith asked."]
    for text, doc in zip(texts, reading.read_all(texts), strict=True):
        alone = reading.read(text)
        assert doc.text == text
        assert [token.head.i for token in doc] == [token.head.i for token in alone]


def test_spacy_is_loaded_without_its_command_line() -> None:
    program = (
        "import sys\n"
        "from broadsheet.attribution.extraction import reading\n"
        "assert [one.text for one in reading.read('It rained. It stopped.').sents]\n"
        "print('spacy' in sys.modules, 'typer' in sys.modules)\n"
        "from spacy.cli.info import info\n"
        "print(callable(info))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False", "True"]
