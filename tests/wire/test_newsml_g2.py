"""NewsML-G2 as agencies send it, and as the IPTC's guidelines show it."""

from __future__ import annotations

import base64
import contextlib
import random
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from broadsheet.wire.parsers import newsml_g2
from broadsheet.wire.parsers.g2_layout import paragraphs_in
from conftest import SHARED

DATA = Path(__file__).parents[1] / "data" / "wire" / "newsml-g2"
LISTINGS = SHARED / "fixtures" / "newsml-g2" / "examples"
SENT = sorted(DATA.glob("*.xml"))


def read_all(content: bytes, origin: str = "item.xml") -> Sequence[WireItem]:
    return parsers.items(Incoming(content, origin))


def read(name: str) -> WireItem:
    (item,) = read_all((DATA / name).read_bytes(), name)
    return item


def listing(name: str) -> list[WireItem]:
    if not LISTINGS.is_dir():
        pytest.skip("the listings of the NewsML-G2 guidelines are not at hand (../shared)")
    (path,) = LISTINGS.glob(f"{name}*.xml")
    return list(read_all(path.read_bytes(), path.name))


def item_with(
    *, meta: str = "", content: str = "", body: str = "<p>One.</p><p>Two.</p>", head: str = ""
) -> WireItem:
    """Return what is read of an item of the usual shape."""
    (item,) = read_all(
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a:1" version="1" {head}>'
        f'<itemMeta><itemClass qcode="ninat:text"/><provider literal="Acme"/>{meta}</itemMeta>'
        f"<contentMeta><headline>The clock stays fast</headline>{content}</contentMeta>"
        f"<contentSet><inlineXML><html><body>{body}</body></html></inlineXML></contentSet>"
        "</newsItem>".encode()
    )
    return item


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_a_text_set_in_lines_is_put_together_again() -> None:
    item = read("reuters-text.xml")
    assert item.format == "NewsML-G2"
    assert item.guid == "tag:reuters.com,0000:newsml_L5N9XX001"
    assert item.version == "1132000001"
    assert item.headline == "UPDATE 1-Ferry crews vote to strike over night shifts"
    assert item.slugline == "FERRY-STRIKE/ (UPDATE 1)"
    assert (item.published, item.updated) == (at(2026, 3, 4, 3, 47, 29), at(2026, 3, 4, 5, 12, 36))
    assert item.language == "en"
    assert item.agencies == ("Reuters",)
    assert item.authors == ("Nadja Orlow",)
    assert item.urgency == 3
    assert item.signals == ("edStat:U", "prodId:TXT")
    assert item.lead == ""
    assert item.subjects[0] == WireSubject("", "N2:COM", "N2")
    body = plain_paragraphs(item)
    assert body[4] == (
        "March 4 (Reuters) - Crews of nine ferries voted on Tuesday to stop work over night "
        "shifts that they say leave them no rest, the harbour union said."
    )
    assert len(body) == 8
    assert item.oddities == ()


def test_an_embargo_and_notes_are_kept_and_furniture_is_left_out() -> None:
    item = read("dpa-embargo.xml")
    (as_it_came,) = newsml_g2.parse(Incoming((DATA / "dpa-embargo.xml").read_bytes(), "x"))
    assert isinstance(as_it_came, WireItem)
    assert as_it_came.embargoed == at(2026, 1, 23, 18)
    assert item.pub_status == "stat:usable"
    assert item.headline == "Ausstellung zeigt die Geschichte des Deichs"
    assert item.byline == "Von Ina Wolters, dpa"
    assert item.authors == ("Ina Wolters",)
    assert item.agencies == ("dpa",)
    assert item.section == "Kultur"
    assert item.dateline == "Husum (dpa)"
    assert item.ed_note.splitlines()[0].startswith("Bitte beachten Sie die Sperrfrist")
    assert item.ed_note.count("Sperrfrist") == 1
    assert "dpa iwo yybb n1 hle" in item.ed_note
    assert plain_paragraphs(item) == [
        "Zum ersten Mal sind die alten Karten zu sehen.",
        "Husum (dpa) - Der Deich bei Husum hat ein eigenes Museum bekommen. «Er hat es verdient», "
        "sagte die Kuratorin.",
        "Karten aus vier Jahrhunderten",
        "Gezeigt werden 60 Blätter.",
        "https://www.youtube-nocookie.com/embed/rC0NFSVA7M0",
    ]
    assert item.lead == ""
    assert "Nutzung nur nach" in item.rights
    assert "Use only" not in item.rights
    assert WireSubject("Küstenschutz", "medtop:20000062", "medtop") in item.subjects
    assert WireSubject("Umwelt", "medtop:06000000", "medtop") in item.subjects
    assert item.topics == ("Küstenschutz", "Deich")
    assert item.places == ("Husum", "Schleswig-Holstein")
    (photo,) = item.photos
    assert photo.headline == "Deich bei Husum"
    assert photo.url.startswith("https://bilder.example/")
    assert as_it_came.oddities == ("A further headline: “Ausstellung”.",)


def test_html_in_inline_data_is_read() -> None:
    item = read("ansa-inline-data.xml")
    assert item.headline == "Bridge over the Aniene reopens & trams return"
    assert any("HTML" in oddity for oddity in item.oddities)
    assert item.lead == "Mayor thanks the night crews"
    assert item.published == at(2026, 2, 11, 9, 39)
    assert item.urgency is None
    assert item.language == "en"
    assert plain_paragraphs(item)[1:] == [
        '"It holds," the engineer in charge said.',
        "Tickets are free until Sunday.",
    ]
    (photo,) = item.photos
    assert photo.url == "tag:ansa.it,2026-02-11:200400bfd17a.jpg"


def test_times_without_a_zone_are_those_of_the_agency() -> None:
    item = read("stt-update.xml")
    assert item.published == at(2026, 4, 15, 8, 12, 24)
    assert any("Europe/Helsinki" in oddity for oddity in item.oddities)
    assert WireLink("replaces", "urn:newsml:stt.fi:20260415:102736999") in item.links
    assert item.signals == ("sig:update", "update:append-major-content")
    assert item.ed_note == "lopusta"
    assert item.authors == ("Aho Mari",)
    assert plain_paragraphs(item)[0].startswith("Saaristolautta Meriläinen kulkee")
    assert plain_paragraphs(item)[2] == '"Jää ei ole meille uutta", toimitusjohtaja sanoi.'
    assert item.photos[0].caption.startswith("Lautta lähti laiturista")
    assert item.photos[0].file_name == "1029359.jpg"


def test_a_suppliers_own_vocabulary_is_read() -> None:
    item = read("tt-own-vocabulary.xml")
    assert item.language == "sv"
    assert item.authors == ("Vera Holm",)
    assert [(block.kind, block.html[:20]) for block in item.body][3:6] == [
        ("heading", '"Tyst i hamnen"'),
        ("paragraph", "Grannarna oroar sig "),
        ("heading", "Fakta: Färjan"),
    ]
    assert plain_paragraphs(item)[-1] == "2) 180 passagerare."
    assert item.lead == ""
    (photo,) = item.photos
    assert (photo.caption, photo.credit) == ("Färjan vid kaj. Arkivfoto.", "Olle Matz/TT")


def test_headlines_go_by_their_roles() -> None:
    item = read("apa-correction.xml")
    assert item.headline == "Kurzfilm eröffnet das Festival in Linz"
    assert item.lead == "Zum ersten Mal seit zehn Jahren"
    assert plain_paragraphs(item)[-2] == (
        "Linz (APA/dpa) - Das Festival beginnt heuer mit einem Kurzfilm."
    )
    assert item.headline not in plain_paragraphs(item)
    assert item.agencies == ("APA",)
    assert item.info_sources == ("dpa",)
    assert item.authors == ()
    assert item.pub_status == "stat:usable"
    assert item.signals == ("http://cv.iptc.org/newscodes/signal/correction",)
    assert item.ed_note == "Schluss"
    assert (item.published, item.updated) == (at(2026, 4, 13, 17, 52), at(2026, 4, 16, 6, 57, 34))
    assert item.topics == ("Filmfestival",)


def test_pictures_of_a_package_become_photos_of_its_text() -> None:
    package, text, picture, taken_back = read_all((DATA / "message-with-pictures.xml").read_bytes())
    assert [item.kind for item in (package, text, picture)] == ["package", "text", "picture"]
    assert [link.guid[-4:] for link in package.links] == ["OVE0", "TXT1", "PIC1", "PIC2"]
    assert [link.rel for link in package.links][:2] == ["derived", "member"]
    (photo,) = text.photos
    assert photo == picture.photos[0]
    assert photo.url == "http://content.example/PIC1-BASE.jpg"
    assert photo.caption == "A lighthouse stands on a rock off the coast, May 1, 2026."
    assert photo.credit == "REUTERS/Carla Duran"
    assert photo.taken_on == date(2026, 5, 1)
    assert photo.rights == "No archival use"
    assert text.links == (WireLink("translates", "tag:reuters.com,2026:newsml_TXT0"),)
    assert text.authors == ("Ann Lee", "Bo Ek")
    assert any("PIC2 may not be used" in oddity for oddity in text.oddities)
    assert taken_back.pub_status == "stat:canceled"
    assert text.raw is not None
    assert b"TXT1" in text.raw
    assert b"PIC1" not in text.raw
    assert len({item.sha256 for item in (package, text, picture, taken_back)}) == 4


def test_an_embargoed_picture_stays_away_from_a_text_that_is_free() -> None:
    content = (DATA / "message-with-pictures.xml").read_bytes()
    later = b"</versionCreated><embargoed>2026-05-03T00:00:00Z</embargoed>"
    content = content.replace(b"</versionCreated>\n        <pubStatus", later + b"<pubStatus")
    head, tail = content.split(b'guid="tag:reuters.com,2026:newsml_PIC1"')
    content = head.replace(later, b"</versionCreated>") + b'guid="tag:reuters.com,2026:newsml_PIC1"'
    _, text, picture, _ = read_all(content + tail)
    assert picture.embargoed is not None
    assert text.embargoed is None
    assert text.photos == ()


@pytest.mark.parametrize("path", SENT, ids=lambda path: path.stem)
def test_namespaces_and_envelopes_change_nothing(path: Path) -> None:
    content = path.read_text("utf-8")
    expected = [as_told(item) for item in read_all(content.encode())]
    bare = re.sub(r'\sxmlns(?::\w+)?="[^"]*"', "", content)
    declaration, _, root = content.partition("?>")
    soap = (
        f"{declaration}?><soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'>"
        f"<soap:Body><getItemResponse>{root}</getItemResponse></soap:Body></soap:Envelope>"
    )
    for version in (
        bare,
        soap,
        content.replace(
            "http://iptc.org/std/nar/2006-10-01/", "http://iptc.org/std/NewsML-G2/2.9/"
        ),
    ):
        assert [as_told(item) for item in read_all(version.encode())] == expected
    declared = content.replace("utf-8", "UTF-8").replace("UTF-8", "utf-16", 1)
    assert [as_told(item) for item in read_all(declared.encode("utf-16"))] == expected
    # Declared as UTF-8 and written in an older encoding.
    wrong = read_all(content.encode("cp1252", "xmlcharrefreplace"))
    assert [item.headline for item in wrong] == [told[1] for told in expected]


def as_told(item: WireItem) -> tuple[object, ...]:
    """Return what an item tells, whatever bytes it came in."""
    return (
        item.guid, item.headline, plain_paragraphs(item), item.published, item.updated, item.photos,
        item.embargoed, item.pub_status, item.ed_note, item.authors, item.links, item.subjects,
    )  # fmt: skip


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
                read_anyway += len(newsml_g2.parse(incoming))
    assert read_anyway


STORIES = {
    "LISTING_1_": ('Fed to halt QE to avert "bubble"', "", at(2016, 10, 18, 18, 12, 21)),
    "LISTING_2_": (
        'Fed to halt QE to avert "bubble"',
        "(New York, NY",
        at(2016, 11, 21, 20, 21, 6),
    ),
    "LISTING_22_": (
        "Preview: Arizona Diamondbacks",
        "(Sports Network) - A",
        at(2016, 10, 19, 16, 15),
    ),
    "LISTING_25_": ("Arizona Diamondbacks (29-23)", "(Sports Network) - With", None),
    "LISTING_27_": ("Acme Widgets announces annual results", "", at(2016, 10, 19, 13, 15)),
    "Receiver": ('Fed to halt QE to avert "bubble"', "(New York, NY", at(2016, 11, 21, 20, 21, 6)),
}


@pytest.mark.parametrize("name", STORIES)
def test_listings_with_a_story(name: str) -> None:
    headline, opening, published = STORIES[name]
    (item,) = listing(name)
    assert item.kind == "text"
    assert item.headline.startswith(headline)
    assert item.published == published
    assert item.language == "en"
    assert not opening or plain_paragraphs(item)[0].startswith(opening)
    assert item.pub_status == ("" if name == "LISTING_25_" else "stat:usable")


def test_the_first_listing_in_full() -> None:
    (item,) = listing("LISTING_1_")
    assert item.guid == "urn:newsml:acmenews.com:20161018:US-FINANCE-FED"
    assert item.version == "11"
    assert item.agencies == ("Reuters",)
    assert item.authors == ("Meredith Jameson",)
    assert item.embargoed == at(2018, 10, 23, 12)
    assert item.updated == at(2018, 10, 21, 21, 25, 32)
    assert item.signals == ("sig:update",)
    assert item.slugline == "US-Finance-Fed"
    assert item.genre == "Interview"
    assert item.places == ("Berlin", "Germany")
    assert item.topics == ("economy, business and finance", "labour market")
    assert item.rights.endswith("Not for use outside the United States")
    assert "STRICTLY EMBARGOED" in item.ed_note


def test_the_listing_of_a_byline_and_a_text() -> None:
    (item,) = listing("LISTING_2_")
    assert item.agencies == ("Acme News and Media LLC",)
    assert item.authors == ("Meredith Jameson",)
    assert item.byline == "By Meredith Jameson, Staff Reporter"
    assert item.info_sources == ("Associated Press",)
    assert len(item.body) == 2
    (sports,) = listing("LISTING_22_")
    assert len(sports.body) == 6
    assert sports.slugline == "AAV!PREVIEW-ARI-PHI"


def test_listings_of_pictures_and_films() -> None:
    for name in ("LISTING_3_", "LISTING_3A", "LISTING_26_"):
        (item,) = listing(name)
        assert item.kind == "picture"
        (photo,) = item.photos
        assert photo.caption
        assert photo.credit
        assert photo.media_type == "image/jpeg"
    (item,) = listing("LISTING_3_")
    assert item.photos[0].file_name == "GYI0062134533.jpg"
    assert item.photos[0].taken_on == date(2010, 10, 20)
    for name in ("LISTING_4_", "LISTING_5_"):
        (item,) = listing(name)
        assert item.kind == "video"
        assert item.body


@pytest.mark.parametrize(
    ("name", "kind", "headline"),
    [
        ("LISTING_6_", "package", "UK"),
        ("LISTING_7_", "package", "Obama annonce son équipe"),
        ("LISTING_8_", "package", "Obama annonce son équipe"),
        ("LISTING_9_", "package", "Bank cuts interest rates to record low"),
        ("LISTING_10_", "knowledge", "Concept Item delivering a concept"),
        ("LISTING_11_", "knowledge", "Concept Item describing Mario Draghi"),
        ("LISTING_12_", "knowledge", "Easy access; Access is difficult"),
        ("LISTING_13_", "knowledge", "Application of Metadata Values"),
        ("LISTING_14_", "knowledge", "IPTC Autumn Meeting 2018"),
        ("LISTING_15_", "knowledge", "IPTC Autumn Meeting 2018; Newgathering"),
        ("LISTING_16_", "planning", "IPTC Autumn Meeting 2018; Annomarket"),
        ("LISTING_17_", "planning", "Text 250 words"),
        ("LISTING_18_", "planning", "The 12 Days of Christmas"),
        ("LISTING_19_", "planning", "Text 250 words"),
        ("LISTING_20_", "planning", "Robinson: Must preserve bailout funds"),
        ("LISTING_21_", "text", "Troy Tulowitzki singled to third"),
        ("LISTING_23_", "package", "Pitcher Preview: Arizona Diamondbacks"),
        ("LISTING_28_", "text", "sha256:"),
        ("LISTING_29_", "text", "urn:newsml:acmenews.com"),
        ("ap_metadata", "video", "tag:example.com,2008:407624"),
        ("facet-example-3", "text", "Content goes here..."),
    ],
)
def test_listings_without_a_story(name: str, kind: str, headline: str) -> None:
    (item,) = listing(name)
    assert item.kind == kind
    assert item.headline.startswith(headline)
    if kind == "package":
        assert all(link.rel == "member" for link in item.links)
        assert item.links
    if kind in {"planning", "knowledge"}:
        assert plain_paragraphs(item)


def test_the_listing_of_hops_and_of_a_message() -> None:
    (item,) = listing("LISTING_29_")
    assert item.info_sources == ("Thomson Reuters", "bwire", "aquiremedia", "AP")
    package, *texts = listing("LISTING_24_")
    assert package.kind == "package"
    assert [link.guid for link in package.links] == [text.guid for text in texts]
    assert [text.guid for text in texts] == ["N1", "N2", "N3", "N4"]
    assert all(text.hold for text in texts)
    assert package.signals == ("nmsig:atomic",)
