from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.queries import parse
from broadsheet.search.snippets import asked_by, beginning, marked, passage


def mark(typed: str, text: str, language: str = "en") -> str:
    return str(marked(text, asked_by(parse(typed), [language]), language))


@pytest.mark.parametrize(
    ("typed", "language", "text", "expected"),
    [
        ("coalition", "en", "US-led Coalition’s", "US-led <mark>Coalition’s</mark>"),
        ("election", "en", "two elections", "two <mark>elections</mark>"),
        ("heli*", "en", "helicopters", "<mark>helicopters</mark>"),
        ('"led coalition"', "en", "led coalition", "<mark>led</mark> <mark>coalition</mark>"),
        ("-war peace", "en", "war, peace", "war, <mark>peace</mark>"),
        ("mueller", "de", "Herr Müller", "Herr <mark>Müller</mark>"),
        ("كتاب", "fa", "کتاب‌های او", "<mark>کتاب‌های</mark> او"),
        ("رئیسجمهور", "fa", "رئیس‌جمهور", "<mark>رئیس‌جمهور</mark>"),
        ("京都知", "ja", "東京都知事", "東<mark>京都知</mark>事"),
        ("b", "en", "<b>b & b</b>", "&lt;<mark>b</mark>&gt;<mark>b</mark> &amp; "),
        ("script", "en", "<script>", "&lt;<mark>script</mark>&gt;"),
    ],
)
def test_the_words_are_marked_as_they_are_written(
    typed: str, language: str, text: str, expected: str
) -> None:
    assert mark(typed, text, language).startswith(expected)


def test_a_passage_has_the_words_and_stops_between_words() -> None:
    filler = "lorem ipsum dolor sit amet " * 40
    text = f"{filler}the bridge over the river was closed {filler}and a bridge elsewhere."
    found = passage(text, asked_by(parse("river bridge"), ["en"]), "en")
    assert found is not None
    assert "<mark>bridge</mark> over the <mark>river</mark>" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    words = found.replace("<mark>", "").replace("</mark>", "").strip("… ").split()
    assert set(words) <= set(text.split())
    assert len(found) < 300


@pytest.mark.parametrize("long", ["a" * 400, "知事" * 200])
def test_a_word_longer_than_a_passage_is_shown_all_the_same(long: str) -> None:
    found = passage(f"one {long} two", asked_by(parse(long[:64]), ["en"]), "ja")
    assert found is not None
    assert "<mark>" in found


def test_without_a_match_there_is_no_passage() -> None:
    assert passage("Nothing here", asked_by(parse("bridge"), ["en"]), "en") is None
    assert beginning("<i>short</i>") == "&lt;i&gt;short&lt;/i&gt;"
    assert beginning("word " * 200).endswith("word …")


@given(st.text(max_size=400), st.text(max_size=20))
def test_only_marks_are_markup(text: str, typed: str) -> None:
    asked = asked_by(parse(typed), ["en", "fa"])
    for made in (marked(text, asked, "fa"), passage(text, asked, "ja") or "", beginning(text)):
        bare = str(made).replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert ">" not in bare
    bare = str(marked(text, asked, "fa")).replace("<mark>", "").replace("</mark>", "")
    if "\r" not in text:  # html.unescape has its own idea of references to control characters
        assert unescape(bare) == text
