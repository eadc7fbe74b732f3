"""NewsML 1 as agencies send it: one text in many parts, formats and languages, each word once."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from broadsheet.wire.parsers import newsml1

RELEASES = Path(__file__).resolve().parents[3] / "shared/fixtures/ninjs/examples/NewsML"
SCHEME = "http://cv.iptc.org/newscodes/subjectcode/"


def items(markup: str | bytes) -> list[WireItem]:
    content = markup.encode() if isinstance(markup, str) else markup
    found = parsers.items(Incoming(content, "wire.xml"))
    assert all(item.format == newsml1.FORMAT for item in found)
    return found


def read(markup: str | bytes) -> WireItem:
    (item,) = items(markup)
    return item


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def news(
    component: str,
    *,
    provider: str = "afp.com",
    number: str = "TX-PAR-1",
    managed: str = '<Status FormalName="Usable"/>',
    created: str = "20240105T090000Z",
    revised: str = "20240105T091500+0000",
) -> str:
    return f"""<NewsItem><Identification><NewsIdentifier><ProviderId>{provider}</ProviderId>
<DateId>20240105</DateId><NewsItemId>{number}</NewsItemId>
<RevisionId PreviousRevision="1" Update="N">2</RevisionId>
<PublicIdentifier>urn:newsml:{provider}:20240105:{number}:2N</PublicIdentifier></NewsIdentifier>
<NameLabel>port-bridge</NameLabel></Identification><NewsManagement>
<NewsItemType FormalName="News"/><FirstCreated>{created}</FirstCreated>
<ThisRevisionCreated>{revised}</ThisRevisionCreated>{managed}</NewsManagement>
{component}</NewsItem>"""


def newsml(*inner: str, envelope: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<NewsML Version="1.2"><Catalog Href="x"/>'
        f"<NewsEnvelope><DateAndTime>20240105T092000Z</DateAndTime>{envelope}</NewsEnvelope>"
        f"{''.join(inner)}</NewsML>"
    )


def text(content: str, form: str = "NITF") -> str:
    return (
        f'<ContentItem><MediaType FormalName="Text"/><Format FormalName="{form}"/>'
        f"<DataContent>{content}</DataContent></ContentItem>"
    )


def nitf(*paragraphs: str, head: str = "", lines: str = "") -> str:
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<nitf>{head}<body><body.head>{lines}</body.head><body.content>{inner}</body.content>"
        "</body></nitf>"
    )


HEADLINE = "<NewsLines><HeadLine>Bridge closed</HeadLine></NewsLines>"

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


def part(role: str, content: str) -> str:
    return (
        f'<NewsComponent Duid="0" xml:lang="nl"><Role FormalName="{role}"/>'
        f'<ContentItem><Format FormalName="Text"/><DataContent>{content}</DataContent>'
        "</ContentItem></NewsComponent>"
    )


PICTURE = (
    '<NewsComponent xml:lang="nl"><Role FormalName="Picture"/><NewsLines><CreditLine>BELGA'
    "</CreditLine><HeadLine>De brug</HeadLine></NewsLines>"
    + part("Title", "De brug")
    + part("Caption", "De brug over de Elm.")
    + '<NewsComponent><Role FormalName="Thumbnail"/><ContentItem Href="small.jpeg">'
    '<Format FormalName="Jpeg"/></ContentItem></NewsComponent>'
    '<NewsComponent><Role FormalName="Image"/><ContentItem Href="large.jpeg">'
    '<Format FormalName="Jpeg"/><Characteristics><Property FormalName="Width" Value="200"/>'
    '<Property FormalName="Height" Value="100"/></Characteristics></ContentItem></NewsComponent>'
    "</NewsComponent>"
)


def in_language(language: str, headline: str, *parts: str) -> str:
    lines = f"<NewsLines><CreditLine>BELGA</CreditLine><HeadLine>{headline}</HeadLine></NewsLines>"
    inner = "".join(parts).replace('xml:lang="nl"', f'xml:lang="{language}"')
    return (
        f'<NewsComponent xml:lang="{language}"><Role FormalName="Short"/>{lines}{inner}'
        "</NewsComponent>"
    )


def test_title_lead_and_body_in_parts_twice_in_two_languages_with_a_picture() -> None:
    dutch = in_language(
        "nl",
        "De brug is dicht",
        part("Title", "De brug is dicht"),
        part("Lead", "De brug over de Elm is sinds vrijdag gesloten voor het verkeer."),
        part("Body", "\tAuto's &lt;b&gt;wachten&lt;/b&gt;.\n\n\tDe werken duren lang."),
    )
    french = in_language(
        "fr", "Le pont est fermé", part("Lead", ""), part("Body", "Les voitures attendent ici.")
    )
    first, second = items(
        newsml(
            news(
                '<NewsComponent xml:lang="nl"><NewsLines><HeadLine>Brug</HeadLine></NewsLines>'
                f"{dutch}{PICTURE}{french}</NewsComponent>",
                provider="belga.be",
                created="20240105T100000",
            )
        )
    )
    assert (first.language, second.language) == ("nl", "fr")
    assert first.published == second.published == at(2024, 1, 5, 9)
    assert first.headline == "De brug is dicht"
    assert first.lead == "De brug over de Elm is sinds vrijdag gesloten voor het verkeer."
    assert plain_paragraphs(first) == ["Auto's wachten.", "De werken duren lang."]
    assert (first.agencies, first.credit_line) == (("Belga",), "BELGA")
    (photo,) = first.photos
    assert (photo.url, photo.caption, photo.credit) == (
        "large.jpeg",
        "De brug over de Elm.",
        "BELGA",
    )
    assert (second.headline, second.lead, second.photos) == ("Le pont est fermé", "", ())
    assert plain_paragraphs(second) == ["Les voitures attendent ici."]
    assert second.guid == f"{first.guid}#fr"
    assert WireLink("translates", first.guid) in second.links


def test_a_picture_alone() -> None:
    item = read(newsml(news(f'<NewsComponent xml:lang="nl">{PICTURE}</NewsComponent>')))
    assert (item.kind, item.headline, item.body) == ("picture", "De brug", ())
    assert [photo.caption for photo in item.photos] == ["De brug over de Elm."]


def rendition(role: str, name: str, width: int) -> str:
    return (
        f'<NewsComponent><Role FormalName="{role}"/><ContentItem Href="{name}">'
        '<MediaType FormalName="Photo"/><Format FormalName="JPG"/><Characteristics>'
        f'<Property FormalName="Width" Value="{width}"/><Property FormalName="Height" Value="9"/>'
        "</Characteristics></ContentItem></NewsComponent>"
    )


def test_a_picture_beside_the_text_stands_where_the_text_shows_it() -> None:
    inline = (
        '<media media-type="image"><media-reference data-location="#{0}" mime-type=""/></media>'
    )
    photo = (
        '<NewsComponent Duid="photo0"><NewsLines><HeadLine>قوارب في النهر</HeadLine>'
        "<CreditLine>ا ف ب</CreditLine><ByLine>تانغ سوثي</ByLine></NewsLines><NewsComponent>"
        f'<Role FormalName="Caption"/>{text("<p>قوارب في نهر إلم</p>", "bcNITF2.5")}'
        "</NewsComponent>"
        + rendition("HighDef", "large.jpg", 768)
        + rendition("Quicklook", "small.jpg", 245)
        + "</NewsComponent>"
    )
    item = read(
        newsml(
            news(
                "<NewsComponent><NewsLines><HeadLine>عودة السباق</HeadLine><SlugLine>Elm-boats"
                '</SlugLine></NewsLines><AdministrativeMetadata><Provider><Party FormalName="أ ف ب"'
                "/></Provider></AdministrativeMetadata><DescriptiveMetadata><Language "
                'FormalName="ar"/></DescriptiveMetadata><NewsComponent>'
                + text(
                    f"<p>تجمع الناس.</p>{inline.format('photo0')}<p>وعادوا.</p>"
                    f"{inline.format('photo9')}",
                    "bcNITF2.5",
                )
                + f"</NewsComponent>{photo}</NewsComponent>"
            )
        )
    )
    assert (item.language, item.agencies, item.slugline) == ("ar", ("AFP",), "Elm-boats")
    (shown,) = item.photos
    assert [block.html for block in item.body] == ["تجمع الناس.", shown.key, "وعادوا."]
    assert (shown.url, shown.caption) == ("large.jpg", "قوارب في نهر إلم")
    assert shown.credit == "تانغ سوثي/ا ف ب"
    assert item.authors == ()


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


def test_every_page_of_a_story_and_a_headline_in_a_line() -> None:
    item = read(
        newsml(
            news(
                "<NewsComponent><NewsLines><NewsLine><HeadLine>In a line</HeadLine></NewsLine>"
                f"</NewsLines>{text(nitf('One.') + nitf('Two.'))}</NewsComponent>"
            )
        )
    )
    assert item.headline == "In a line"
    assert plain_paragraphs(item) == ["One.", "Two."]


def test_an_index_is_no_story() -> None:
    item = read(newsml(news("<NewsComponent><DescriptiveMetadata/></NewsComponent>")))
    assert (item.kind, item.headline, item.body) == ("package", "port-bridge", ())


def test_the_same_text_in_two_formats_is_read_once() -> None:
    words = [f"The bridge over river number {n} was closed on Friday night." for n in range(9)]
    item = read(
        newsml(
            news(f'<NewsComponent EquivalentsList="yes">{HEADLINE}'
                 + text("\n\n".join(words), "Plain") + text(nitf(*words)) + "</NewsComponent>")
        )
    )  # fmt: skip
    assert plain_paragraphs(item) == words


def test_nitf_that_was_sent_as_text() -> None:
    inner = nitf("One.", "Two.").replace("&", "&amp;").replace("<", "&lt;")
    item = read(newsml(news(f"<NewsComponent>{HEADLINE}{text(inner)}</NewsComponent>")))
    assert plain_paragraphs(item) == ["One.", "Two."]


def test_what_is_encoded_is_decoded() -> None:
    words = base64.b64encode("<p>Grüße aus Elm</p>".encode()).decode()
    pixels = base64.b64encode(b"\xff\xd8 picture").decode()
    item = read(
        newsml(
            news(
                f"<NewsComponent>{HEADLINE}<ContentItem><MimeType FormalName='text/html'/>"
                f"<Encoding Notation='base64'><DataContent>{words}</DataContent></Encoding>"
                "</ContentItem><NewsComponent><Role FormalName='Photo'/><ContentItem>"
                "<MimeType FormalName='image/jpeg'/><Encoding Notation='base64'><DataContent>"
                f"{pixels}</DataContent></Encoding></ContentItem></NewsComponent></NewsComponent>"
            )
        )
    )
    assert plain_paragraphs(item) == ["Grüße aus Elm"]
    assert item.photos[0].content == b"\xff\xd8 picture"


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
    assert item.published == at(2019, 1, 21, 7, 27, 8)
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


def test_a_sidebar_with_a_headline_of_its_own_is_another_item() -> None:
    sidebar = HEADLINE.replace("Bridge closed", "Facts")
    first, second = items(
        newsml(
            news(
                f"<NewsComponent>{HEADLINE}<NewsComponent><Role FormalName='Main'/>"
                f"{text(nitf('The bridge is shut.'))}</NewsComponent><NewsComponent>"
                f"<Role FormalName='Background'/>{sidebar}{text(nitf('It is a bridge.'))}"
                "</NewsComponent></NewsComponent>"
            )
        )
    )
    assert (first.headline, second.headline) == ("Bridge closed", "Facts")
    assert WireLink("related", first.guid) in second.links


def test_several_items_in_a_file_have_their_own_bytes() -> None:
    component = f"<NewsComponent>{HEADLINE}{text(nitf('Shut.'))}</NewsComponent>"
    first, second = items(
        newsml(news(component, number="A"), news(component, number="B"),
               envelope='<Priority FormalName="3"/>')
    )  # fmt: skip
    assert (first.guid[-2:], second.guid[-2:]) == (":A", ":B")
    assert first.raw is not None
    again = read(first.raw)
    assert (again.guid, again.urgency, again.sha256) == (first.guid, 3, first.sha256)


def test_a_package_lists_its_members() -> None:
    item = read(
        newsml(
            news(
                f"<NewsComponent>{HEADLINE}<NewsItemRef NewsItem='urn:newsml:a.b:20240105:x:1'/>"
                "</NewsComponent>"
            )
        )
    )
    assert item.kind == "package"
    assert item.links == (WireLink("member", "urn:newsml:a.b:20240105:x"),)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize(
    ("name", "language", "dateline", "photos"),
    [
        ("20130515006361", "en", "ROUND ROCK, Texas", 3),
        ("20130605006126", "zh", "加州桑尼維爾", 1),
        ("20130612006110", "zh", "印尼雅加达", 1),
        ("20130731006140", "en", "KANSAS CITY, Mo.", 2),
    ],
)
def test_every_letter_of_real_releases(
    name: str, language: str, dateline: str, photos: int
) -> None:
    path = RELEASES / f"businesswire-newsml-{name}.xml"
    if not path.exists():
        pytest.skip("The IPTC's examples of NewsML are not beside this checkout.")
    item = read(path.read_bytes())
    assert item.guid == f"urn:newsml:businesswire.com:20010714:{name}"
    assert (item.version, item.pub_status) == ("1", "Usable")
    assert (item.language, item.agencies) == (language, ("Business Wire",))
    assert item.dateline == dateline
    assert len(item.photos) == photos
    # Whom to call is sent before the story, and printed after it.
    sent = etree.fromstring(path.read_bytes())
    told = ""
    for role in ("Body", "Contact"):
        (component,) = sent.iterfind(f".//NewsComponent[Role]/Role[@FormalName='{role}']/..")
        (body,) = component.iter("{*}body")
        told += letters("".join(body.itertext()))
    assert letters("".join(plain_paragraphs(item))) == told
    (headline,) = {
        letters("".join(line.itertext()))
        for line in sent.iterfind("NewsItem/NewsComponent/NewsComponent/NewsLines/HeadLine")
    }
    assert letters(item.headline) == headline


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
                found = newsml1.parse(Incoming(content, "x"))
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
            assert newsml1.parse(Incoming(hostile.encode(), "x"))
        except WireError:
            continue
