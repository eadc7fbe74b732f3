"""NewsML-G2 as agencies send it, and as the IPTC's guidelines show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from broadsheet.wire.parsers import newsml_g2
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
