"""What single agencies do with the formats, as seen in the files they really send."""

from __future__ import annotations

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from wire.newsml1_shapes import HEADLINE, SCHEME, at, news, newsml, nitf, text

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def items(markup: str, name: str = "wire.xml") -> list[WireItem]:
    return parsers.items(Incoming(markup.encode(), name))


def one(markup: str) -> WireItem:
    (item,) = items(markup)
    return item


def g2(
    meta: str = "", content: str = "", body: str = "", provider: str = '<provider literal="AFP"/>'
) -> str:
    return f"""<newsItem {NAR} guid="tag:a.example,2024:1" version="2" xml:lang="en"><itemMeta>
<itemClass qcode="ninat:text"/>{provider}<versionCreated>2024-01-05T09:00:00Z</versionCreated>
<pubStatus qcode="stat:usable"/>{meta}</itemMeta><contentMeta>{content}</contentMeta><contentSet>
{body}</contentSet></newsItem>"""


def message(header: str, *news_items: str) -> str:
    return f"<newsMessage {NAR}>{header}<itemSet>{''.join(news_items)}</itemSet></newsMessage>"


# NewsML 1


def test_a_tip_of_nothing_but_a_headline_is_an_item() -> None:
    tip = news(
        "<NewsComponent><NewsLines><HeadLine><![CDATA[cor 4 - FIRE, Port Elm]]></HeadLine>"
        '</NewsLines><NewsComponent><Role FormalName="Body"/><ContentItem><DataContent/>'
        "</ContentItem></NewsComponent></NewsComponent>",
        provider="belga.be",
        number="",
    )
    item = one(newsml(tip.replace("urn:newsml:belga.be:20240105::2N", "urn:newsml:www.belga.be")))
    assert (item.headline, item.kind, item.body) == ("cor 4 - FIRE, Port Elm", "text", ())
    assert item.agencies == ("Belga",)


def test_a_headline_deep_within_is_found_where_no_text_is() -> None:
    deep = f"<NewsComponent><NewsComponent>{HEADLINE}</NewsComponent></NewsComponent>"
    assert one(newsml(news(deep))).headline == "Bridge closed"


def test_the_key_of_a_component_names_an_item_without_number() -> None:
    markup = newsml(
        """<NewsItem><Identification><NewsIdentifier><ProviderId>www.itar-tass.com</ProviderId>
</NewsIdentifier></Identification><NewsManagement><FirstCreated>20190121T102708</FirstCreated>
<Status FormalName="Usable"/></NewsManagement><NewsComponent Duid="04BF4325838900396A95">"""
        f"{HEADLINE}{text(nitf('The bridge is shut.'))}</NewsComponent></NewsItem>"
    )
    item = one(markup)
    assert item.guid == "04BF4325838900396A95"
    assert item.published == at(2019, 1, 21, 10, 27, 8)
    assert one(markup.replace("04BF4325838900396A95", "NC0001")).guid.startswith("newsml:")


def test_rights_are_said_once_and_topics_of_the_press_association_are_read() -> None:
    item = one(
        newsml(
            news(
                "<NewsComponent><NewsLines><HeadLine>Fair opens</HeadLine><CopyrightLine>Press "
                "Association 2024</CopyrightLine></NewsLines><RightsMetadata><Copyright>"
                "<CopyrightHolder>Press Association</CopyrightHolder><CopyrightDate>2024"
                "</CopyrightDate></Copyright></RightsMetadata><AdministrativeMetadata>"
                '<Property FormalName="Topic" Value="DeskService"/></AdministrativeMetadata>'
                '<DescriptiveMetadata><Property FormalName="Topic" Value="ARTS"/>'
                '<Property FormalName="Keyword" Value="Fair"/></DescriptiveMetadata>'
                f"{text(nitf('It opens.'))}</NewsComponent>"
            )
        )
    )
    assert item.rights == "Press Association 2024"
    assert item.topics == ("Fair", "ARTS")


def test_a_running_order_keeps_its_lines() -> None:
    lines = "- fire at the port\n   Q Ann Lee, harbour master\n   Q vox pop\n   - bridge shut (1)\n"
    component = (
        f"<NewsComponent>{HEADLINE}<ContentItem><Format FormalName='Text'/><DataContent>{lines}"
        "</DataContent></ContentItem></NewsComponent>"
    )
    assert plain_paragraphs(one(newsml(news(component)))) == [
        "- fire at the port",
        "Q Ann Lee, harbour master",
        "Q vox pop",
        "- bridge shut (1)",
    ]


EUROPA_PRESS = f"""<NewsComponent><TopicSet FormalName="HighImportance"><Topic Duid="ts_1">
<FormalName Scheme="EuropaPress_Servicio">S8</FormalName><Description xml:lang="es">Servicio
</Description></Topic><Topic Duid="ts_4"><FormalName Scheme="IPTCSubjectCodes">14000000</FormalName>
<Description xml:lang="en">Social Issues</Description><Description xml:lang="es">asuntos sociales
</Description></Topic></TopicSet><NewsComponent><Role FormalName="Main Text"/>{HEADLINE}
<DescriptiveMetadata><Language FormalName="es-ES"/><TopicOccurrence Topic="#ts_1"/>
<TopicOccurrence Topic="#ts_4"/></DescriptiveMetadata><ContentItem><MediaType FormalName="Text"/>
<Format FormalName="XHTML"/><DataContent><![CDATA[ <html xmlns="http://www.w3.org/1999/xhtml">
<head><title /></head><body><p>   PUERTO OLMO, 2 (EUROPA PRESS)</p><p>   Cierra el puente.</p>
</body></html>]]></DataContent></ContentItem></NewsComponent></NewsComponent>"""


def test_a_whole_page_with_a_title_closed_at_once_keeps_its_text() -> None:
    item = one(newsml(news(EUROPA_PRESS, provider="Europa Press")))
    assert plain_paragraphs(item) == ["PUERTO OLMO, 2 (EUROPA PRESS)", "Cierra el puente."]


def test_subjects_that_only_pointers_name_are_found() -> None:
    item = one(newsml(news(EUROPA_PRESS, provider="Europa Press")))
    assert item.subjects == (WireSubject("asuntos sociales", "subj:14000000", SCHEME),)


def test_a_label_that_says_gmt_goes_before_the_agencys_own_zone() -> None:
    made = news(
        EUROPA_PRESS,
        provider="Europa Press",
        created="2019-10-02T16:21:30",
        revised="2019-10-02T16:21:30",
    )
    labelled = made.replace(
        "</NewsIdentifier>",
        "</NewsIdentifier><DateLabel>2019-10-02 16:21:30 GMT (Europa Press)</DateLabel>",
    )
    assert one(newsml(made)).published == at(2019, 10, 2, 14, 21, 30)
    assert one(newsml(labelled)).published == at(2019, 10, 2, 16, 21, 30)


def test_what_afp_calls_a_version_is_a_signal() -> None:
    item = one(
        newsml(
            news(
                f"<NewsComponent>{HEADLINE}<DescriptiveMetadata>"
                '<Property FormalName="Version" Value="Correction"/></DescriptiveMetadata>'
                f"{text(nitf('It is shut.'))}</NewsComponent>"
            )
        )
    )
    assert item.signals == ("Correction",)


def test_papers_beside_a_story_are_no_pictures_and_companies_no_authors() -> None:
    item = one(
        newsml(
            news(
                "<NewsComponent><NewsLines><HeadLine>Wall Oyj: notice</HeadLine>"
                f"<ByLine>Wall Oyj</ByLine></NewsLines>{text(nitf('It owns it.'))}"
                '<ContentItem Href="https://ir.example/notice.pdf">'
                '<MimeType FormalName="application/pdf"/></ContentItem></NewsComponent>'
            )
        )
    )
    assert (item.photos, item.authors, item.byline) == ((), (), "Wall Oyj")


def test_places_of_sounds_in_a_bulletin_are_no_text() -> None:
    component = (
        f"<NewsComponent>{HEADLINE}<ContentItem><Format FormalName='ascii'/><DataContent>\n"
        "   NewsComponentRef\n\n   De brug is dicht.\n\n   NewsComponentRef\n\n   Tot slot het "
        "weer.\n</DataContent></ContentItem></NewsComponent>"
    )
    assert plain_paragraphs(one(newsml(news(component)))) == [
        "De brug is dicht.",
        "Tot slot het weer.",
    ]


def test_the_opening_goes_before_the_body_unless_it_stands_there() -> None:
    def part(role: str, words: str) -> str:
        return (
            f'<NewsComponent><Role FormalName="{role}"/><ContentItem><Format FormalName="Text"/>'
            f"<DataContent>{words}</DataContent></ContentItem></NewsComponent>"
        )

    lead, body = part("Lead", "The bridge is shut."), part("Body", "Cars wait.")
    whole = part("Body", "The bridge is shut. Cars wait.")
    for parts, expected in (
        (lead + body, ["The bridge is shut.", "Cars wait."]),
        (lead + whole, ["The bridge is shut. Cars wait."]),
        (lead, ["The bridge is shut."]),
    ):
        item = one(newsml(news(f"<NewsComponent>{HEADLINE}{parts}</NewsComponent>")))
        assert (plain_paragraphs(item), item.lead) == (expected, "")


# NewsML-G2


@pytest.mark.parametrize(
    ("provider", "header", "agency"),
    [
        ("<provider><name>Robot Texts</name></provider>", "<sender>ap.org</sender>", "AP"),
        ('<provider literal="CL"/>', "<sender>PortDesk</sender>", "PortDesk"),
        ('<provider literal="reuters.com"/>', "<sender>ap.org</sender>", "Reuters"),
        (
            "<provider><name>Port News</name></provider>",
            "<sender>hub.example</sender>",
            "Port News",
        ),
    ],
)
def test_the_agency_is_who_sends_where_the_provider_is_none(
    provider: str, header: str, agency: str
) -> None:
    story = g2(provider=provider, content="<headline>Bridge closed</headline>")
    assert one(message(f"<header>{header}</header>", story)).agencies == (agency,)
    assert one(message(f"<Header>{header}</Header>", story)).agencies == (agency,)


def test_the_title_of_nitf_is_the_headline_where_g2_has_none() -> None:
    item = one(
        g2(
            body='<inlineXML contenttype="application/nitf+xml"><nitf><head><title>Shop shut; '
            "chief goes</title></head><body><body.head><byline>By<person>Staff Reporter</person>"
            "<byttl>PortDesk</byttl></byline></body.head><body.content><p>By Ann Lee</p>"
            "<p>Jan. 5 (PortDesk) - The shop is shut.</p></body.content></body></nitf></inlineXML>"
        )
    )
    assert item.headline == "Shop shut; chief goes"
    assert item.byline == "By Staff Reporter, PortDesk"


def test_a_note_that_is_sent_as_the_tagline_too_is_no_text() -> None:
    body = (
        '<inlineXML contenttype="application/nitf+xml"><nitf><body><body.content><p>Broen er '
        "stengt.</p></body.content><body.end><tagline>{}</tagline></body.end></body></nitf>"
        "</inlineXML>"
    )
    meta, content = "<edNote>Utvidet og oppdatert.</edNote>", "<headline>Broen stengt</headline>"
    item = one(g2(meta, content, body.format("Utvidet og oppdatert.")))
    assert plain_paragraphs(item) == ["Broen er stengt."]
    assert item.ed_note == "Utvidet og oppdatert."
    other = one(g2(meta, content, body.format("Ann Lee skrev dette.")))
    assert plain_paragraphs(other) == ["Broen er stengt.", "Ann Lee skrev dette."]


def test_what_a_signal_of_tt_replaces_is_linked() -> None:
    story = g2(
        '<signal qcode="tt_sig:replace"/>',
        '<headline>Bron stängd</headline><altId type="tt:uno">20240105:TT:7:0</altId>'
        '<altId type="tt:refuno">20240105:TT:5:0</altId><subject literal="TT:02000000:LAG"/>',
    ).replace("tag:a.example,2024:1", "urn:newsml:tt.se:20240105:TT:7:0")
    item = one(story)
    assert item.links == (WireLink("replaces", "urn:newsml:tt.se:20240105:TT:5:0"),)
    assert (item.topics, item.subjects[0].code) == ((), "subj:02000000")
    assert one(story.replace("tt_sig:replace", "tt_sig:new")).links == ()


def test_codes_and_labels_are_no_topics() -> None:
    item = one(
        g2(
            content="<headline>Bridge closed</headline>"
            '<subject qcode="apcategorycode:f"><name>f</name></subject>'
            '<subject type="cptype:subcat" literal="Bridge closed"/><subject literal="ALR"/>'
            '<subject literal="Related topic id" qcode="stt-topics:441649"/>'
            '<subject qcode="medtop:20000634"><name>Harbours</name></subject>'
        )
    )
    assert item.topics == ("Harbours",)
    assert len(item.subjects) == 5


def test_addresses_in_notes_are_kept() -> None:
    note = "<edNote>Desk: Ann Lee, 555 01, &lt;desk@port.example&gt;</edNote>"
    item = one(g2(note, "<headline>Bridge closed</headline>"))
    assert item.ed_note == "Desk: Ann Lee, 555 01, <desk@port.example>"


def test_places_of_stt_are_found_where_it_asserts_them() -> None:
    story = g2(
        content="<headline>Silta kiinni</headline>"
        '<subject type="cpnat:geoArea" qcode="sttlocationalias:7576"/>'
    ).replace(
        "<contentSet>",
        '<assert qcode="sttlocmeta:default:7576"><broader qcode="sttstate:67"><name>N/A</name>'
        '</broader><broader qcode="sttcity:392"><name>Tallinna</name></broader></assert>'
        '<assert qcode="sttlocmeta:rich:20016"><name>Myanmar</name></assert><contentSet>',
    )
    item = one(story)
    assert item.places == ("Tallinna", "Myanmar")
    assert item.subjects[0] == WireSubject("Tallinna", "sttlocationalias:7576", "sttlocationalias")


def test_a_dateline_without_its_dash_does_not_run_into_the_text() -> None:
    body = (
        '<inlineXML contenttype="application/xhtml+xml"><html><body><p><span class="dateline">ELM '
        '<span class="credit">(AP)</span></span>{}The bridge is shut.</p></body></html></inlineXML>'
    )
    for gap in ("", " - "):
        item = one(g2(content="<headline>Shut</headline>", body=body.format(gap)))
        assert plain_paragraphs(item) == ["ELM (AP) - The bridge is shut."]
        assert item.dateline == "ELM (AP)"
