"""Whatever a text holds: spans that index it, and work in proportion to its length."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attribution.extraction.english_text import tokens_of
from broadsheet.attribution.extraction import (
    chains,
    headings,
    hedges,
    lexicon,
    modifiers,
    nouns,
    quotations,
    reading,
    times,
    verbs,
)
from broadsheet.attribution.extraction.finding import Finding, relation
from broadsheet.attribution.extraction.speakers import Speakers
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import AttributionRelation, Span, Spans

PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
PIECES = (
    "the mayor", "SANA", "she", "said", "reported", "that it rained", "was accused of theft",
    "citing", "quoted", "as saying", "according to", "reportedly", "claims", "on Friday",
    "last week", "10:30", "“", "”", '"', "'", "‘", "«", "»", ",", ".", "?", ":", "—", "(", ")",
    "\n", "\r\n", "\u2028", "\t", "\u00a0",
    "😀", "👩‍👩‍👧", "e\u0301", "گفت", "\u200f", "\x00", "”“",
)  # fmt: skip


def by_rules(tokens: Tokens) -> list[Finding]:
    """Return what the files of rules find, one after the other, as English puts them together."""
    words = lexicon.english()
    found = [
        *verbs.find(tokens, words),
        *nouns.find(tokens, words),
        *modifiers.find(tokens, words),
        *headings.find(tokens),
    ]
    once = {one.head: one for one in found}
    return chains.link(tokens, Speakers(tokens, words, list(once.values())).assign())


def relations_of(tokens: Tokens) -> list[AttributionRelation]:
    return [relation(tokens, one) for one in by_rules(tokens) if one.cue and one.content]


def in_order(spans: Spans, text: str) -> bool:
    """Whether ``spans`` index ``text``, none empty, one behind the other."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return edges == sorted(edges) and all(start < end for start, end in spans)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map(" ".join))
@example("")
@example(" \n ")
@example("😀 said the mayor: “👩‍👩‍👧 left,” reported.")
@example('"It rained,"\r\n\r\nshe said.\r\n"It stopped."')
@example("said " * 30)
@settings(max_examples=40, deadline=None)
def test_spans_index_the_text_and_are_disjoint_and_in_order(text: str) -> None:
    tokens = tokens_of(text)
    for one in relations_of(tokens):
        assert one.cue
        assert one.content
        for spans in (one.source, one.cue, one.content, *(hop.spans for hop in one.chain)):
            assert in_order(spans, text)
    doc = reading.read(text)
    singles: list[Span] = [one.span for one in hedges.find(doc)]
    singles += [one.span for one in times.find(text, PUBLISHED, "UTC", "en", doc=doc)]
    assert all(in_order((span,), text) for span in singles)


def test_positions_do_not_depend_on_the_ends_of_lines() -> None:
    unix = "SANA, citing residents, reported that it rained.\n\n“It rained,” she said.\n"
    dos = unix.replace("\n", "\r\n")

    def words(text: str) -> list[list[str]]:
        return [
            [
                text[start:end]
                for spans in (one.source, one.cue, one.content)
                for start, end in spans
            ]
            for one in relations_of(tokens_of(text))
        ]

    assert words(unix) == words(dos)
    assert len(words(dos)) == 3


def work(text: str) -> int:
    """Return how many lines of the rules' own code run for ``text``, its parse not counted."""
    doc = reading.read(text)
    folder = str(Path(reading.__file__).parent)
    lines = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(folder) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        tokens = Tokens(doc, reading.quoted(text))
        found = [relation(tokens, one) for one in by_rules(tokens)]
        told = times.assign_all(found, doc, times.find(doc, PUBLISHED, "UTC", "en", doc=doc))
        hedges.attach(told, hedges.find(doc))
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize(
    "piece",
    [
        "the mayor said on Friday that the dog ran home and ",
        "The mayor said on Friday that the dog ran home. ",
        '"We won on Friday," she said. ',
        "“We won and she said on Friday that ",
        "SANA, citing two aides, reportedly claimed on Friday that it rained, via AFP. ",
        "said, ",
        "'a “b ",
    ],
)
def test_a_line_without_end_is_read_in_proportion_to_its_length(piece: str) -> None:
    # Two lengths past the longest sentence: twice the text must not be four times the work.
    once, twice = (work(piece * (size // len(piece))) for size in (2_000, 4_000))
    assert twice < 2.5 * once


def test_no_sentence_is_longer_than_its_bound() -> None:
    words = ["said"] * 5000
    starts = reading.starts(words, [" "] * len(words))
    where = [at for at, start in enumerate(starts) if start]
    gaps = [after - before for before, after in zip(where, [*where[1:], 5000], strict=True)]
    assert max(gaps) <= 250


def test_quotations_and_times_of_a_line_of_200_kilobytes_are_found() -> None:
    text = "“It rained on Friday,” he said. " * 6_500
    assert len(text) > 200_000
    assert len(quotations.find(text)) == 6_500
    found = times.find(text, PUBLISHED, "UTC", "en")
    assert {(text[slice(*one.span)], one.edtf) for one in found} == {("Friday", "2017-12-29")}
    assert len(found) == 6_500
