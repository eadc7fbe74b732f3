"""WordPress's shortcodes, in the shapes sites are full of."""

from __future__ import annotations

import time

import pytest

from broadsheet.wire.parsers import fragment
from broadsheet.wire.parsers.shortcodes import attributes, convert


class Library:
    """A media library of three pictures and a song."""

    def figure(self, number: int, caption: str = "") -> str:
        return f'<figure><img src="https://paper.example/{number}.jpg" alt=""></figure>'

    def gallery(self) -> list[int]:
        return [7, 8, 9]

    def address(self, number: int) -> str:
        return "https://paper.example/song.mp3" if number == 4 else ""

    def caption(self, number: int) -> str:
        return "From the library" if number == 7 else ""


def shown(text: str) -> list[tuple[str, str]]:
    blocks = fragment.read(convert(text, Library()).html).blocks
    return [(block.kind, block.html) for block in blocks]


def embeds(text: str) -> list[str]:
    return [html for kind, html in shown(text) if kind == "embed"]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (' ids="1,2"', {"ids": "1,2"}),
        (" ids='1, 2' columns=3 size=full", {"ids": "1, 2", "columns": "3", "size": "full"}),
        (' caption="She said \'no\'" Width="300"', {"caption": "She said 'no'", "width": "300"}),
        (" url=&quot;https://a.example&quot;", {"url": "https://a.example"}),
        (' caption="&quot;Never&quot;, he said"', {"caption": "&quot;Never&quot;, he said"}),
        (" id=“12”", {"id": "12"}),
        (" https://a.example 300", {"0": "https://a.example", "1": "300"}),
        ("=https://a.example", {"0": "https://a.example"}),
        ("", {}),
    ],
)
def test_attributes_are_read_however_they_are_quoted(given: str, read: dict[str, str]) -> None:
    assert attributes(given) == read


@pytest.mark.parametrize(
    "text",
    [
        '[caption id="attachment_3" width="300"]<img src="https://p.example/a.jpg" /> The hall'
        "[/caption]",
        '[caption id="attachment_3" align="left" width="300" caption="The hall"]'
        '<a href="https://p.example/full.jpg"><img src="https://p.example/a.jpg" /></a>[/caption]',
        '[wp_caption]<a href="/x"><img src="https://p.example/a.jpg"></a> The hall[/wp_caption]',
    ],
)
def test_a_caption_goes_with_its_picture(text: str) -> None:
    read = fragment.read(convert(text, Library()).html)
    (photo,) = read.photos
    assert (photo.url, photo.caption) == ("https://p.example/a.jpg", "The hall")
    assert [block.kind for block in read.blocks] == ["photo"]


def test_a_picture_without_words_has_those_of_the_library() -> None:
    text = '[caption id="attachment_7"]<img src="https://p.example/a.jpg" />[/caption]'
    assert fragment.read(convert(text, Library()).html).photos[0].caption == "From the library"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('[gallery ids="3,1,2"]', [3, 1, 2]),
        ("[gallery]", [7, 8, 9]),
        ('[gallery exclude="8" link="file" /]', [7, 9]),
        ('[gallery include="5"]', [5]),
        ("<p>[gallery columns=2]</p>", [7, 8, 9]),
    ],
)
def test_a_gallery_becomes_its_pictures(text: str, ids: list[int]) -> None:
    assert [html for _, html in shown(text)] == [f"https://paper.example/{i}.jpg" for i in ids]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("[embed]https://youtu.be/abc[/embed]", "https://youtu.be/abc"),
        ('[embed width="300"]https://youtu.be/abc[/embed]', "https://youtu.be/abc"),
        ("[youtube https://www.youtube.com/watch?v=abc&w=300]",
         "https://www.youtube.com/watch?v=abc"),
        ("[youtube=http://www.youtube.com/watch?v=abc]", "https://www.youtube.com/watch?v=abc"),
        ("[youtube]abc123[/youtube]", "https://www.youtube.com/watch?v=abc123"),
        ('[youtube id="abc123"]', "https://www.youtube.com/watch?v=abc123"),
        ("[vimeo 141358]", "https://vimeo.com/141358"),
        ('[vimeo id="141358" w=500]', "https://vimeo.com/141358"),
        ("[tweet 12345]", "https://twitter.com/i/status/12345"),
        ("[tweet https://twitter.com/a/status/1]", "https://twitter.com/a/status/1"),
        ('[soundcloud url="https://api.soundcloud.com/tracks/1" params=""]',
         "https://api.soundcloud.com/tracks/1"),
        ("[googlemaps https://maps.google.com/maps?q=town&amp;z=3]",
         "https://maps.google.com/maps?q=town&z=3"),
        ('[audio mp3="https://p.example/a.mp3"][/audio]', "https://p.example/a.mp3"),
        ("[audio https://p.example/a.mp3]", "https://p.example/a.mp3"),
        ('[video width="640" mp4="https://p.example/a.mp4"][/video]', "https://p.example/a.mp4"),
        ('[playlist ids="4"]', "https://paper.example/song.mp3"),
        ("[gist https://gist.github.com/a/1]", "https://gist.github.com/a/1"),
    ],
)  # fmt: skip
def test_what_plays_becomes_an_embed(text: str, url: str) -> None:
    assert embeds(f"Before {text} after") == [url]
    assert [html for kind, html in shown(f"Before {text} after") if kind == "paragraph"] == [
        "Before", "after"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["It was [sic] so.", "He [the mayor] left.", "[Video] A film", "[editor’s note: no]",
     "a[0] = b", "[1] [2]", "Call [] it", "[UPDATE 3:00 pm] New words", "See [gallery"],
)  # fmt: skip
def test_words_in_brackets_are_words(text: str) -> None:
    converted = convert(text, Library())
    assert (converted.html, sum(converted.kept.values())) == (text, 0)


def test_an_unknown_one_stays_as_it_stands_and_is_counted() -> None:
    text = '[stern_box title="More"]Read on.[/stern_box] and [stern_box] and [my-thing x=1 /]'
    converted = convert(text, Library())
    assert converted.html == text
    assert converted.kept == {"stern_box": 2, "my-thing": 1}


def test_what_shows_no_words_is_taken_out_and_counted() -> None:
    converted = convert('A form: [contact-form-7 id="1" title="Write to us"] End', Library())
    assert converted.html == "A form:  End"
    assert converted.removed == {"contact-form-7": 1}


def test_layout_leaves_its_words_and_what_stands_within() -> None:
    text = (
        '[vc_row][vc_column width="1/2"][vc_column_text]<p>Left.</p>[/vc_column_text][/vc_column]'
        '[vc_column width="1/2"][youtube id="abc"][/vc_column][/vc_row]'
    )
    assert shown(text) == [
        ("paragraph", "Left."), ("embed", "https://www.youtube.com/watch?v=abc")
    ]  # fmt: skip
    assert shown('[quote author="Ann"]Never.[/quote]') == [
        ("quotation", "Never."), ("quotation", "<em>Ann</em>")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Write [[gallery]] there", "Write [gallery] there"),
        ('[[gallery ids="1"]]', '[gallery ids="1"]'),
        ("[[caption]words[/caption]]", "[caption]words[/caption]"),
    ],
)
def test_an_escaped_one_is_text(text: str, html: str) -> None:
    assert convert(text, Library()).html == html


def test_code_keeps_its_tags() -> None:
    text = '[sourcecode language="html"]<b>bold</b> [gallery][/sourcecode]'
    assert shown(text) == [("paragraph", "&lt;b&gt;bold&lt;/b&gt; [gallery]")]


@pytest.mark.parametrize(
    "text",
    [
        "[a " * 100_000,
        '[a b="' * 60_000,
        "[caption]" * 60_000,
        "[x]" * 30_000 + "[/x]" * 30_000,
        '[a "' + 'b" "' * 100_000,
        "[a &nbsp;" * 50_000,
        "[" * 300_000,
        "[gallery ids=" + "1," * 200_000 + "]",
    ],
)
def test_hostile_brackets_take_no_time(text: str) -> None:
    start = time.perf_counter()
    convert(text, Library())
    assert time.perf_counter() - start < 5


def test_an_address_in_brackets_is_no_shortcode() -> None:
    text = "<p>See [https://paper.example/a the list] and [http://paper.example].</p>"
    converted = convert(text, Library())
    assert converted.html == text
    assert not converted.kept
