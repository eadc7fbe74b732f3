"""Where a text holds none of a pattern's needles, the pattern is found nowhere in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.wire import intent_words, notes
from broadsheet.wire.needles import Sought, folded, holds, needles_of

TABLES = (intent_words.LABELS, intent_words.SLUGS, intent_words.TIGHT)
PATTERNS = list(
    dict.fromkeys(
        [pattern for table in TABLES for some in table.values() for pattern in some]
        + list(notes._TELLING)
    )
)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:20])
def test_every_pattern_is_told_by_words(pattern: re.Pattern[str]) -> None:
    needles = needles_of(pattern)
    assert min(len(needle.strip()) for some in needles for needle in some) > 1


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_pattern_is_found_in_holds_a_needle(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(pattern))
    assert holds(folded(text), needles_of(pattern))
    assert pattern in set(Sought(PATTERNS).among(folded("before", text)))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("sperrfrist", "\u017fPERRFR\u0131\u017fT"),
        ("kill", "\u212aILL"),
        ("immediate", "\u0130mmediate"),
        (r"hold\sfor", "HOLD\u2003for"),
        (r"(?:up|to)\s{1,3}date|re(?-i:fil)ed?", "now: UP \n DATE"),
        (r"до|ты", "\u1c81\u1c82"),
        ("[kc]orr", "Korr"),
        ("σας", "ΣΑΣ"),
        ("a?", ""),
    ],
)
def test_letters_that_patterns_take_for_one_another_are_one(pattern: str, text: str) -> None:
    sought = re.compile(pattern, re.IGNORECASE)
    assert sought.search(text)
    assert holds(folded(text), needles_of(sought))


def test_words_that_do_not_stand_together_are_no_needle() -> None:
    sought = re.compile(r"\b(?:for|date\sof)\s(?:release|use)\b", re.IGNORECASE)
    needles = needles_of(sought)
    assert holds(folded("not FOR\nuse"), needles)
    assert not holds(folded("released for a use of dates"), needles)
