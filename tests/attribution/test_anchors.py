from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from broadsheet.attribution.anchors import Carrier, Selector, anchor, find

TEXT = (
    "Ferry stays in port\n\nThe harbour office said on Monday that the ferry had lost a rudder. "
    "Two sailors said the rudder was old.\n\n“It was never checked,” one of them said. The "
    "office said it would look into the matter."
)
WORDS = st.sampled_from(["said", "the", "ferry", "office", "rudder", "and", "a", "“lost", ",", "."])
NEW_WORDS = st.lists(st.sampled_from(["nine", "§", "tugs;", "\n\n", "ی"]), max_size=9).map(" ".join)
TEXTS = st.lists(WORDS, min_size=4, max_size=60).map(" ".join)


def _at(words: str, number: int = 1, text: str = TEXT) -> tuple[int, int]:
    at = -1
    for _ in range(number):
        at = text.index(words, at + 1)
    return at, at + len(words)


def _there(selector: Selector, text: str) -> str | None:
    span = find(selector, text)
    return None if span is None else text[slice(*span)]


def test_a_selector_is_stored_with_32_characters_on_either_side() -> None:
    selector = anchor(TEXT, _at("lost a rudder"), "b0")
    assert selector.exact == "lost a rudder"
    assert selector.prefix == TEXT[selector.start - 32 : selector.start]
    assert selector.suffix == TEXT[selector.end : selector.end + 32]
    assert selector.block == "b0"
    assert Selector.from_json({**selector.as_json(), "kind": "hearsay"}) == selector


def test_there_is_no_selector_of_nothing() -> None:
    for span in ((3, 3), (5, 2), (0, len(TEXT) + 1)):
        with pytest.raises(ValueError, match="no span"):
            anchor(TEXT, span)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_word_that_stands_four_times_is_told_from_the_others(number: int) -> None:
    selector = anchor(TEXT, _at("said", number))
    for edited in (
        "New first words. " + TEXT,
        TEXT.replace("lost a rudder", "run aground"),
        TEXT.replace("Two sailors", "Three of the sailors"),
    ):
        assert find(selector, edited) == _at("said", number, edited)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_word_that_goes_is_lost_and_not_another_of_the_same(number: int) -> None:
    start, end = _at("said", number)
    edited = TEXT[:start] + TEXT[end:]
    assert find(anchor(TEXT, (start, end)), edited) is None
    assert Carrier(TEXT, edited).carry((start, end)) is None


def test_a_long_quotation_may_change_a_little_inside() -> None:
    span = _at("that the ferry had lost a rudder")
    edited = TEXT.replace("had lost a rudder", "had lost the rudder")
    expected = "that the ferry had lost the rudder"
    assert _there(anchor(TEXT, span), edited) == expected
    carried = Carrier(TEXT, edited).carry(span)
    assert carried is not None
    assert edited[slice(*carried)] == expected


def test_words_that_say_something_else_are_not_the_quotation() -> None:
    span = _at("that the ferry had lost a rudder")
    edited = TEXT.replace("that the ferry had lost a rudder", "that nobody had been told of it")
    assert find(anchor(TEXT, span), edited) is None
    assert Carrier(TEXT, edited).carry(span) is None


def test_a_paragraph_that_is_moved_takes_its_anchors_along() -> None:
    head, one, two = TEXT.split("\n\n")
    edited = f"{head}\n\n{two}\n\n{one}"
    for words in ("Two sailors", "the rudder was old"):
        assert _there(anchor(TEXT, _at(words)), edited) == words


def test_a_word_is_not_found_within_a_longer_one() -> None:
    text = "The mayor promised to act"
    assert Carrier(text, text + "ivate it").carry(_at("act", 1, text)) is None


def test_both_neighbours_of_a_short_word_may_change_at_once() -> None:
    edited = TEXT.replace(
        "sailors said the rudder was old", "sailors had said: the rudder was rusty"
    )
    assert Carrier(TEXT, edited).carry(_at("said", 2)) == _at("said", 2, edited)


@given(TEXTS, st.data())
def test_an_edit_outside_never_loses_a_place(text: str, data: st.DataObject) -> None:
    start, end, begin, finish = _four(text, data)
    words = data.draw(NEW_WORDS)
    assume(finish <= start or begin >= end)
    edited = text[:begin] + words + text[finish:]
    shift = len(words) - (finish - begin) if finish <= start else 0
    there = start + shift, end + shift
    # Glued to a letter, the words are others.
    assume(not _glued(edited, *there))
    assert Carrier(text, edited).carry((start, end)) in _same_words(edited, there, text, start)


@given(TEXTS, st.data())
def test_an_edit_outside_never_loses_a_selector(text: str, data: st.DataObject) -> None:
    start, end, begin, finish = _four(text, data)
    assume(finish <= start or begin >= end)
    selector = anchor(text, (start, end))
    # What stands elsewhere just as it stands here cannot be told from it by any selector.
    assume(len(selector.prefix) < 200 and len(selector.suffix) < 200)
    edited = text[:begin] + "§ 4" + text[finish:]
    shift = 3 - (finish - begin) if finish <= start else 0
    assert find(selector, edited) == (start + shift, end + shift)


@given(TEXTS, st.data())
def test_what_is_deleted_is_lost(text: str, data: st.DataObject) -> None:
    start, end, _, _ = _four(text, data)
    wider = max(0, start - data.draw(st.integers(0, 9))), end + data.draw(st.integers(0, 9))
    edited = text[: wider[0]] + "§" + text[wider[1] :]
    assert Carrier(text, edited).carry((start, end)) is None
    selector = anchor(text, (start, end))
    found = find(selector, edited)
    assert found is None


def _four(text: str, data: st.DataObject) -> tuple[int, int, int, int]:
    """Return the span of some whole words, and a span to be edited."""
    words = text.split(" ")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 8, len(words) - 1)))
    start = len(" ".join(words[:first])) + (1 if first else 0)
    end = len(" ".join(words[: last + 1]))
    begin = data.draw(st.integers(0, len(text)))
    return start, end, begin, data.draw(st.integers(begin, min(begin + 40, len(text))))


def _glued(text: str, start: int, end: int) -> bool:
    def letter(at: int) -> bool:
        return 0 <= at < len(text) and text[at].isalnum()

    return (letter(start - 1) and letter(start)) or (letter(end) and letter(end - 1))


def _same_words(edited: str, there: tuple[int, int], text: str, start: int) -> set[tuple[int, int]]:
    """Return ``there``, and the places that no comparison of the two texts tells from it."""
    size = there[1] - there[0]
    alike = {there}
    for place in range(len(edited) - size + 1):
        if edited[place : place + size] == edited[slice(*there)] and (
            edited[:place] == text[:start] or edited[place:] == text[start:]
        ):
            alike.add((place, place + size))
    return alike


def test_a_long_text_of_the_same_words_is_compared_and_nothing_moves_silently() -> None:
    many = "the ferry sailed and " * 6_000
    words = "Two sailors said the rudder was old."
    old, new = f"First {many}{words} {many}last", f"Then {many}{words} {many}of all"
    at = old.index(words)
    assert Carrier(old, new).carry((at, at + len(words))) == _at(words, text=new)
    # Which of six thousand it was cannot be told.
    assert Carrier(old, f"Then {many}and more").carry((100, 104)) is None
