"""NewsML 1 as agencies send it: what it says of a story, in UTC, and nothing lost."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireLink, WireSubject
from wire.newsml1_shapes import HEADLINE, SCHEME, at, items, news, newsml, nitf, read, text

AGENCY = newsml(
    news(
        """<NewsComponent><NewsLines><DateLine xml:lang="fr">Paris, 21 jan 2019 (AFP) -</DateLine>
<HeadLine xml:lang="fr">Le pont du port &amp; la marée</HeadLine><NewsLine>
<NewsLineType FormalName="ProductLine"/><NewsLineText>(Photo)</NewsLineText></NewsLine><NewsLine>
<NewsLineType FormalName="AdvisoryLine"/><NewsLineText>CORRIGE le lieu</NewsLineText></NewsLine>
<CopyrightLine>© 2019 AFP</CopyrightLine></NewsLines><AdministrativeMetadata><Provider>
<Party FormalName="AFP"/></Provider></AdministrativeMetadata><DescriptiveMetadata>
<Language FormalName="fr"/><SubjectCode><SubjectMatter FormalName="02008000" cat="CLJ"/>
</SubjectCode><OfInterestTo FormalName="DAB-TFG-1=DAB"/><Location HowPresent="Origin">
<Property FormalName="Country" Value="FRA"/><Property FormalName="City" Value="Paris"/></Location>
<Property FormalName="Keyword" Value="pont"/><Property FormalName="Keyword" Value="port"/>
</DescriptiveMetadata>"""
        + text(nitf("Le pont a fermé lundi. ", "La marée est haute.", "asl/tib"), "NITF3.1")
        + "</NewsComponent>",
        managed='<Status FormalName="Usable"/><Urgency FormalName="4"/>'
        '<AssociatedWith NewsItem="urn:newsml:afp.com:20190121:doc-1:1"/>'
        '<AssociatedWith FormalName="Photo"/><DerivedFrom NewsItem="urn:newsml:afp.com:2019:a"/>'
        '<Instruction FormalName="Update"/>',
    ),
    envelope='<Priority FormalName="3"/>',
)


def test_a_text_with_its_content_at_the_root() -> None:
    item = read(AGENCY)
    assert item.headline == "Le pont du port & la marée"
    assert (item.guid, item.version) == ("urn:newsml:afp.com:20240105:TX-PAR-1", "2")
    assert (item.published, item.updated) == (at(2024, 1, 5, 9), at(2024, 1, 5, 9, 15))
    assert (item.language, item.agencies, item.urgency) == ("fr", ("AFP",), 4)
    assert item.dateline == "Paris, 21 jan 2019 (AFP)"
    assert (item.pub_status, item.signals) == ("Usable", ("Update",))
    assert item.ed_note == "CORRIGE le lieu"
    assert item.slugline == "port-bridge"
    assert item.rights == "© 2019 AFP"
    assert item.places == ("Paris",)
    assert item.topics == ("pont", "port")
    assert item.subjects == (WireSubject("", "subj:02008000", SCHEME),)
    assert item.links == (
        WireLink("related", "urn:newsml:afp.com:20190121:doc-1"),
        WireLink("derived", "urn:newsml:afp.com:2019:a"),
    )
    assert plain_paragraphs(item) == ["Le pont a fermé lundi.", "La marée est haute.", "asl/tib"]
    assert item.oddities == ()
    assert item.raw is None


def test_paragraphs_without_nitf_around_them() -> None:
    item = read(
        newsml(
            news(f"<NewsComponent>{HEADLINE}<NewsComponent>"
                 + text("<p> One.</p>\n<p>Two &amp; three.</p>", "bcNITF2.5")
                 + "</NewsComponent></NewsComponent>")
        )
    )  # fmt: skip
    assert plain_paragraphs(item) == ["One.", "Two & three."]


def test_html_in_cdata_and_names_of_subjects_in_a_set_of_topics() -> None:
    item = read(
        newsml(
            news(
                """<NewsComponent><TopicSet FormalName="NewsSubjects"><Topic>
<TopicType FormalName="SubjectMatter"/><FormalName Scheme="IptcSubjectCodes">09003000</FormalName>
<Description xml:lang="en" Variant="Category">ANE</Description>
<Description xml:lang="el" Variant="Name">Απασχόληση</Description>
<Description xml:lang="en" Variant="Name">Employment</Description></Topic></TopicSet>
<NewsLines><HeadLine xml:lang="x-default"><![CDATA[Wages & bridges]]></HeadLine>
<SubHeadLine><![CDATA[Wages grew in March, the ministry said in a long report.]]></SubHeadLine>
<CreditLine>ΑΠΕ-ΜΠΕ</CreditLine></NewsLines><AdministrativeMetadata><Source>
<Party FormalName="ΑΠΕ-ΜΠΕ"/></Source></AdministrativeMetadata><DescriptiveMetadata>
<Language FormalName="EN"/><Genre FormalName="Current"/><SubjectCode>
<SubjectMatter FormalName="09003000" Scheme="IptcSubjectCodes"/></SubjectCode>
<Property FormalName="Country" Value="GRC"/><Property FormalName="City" Value="Athens"/>
</DescriptiveMetadata><NewsComponent><Role FormalName="Main"/>"""
                + text(
                    "<![CDATA[<P>Wages grew in March, the ministry said in a long report.</P>\n"
                    "<P>It was a <b>good</b> month.</P><P> </P>]]>",
                    "HTML",
                )
                + "</NewsComponent></NewsComponent>",
                provider="ana-mpe.gr",
                created="20240105T110000",
            )
        )
    )
    assert (item.agencies, item.credit_line) == (("ANA-MPE",), "ΑΠΕ-ΜΠΕ")
    assert (item.headline, item.lead, item.genre) == ("Wages & bridges", "", "Current")
    assert item.published == at(2024, 1, 5, 9)
    assert any("Europe/Athens" in oddity for oddity in item.oddities)
    assert item.subjects == (WireSubject("Employment", "subj:09003000", SCHEME),)
    assert (item.topics, item.places) == (("Employment",), ("Athens",))
    assert plain_paragraphs(item) == [
        "Wages grew in March, the ministry said in a long report.",
        "It was a good month.",
    ]


def test_a_document_type_with_parameters_costs_nothing() -> None:
    markup = newsml(
        news(f"<NewsComponent>{HEADLINE}{text(nitf('The bridge over the Elm is shut.'))}"
             "</NewsComponent>", provider="www.sda-ats.ch")
    ).replace(
        "<NewsML",
        '<!DOCTYPE NewsML PUBLIC "urn:newsml:iptc.org:20031010:NewsMLv1.2.dtd:1" "NewsML.dtd"\n'
        '[<!ENTITY % nitf SYSTEM "nitf-3-0.dtd"> %nitf; ]>\n<NewsML',
        1,
    )  # fmt: skip
    item = read(markup)
    assert item.agencies == ("Keystone-SDA",)
    assert plain_paragraphs(item) == ["The bridge over the Elm is shut."]


def test_what_the_nitf_inside_says_more() -> None:
    head = """<head><title>Cierra el puente</title><tobject tobject.type="News">
<tobject.subject tobject.subject.ipr="IPTC" tobject.subject.refnum="02001000"
 tobject.subject.type="Justicia" tobject.subject.matter="Sucesos"/></tobject><docdata>
<evloc city="Olmos" iso-cc="ESP"/><doc-id id-string="254"/><urgency ed-urg="5"/>
<ed-msg info="Con foto"/><key-list><keyword key="PUERTO OLMOS"/></key-list></docdata></head>"""
    lines = """<hedline><hl1>Cierra el puente</hl1><hl2>PUERTO OLMOS</hl2></hedline>
<byline>daa/mt</byline><distributor>Agencia EFE</distributor>"""
    item = read(
        newsml(
            news(
                """<NewsComponent><Role FormalName="Main"/><NewsLines><HeadLine>Cierra el puente
</HeadLine><SubHeadLine>PUERTO OLMOS</SubHeadLine></NewsLines><AdministrativeMetadata><Provider>
<Party FormalName="Agencia EFE"/></Provider><Creator><Party FormalName="daa/mt"/></Creator>
</AdministrativeMetadata><DescriptiveMetadata><Language FormalName="es-ES"/><SubjectCode>
<SubjectMatter FormalName="02001000" Scheme="IptcSubjectCodes"/></SubjectCode>
</DescriptiveMetadata>"""
                + text(nitf("Olmos (EFE).- El puente cerró. EFE", head=head, lines=lines))
                + "</NewsComponent>",
                provider="texto.efeservicios.com",
            )
        )
    )
    assert (item.agencies, item.language, item.authors) == (("EFE",), "es", ())
    assert (item.slugline, item.lead, item.byline) == ("PUERTO OLMOS", "", "daa/mt")
    assert item.subjects == (WireSubject("Sucesos", "subj:02001000", SCHEME),)
    assert (item.places, item.urgency, item.ed_note) == (("Olmos",), 5, "Con foto")
    assert item.guid.endswith(":TX-PAR-1")
    assert plain_paragraphs(item) == ["Olmos (EFE).- El puente cerró. EFE"]


def test_an_embargo_that_only_a_comment_dates() -> None:
    markup = newsml(
        news(
            "<NewsComponent><NewsLines><HeadLine>FRINGE LAUNCHED</HeadLine><ByLine>By Sarah Ward, "
            "PA Scotland</ByLine></NewsLines><AdministrativeMetadata><Provider><Party "
            'FormalName="The Press Association"/></Provider></AdministrativeMetadata>'
            "<NewsComponent><Comment>{}</Comment>"
            + text(nitf("The programme\n<chron>for August</chron>\n, was launched."))
            + "</NewsComponent></NewsComponent>",
            managed='<Status FormalName="Embargoed"/>',
        )
    )
    item = read(markup.format(" Embargoed to 0001 Tuesday January 09 "))
    assert (item.agencies, item.authors) == (("PA Media",), ("Sarah Ward",))
    assert item.ed_note == "Embargoed to 0001 Tuesday January 09"
    assert item.pub_status == "Embargoed"
    assert item.embargoed is not None
    assert item.embargoed.date() == at(2024, 1, 9).date()
    assert item.hold == ""
    assert plain_paragraphs(item) == ["The programme for August, was launched."]
    assert read(markup.format("")).hold


@pytest.mark.parametrize(
    ("number", "revision", "public", "guid"),
    [
        (
            "ANPX-041-v2",
            "2",
            "urn:newsml:anp.nl:20181210:ANPX-041:2",
            "urn:newsml:anp.nl:20181210:ANPX-041",
        ),
        ("D1", "D9", "urn:newsml:Belga Exporter:2020:D1:D9", "urn:newsml:Belga Exporter:2020:D1"),
        (
            "bsf1",
            "1",
            "urn:newsml:www.sda-ats.ch:20190603:bsf1:1N",
            "urn:newsml:www.sda-ats.ch:20190603:bsf1",
        ),
        ("98", "4", "urn:newsml:www.belga.be", "urn:newsml:belga.be:20240105:98"),
        ("7", "1", "urn:newsml:www.belga.be:7:1N", "urn:newsml:belga.be:20240105:7"),
    ],
)
def test_the_name_of_an_item_is_the_same_in_all_its_revisions(
    number: str, revision: str, public: str, guid: str
) -> None:
    markup = newsml(
        news(
            f"<NewsComponent>{HEADLINE}{text(nitf('Shut.'))}</NewsComponent>",
            provider="belga.be",
            number=number,
        )
    )
    markup = markup.replace(f"urn:newsml:belga.be:20240105:{number}:2N", public)
    item = read(markup.replace('Update="N">2<', f'Update="N">{revision}<'))
    assert (item.guid, item.version) == (guid, revision)


def test_lines_in_other_spellings_and_an_author_on_his_own() -> None:
    item = read(
        newsml(
            news(
                "<NewsComponent><Author>Ann Lee</Author><NewsLines><Headline>Bridge</Headline>"
                "<KeywordLine>ECO;PORT</KeywordLine></NewsLines>"
                + text(nitf("Shut."))
                + "<item_keywords><item_keyword>ELM</item_keyword></item_keywords></NewsComponent>"
            )
        )
    )
    assert (item.headline, item.authors) == ("Bridge", ("Ann Lee",))
    assert item.topics == ("ECO", "PORT", "ELM")


WILL_CHANGE = (
    '<Status FormalName="{status}"/><StatusWillChange><FutureStatus FormalName="{future}"/>'
    "<DateAndTime>20240106T060000+0100</DateAndTime></StatusWillChange>"
)


@pytest.mark.parametrize(
    ("managed", "embargoed", "expires", "is_held"),
    [
        (WILL_CHANGE.format(status="Embargoed", future="Usable"), at(2024, 1, 6, 5), None, False),
        (WILL_CHANGE.format(status="Withheld", future="Usable"), at(2024, 1, 6, 5), None, False),
        (WILL_CHANGE.format(status="Usable", future="Canceled"), None, at(2024, 1, 6, 5), False),
        ('<Status FormalName="Embargoed"/>', None, None, True),
        ('<Status FormalName="Canceled"/>', None, None, False),
    ],
)
def test_the_status_and_its_change(
    managed: str, embargoed: datetime | None, expires: datetime | None, *, is_held: bool
) -> None:
    item = read(
        newsml(
            news(f"<NewsComponent>{HEADLINE}{text(nitf('Shut.'))}</NewsComponent>", managed=managed)
        )
    )
    assert item.pub_status in managed
    assert item.pub_status
    assert (item.embargoed, item.expires, bool(item.hold)) == (embargoed, expires, is_held)


def test_misspelt_and_missing_parts() -> None:
    item = read(
        newsml(
            """<NewsItem LinkType="normal"><Identification><NewsIdentifier><ProviderId>
www.itar-tass.com
</ProviderId></NewsIdentifier></Identification><NewsManagement><FirstCreated>20190121T102708
</FirstCreated><Status FormalName="Usable"/><Urgency>2</Urgency></NewsManagement><NewsComponent>
<NewsLines><CopyrightLine>(c) ITAR-TASS 2019</CopyrightLine></NewsLines><NewsComponent><Author/>
<NewsComponent xml:lang="en"><Role FormalName="Main"/><NewsLines><DateLine>January 21</DateLine>
<HeadLine>Bridge has 'negative reaction'</HeadLine><SlugLine>URGENT</SlugLine></NewsLines>
<DescriptiveMetada><Language FormalName="en"/><Location><Property FormalName="City"
 Value="MOSCOW"/></Location></DescriptiveMetada><ContentItem><MediaType FormalName="ComplexData"/>
<MimeType FormalName="text/vnd.IPTC.NITF"/><DataContent>"""
            + nitf("MOSCOW, January 21. /TASS/. The bridge is shut.")
            + """</DataContent></ContentItem></NewsComponent></NewsComponent></NewsComponent>
</NewsItem>"""
        )
    )
    assert item.guid.startswith("newsml:")
    assert (item.agencies, item.urgency, item.slugline) == (("TASS",), 2, "URGENT")
    assert item.published == at(2019, 1, 21, 10, 27, 8)
    assert (item.dateline, item.places, item.language) == ("January 21", ("MOSCOW",), "en")
    assert item.rights == "(c) ITAR-TASS 2019"


def test_a_text_without_headline_is_called_by_its_first_words() -> None:
    item = read(
        newsml(
            news(
                "<NewsComponent><NewsLines><HeadLine/></NewsLines>"
                f"{text(nitf('Elm bridge shut', 'It is.'))}</NewsComponent>"
            )
        )
    )
    assert item.headline == "Elm bridge shut"
    assert any("no headline" in oddity for oddity in item.oddities)


@pytest.mark.parametrize("markup", ["<NewsML/>", "<NewsML><NewsItem/></NewsML>", "<NewsML"])
def test_what_holds_no_story_is_refused(markup: str) -> None:
    with pytest.raises(WireError):
        items(markup)


def test_nothing_but_wire_errors_comes_of_broken_files() -> None:
    chance = random.Random(7)  # noqa: S311 - the same noise each time
    whole = AGENCY.encode()
    for _ in range(120):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        for content in (bytes(broken), bytes(broken[: chance.randrange(1, len(broken))])):
            try:
                found = parsers.parse(Incoming(content, "x"))
            except WireError:
                continue
            assert found
    for hostile in (
        "<NewsML><NewsItem>" + "<NewsComponent>" * 5000,
        newsml(news("<NewsComponent>" * 200 + text("<p>x</p>") + "</NewsComponent>" * 200)),
        newsml(news("<NewsComponent>" + text("<p>a b c</p>") * 3000 + "</NewsComponent>")),
        newsml(news("<NewsComponent><ContentItem Href='" + "a." * 50_000 + "'/></NewsComponent>")),
    ):
        try:
            assert parsers.parse(Incoming(hostile.encode(), "x"))
        except WireError:
            continue
