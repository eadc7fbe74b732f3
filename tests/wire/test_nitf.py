"""NITF as agencies send it: every fact of the head, in UTC, and nothing lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireRecord, WireSubject
from broadsheet.wire.parsers import nitf


def records(markup: str | bytes) -> list[WireRecord]:
    content = markup.encode() if isinstance(markup, str) else markup
    return list(parsers.parse(Incoming(content, "wire.xml")))


def read(markup: str | bytes) -> WireItem:
    (item,) = (record for record in records(markup) if isinstance(record, WireItem))
    assert item.format == nitf.FORMAT
    return item


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


AGENCIA = """<nitf version="-//IPTC//DTD NITF 3.2//EN" baselang="es-ES">
<head><title>Cierra el puente del puerto</title><meta name="prioridad" content="R"/>
<tobject tobject.type="News"><!--Politics;Government-->
<tobject.subject tobject.subject.ipr="IPTC" tobject.subject.refnum="11006005"
 tobject.subject.type="Politics" tobject.subject.matter="Government"
 tobject.subject.detail="Executive (government)"/>
<tobject.subject tobject.subject.ipr="EFE" tobject.subject.refnum="F01001000"
 tobject.subject.type="POL:POLITICS"/></tobject>
<docdata management-status="usable"><evloc city="Olmos" iso-cc="ESP"/><doc-id id-string="2275"/>
<urgency ed-urg="5"/><date.issue norm="20170102T232800+0100"/>
<key-list><keyword key="PUERTO OLMOS"/></key-list></docdata>
<pubdata date.publication="20170102T232800+0100" item-length="00279" id="IM1026"/></head>
<body><body.head><hedline><hl1>Cierra el puente del puerto</hl1><hl2>PUERTO OLMOS</hl2></hedline>
<rights><rights.owner>Agencia EFE</rights.owner></rights><byline>gr/bp</byline>
<distributor>Agencia EFE</distributor>
<dateline><!--Creation date.--><story.date norm="20170102T222800+0000">20170102T222800+0000
</story.date></dateline><abstract><p>Olmos, 2 ene (EFE).- El puente del puerto quedó cerrado.
Nadie sabe hasta cuándo, dijo el alc</p></abstract></body.head>
<body.content><p>Olmos, 2 ene (EFE).- El puente del puerto quedó cerrado.</p>
<p>Nadie sabe hasta cuándo, dijo el alcalde. EFE</p></body.content></body></nitf>"""


def test_a_story_with_a_slugline_for_a_second_headline() -> None:
    item = read(AGENCIA)
    assert item.headline == "Cierra el puente del puerto"
    assert (item.guid, item.pub_status, item.urgency) == ("EFE:2275", "usable", 5)
    assert item.published == at(2017, 1, 2, 22, 28)
    assert item.slugline == "PUERTO OLMOS"
    assert (item.lead, item.dateline) == ("", "")
    assert (item.byline, item.authors) == ("gr/bp", ())
    assert (item.agencies, item.language) == (("EFE",), "es")
    assert item.rights == "Agencia EFE"
    assert item.places == ("Olmos",)
    assert item.subjects == (
        WireSubject(
            "Executive (government)",
            "subj:11006005",
            "http://cv.iptc.org/newscodes/subjectcode/",
        ),
        WireSubject("POL:POLITICS", "F01001000", "EFE"),
    )
    assert plain_paragraphs(item) == [
        "Olmos, 2 ene (EFE).- El puente del puerto quedó cerrado.",
        "Nadie sabe hasta cuándo, dijo el alcalde. EFE",
    ]
    assert item.oddities == ()


def test_a_story_without_an_id_of_its_own_is_named_by_its_headline_and_time() -> None:
    markup = """<?xml version="1.0" encoding="utf-8" ?>
<nitf version="-//IPTC//DTD NITF 3.4//EN" change.date="October 18, 2006" change.time="19:30">
<head><docdata><doc-id regsrc="AP"/><date.issue norm="20151210T191044Z"/>
<ed-msg info="Eds: UPDATES: with ferry times."/><doc.copyright holder="AP" year="2015"/>
<identified-content><classifier type="apcategorycode" value="s"/></identified-content></docdata>
</head><body><body.head><hedline><hl1 id="headline">Can a bridge close?</hl1>
<hl2 id="originalHeadline">Can a bridge close?</hl2></hedline>
<byline>By BO EK<byttl>AP Business Writer</byttl></byline>
<distributor>The Associated Press</distributor>
<dateline><location>PORT ELM</location></dateline></body.head>
<body.content><block id="Main"><p>PORT ELM (AP) — It can.</p><hl2>Boats</h2>
<p>And it did.</p></block></body.content><body.end/></body></nitf>""".replace("</h2>", "</hl2>")
    item = read(markup)
    assert item.guid.startswith("nitf:")
    assert item.guid == read(markup.replace("It can.", "It could.")).guid
    assert (item.agencies, item.authors) == (("AP",), ("BO EK",))
    assert item.byline == "By BO EK, AP Business Writer"
    assert item.ed_note == "Eds: UPDATES: with ferry times."
    assert (item.dateline, item.lead) == ("PORT ELM", "")
    assert item.rights == "© 2015 AP"
    assert item.published == item.updated == at(2015, 12, 10, 19, 10, 44)
    assert plain_paragraphs(item) == ["PORT ELM (AP) — It can.", "Boats", "And it did."]
    assert item.subjects == (WireSubject("", "s", "apcategorycode"),)


def test_times_without_a_zone_are_those_of_the_agency() -> None:
    item = read(
        """<?xml version="1.0" encoding="ISO-8859-1"?>
<nitf baselang="nb-NO"><head><title>Brua er stengt</title>
<meta name="timestamp" content="2020.09.07 14:45:26"/>
<meta name="NTBStikkord" content="bru-stengt"/>
<meta name="NTBID" content="bru-d9cd"/><meta name="NTBTjeneste" content="Nyhetstjenesten"/>
<tobject tobject.type="Innenriks"><tobject.property tobject.property.type="Faktasjekk"/></tobject>
<docdata><urgency ed-urg="5"/><date.issue norm="2020-09-07T14:45:26"/>
<doc-id id-string="bru-d9cd_47" regsrc="NTB"/><ed-msg info="Sp&#248;rsm&#229;l: ring oss."/>
<du-key key="bru-d9cd" version="48"/><evloc state-prov="Norge" county-dist="Norge"/></docdata>
</head>
<body><body.head><hedline><hl1>Brua er stengt</hl1></hedline><byline>Geir Moe / Elm.no</byline>
<distributor><org>NTB</org></distributor><dateline>Oslo</dateline></body.head><body.content>
<p class="lead" lead="true">Brua er stengt</p><p class="txt-ind">Den \xe5pner igjen.</p><p/>
<media media-type="image"><media-reference mime-type="image/jpeg" source="iJIJyyF0tiE"/>
<media-caption> Foto: NTB / Scanpix</media-caption></media></body.content></body></nitf>""".encode(
            "latin-1"
        )
    )
    assert (item.guid, item.version) == ("bru-d9cd", "48")
    assert item.published == at(2020, 9, 7, 12, 45, 26)
    assert any("Europe/Oslo" in oddity for oddity in item.oddities)
    assert (item.slugline, item.section, item.genre) == ("bru-stengt", "Innenriks", "Faktasjekk")
    assert (item.dateline, item.authors, item.agencies) == ("Oslo", ("Geir Moe",), ("NTB",))
    assert item.ed_note == "Spørsmål: ring oss."
    assert plain_paragraphs(item) == ["Brua er stengt", "Den åpner igjen."]
    (photo,) = item.photos
    assert (photo.credit, photo.caption, photo.url) == ("NTB / Scanpix", "", "iJIJyyF0tiE")


def test_a_second_headline_sent_as_the_byline() -> None:
    item = read("""<nitf><head><title><!-- Page title --> &#62;&#62;&#62;ANSA&#47;Port shut</title>
<docdata><doc-id id-string="XAM2219_X083"/><date.issue norm="2022-07-11 18:33"/>
<date.release norm="2022-07-11 18:33"/></docdata></head><body><body.head><hedline><hl1>
<!-- Title --> &#62;&#62;&#62;ANSA&#47;Port shut </hl1></hedline><byline><!-- Subtitle -->
Situation calm, ready for all tides says mayor </byline><distributor><org><!-- Agency -->ANSA
</org></distributor><dateline><location><!-- x --> ROME </location></dateline></body.head>
<body.content><lang lang="it"/><block><img source="05be.jpg"/><p><!-- Text -->
(ANSA) - ROME, JUL 11 - The port of Elm was shut on Monday.</p></block></body.content></body></nitf>
""")
    assert item.headline == ">>>ANSA/Port shut"
    assert (item.byline, item.lead) == ("", "Situation calm, ready for all tides says mayor")
    assert item.published == at(2022, 7, 11, 16, 33)
    assert item.embargoed is None
    assert [photo.url for photo in item.photos] == ["05be.jpg"]
    assert plain_paragraphs(item) == ["(ANSA) - ROME, JUL 11 - The port of Elm was shut on Monday."]


def docdata(inner: str, attributes: str = "") -> str:
    return (
        f"<nitf><head><title>Bridge closed</title><docdata {attributes}>{inner}</docdata></head>"
        "<body><body.content><p>The bridge over the Elm was closed on Friday.</p></body.content>"
        "</body></nitf>"
    )


@pytest.mark.parametrize("status", ["usable", "embargoed", "withheld", "canceled", "kill", "info"])
def test_the_status_is_kept_as_it_stands(status: str) -> None:
    assert read(docdata("", f'management-status="{status}"')).pub_status == status


def test_a_release_after_the_issue_is_an_embargo() -> None:
    item = read(
        docdata(
            '<date.issue norm="20240105T0900Z"/><date.release norm="20240106T060000+0100"/>'
            '<date.expire norm="20240201T000000Z"/>',
            'management-status="embargoed"',
        )
    )
    assert item.published == at(2024, 1, 5, 9)
    assert item.embargoed == at(2024, 1, 6, 5)
    assert item.expires == at(2024, 2, 1)


def test_a_kill_names_what_it_takes_back() -> None:
    item = read(
        docdata(
            '<doc-id id-string="20240105:99:7:2"/>',
            'management-status="info" management-doc-idref="20240105:99:6:3" '
            'management-idref-status="canceled"',
        )
    )
    assert item.links[0].rel == "kills"
    assert item.links[0].guid.startswith("20240105:99:6")
    assert item.pub_status == "info"


def test_a_correction_says_so_and_what_it_corrects() -> None:
    item = read(docdata('<correction info="Name was wrong" id-string="a-1" regsrc="x"/>'))
    assert item.signals == ("correction",)
    assert item.links == (WireLink("corrects", "a-1"),)
    assert item.ed_note == "Name was wrong"


def test_states_of_one_story_share_its_guid() -> None:
    for number in (1, 2):
        item = read(
            docdata(
                f'<doc-id id-string="20240105:99-7:{number}"/>',
                f'management-doc-idref="20240105:99-7:{number - 1}"',
            )
        )
        assert (item.guid, item.version) == ("20240105:99-7", str(number))


def test_rights_and_keywords_and_scope_are_kept() -> None:
    item = read(
        docdata(
            '<doc-scope scope="POLITICS"/><key-list><keyword key="Bridge"/><keyword key="Elm"/>'
            '</key-list><doc.copyright holder="PA" year="2015"/><doc.rights owner="PA" '
            'limitations="UK only"/><urgency ed-urg="0"/><du-key key="PA-HHH-Bridge"/>'
        )
    )
    assert item.section == "POLITICS"
    assert item.topics == ("Bridge", "Elm")
    assert item.slugline == "PA-HHH-Bridge"
    assert item.rights == "© 2015 PA UK only"
    assert item.urgency is None
    assert item.agencies == ("PA Media",)


def test_a_revision_is_an_update() -> None:
    item = read(
        docdata('<date.issue norm="20240105T0900Z"/>').replace(
            "</head>", '<revision-history name="x" norm="20240105T1000Z"/></head>'
        )
    )
    assert (item.published, item.updated) == (at(2024, 1, 5, 9), at(2024, 1, 5, 10))


def test_a_story_without_headline_is_called_by_its_first_words() -> None:
    item = read("<nitf><body><body.content><p>Elm bridge shut</p></body.content></body></nitf>")
    assert item.headline == "Elm bridge shut"
    assert any("no headline" in oddity for oddity in item.oddities)


@pytest.mark.parametrize(
    "around",
    [
        "{one}{two}",
        "{one}\n<?xml version='1.0'?>\n<!DOCTYPE nitf SYSTEM 'nitf.dtd'>\n{two}",
        "<stories>{one}<!-- next -->{two}</stories>",
        "<x:all xmlns:x='urn:x'>{one}{two}</x:all>",
    ],
)
def test_several_stories_in_a_file(around: str) -> None:
    one, two = docdata('<doc-id id-string="1"/>'), docdata('<doc-id id-string="2"/>')
    found = records(around.format(one=one, two=two))
    assert [record.guid for record in found if isinstance(record, WireItem)] == ["1", "2"]
    for record in found:
        assert isinstance(record, WireItem)
        assert record.raw is not None
        assert read(record.raw).guid == record.guid
        assert record.sha256 == Incoming(record.raw, "").sha256


def test_one_empty_story_does_not_cost_the_others() -> None:
    found = records(f"<all><nitf><body/></nitf>{docdata('')}</all>")
    assert [type(record).__name__ for record in found] == ["Unread", "WireItem"]


@pytest.mark.parametrize("markup", ["<nitf/>", "<nitf><head/><body/></nitf>", "<nitf"])
def test_what_holds_no_story_is_refused(markup: str) -> None:
    with pytest.raises(WireError):
        records(markup)


def test_nothing_but_wire_errors_comes_of_broken_files() -> None:
    chance = random.Random(7)  # noqa: S311 - the same noise each time
    whole = AGENCIA.encode()
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        cut = bytes(broken[: chance.randrange(1, len(broken))])
        for content in (bytes(broken), cut):
            try:
                found = parsers.parse(Incoming(content, "x"))
            except WireError:
                continue
            assert found
    for hostile in (
        "<nitf>" + "<block>" * 5000 + "x",
        "<nitf><body><body.content><p>" + "a " * 400_000 + "</p></body.content></body></nitf>",
        '<!DOCTYPE nitf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><nitf><p>&b;</p></nitf>',
        '<nitf><head><docdata><date.issue norm="' + "9" * 100_000 + '"/></docdata></head></nitf>',
    ):
        try:
            assert parsers.parse(Incoming(hostile.encode(), "x"))
        except WireError:
            continue
