from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page

from broadsheet.press import bodies
from broadsheet.stories.models import StandingPage

_ALLOWED = {"p", "b", "strong", "i", "em", "sup", "sub", "a", "br"}


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("<p>Plain.</p>", "<p>Plain.</p>"),
        ("Without a paragraph.", "<p>Without a paragraph.</p>"),
        ("Before<p>within</p>", "<p>Before</p><p>within</p>"),
        ('<p data-block-key="x1">Keyed <b>b</b></p>', "<p>Keyed <b>b</b></p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p><a href="javascript:alert(1)">x</a></p>', "<p><a>x</a></p>"),
        ('<p><img src=x onerror="alert(1)">y</p>', "<p>y</p>"),
        ('<p style="color:red" onclick="x()">z</p>', "<p>z</p>"),
        ('<p><a href="/news/7/" target="_top">in</a></p>', '<p><a href="/news/7/">in</a></p>'),
        ("<p>5 &lt; 6 &amp; 7</p>", "<p>5 &lt; 6 &amp; 7</p>"),
    ],
)
def test_stored_html_is_cleaned(stored: str, printed: str) -> None:
    assert bodies.cleaned(stored) == printed


@given(st.text(alphabet="<>/=\"' abpionclkhrefjvst:;&#x!-", max_size=80))
def test_nothing_but_the_allowed_elements_comes_out(stored: str) -> None:
    printed = bodies.cleaned(stored)
    assert {name.lower() for name in re.findall(r"</?([a-zA-Z][^\s>/]*)", printed)} <= _ALLOWED
    assert not re.search(r"<[^>]*\son\w+=", printed)


@given(st.text(), st.sampled_from(["<p>", '<p data-block-key="k1">']))
def test_a_paragraph_of_words_comes_out_as_the_cleaner_writes_it(words: str, begun: str) -> None:
    # Behind an empty element, which the cleaner drops, it takes the long way.
    assert bodies.cleaned(f"{begun}{words}</p>") == bodies.cleaned(f"<u></u>{begun}{words}</p>")
    assert bodies.plain(f"{begun}{words}</p>") == bodies.plain(f"<u></u>{begun}{words}</p>")


def test_a_point_of_a_list_has_no_paragraph_of_its_own() -> None:
    assert bodies.inline("<p>Two <i>engines</i></p>") == "Two <i>engines</i>"
    assert bodies.inline("<p>One</p><p>two</p>") == "<p>One</p><p>two</p>"


@pytest.mark.django_db
def test_a_link_to_a_standing_page_follows_it() -> None:
    root = Page.objects.get(depth=1)
    about = root.add_child(instance=StandingPage(title="About", slug="about-us"))
    link = f'<p><a linktype="page" id="{about.pk}">About</a></p>'
    assert bodies.cleaned(link) == '<p><a href="/about-us/">About</a></p>'
    about.unpublish()
    assert bodies.cleaned(link) == "<p><a>About</a></p>"


def test_plain_text_keeps_words_whole() -> None:
    assert bodies.plain("<p>Sa<b>na</b>, it&#x27;s</p><p>said</p>") == "Sana, it's said"


def test_a_text_is_cut_at_a_word() -> None:
    assert bodies.shortened("one two three", 20) == "one two three"
    assert bodies.shortened("one two three", 10) == "one two…"
    assert len(bodies.shortened("x" * 50, 10)) == 10


def test_only_the_web_is_linked_to() -> None:
    assert bodies.safe_link("https://example.org/") == "https://example.org/"
    assert bodies.safe_link("javascript:alert(1)") == ""
