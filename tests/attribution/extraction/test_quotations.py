"""Quotation marks told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.attribution.extraction import quotations

MARKS = "\"'“”„‟«»‹›‘’‚`"


def quoted(text: str) -> list[str]:
    """Return the quotations of ``text`` with their marks, those inside others left out."""
    return [text[one.start : one.end] for one in quotations.find(text) if one.level == 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("He said “yes” and “no”.", ["“yes”", "“no”"]),
        ("Er sagte „ja“ und ging.", ["„ja“"]),
        ("Il a dit «oui» et «non».", ["«oui»", "«non»"]),
        ("Er sagte »ja« und ging.", ["»ja«"]),
        ("He said ``yes'' and left.", ["``yes''"]),
        ("He said ‘yes’ and left.", ["‘yes’"]),
        ("He said 'yes' and left.", ["'yes'"]),
        ("“He said ‘go’ and ‘stay’.”", ["“He said ‘go’ and ‘stay’.”"]),
        # apostrophes
        ("The voters’ choice wasn’t Roe’s.", []),
        ("It's the '90s 'til now, 'cause rock 'n' roll is o'er.", []),
        ("The girls' coats and the boys' hats.", []),
        # inches
        ('A 5" nail and a 6" one.', []),
        ("", []),
        ('"', []),
        ("“”", ["“”"]),
        # typed with the wrong mark at the head
        ("He said ”yes” and left.", ["”yes”"]),
    ],
)
def test_marks_that_open_and_close(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_one_inside_the_other_has_a_level_and_its_own_inside() -> None:
    text = "“He told me, ‘Run,’” said the boy."
    inner, outer = sorted(quotations.find(text), key=lambda one: -one.level)
    assert text[slice(*inner.inner)] == "Run,"
    assert text[slice(*outer.inner)] == "He told me, ‘Run,’"
    assert (inner.level, outer.level) == (1, 0)


def test_one_that_nobody_closed_ends_with_its_paragraph() -> None:
    text = "He said, “I saw it. \nThen he left."
    (one,) = quotations.find(text)
    assert text[one.start : one.end] == "“I saw it."
    assert not one.closed


@pytest.mark.parametrize("newline", ["\n\n", "\r\n\r\n", "\u2029"])
def test_one_over_paragraphs_goes_on(newline: str) -> None:
    text = newline.join(("“We walked.", "“We were cold.", "“We drank snow,” he said."))
    first, second, third = quotations.find(text)
    assert (first.continues, second.continues, third.continues) == (None, 0, 1)
    assert [one.closed for one in (first, second, third)] == [False, False, True]


@given(st.text(alphabet=st.sampled_from(MARKS + "ab ,.\n\r😀"), max_size=80))
def test_any_marks_give_quotations_that_index_the_text(text: str) -> None:
    found = quotations.find(text)
    assert list(found) == sorted(found, key=lambda one: one.start)
    end = 0
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.start < one.inner[0] <= one.inner[1] <= one.end
        assert not text[one.start].isspace()
        if one.level == 0:
            assert one.start >= end
            end = one.end


def test_marks_without_end_are_read_once() -> None:
    # Each mark that closes nothing must not look through all that are open.
    looks = 0

    class Counted(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal looks
            looks += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    count = 2000
    old = quotations._OPENS
    quotations._OPENS = {mark: Counted(closer) for mark, closer in old.items()}
    try:
        quotations.find("«" * count + "”" * count)
    finally:
        quotations._OPENS = old
    assert looks < 40 * count
