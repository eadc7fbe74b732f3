"""Whatever comes in is read or refused: never another error, never without end."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import fingerprint, from_fields, plain_paragraphs, to_fields
from broadsheet.wire.incoming import LARGEST_PAGE, Incoming
from broadsheet.wire.stream import stream_of

_SECONDS = 20
# As `split` sees them; what holds a space of its own follows.
_JUMBLE = """
    <html> <body> <p> </p> <figure> <figcaption> <img> <h1> </h1> <table><tr><td> <ul><li>
    <blockquote> <br> </script> "datePublished": {"@id":"a"} [[[[ null '> <!-- --> <![CDATA[ ]]>
    &#0; &#x110000; \ud7ff \u200c \U00010600 <svg> <iframe> <noscript> <?xml (AFP) 207166
"""
_PIECES = st.sampled_from(
    [
        *_JUMBLE.split(),
        "<div class=caption>",
        "<a href='//[x'>",
        "<base href='javascript:",
        "<link rel=canonical href='http://[::1'>",
        "<meta property='og:title' content='",
        "<time datetime='",
        "<!DOCTYPE html>",
        '<script type="application/ld+json">',
        '{"@type":"NewsArticle","author":',
        "News ID: ",
        "Published: ",
        "0658 GMT December 30, 2017",
        "۹ دی ۱۳۹۶",
        "Photo: ",
        "9" * 40,
        "\n",
        "\n\n",
        "A long sentence about nothing in particular, which goes on until it is one indeed.",
    ]
)


def outcome(content: bytes) -> None:
    began = time.monotonic()
    items = []
    with suppress(WireError):
        items = parsers.items(Incoming(content, "page"))
        assert items
    for item in items:
        assert item.headline
        assert any(plain_paragraphs(item))
        assert stream_of(item.body)
        assert fingerprint(from_fields(to_fields(item))) == fingerprint(item)
    assert time.monotonic() - began < _SECONDS


@given(st.binary(max_size=4000))
@settings(max_examples=150, deadline=None)
def test_any_bytes(content: bytes) -> None:
    outcome(content)


@given(st.text(max_size=2000))
@settings(max_examples=100, deadline=None)
def test_any_text_under_a_news_id(text: str) -> None:
    outcome(f"News ID: 5\n\n{text}".encode("utf-8", "replace"))


@given(st.lists(_PIECES, max_size=60).map("".join))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_jumble_of_markup(text: str) -> None:
    outcome(f"<html>{text}".encode("utf-8", "replace"))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>" + b"<div>" * 200_000,
        b"<html><body><p>" + b"<b><i>" * 50_000 + b"text",
        b"<html><body>" + b"<table><tr><td>" * 20_000,
        b"<html><body>" + b"<p>word</p>" * 150_000,
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><html><body><p>&c;&c;&c;</p></body></html>',
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<html><body><h1>T</h1><p>&x;</p></body></html>",
        b"<html><head><title>" + b"a" * 3_000_000 + b"</title><body><p>x",
        b"<html><body><script type='application/ld+json'>" + b"[" * 100_000 + b"</script><p>x",
        b"<html><body><p>" + b"(" * 200_000,
        b"News ID: 1\n\nHeadline\n\n" + b"(" * 500_000,
        b"News ID: 1\n\nHeadline\nHeadline\n" + b"Photo: " * 100_000 + b"\n\ntext",
        b"News ID: 1\n\nHeadline\n\n" + b"1 2 3 4 5 6 7 8 9 " * 100_000,
        b"\xff\xfe" + b"\x00\xd8" * 5000,
        b"News ID: 1\n\nHeadline\nHeadline\n" + b"Photo: " * 2_000_000 + b"\n\ntext",
        b"<html><head><title>" + b"a - " * 4_000_000 + b"</title><body><p>x",
        b"<html><body><article><h1>T</h1><p>" + b"a (b " * 3_000_000,
        b"<html><body><article><h1>T</h1>" + b"<p>" + b"2017 12 " * 1_500_000,
        b"News ID: 1\n\nHeadline\n\nA text.\n\nnews" + b" " * 20_000 + b".",
        b"News ID: 1\n\nHeadline\n\nA text.\n\ncomments" + b" " * 40_000 + b".",
        b"date" + b" " * 40_000 + b".\n\nNews ID: 1\n\nHeadline\n\nA text.",
        b"<html><body><article><h1>T</h1><p>story" + b"&#160;" * 8_000 + b".</p><p>A text.</p>",
        b"<html><body><h1>T</h1>"
        + b"<div class='related share'>" * 200
        + b"<p>a word or two</p>" * 20_000,
        b"<html><head><title>" + b"a | " * 9_000 + b"</title><body>" + b"<h2>a</h2>" * 20_000,
        b"<html><body><article><h1>T</h1><p>A text of&#2 a page &#x1F;that is long enough.</p>" * 9,
    ],
    ids=range(24),
)
def test_bombs_go_out_quietly(content: bytes) -> None:
    outcome(content)


def test_nothing_is_read_from_the_machine_or_the_network() -> None:
    content = (
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        b"<html><body><article><h1>A headline</h1><p>The secret is &x; and a sentence that is long "
        b"enough to be taken for the paragraph of a story.</p></article></body></html>"
    )
    (item,) = parsers.items(Incoming(content, "page"))
    assert plain_paragraphs(item)[0].startswith("The secret is &x;")


def test_a_page_over_the_limit_is_refused() -> None:
    with pytest.raises(WireError, match="16 MB"):
        parsers.items(Incoming(b"a" * (LARGEST_PAGE + 1), "page"))


def test_scripts_do_not_survive() -> None:
    content = (
        "<html><body><article><h1>A &lt;script&gt;headline</h1><p>A paragraph with "
        "<a href='javascript:alert(1)' onclick='x()'>a link</a> and <b onmouseover=x>bold</b> "
        "words in it, long enough to be read as one.</p><script>alert(1)</script>"
        "</article></body></html>"
    )
    (item,) = parsers.items(Incoming(content.encode(), "page"))
    markup = "".join(block.html for block in item.body)
    assert "javascript" not in markup
    assert "onmouseover" not in markup
    assert "<strong>bold</strong>" in markup
