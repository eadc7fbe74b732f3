"""The bodies of Ghost's posts, in every form that its editors have kept them."""

from __future__ import annotations

import json
from typing import Any

from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireItem
from broadsheet.wire.parsers import ghost_post, lexical, mobiledoc
from broadsheet.wire.parsers.ghost_tables import Tables


def body_of(**fields: Any) -> WireItem:
    row = {"id": "p1", "title": "The ferry stays", "status": "published", **fields}
    with Tables() as tables:
        return ghost_post.story("export.json", row, tables)


def text(words: str, style: int = 0) -> dict[str, Any]:
    return {"type": "extended-text", "text": words, "format": style, "version": 1}


LEXICAL = {
    "root": {
        "type": "root",
        "children": [
            {
                "type": "paragraph",
                "children": [
                    text("The "),
                    text("ferry", 1),
                    text(" & "),
                    {"type": "link", "url": "https://h.example/", "children": [text("port")]},
                ],
            },
            {"type": "extended-heading", "tag": "h3", "children": [text("Wind")]},
            {
                "type": "list",
                "listType": "number",
                "children": [{"type": "listitem", "children": [text("one")]}],
            },
            {"type": "extended-quote", "children": [text("It stays.")]},
            {"type": "image", "src": "__GHOST_URL__/content/images/a.jpg", "caption": "A (AFP)"},
            {"type": "gallery", "images": [{"src": "https://p.example/b.jpg", "alt": "B"}]},
            {"type": "embed", "url": "https://v.example/1", "html": "<iframe></iframe>"},
            {
                "type": "bookmark",
                "url": "https://k.example/",
                "metadata": {"title": "K", "description": "About K", "icon": "https://i.example/"},
            },
            {"type": "callout", "calloutText": "<p>Take care.</p>", "calloutEmoji": "⚓"},
            {"type": "toggle", "heading": "More", "content": "<p>Inside.</p>"},
            {"type": "codeblock", "code": "a < b"},
            {"type": "html", "html": "<table><tr><td>1<td>2</tr><tr><td>3<td>4</tr></table>"},
            {"type": "markdown", "markdown": "So *be* it."},
            {"type": "button", "buttonText": "Go", "buttonUrl": "https://g.example/"},
            {"type": "audio", "src": "https://p.example/s.mp3", "title": "Sound", "duration": 9},
            {"type": "file", "src": "https://p.example/f.pdf", "fileTitle": "Plan"},
            {"type": "header", "header": "Big", "subheader": "small"},
            {"type": "product", "productTitle": "Rope", "productDescription": "<p>Strong.</p>"},
            {"type": "signup", "header": "Join", "subheader": "us"},
            {"type": "horizontalrule"},
            {"type": "unheard-of", "words": "Kept all the same", "color": "red"},
        ],
    }
}


def test_lexical_with_every_card() -> None:
    item = body_of(lexical=json.dumps(LEXICAL))
    told = plain_paragraphs(item)
    assert item.body[0].html == (
        'The <strong>ferry</strong> &amp; <a href="https://h.example/">port</a>'
    )
    kinds = [block.kind for block in item.body]
    assert kinds[:4] == ["paragraph", "heading", "numbered list", "quotation"]
    assert [photo.url for photo in item.photos] == [
        "content/images/a.jpg",
        "https://p.example/b.jpg",
    ]
    assert (item.photos[0].caption, item.photos[0].credit) == ("A", "AFP")
    embeds = [block.html for block in item.body if block.kind == "embed"]
    assert embeds == ["https://v.example/1", "https://p.example/s.mp3"]
    assert "table" in kinds
    for words in (
        "K", "About K", "⚓ Take care.", "More", "Inside.", "a < b", "So be it.", "Go", "Sound",
        "Plan", "Big", "small", "Rope", "Strong.", "Join", "us", "Kept all the same",
    ):  # fmt: skip
        assert told.count(words) == 1, words
    assert "red" not in " ".join(told)
    assert "The card “unheard-of” is not known; its words were kept." in item.oddities


MOBILEDOC = {
    "version": "0.3.1",
    "atoms": [["soft-return", "", {}]],
    "cards": [
        ["markdown", {"markdown": "## Wind\n\nIt *blows*."}],
        ["image", {"src": "https://p.example/a.jpg", "caption": "A"}],
        ["hr", {}],
    ],
    "markups": [["strong"], ["a", ["href", "https://h.example/"]]],
    "sections": [
        [1, "p", [[0, [], 0, "The "], [0, [0], 1, "ferry"], [1, [], 0, 0], [0, [1], 1, "port"]]],
        [10, 0],
        [3, "ul", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]],
        [10, 1],
        [10, 2],
        [10, 99],
        [1, "aside", [[0, [], 0, "It stays."]]],
    ],
}


def test_mobiledoc() -> None:
    item = body_of(mobiledoc=json.dumps(MOBILEDOC))
    assert [(block.kind, block.html) for block in item.body] == [
        ("paragraph", 'The <strong>ferry</strong> <a href="https://h.example/">port</a>'),
        ("heading", "Wind"),
        ("paragraph", "It <em>blows</em>."),
        ("list", "<ul><li>one</li><li>two</li></ul>"),
        ("photo", "https://p.example/a.jpg"),
        ("quotation", "It stays."),
    ]


def test_mobiledoc_0_2() -> None:
    old = {"version": "0.2.0", "sections": [[["b"]], [[1, "p", [[[0], 1, "Old"], [[], 0, " w"]]]]]}
    assert mobiledoc.to_html(old, []) == "<p><b>Old</b> w</p>"


def test_html_of_cards_keeps_words_and_no_buttons() -> None:
    markup = (
        "<!--kg-card-begin: html--><p>Before</p><!--kg-card-end: html-->"
        '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" '
        'href="https://k.example/"><div class="kg-bookmark-content"><div class="kg-bookmark-title">'
        'K</div><div class="kg-bookmark-description">About K</div>'
        '<div class="kg-bookmark-metadata">'
        '<img class="kg-bookmark-icon" src="https://k.example/i"><span>Site</span></div></div>'
        '<div class="kg-bookmark-thumbnail"><img src="https://k.example/t.jpg"></div></a></figure>'
        '<div class="kg-card kg-audio-card"><img class="kg-audio-thumbnail" src="a.png">'
        '<div class="kg-audio-player-container"><audio src="https://p.example/s.mp3"></audio>'
        '<div class="kg-audio-title">Sound</div><div class="kg-audio-player">'
        '<span class="kg-audio-current-time">0:00</span></div></div></div><p>After</p>'
    )
    item = body_of(html=markup)
    assert plain_paragraphs(item) == [
        "Before", "K", "About K", "https://p.example/s.mp3", "Sound", "After",
    ]  # fmt: skip
    assert item.photos == ()
    assert any('<a href="https://k.example/">K</a>' in block.html for block in item.body)


def test_without_any_form_the_plain_text_is_taken() -> None:
    item = body_of(lexical="{broken", plaintext="One.\n\nTwo.")
    assert plain_paragraphs(item) == ["One.", "Two."]
    assert any("lexical could not be read" in oddity for oddity in item.oddities)


def test_trees_without_end_keep_their_words() -> None:
    node: dict[str, Any] = {"type": "extended-text", "text": "deep"}
    for _ in range(90):
        node = {"type": "quote", "children": [node]}
    lost: list[str] = []
    assert lexical.to_html({"root": node}, lost).count("blockquote") <= 2 * 61
