"""The body of NITF as blocks: every word once, in order, as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.nitf_body import NitfBody, blocks_of

LISTINGS = Path(__file__).resolve().parents[3] / "shared/fixtures/newsml-g2/examples"


def read(markup: str) -> NitfBody:
    return blocks_of(etree.fromstring(markup))


def content(inner: str) -> list[tuple[str, str]]:
    body = read(f"<body.content>{inner}</body.content>")
    return [(block.kind, block.html) for block in body.blocks]


HEAD = """<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head>
<hedline><hl1>Harbour <em>bridge</em>
  closes</hl1><hl2>Ferries to run all night</hl2></hedline>
<byline>By ANN LEE<byttl>Transport Writer</byttl></byline>
<distributor><org>Coastal News Agency</org></distributor>
<dateline><location><city>PORT ELM</city></location> <story.date norm="20240105T0910Z"
>20240105T0910Z</story.date></dateline>
<note noteclass="editorsnote"><body.content><p>Adds ferry times.</p></body.content></note>
<note noteclass="cpyrt"><body.content><p>(c) 2024 CNA</p></body.content></note>
<abstract><p>The bridge is shut.</p></abstract></body.head>
<body.content><p>PORT ELM (CNA) - The bridge was closed on Friday.</p></body.content>
<body.end><tagline>Ann Lee reported from Port Elm.</tagline>
<tagline type="npa">Desk: call 555</tagline></body.end></body></nitf>"""


@pytest.mark.parametrize(
    ("listing", "lead"),
    [
        ("22_Sports_story_in_NewsML-G2NITF", ""),
        (
            "25_An_NITF_marked-up_article_conveyed_in_inlineXML",
            "A pair of teams coming off big weekend sweeps",
        ),
    ],
)
def test_nitf_in_the_listings_of_newsml_g2(listing: str, lead: str) -> None:
    path = LISTINGS / f"LISTING_{listing}.xml"
    if not path.exists():
        pytest.skip("The IPTC's examples of NewsML-G2 are not beside this checkout.")
    (story,) = etree.parse(path).getroot().iter("{*}nitf")
    body = blocks_of(story)
    (content,) = story.iter("{*}body.content")
    sent = [" ".join("".join(p.itertext()).split()) for p in content.iter("{*}p")]
    assert [to_text(block.html) for block in body.blocks] == sent
    assert body.headline.startswith("Arizona Diamondbacks (29-23) at Philadelphia Phillies")
    assert (body.byline, body.authors) == ("Sports Network", ())
    # Of listing 22, the first paragraph says the same.
    assert body.lead.startswith(lead)
    assert bool(body.lead) == bool(lead)


def test_a_head_is_read_whole() -> None:
    body = read(HEAD)
    assert body.headline == "Harbour bridge closes"
    assert body.subheadlines == ("Ferries to run all night",)
    assert body.lead == "Ferries to run all night The bridge is shut."
    assert body.byline == "By ANN LEE, Transport Writer"
    assert body.authors == ("ANN LEE",)
    assert (body.dateline, body.story_date) == ("PORT ELM", "20240105T0910Z")
    assert body.places == ("PORT ELM",)
    assert body.distributor == "Coastal News Agency"
    assert body.ed_note == "Adds ferry times.\nDesk: call 555"
    assert body.rights == "(c) 2024 CNA"
    assert [block.html for block in body.blocks] == [
        "PORT ELM (CNA) - The bridge was closed on Friday.",
        "Ann Lee reported from Port Elm.",
    ]


@pytest.mark.parametrize(
    ("inner", "blocks"),
    [
        (
            "<p>On <chron>Friday</chron> <person>Bo <b>Ek</b></person> of <org>CNA</org> paid "
            '<money>$5</money> &amp; <a href="https://cna.example/">left</a>.</p>',
            [
                (
                    "paragraph",
                    "On Friday Bo <strong>Ek</strong> of CNA paid $5 &amp; "
                    '<a href="https://cna.example/">left</a>.',
                )
            ],
        ),
        ("<p>He <q>agreed</q> and “<q>left</q>”.</p>",
         [("paragraph", "He “agreed” and “left”.")]),
        (
            "<hl2>Tides</hl2><p>before<block><p>inner</p>loose</block>after</p>",
            [
                ("heading", "Tides"),
                ("paragraph", "before"),
                ("paragraph", "inner"),
                ("paragraph", "loose"),
                ("paragraph", "after"),
            ],
        ),
        (
            "<bq><block><p>We sail.</p></block><credit>The captain</credit></bq>",
            [("quotation", "We sail."), ("quotation", "The captain")],
        ),
        (
            "<ul><li>One<ul><li>Half</li></ul></li></ul><ol><li><p>Two</p></li></ol>",
            [
                ("list", "<ul><li>One <ul><li>Half</li></ul></li></ul>"),
                ("numbered list", "<ol><li>Two</li></ol>"),
            ],
        ),
        (
            '<table><tr><th colspan="2">Tide</th></tr><tr><td>05:10</td><td>2 m</td></tr></table>',
            [
                (
                    "table",
                    '<table><tbody><tr><th colspan="2">Tide</th></tr>'
                    "<tr><td>05:10</td><td>2 m</td></tr></tbody></table>",
                )
            ],
        ),
        ("<pre>Elm   1\nOak   2</pre>", [("paragraph", "Elm 1"), ("paragraph", "Oak 2")]),
        (
            "<made.up>Kept <also>this</also></made.up>\n\nLoose,\nbut whole",
            [("paragraph", "Kept this"), ("paragraph", "Loose, but whole")],
        ),
        ("<p>First.<br/>Second.</p>", [("paragraph", "First."), ("paragraph", "Second.")]),
        (
            "<p>More extreme weather is forecast over the next days and the <br/>fire is likely "
            "to get worse, the brigade said on Friday evening. <br/>It has 80 planes.</p>",
            [
                (
                    "paragraph",
                    "More extreme weather is forecast over the next days and the fire is likely "
                    "to get worse, the brigade said on Friday evening. It has 80 planes.",
                )
            ],
        ),
        ("<p>東<ruby><rb>京</rb><rt>きょう</rt></ruby></p>", [("paragraph", "東京（きょう）")]),
        ("<p/><p> \n</p><hr/>", []),
        (
            "<![CDATA[<p>Sent as &quot;text&quot;</p><p>twice</p>]]>",
            [("paragraph", 'Sent as "text"'), ("paragraph", "twice")],
        ),
        ("<p>run<script>evil()</script></p>", [("paragraph", "run")]),
    ],
)  # fmt: skip
def test_an_element_becomes_blocks(inner: str, blocks: list[tuple[str, str]]) -> None:
    assert content(inner) == blocks


def test_the_largest_rendition_of_a_picture_is_taken_once() -> None:
    body = read(
        '<body.content><p>Before.</p><media media-type="image">'
        '<media-reference mime-type="image/jpeg" source="small.jpg" width="100" height="50"/>'
        '<media-reference mime-type="image/jpeg" source="large.jpg" width="4000" height="2000" '
        'alternate-text="A bridge"/><media-caption><p>The bridge on Friday.</p></media-caption>'
        "<media-producer>Bo Ek/CNA</media-producer></media><p>After.</p></body.content>"
    )
    (photo,) = body.photos
    assert (photo.url, photo.media_type) == ("large.jpg", "image/jpeg")
    assert (photo.caption, photo.credit) == ("The bridge on Friday.", "Bo Ek/CNA")
    assert photo.alt_text == "A bridge"
    assert [block.html for block in body.blocks] == ["Before.", photo.key, "After."]


def test_each_size_of_a_picture_sent_as_a_picture_of_its_own() -> None:
    def media(name: str, width: int) -> str:
        return (
            '<media media-type="image"><media-metadata name="media-id" value="7"/>'
            f'<media-reference source="{name}" width="{width}" height="10" mime-type="image/jpeg"/>'
            "<media-caption><p>Die Brücke. Foto: Bo Ek</p></media-caption><media-producer>"
            "<person>Bo Ek</person></media-producer></media>"
        )

    body = read(
        f"<body><body.head><headline><hl1>Brücke zu</hl1><hl2 class='ShortHeadLine'>Elm</hl2>"
        "</headline><rights.owner>CNA</rights.owner></body.head><body.content>"
        f"{media('s.jpg', 10)}{media('l.jpg', 90)}{media('m.jpg', 50)}</body.content></body>"
    )
    (photo,) = body.photos
    assert (photo.url, photo.caption, photo.credit) == ("l.jpg", "Die Brücke.", "Bo Ek")
    assert [block.html for block in body.blocks] == [photo.key]
    assert (body.headline, body.kicker, body.lead) == ("Brücke zu", "Elm", "")
    assert (body.rights, body.ed_note) == ("CNA", "")


def test_a_film_is_no_picture_in_the_text() -> None:
    body = read(
        '<body.content><media media-type="video"><media-reference mime-type="video/mp4" '
        'source="https://cna.example/v.mp4"/><media-caption>Film</media-caption></media>'
        "</body.content>"
    )
    assert body.blocks == ()
    assert [(p.media_type, p.caption) for p in body.photos] == [("video/mp4", "Film")]


def test_what_is_said_already_is_no_lead() -> None:
    first = "The bridge over the Elm was closed for the winter on Friday."
    for abstract in (first, "Bridge closed", first.upper()):
        body = read(
            f"<body><body.head><hedline><hl1>Bridge closed</hl1></hedline><abstract><p>{abstract}"
            f"</p></abstract></body.head><body.content><p>ELM (CNA) - {first}</p></body.content>"
            "</body>"
        )
        assert body.lead == ""


def test_an_abstract_alone_is_the_body() -> None:
    body = read("<body><body.head><abstract><p>All there is.</p></abstract></body.head></body>")
    assert ([b.html for b in body.blocks], body.lead) == (["All there is."], "")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee and Bo Ek, Staff Writers", ("Ann Lee", "Bo Ek")),
        ("By ANN LEE, Associated Press", ("ANN LEE",)),
        ("Von Jörg Übel und Ann Lee", ("Jörg Übel", "Ann Lee")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Geir Moe / Faktisk.no", ("Geir Moe",)),
        ("gr/bp", ()),
        ("Reuters", ()),
        ("", ()),
    ],
)
def test_only_persons_are_authors(byline: str, names: tuple[str, ...]) -> None:
    assert names_in(byline) == names
