"""Marks around claims: the text stays what it is, and the HTML stays valid."""

from __future__ import annotations

import html
import re
from typing import Any

from markupsafe import Markup

from broadsheet.attribution.reader_view.marking import Mark, Marker
from broadsheet.attribution.story_text import StoryText, assembled
from broadsheet.press import bodies

_TAG = re.compile(r"<[^>]*>")


def as_drawn(source: str) -> Markup:
    return Markup(source)  # noqa: S704 - the test's own words


def text_of(drawn: str) -> str:
    return html.unescape(_TAG.sub("", drawn))


def is_nested_properly(drawn: str) -> bool:
    depth: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", drawn):
        if name == "br":
            continue
        if closing:
            if not depth or depth.pop() != name:
                return False
        else:
            depth.append(name)
    return not depth


def body(*values: str, headline: str = "", **more: Any) -> StoryText:
    raw = [{"type": "paragraph", "value": value, "id": f"b{n}"} for n, value in enumerate(values)]
    return assembled(headline, raw, "en")


def marked(text: StoryText, drawn: str, *claims: str, key: str = "b0") -> str:
    marks = []
    for number, words in enumerate(claims, 1):
        spans = []
        at = 0
        for part in words.split(" … "):
            at = text.text.index(part, at)
            spans.append((at, at + len(part)))
        marks.append(Mark(number, number, tuple(spans)))
    result = str(Marker(text, marks, "en")(key, as_drawn(drawn)))
    assert text_of(result) == text_of(drawn)
    assert is_nested_properly(result)
    return result


def test_a_claim_is_wrapped_and_followed_by_its_reference() -> None:
    source = "<p>The ministry said the bridge would hold. It did.</p>"
    found = marked(body(source), source, "the bridge would hold")
    assert found == (
        '<p>The ministry said <span class="claim" id="claim-1">the bridge would hold</span>.'
        '<a class="ref" href="#source-1" aria-label="Source 1" aria-describedby="way-1"'
        ' data-n="1"></a> It did.</p>'
    )


def test_inline_markup_links_and_entities_survive() -> None:
    source = (
        '<p>He said <b>Smith &amp; Sons</b> would&nbsp;pay <a href="/a?b=1&amp;c=%3E">the   '
        "whole debt</a>, she noted.</p>"
    )
    found = marked(body(source), source, "Smith & Sons would pay the whole debt")
    assert found.count('id="claim-1"') == 1
    assert found.count('data-claim="1"') == 2
    assert '<b><span class="claim" id="claim-1">Smith &amp; Sons</span></b>' in found
    # A link within a link would be no HTML.
    assert re.search(r"</span></a>,?<a class=\"ref\"", found) or "</span></a><a" in found


def test_nested_and_overlapping_claims_nest() -> None:
    source = "<p>A said that B said that C was red and D was blue today.</p>"
    found = marked(
        body(source),
        source,
        "B said that C was red and D was blue",
        "C was red",
        "red and D was blue today",
    )
    assert found.count('id="claim-') == 3
    assert found.count('class="ref"') == 3


def test_a_claim_over_two_paragraphs_has_one_id_and_one_reference() -> None:
    one, two = "<p>“It is over. </p>", "<p>We go home,” she said.</p>"
    text = body(one, two)
    at = text.text.index("It is over")
    end = text.text.index("We go home") + len("We go home")
    mark = Marker(text, [Mark(4, 2, ((at, end),))], "fa")
    first, second = mark("b0", as_drawn(one)), mark("b1", as_drawn(two))
    assert 'id="claim-4">It is over.</span> </p>' in first
    assert "ref" not in first
    assert '<p><span class="claim" data-claim="4">We go home</span>,”<a class="ref"' in second
    assert 'data-n="۲"' in second
    assert mark.placed == {4}


def test_discontinuous_content_has_one_reference_at_its_end() -> None:
    source = "<p>“We won,” she said, “and they lost.” Nobody objected.</p>"
    found = marked(body(source), source, "We won … and they lost")
    assert found.count('class="ref"') == 1
    assert found.index('class="ref"') > found.index("they lost")


def test_a_list_and_a_quotation_are_marked_as_well() -> None:
    raw = [
        {
            "type": "list",
            "id": "l",
            "value": {"points": ["<p>First <b>point</b></p>", "", "<p>Second point</p>"]},
        },
        {"type": "quotation", "id": "q", "value": {"text": "We won.", "speaker": "Ada"}},
    ]
    text = assembled("", raw, "en")
    drawn = "<ul>\n<li>First <b>point</b></li>\n<li></li>\n<li>Second point</li>\n</ul>\n"
    found = marked(text, drawn, "point … Second", key="l")
    assert '<li><span class="claim" data-claim="1">Second</span><a class="ref"' in found
    drawn = "<figure><blockquote><p>We won.</p></blockquote>\n<figcaption>Ada</figcaption></figure>"
    assert '<span class="claim" id="claim-1">We won.</span>' in marked(
        text, drawn, "We won.", key="q"
    )


def test_what_is_not_the_same_text_is_left_alone() -> None:
    source = "<p>The bridge would hold.</p>"
    assert marked(body(source), "<p>The bridge held.</p>", "bridge") == "<p>The bridge held.</p>"
    # Nor does any claim begin in another block, or in the headline.
    text = body(source, headline="The bridge would hold")
    at = text.text.index("bridge")
    drawn = Marker(text, [Mark(1, 1, ((at, at + 6),))], "en")("b0", as_drawn(source))
    assert drawn == source


def test_hostile_text_stays_text() -> None:
    value = '<p>He said &lt;script&gt;alert(1)&lt;/script&gt; and "x" &amp;amp; left</p>'
    drawn = str(bodies.cleaned(value))
    found = marked(body(value), drawn, "<script>alert(1)</script> and")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; and</span>" in found
    assert "<script" not in found
