from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.letters import wording

ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=400)


@given(ANYTHING)
def test_nothing_that_acts_unseen_is_left(text: str) -> None:
    cleaned = wording.clean(text).text
    for character in cleaned:
        if character != "\n":
            assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert not 0x202A <= ord(character) <= 0x202E
        assert not 0x2066 <= ord(character) <= 0x2069
    cleaned.encode()  # no lone surrogate


@given(ANYTHING)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    once = wording.clean(text).text
    assert wording.clean(once).text == once
    line = wording.clean_line(text).text
    assert "\n" not in line
    assert wording.clean_line(line).text == line


@given(ANYTHING)
def test_paragraphs_keep_every_line_of_a_clean_text(text: str) -> None:
    cleaned = wording.clean(text).text
    assert "\n\n".join("\n".join(lines) for lines in wording.paragraphs(cleaned)) == cleaned


def test_persian_joiners_and_direction_marks_stay() -> None:
    text = "می\u200cخواهم به \u200fSANA\u200e بنویسم"
    assert wording.clean(text) == (text, False)


def test_overrides_are_taken_out_and_said() -> None:
    assert wording.clean("abc\u202edcba\u2066x") == ("abcdcbax", True)


def test_marks_do_not_pile_up() -> None:
    assert len(wording.clean("Z" + "\u0335" * 40).text) <= 5
    assert wording.clean("Việt Nam").text == "Việt Nam"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("no link", 0),
        ("see https://a.example/ and www.b.example", 2),
        ("cheap-pills.com cheap.xyz", 2),
        ("It ended.Then it began", 0),
    ],
)
def test_links_are_counted(text: str, count: int) -> None:
    assert wording.links(text) == count


def test_shouting_needs_some_length_and_a_script_with_capitals() -> None:
    assert wording.shouts("THIS IS AN OUTRAGE AND EVERYBODY KNOWS IT")
    assert not wording.shouts("NATO")
    assert not wording.shouts("این یک متن فارسی است که حرف بزرگ و کوچک ندارد و بلند است")


def test_a_repeat_is_recognised_in_disguise() -> None:
    assert wording.mark("Buy now!") == wording.mark("ＢＵＹ   NOW")
    assert wording.mark("Buy now!") != wording.mark("Buy later!")


def test_digits_of_any_script_are_read() -> None:
    assert wording.digits(" ۴۸ ٢-9x") == "4829"
