"""What single agencies do with NITF and JSON, as seen in the files they really send."""

from __future__ import annotations

import json

from broadsheet.wire import parsers
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireSubject
from broadsheet.wire.language import language_of
from wire.newsml1_shapes import SCHEME, at


def one(markup: str) -> WireItem:
    (item,) = parsers.items(Incoming(markup.encode(), "wire"))
    return item


def nitf_story(head: str = "", body_head: str = "", paragraphs: str = "<p>It is shut.</p>") -> str:
    return f"""<nitf><head>{head}</head><body><body.head><hedline><hl1>Bridge closed</hl1></hedline>
{body_head}</body.head><body.content>{paragraphs}</body.content></body></nitf>"""


def test_two_people_in_one_element_are_two_authors() -> None:
    head = "<byline><person>Ann Lee and Bo Press</person><byttl>The Canadian Press</byttl></byline>"
    item = one(nitf_story(body_head=head))
    assert item.authors == ("Ann Lee", "Bo Press")
    assert one(nitf_story(body_head=head.replace("Ann Lee and Bo", "Ortega y"))).authors == (
        "Ortega y Press",
    )


def test_keywords_as_text_and_remarks_on_revisions_are_read() -> None:
    item = one(
        nitf_story(
            "<docdata><key-list><keyword>National</keyword><keyword>Justice</keyword></key-list>"
            '<date.expire norm="YYYYMMDD000000-HHMM"/></docdata>'
            '<revision-history norm="20200703T165136-0400" comment="ADDS statement"/>'
        )
    )
    assert item.topics == ("National", "Justice")
    assert (item.ed_note, item.expires) == ("ADDS statement", None)


def test_fields_of_single_suppliers_are_read() -> None:
    item = one(
        nitf_story(
            '<meta name="category_iptc" content="04000000"/>'
            '<meta name="article-keywords" content="harbours, bridges"/>'
        )
    )
    assert WireSubject("", "subj:04000000", SCHEME) in item.subjects
    assert item.topics == ("harbours", "bridges")


def test_what_aap_sends_of_others_is_sent_by_aap() -> None:
    item = one(
        nitf_story(
            '<meta name="aap-selectors" content="pxx"/><docdata>'
            '<date.issue norm="20141126T152703"/>'
            '<doc.copyright year="2014" holder="Agence France Presse"/></docdata>'
        )
    )
    assert (item.agencies, item.info_sources) == (("AAP",), ("AFP",))
    assert item.published == at(2014, 11, 26, 4, 27, 3)


def test_who_owns_the_rights_sent_it_where_nobody_else_is_named() -> None:
    item = one(
        nitf_story(
            '<docdata><doc-id id-string="21155709"/></docdata>',
            "<rights.owner>Agencia EFE</rights.owner>",
        )
    )
    assert (item.agencies, item.guid) == (("EFE",), "EFE:21155709")


def test_an_abstract_cut_off_the_first_paragraph_is_no_lead() -> None:
    head = "<abstract><p>It is</p></abstract>"
    assert one(nitf_story(body_head=head)).lead == ""
    assert one(nitf_story(body_head=head.replace("It is", "Tolls rise"))).lead == "Tolls rise"


def test_lists_of_names_are_in_the_language_of_their_agency() -> None:
    players = (
        "Talavera, M. Herrera, I. Jimenez, Torres Nilo, Rivas, Guemez, Esquivel, Aquino, Vela."
    )
    source = '<docdata><del-list><from-src src-name="PA"/></del-list></docdata>'
    assert one(nitf_story(source, paragraphs=f"<p>{players}</p>")).language == "en"
    assert language_of(f"Mexico v Panama Mexico: {players} Replacements: Munoz, Reyes") != "an"


def test_bylines_and_bodies_beside_an_item_of_ap() -> None:
    answer = {
        "api_version": "2.0",
        "data": {
            "item": {
                "uri": "https://api.ap.example/content/f14?qt=x",
                "type": "text",
                "version": 0,
                "headline": "Review: Bridge film holds little spark",
                "headline_extended": "The bridge gets the spotlight.",
                "bylines": [{"by": "By ANN LEE", "title": "AP Entertainment Writer"}],
                "provider": "AP",
            }
        },
        "nitf": {"body_html": "<p>For proof, look no further.</p>"},
    }
    item = one(json.dumps(answer))
    assert (item.byline, item.authors) == ("By ANN LEE, AP Entertainment Writer", ("ANN LEE",))
    assert item.lead == "The bridge gets the spotlight."
    assert plain_paragraphs(item) == ["For proof, look no further."]
