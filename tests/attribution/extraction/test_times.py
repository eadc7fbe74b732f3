"""Expressions of time: which words, and which time they mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.attribution.extraction import reading, times

PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize("parsed", [True, False])
def test_a_weekday_far_below_its_verb_is_read(parsed: bool) -> None:
    # The parser makes a new object for a token each time it is asked for one.
    text = "The mayor said in a letter to the council of the town on Friday that he would leave."
    doc = reading.read(text) if parsed else None
    (found,) = times.find(text, PUBLISHED, "UTC", "en", doc=doc)
    assert text[slice(*found.span)] == "Friday"
    assert found.edtf == "2017-12-29"
