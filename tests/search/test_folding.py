from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.search.cutting import cut
from broadsheet.search.folding import fold
from broadsheet.search.words import spans_of, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي", "علی"),  # Arabic and Persian yeh
        ("كتاب", "کتاب"),  # Arabic and Persian kaf
        ("مدرسة", "مدرسه"),
        ("مسؤول", "مسوول"),
        ("إيران", "ایران"),
        ("آب", "اب"),
        ("مُحَمَّد", "محمد"),  # vowel signs
        ("ســـلام", "سلام"),  # tatweel
        ("می\u200cشود", "میشود"),  # zero width non-joiner
        ("۲۰۱۷", "2017"),
        ("٢٠١٧", "2017"),
        ("१२", "12"),
        ("Straße", "STRASSE"),
        ("Müller", "muller"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("ﬁre", "fire"),
        ("ＡＦＰ", "afp"),
        ("Ёлка", "елка"),
        ("Ἀθῆναι", "αθηναι"),
        ("שָׁלוֹם", "שלום"),
        ("co\u00adoperate", "cooperate"),  # soft hyphen
    ],
)
def test_what_readers_hold_for_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("мой", "мои"),  # short i is a letter of its own
        ("हिन्दी", "हन्द"),  # Indic vowel signs are letters
        ("が", "か"),  # the Japanese voicing mark makes another consonant
    ],
)
def test_what_are_different_letters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def forms(text: str, language: str = "") -> list[str]:
    return cut(text, language).main.split()


def other(text: str, language: str = "") -> list[str]:
    return list(cut(text, language).others)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syria’s state TV", ["syria", "state", "tv"]),
        ("Syria's state TV", ["syria", "state", "tv"]),
        ("l’homme d'État", ["homme", "etat"]),
        ("the U.S. and the U.N.", ["the", "us", "and", "the", "un"]),
        ("a U.S.-led F-16", ["a", "us", "led", "f", "16"]),
        ('he said"no" twice', ["he", "said", "no", "twice"]),
        ('צה"ל צה״ל', ["צהל", "צהל"]),
        ("«او می‌گوید»", ["او", "میگوید"]),
        ("او می گوید", ["او", "میگوید"]),
        ("کتاب ها و کتاب‌ها", ["کتابها", "و", "کتابها"]),
        ("رئیس‌جمهور", ["رییس", "جمهور"]),
        ("東京都", ["東京", "京都", "都"]),
        ("G7サミ", ["g7", "サミ", "ミ"]),
        ("snake_case", ["snake", "case"]),
        ("…—!", []),
    ],
)
def test_a_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "another"),
    [
        ("en", "election", "elections"),
        ("de", "Mueller", "Müller"),
        ("de", "Regierung", "Regierungen"),
        ("fa", "ایران", "ایرانی"),
        ("fa", "کتاب", "کتاب‌های"),
        ("fa", "بزرگ", "بزرگ‌ترین"),
        ("ar", "كتاب", "الكتاب"),
        ("pt-BR", "governo", "governos"),
    ],
)
def test_forms_of_one_word_meet(language: str, one: str, another: str) -> None:
    assert {*forms(one, language), *other(one, language)} & {
        *forms(another, language),
        *other(another, language),
    }


@pytest.mark.parametrize(
    ("one", "another"), [("استان", "است"), ("دفتر", "دف"), ("بها", "ب"), ("تهران", "ته")]
)
def test_persian_stems_do_not_swallow_words(one: str, another: str) -> None:
    assert another not in {*forms(one, "fa"), *other(one, "fa")}


def test_a_compound_is_found_in_one_piece_too() -> None:
    assert "رییسجمهور" in other("رئیس‌جمهور", "fa")


# Any text, and such as has words, what joins them, and what does not.
_TEXTS = st.text(max_size=200) | st.lists(
    st.sampled_from(
        [
            "word",
            "U.S.A.",
            "d'une",
            "-",
            "«",
            " ",
            " ",
            "\u00a0",
            "_",
            "می",
            "ها",
            "کتاب",
            'צה"ל',
            "東京",
        ]
    )
).map("".join)


@given(_TEXTS, st.sampled_from(["", "en", "de", "fa", "ar", "ru", "he", "ja"]))
@example("می ؠ.A.", "")
@example("قدیمی کتاب ها را، می برد.\nگل-ها می\nرود", "fa")
def test_words_lie_in_the_text_in_order(text: str, language: str) -> None:
    end = 0
    for word in words_of(text, language):
        assert end <= word.start < word.end <= len(text)
        assert all(word.forms.main)
        end = word.end
    for span in spans_of(text, language):
        assert 0 <= span.start < span.end <= len(text)
    found = [form for word in words_of(text, language) for form in word.forms.main]
    assert cut(text, language).main.split() == found
    whole = cut(text, language)
    words = [*words_of(text, language)]
    between = [text[one.end : other.start] for one, other in pairwise(words)]
    pieces = len(words) - sum(not any(map(str.isspace, each)) for each in between)
    assert pieces <= whole.length <= len(words)
    assert whole.forms == dict(Counter(found))
    others = [form for word in words_of(text, language) for form in word.forms.other]
    assert whole.others == dict(Counter(others))
    assert "\n" not in whole.main + "".join(others)
