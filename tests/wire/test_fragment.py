"""HTML as feeds, agencies and exports carry it becomes blocks, and loses no word."""

from __future__ import annotations

from html.entities import html5
from itertools import product

import pytest
from lxml import etree

from broadsheet.wire.items import WireBlock
from broadsheet.wire.parsers import fragment, inline, plain_fragment


def blocks(markup: str) -> list[tuple[str, str]]:
    return [(block.kind, block.html) for block in fragment.read(markup, "https://e.org/a/").blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Tom &amp; Ann\n\nwent\nout", [("paragraph", "Tom &amp; Ann"), ("paragraph", "went out")]),
        ("It rained.\nIt stopped.", [("paragraph", "It rained."), ("paragraph", "It stopped.")]),
        ("<b>One</b>\n\ntwo", [("paragraph", "<strong>One</strong>"), ("paragraph", "two")]),
        ("<p>One.<br>Two,<br>three", [("paragraph", "One."), ("paragraph", "Two, three")]),
        ("<div>a<p>b</p>c</div>d", [("paragraph", each) for each in "abcd"]),
        ("<h2>A <em>b</em></h2>", [("heading", "A b")]),
        ("<blockquote><p>a</p><p>b</p></blockquote>", [("quotation", "a"), ("quotation", "b")]),
        ("<ol><li>a<li>b</ol>", [("numbered list", "<ol><li>a</li><li>b</li></ol>")]),
        ('<a href="../b">c</a>', [("paragraph", '<a href="https://e.org/b">c</a>')]),
        ('<a href="javascript:x()">c</a><script>d</script>', [("paragraph", "c")]),
        ("<pre>a  1\nb  2</pre>", [("paragraph", "a 1"), ("paragraph", "b 2")]),
        ('<iframe src="//v.org/1"></iframe>', [("embed", "https://v.org/1")]),
        ("<table><tr><td><p>a<p>b</table>", [("paragraph", "a"), ("paragraph", "b")]),
        ('<p>a<img src="t.gif" width="1" height="1">b</p>', [("paragraph", "ab")]),
        ("a &lt;b&gt; <i>c</i>", [("paragraph", "a &lt;b&gt; <em>c</em>")]),
    ],
)
def test_what_is_written_becomes_blocks(markup: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(markup) == expected


def test_a_figure_gives_a_photo_with_its_credit_apart() -> None:
    read = fragment.read(
        '<p>a</p><figure><img data-src="/i.jpg" src="data:x" alt="A hill">'
        "<figcaption>The hill at noon. (AFP)</figcaption></figure><p>b</p>",
        "https://e.org/a/",
    )
    (photo,) = read.photos
    assert (photo.url, photo.alt_text) == ("https://e.org/i.jpg", "A hill")
    assert (photo.caption, photo.credit) == ("The hill at noon.", "AFP")
    assert read.blocks[1] == WireBlock("photo", photo.key)


def test_a_picture_in_noscript_is_taken_once() -> None:
    read = fragment.read(
        '<img data-src="https://e.org/i.jpg"><noscript><img src="https://e.org/i.jpg"></noscript>'
    )
    assert len(read.photos) == 1


def test_elements_of_any_namespace_are_read() -> None:
    element = etree.fromstring(
        '<h:body xmlns:h="http://www.w3.org/1999/xhtml">'
        "<h:p>a <h:b>b</h:b></h:p><h:p>c</h:p></h:body>"
    )
    assert [block.html for block in fragment.from_element(element).blocks] == [
        "a <strong>b</strong>",
        "c",
    ]


def test_depth_and_length_without_end_lose_no_word() -> None:
    deep = fragment.read("<div>" * 3000 + "deep" + "</div>" * 3000)
    assert ([block.html for block in deep.blocks], len(deep.oddities)) == (["deep"], 1)
    for opening in ("<div>", "<x>", "<ul><li>", "<b>", "<a href='x'>", "<div></b>"):
        # Cleaning takes the square of the depth: this would take minutes.
        deepest = fragment.read(opening * 100_000 + "deep")
        assert [block.html for block in deepest.blocks] == ["deep"]
    long = fragment.read(f"<p>{'word ' * 40_000}</p>")
    assert sum(block.html.count("word") for block in long.blocks) == 40_000


@pytest.mark.parametrize("markup", ["a\x08b \ufffe", "<p>a\x00b</p>", "a<i></i>\x1bb <b>\x07</b>"])
def test_characters_that_are_none_lose_no_word(markup: str) -> None:
    assert blocks(markup) == [("paragraph", "ab")]


def test_control_characters_between_words_part_them() -> None:
    assert blocks("<p>one\x0btwo\x1fthree</p>") == [("paragraph", "one two three")]


# Characters, references and elements that a reader of plain paragraphs may take for others.
_PARTS = (
    "word", "متن", "😀", " ", "  ", "\n", "\t", "\xa0", "\x85", "\u200c", "\u2028", "&amp;", "&lt;",
    "&quot;", "&#39;", "&#128;", "&#1;", "&#xD800;", "&#x1F600;", "&nbsp;", "&eacute;", "&notit;",
    "&NewLine;", "&", "&copy", ">", "<em>a</em>", "<br>", "<", "</p>", "<!-- c -->", "&amp;nbsp;",
)  # fmt: skip


_PAIRS = [f"{one}{other}" for one, other in product(_PARTS, repeat=2)]


def test_plain_paragraphs_are_read_the_short_way_as_the_long_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    markups = [f'<p class="a" lang="fa">{pair}a</p>\n<h2>{pair}</h2><p>b</p>' for pair in _PAIRS]
    short = [fragment.read(markup) for markup in markups]
    ways = [plain_fragment.pieces_of(markup) is not None for markup in markups]
    assert sum(ways) > len(ways) // 10
    monkeypatch.setattr(plain_fragment, "pieces_of", lambda _: None)
    assert short == [fragment.read(markup) for markup in markups]


def test_characters_referred_to_by_name_are_read_the_short_way_as_the_long_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = [f"&{name}" for name in html5 if name.endswith(";")]
    markups = [f"<p>a{name}b {name}</p><h2>c {name}d</h2>" for name in named]
    short = [fragment.read(markup) for markup in markups]
    ways = [plain_fragment.pieces_of(markup) is not None for markup in markups]
    assert all(ways)
    monkeypatch.setattr(plain_fragment, "pieces_of", lambda _: None)
    for name, one, other in zip(named, short, map(fragment.read, markups), strict=True):
        assert one == other, name


def test_plain_text_is_clean_where_nothing_of_it_would_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = [inline.clean(pair) for pair in _PAIRS]
    ways = list(map(inline.is_clean, _PAIRS))
    assert sum(ways) > len(ways) // 10
    monkeypatch.setattr(inline, "is_clean", lambda _: False)
    assert short == [inline.clean(pair) for pair in _PAIRS]
