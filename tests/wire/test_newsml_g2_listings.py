"""The listings of the IPTC's guidelines: each that carries a story gives it."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.wire.fields import plain_paragraphs
from wire.test_newsml_g2 import at, listing

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
