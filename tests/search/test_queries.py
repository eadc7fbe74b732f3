from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from broadsheet.search import index
from broadsheet.search.queries import MAX_TERMS, Filters, Query, Term, parse

_PIECES = ["NEAR", "می ", *"\"'*-+:^(){}[]«»“”„ ؟،\0\n"]
TYPED = st.lists(st.one_of(st.text(max_size=9), st.sampled_from(_PIECES)), max_size=60).map("".join)


def one(*words: str, begins: bool = False, phrase: bool = False) -> Term:
    return Term(words, begins=begins, phrase=phrase)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        ("  \t ", Query()),
        ("helicopter", Query((one("helicopter"),))),
        ("two words", Query((one("two"), one("words")))),
        ("twice twice", Query((one("twice"),))),
        ('"led coalition"', Query((one("led", "coalition", phrase=True),))),
        ("“led coalition”", Query((one("led", "coalition", phrase=True),))),
        ("„geführte Allianz“", Query((one("geführte", "Allianz", phrase=True),))),
        ("«او گفت»", Query((one("او", "گفت", phrase=True),))),
        ('"never closed', Query((one("never", "closed", phrase=True),))),
        ("war -peace", Query((one("war"),), (one("peace"),))),
        ('war -"peace talks"', Query((one("war"),), (one("peace", "talks", phrase=True),))),
        ("war −peace", Query((one("war"),), (one("peace"),))),
        ("cease-fire", Query((one("cease", "fire", phrase=True),))),
        ("war - peace", Query((one("war"), one("peace")))),
        ("heli*", Query((one("heli", begins=True),))),
        ("he*", Query((one("he"),))),
        ("*copter", Query((one("copter"),))),
        ("word -word", Query((one("word"),))),
        ("می شود", Query((one("می شود"),))),
        ('צה"ל', Query((one("צה״ל"),))),
        ("NOT AND OR", Query((one("NOT"), one("AND"), one("OR")))),
    ],
)
def test_what_is_typed_is_read(typed: str, query: Query) -> None:
    assert parse(typed) == query


def test_too_much_is_cut_and_said() -> None:
    many = parse(" ".join(f"word{number}" for number in range(40)))
    assert len(many.wanted) == MAX_TERMS
    assert many.cut
    assert parse("x" * 5000).cut
    assert not parse("short").cut


@given(TYPED)
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    query = parse(typed)
    assert len(query.wanted) + len(query.unwanted) <= MAX_TERMS


@pytest.mark.django_db
@hypothesis_settings(max_examples=150, deadline=None)
@given(TYPED)
def test_nothing_that_can_be_typed_upsets_the_engine(typed: str) -> None:
    assert index.query(typed).total == 0
    assert index.query(typed, Filters(language="en\"'"), order="date").total == 0
    assert index.matching(typed) == []
