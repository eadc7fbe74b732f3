"""The parts of NewsML-G2 items, one by one, and what is no such item."""

from __future__ import annotations

import base64
import contextlib
import random
from pathlib import Path

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireLink
from broadsheet.wire.parsers import newsml_g2
from broadsheet.wire.parsers.g2_layout import paragraphs_in
from wire.test_newsml_g2 import SENT, at, item_with, read_all


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ('<pubStatus qcode="stat:canceled"/>', "stat:canceled"),
        ('<pubStatus qcode="stat:withheld"/>', "stat:withheld"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "stat:canceled"),
        ('<pubStatus literal="canceled"/>', "canceled"),
        ('<pubStatus qcode="stat: canceled "/>', "stat:canceled"),
        ('<pubStatus qcode="acmestat:killed"/>', "acmestat:killed"),
        ("", ""),
    ],
)
def test_the_status_is_kept_as_it_stands(status: str, kept: str) -> None:
    item = item_with(meta=status)
    assert item.pub_status == kept
    assert any("status" in oddity for oddity in item.oddities) == kept.endswith("killed")


def test_an_embargo_without_end_holds_the_copy() -> None:
    assert "embargo" in item_with(meta="<embargoed/>").hold
    assert "until the end" in item_with(meta="<embargoed>until the end of it</embargoed>").hold
    free = item_with()
    assert free.hold == ""
    assert free.embargoed is None


def test_a_time_without_zone_has_that_of_the_other_times() -> None:
    item = item_with(
        meta="<versionCreated>2026-03-04T10:00:00</versionCreated>"
        "<firstCreated>2026-03-04T09:00:00+05:30</firstCreated>"
        "<embargoed>2026-03-04T12:00:00</embargoed>"
    )
    assert item.updated == at(2026, 3, 4, 4, 30)
    assert item.embargoed == at(2026, 3, 4, 6, 30)
    assert item.published == at(2026, 3, 4, 3, 30)
    assert sum("no time zone" in oddity for oddity in item.oddities) == 1
    odd = item_with(meta="<versionCreated>soon</versionCreated>")
    assert odd.updated is None
    assert any("“soon”" in oddity for oddity in odd.oddities)


@pytest.mark.parametrize(
    ("rel", "expected"),
    [
        ("irel:previousVersion", "replaces"),
        ("irel:prevVersion", "replaces"),
        ("http://cv.iptc.org/newscodes/itemrelation/translatedFrom", "translates"),
        ("irel:derivedFrom", "derived"),
        ("irel:seeAlso", "related"),
        ("acme:corrects", "corrects"),
        ("", "related"),
    ],
)
def test_links_by_their_relation(rel: str, expected: str) -> None:
    item = item_with(
        meta=f'<link rel="{rel}" residref="urn:a:0"><title>Earlier</title></link>'
        '<link rel="irel:previousVersion" residref="urn:a:1" version="0"/>'
    )
    assert item.links == (WireLink(expected, "urn:a:0", "Earlier"),)  # type: ignore[arg-type]


def test_parties_are_told_apart() -> None:
    item = item_with(
        meta="",
        content='<creator qcode="staff:1"><name>Ann Lee</name></creator>'
        "<creator><name>lee.ann</name></creator><creator><name>cig</name></creator>"
        '<creator type="cpnat:organisation"><name>Bo Ek</name></creator>'
        '<creator qcode="web:x.example"><name>The Sports Network</name></creator>'
        '<infoSource literal="Local Radio" role="isrol:orig"/><infoSource uri="http://www.q.example"/>',
    )
    assert item.authors == ("Ann Lee",)
    assert item.info_sources == ("Local Radio", "q.example", "Bo Ek", "The Sports Network")


IN_BASE64 = base64.b64encode(b"One line here.\n\nTwo lines here.").decode()


@pytest.mark.parametrize(
    "content",
    [
        f"<inlineData contenttype='text/plain' encoding='base64'>{IN_BASE64}</inlineData>",
        "<inlineData contenttype='text/html'><![CDATA[<p>One.</p><p>Two.</p>]]></inlineData>",
        "<inlineXML>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineXML>",
        "<inlineXML><p>One.</p><p>Two.</p></inlineXML>",
        "<inlineXML><x:html xmlns:x='http://www.w3.org/1999/xhtml'><x:body><x:p>One.</x:p>"
        "<x:p>Two.</x:p></x:body></x:html></inlineXML>",
        "<inlineXML><body><body.head/><body.content><p>One.</p><p>Two.</p></body.content></body>"
        "</inlineXML>",
        "<inlineXML><nitf><body><body.head><hedline><hl1>The clock stays fast</hl1></hedline>"
        "</body.head><body.content><p>One.</p><p>Two.</p></body.content></body></nitf></inlineXML>",
        "<inlineData>One.\n\nTwo.</inlineData>",
    ],
)
def test_every_way_to_carry_a_text(content: str) -> None:
    (item,) = read_all(
        "<newsItem guid='g'><itemMeta/><contentMeta><headline>The clock stays fast</headline>"
        f"</contentMeta><contentSet>{content}</contentSet></newsItem>".encode()
    )
    assert plain_paragraphs(item)[0].startswith("One")
    assert plain_paragraphs(item)[-1].startswith("Two")
    assert item.headline == "The clock stays fast"


def test_two_renditions_of_a_text_are_one_text() -> None:
    words = " ".join(f"Sentence number {number} of the story." for number in range(20))
    (item,) = read_all(
        "<newsItem guid='g'><contentMeta><headline>H</headline></contentMeta><contentSet>"
        f"<inlineData contenttype='text/plain'>{words}</inlineData>"
        f"<inlineXML><html><body><p>{words}</p></body></html></inlineXML></contentSet></newsItem>".encode()
    )
    assert plain_paragraphs(item) == [words]


def test_files_that_lie_beside_are_brought_along() -> None:
    content = (
        b"<newsItem guid='p'><itemMeta><itemClass qcode='ninat:picture'/></itemMeta><contentMeta>"
        b"<headline>A dog</headline><creator><name>Ann Lee</name></creator>"
        b"<description role='drol:caption'>A dog runs.</description></contentMeta><contentSet>"
        b"<remoteContent rendition='rnd:web' href='./small.jpg' width='10' height='10'/>"
        b"<remoteContent rendition='rnd:highRes' href='file:///./dog 1.jpg'"
        b" contenttype='image/jpeg'/>"
        b"</contentSet></newsItem>"
    )
    beside = {"dog 1.jpg": b"\xff\xd8\xff"}.get
    (item,) = parsers.items(Incoming(content, "p.xml", beside=beside))
    (photo,) = item.photos
    assert photo.content == b"\xff\xd8\xff"
    assert (photo.url, photo.file_name) == ("dog 1.jpg", "dog 1.jpg")
    assert (photo.caption, photo.credit) == ("A dog runs.", "Ann Lee")
    assert item.body == ()


def test_what_is_missing_is_made_up_for_and_said() -> None:
    (item,) = read_all(
        b"<newsItem><contentSet><inlineXML><p>The mayor came late. He said so.</p></inlineXML>"
        b"</contentSet></newsItem>"
    )
    assert item.guid.startswith("sha256:")
    assert item.headline == "The mayor came late. He said so."
    assert [oddity.split(";")[0] for oddity in item.oddities] == [
        "The item has no guid",
        "The item has no headline",
    ]
    (empty,) = read_all(b"<newsItem guid='g'><itemMeta/></newsItem>")
    assert empty.headline == "g"
    assert empty.hold


def test_a_wrong_class_is_found_out() -> None:
    (item,) = read_all(
        b"<newsItem guid='g'><itemMeta><itemClass qcode='ninat:picture'/></itemMeta>"
        b"<contentSet><inlineXML><p>Words.</p></inlineXML></contentSet></newsItem>"
    )
    assert item.kind == "text"
    assert any("calls itself a picture" in oddity for oddity in item.oddities)
    (item,) = read_all(
        b"<newsItem guid='g'><itemMeta><itemClass qcode='acme:99'/></itemMeta>"
        b"<contentSet><remoteContent contenttype='image/png' href='http://a.example/1.png'/>"
        b"</contentSet></newsItem>"
    )
    assert item.kind == "picture"


def test_codes_for_machines_are_left_out() -> None:
    item = item_with(body="<p>One.</p>51 77 03 CRO01 1113 APE4800 GEST03 QBXBSXB")
    assert plain_paragraphs(item) == ["One."]
    assert any("QBXBSXB" in oddity for oddity in item.oddities)
    kept = item_with(body="<p>One.</p><p>NATO EU UN WHO IMF OPEC</p>")
    assert plain_paragraphs(kept)[1] == "NATO EU UN WHO IMF OPEC"
    assert item_with(content="<dateline>2018-01-03 20:13:08 GMT+00:00</dateline>").dateline == ""


def test_a_pointer_to_a_place_is_followed() -> None:
    (item,) = read_all(
        b"<newsItem guid='g'><itemMeta><itemClass qcode='ninat:picture'/></itemMeta><contentMeta>"
        b"<located literal='poi1'/><located><name>BERLIN</name></located></contentMeta>"
        b"<assert literal='poi1'><POIDetails><address><locality><name>Berlin</name></locality>"
        b"</address></POIDetails></assert></newsItem>"
    )
    assert item.places == ("Berlin",)


def test_lines_set_in_columns_stay_lines() -> None:
    table = "Results\nAdan    2 Kasim  0\nBesik   5 Konya  1\nGench   1 Osman  1\nend of it"
    assert paragraphs_in(table) == [
        "Results", "Adan    2 Kasim  0", "Besik   5 Konya  1", "Gench   1 Osman  1", "end of it"
    ]  # fmt: skip
    pretty = "The first\n            and the second\n            and the third."
    assert paragraphs_in(pretty) == ["The first and the second and the third."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet/></newsMessage>",
            "no item",
        ),
        (b"<newsItem", "cannot be read"),
        (b"<newsItem>" + b"<a/>" * 700_000 + b"</newsItem>", "more elements"),
    ],
)
def test_what_is_no_item_is_refused(content: bytes, said: str) -> None:
    incoming = Incoming(content, "x.xml")
    assert newsml_g2.recognises(incoming) or content == b"<newsItem"
    with pytest.raises(WireError, match=said):
        newsml_g2.parse(incoming)


def test_other_formats_are_left_to_others() -> None:
    for content in (
        b"<NewsML Version='1.2'><NewsItem/></NewsML>",
        b"<nitf><body/></nitf>",
        b"<html><body><p>Write &lt;newsItem&gt; here.</p></body></html>",
        b"<rss><channel/></rss>",
        b"The newsItem element\n\nis described here.",
    ):
        assert not newsml_g2.recognises(Incoming(content, "x"))


def test_entities_are_never_expanded_or_fetched() -> None:
    (item,) = read_all(
        b"<!DOCTYPE newsItem [<!ENTITY x SYSTEM 'file:///etc/hostname'><!ENTITY y 'boom'>]>"
        b"<newsItem guid='g'><contentMeta><headline>A&nbsp;&x;&y;</headline></contentMeta>"
        b"</newsItem>"
    )
    assert "boom" not in item.headline
    assert item.headline.startswith("A")


@pytest.mark.parametrize("path", SENT, ids=lambda path: path.stem)
def test_broken_bytes_are_read_or_refused(path: Path) -> None:
    whole, chance = path.read_bytes(), random.Random(7)  # noqa: S311 - the same bytes each time
    read_anyway = 0
    for _ in range(40):
        broken = bytearray(whole)
        if chance.random() < 0.5:
            del broken[chance.randrange(len(broken)) :]
        for _ in range(chance.randrange(40)):
            if broken:
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        incoming = Incoming(bytes(broken), path.name)
        with contextlib.suppress(WireError):
            if newsml_g2.recognises(incoming):
                read_anyway += len(parsers.parse(incoming))
    assert read_anyway
