"""The parts of a NewsML 1 item: languages, formats, pictures; every word of them once."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from lxml import etree

from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireLink
from wire.newsml1_shapes import HEADLINE, at, items, news, newsml, nitf, read, text

RELEASES = Path(__file__).resolve().parents[3] / "shared/fixtures/ninjs/examples/NewsML"


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
    assert first.lead == ""
    assert plain_paragraphs(first) == [
        "De brug over de Elm is sinds vrijdag gesloten voor het verkeer.",
        "Auto's wachten.",
        "De werken duren lang.",
    ]
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


def test_an_index_is_no_story() -> None:
    item = read(newsml(news("<NewsComponent><DescriptiveMetadata/></NewsComponent>")))
    assert (item.kind, item.headline, item.body) == ("package", "port-bridge", ())


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
