"""Feeds: RSS, Atom and JSON Feed, as agencies and newspapers send them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from broadsheet.wire.parsers import feed

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>AFP - Harbour news</title><link>https://wire.example/harbour</link>
<language>en-gb</language><copyright>Copyright 2024 Agence France-Presse. All rights reserved
</copyright><lastBuildDate>Tue, 05 Mar 2024 08:00:00 GMT</lastBuildDate>
{items}
</channel></rss>"""
ITEM = """<item><title>{title}</title><link>https://wire.example/a/1</link>
<guid isPermaLink="false">1-harbour</guid><pubDate>Tue, 05 Mar 2024 07:15:00 +0100</pubDate>
{more}</item>"""
STORY = """<description>The ferry stays in port.</description>
<content:encoded><![CDATA[<p>The ferry stayed in port on Tuesday, the harbour office said.</p>
<h2>Wind</h2><p>Gusts reached <b>ten</b>.</p>
<figure><img src="/pictures/ferry.jpg?w=300" alt="A ferry">
<figcaption>The ferry at the quay. (AFP)</figcaption></figure>
<p>The post <a href="https://wire.example/a/1">A</a> appeared first on <a href="/">Wire</a>.</p>
]]></content:encoded>"""


def records(text: str, origin: str = "feed.xml") -> list[object]:
    return list(parsers.parse(Incoming(text.encode(), origin)))


def only(text: str, origin: str = "feed.xml") -> WireItem:
    (item,) = parsers.items(Incoming(text.encode(), origin))
    return item


def rss(more: str, title: str = "Ferry stays in port") -> WireItem:
    return only(RSS.format(items=ITEM.format(title=title, more=more)))


def test_a_whole_story_in_rss() -> None:
    item = rss(
        STORY
        + "<dc:creator>By Jane Roe and John Poe</dc:creator>"
        + '<category>Ports</category><category domain="urn:sections">Weather</category>'
    )
    assert item.format == feed.FORMAT
    assert item.headline == "Ferry stays in port"
    assert [(block.kind, block.html) for block in item.body] == [
        ("paragraph", "The ferry stayed in port on Tuesday, the harbour office said."),
        ("heading", "Wind"),
        ("paragraph", "Gusts reached <strong>ten</strong>."),
        ("photo", "https://wire.example/pictures/ferry.jpg?w=300"),
    ]
    assert item.lead == "The ferry stays in port."
    assert item.guid == "wire.example:1-harbour"
    assert item.links == (WireLink("related", "https://wire.example/a/1"),)
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)
    assert item.updated is None
    assert item.language == "en"
    assert item.authors == ("Jane Roe", "John Poe")
    assert item.byline == "By Jane Roe and John Poe"
    assert item.agencies == ("AFP",)
    assert item.rights.startswith("Copyright 2024 Agence France-Presse")
    assert item.topics == ("Ports", "Weather")
    assert item.subjects == (WireSubject("Weather", "Weather", "urn:sections"),)
    (photo,) = item.photos
    assert (photo.caption, photo.credit) == ("The ferry at the quay.", "AFP")
    assert photo.alt_text == "A ferry"
    assert item.raw is not None
    assert b"ferry" in item.raw
    assert item.oddities == ("The line that the feed puts under every entry was left out.",)


def test_media_rss_keeps_the_words_of_each_picture() -> None:
    item = rss(
        "<description>The ferry stays in port.</description>"
        '<media:group><media:content url="https://p.example/a.jpg?w=140" width="140"/>'
        '<media:content url="https://p.example/a.jpg?w=900" width="900" type="image/jpeg"/>'
        "<media:description>The ferry</media:description>"
        "<media:credit>Photograph: Ann Lens/AP</media:credit></media:group>"
        '<media:content url="https://p.example/b.jpg" medium="image">'
        "<media:title>Quay</media:title><media:description>The quay (Reuters)</media:description>"
        '</media:content><media:content url="https://p.example/c.mp4" type="video/mp4"/>'
        '<enclosure url="https://p.example/d.png" type="image/png" length="1"/>'
        '<enclosure url="https://p.example/e.mp3" type="audio/mpeg" length="1"/>'
    )
    assert plain_paragraphs(item) == ["The ferry stays in port."]
    assert [(photo.url, photo.caption, photo.credit) for photo in item.photos] == [
        ("https://p.example/a.jpg?w=900", "The ferry", "Ann Lens/AP"),
        ("https://p.example/b.jpg", "The quay", "Reuters"),
        ("https://p.example/d.png", "", ""),
    ]
    assert {link.guid for link in item.links} >= {
        "https://p.example/c.mp4",
        "https://p.example/e.mp3",
    }
    assert "The feed carries a summary only." in item.oddities


def test_pictures_in_the_text_get_the_words_that_media_rss_has_for_them() -> None:
    item = rss(
        '<description>&lt;p&gt;Text.&lt;/p&gt;&lt;img src="https://p.example/a.jpg"&gt;'
        '</description><media:content url="https://p.example/a.jpg?big" medium="image">'
        "<media:credit>AP</media:credit></media:content>"
    )
    (photo,) = item.photos
    assert photo.credit == "AP"
    assert photo.key == "https://p.example/a.jpg"


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("AT&amp;amp;T &amp;amp;#8217;s ferry", "AT&T ’s ferry"),
        ("The &lt;i&gt;Anna&lt;/i&gt; sails", "The Anna sails"),
        ("<![CDATA[The <em>Anna</em> sails]]>", "The Anna sails"),
        ("If 3 &lt; 5, sail", "If 3 < 5, sail"),
        ("Anna&nbsp;&ndash; a ship", "Anna – a ship"),
    ],
)
def test_headlines_with_markup_and_escapes_of_escapes(title: str, headline: str) -> None:
    assert rss(STORY, title).headline == headline


@pytest.mark.parametrize(
    "printed",
    [
        "Tue, 05 Mar 2024 06:15:00 GMT",
        "Tue, 5 Mar 24 01:15 EST",
        "Tuesday, 05-Mar-24 06:15:00 GMT",
        "2024-03-05T09:45:00+03:30",
        "Tue Mar  5 06:15:00 2024",
        "05 März 2024 07:15:00 +0100",
        "۱۵ اسفند ۱۴۰۲ ۰۹:۴۵ تهران",
    ],
)
def test_dates_in_the_forms_feeds_have_them(printed: str) -> None:
    text = ITEM.format(title="A", more=STORY).replace("Tue, 05 Mar 2024 07:15:00 +0100", printed)
    item = only(RSS.format(items=text))
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)


def test_an_unreadable_date_is_said_and_loses_nothing() -> None:
    text = ITEM.format(title="A", more=STORY).replace("Tue, 05 Mar 2024 07:15:00 +0100", "soon")
    item = only(RSS.format(items=text))
    assert item.published is None
    assert "The time “soon” could not be read." in item.oddities


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://a.example/x/">
<title>Hafenbote</title><id>urn:feed</id><updated>2024-03-05T08:00:00Z</updated>
<author><name>Redaktion</name></author><rights>© Hafenbote</rights>{entries}</feed>"""


def test_atom_with_xhtml_relative_links_and_both_times() -> None:
    item = only(
        ATOM.format(
            entries="""<entry><id>tag:a.example,2024:1</id><title type="text">Fähre &lt;nord&gt;
</title><link href="2024/1.html"/><link rel="via" href="https://other.example/9"/>
<link rel="enclosure" type="image/jpeg" href="pic.jpg"/>
<published>2024-03-05T07:15:00+01:00</published><updated>2024-03-05T07:00:00Z</updated>
<category term="hafen" scheme="urn:t" label="Hafen"/><summary>Die Fähre bleibt.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Die Fähre bleibt im Hafen,
sagte <a href="amt.html">das Amt</a>.</p><p>Der Wind ist zu stark.</p></div></content></entry>"""
        )
    )
    assert item.headline == "Fähre <nord>"
    assert item.guid == "tag:a.example,2024:1"
    assert item.body[0].html == (
        'Die Fähre bleibt im Hafen, sagte <a href="https://a.example/x/amt.html">das Amt</a>.'
    )
    assert len(item.body) == 2
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)
    assert item.updated == datetime(2024, 3, 5, 7, 0, tzinfo=UTC)
    assert item.version == "2024-03-05T07:00:00+00:00"
    assert item.language == "de"
    assert item.authors == ("Redaktion",)
    assert item.topics == ("Hafen",)
    assert item.subjects == (WireSubject("Hafen", "hafen", "urn:t"),)
    assert WireLink("related", "https://a.example/x/2024/1.html") in item.links
    assert WireLink("derived", "https://other.example/9") in item.links
    assert [photo.url for photo in item.photos] == ["https://a.example/x/pic.jpg"]
    assert item.rights == "© Hafenbote"


AP = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:apcm="http://ap.org/schemas/03/2005/apcm"
 xmlns:apnm="http://ap.org/schemas/03/2005/apnm"><title>Harbour</title><entry xml:lang="en-us">
<id>urn:publicid:ap.org:aa11</id><title>Ferry stays in port</title>
<updated>2024-03-05T07:00:00Z</updated><published>2024-03-05T06:15:00Z</published>
<apcm:ContentMetadata><apcm:DateLine>PORTVILLE (AP)</apcm:DateLine>
<apcm:ByLine>By JANE ROE</apcm:ByLine><apcm:SlugLine>Ferry</apcm:SlugLine>
<apcm:Priority Numeric="4"/><apcm:SubjectClassification Value="Ports" Id="s:1"
 Authority="AP Subject"/><apcm:DateLineLocation City="Portville"/></apcm:ContentMetadata>
<apnm:NewsManagement><apnm:ManagementId>urn:publicid:ap.org:mm22</apnm:ManagementId>
<apnm:ManagementSequenceNumber>3</apnm:ManagementSequenceNumber>
<apnm:PublishingStatus>Embargoed</apnm:PublishingStatus>
<apnm:PublishingReleaseDateTime>2024-03-06T06:00:00Z</apnm:PublishingReleaseDateTime>
<apnm:PublishingSpecialInstructions>Eds: updates.</apnm:PublishingSpecialInstructions>
</apnm:NewsManagement>{content}</entry></feed>"""


@pytest.mark.parametrize(
    "content",
    [
        '<content type="xhtml"><apxh:div xmlns:apxh="http://www.w3.org/1999/xhtml"><apxh:p>The '
        "ferry stayed.</apxh:p><apxh:p>Until tomorrow.</apxh:p></apxh:div></content>",
        '<content type="text/xml"><nitf xmlns=""><body><body.content><block id="Main"><p>The ferry '
        "stayed.</p><p>Until tomorrow.</p></block></body.content></body></nitf></content>",
    ],
)
def test_what_an_agency_adds_to_its_entries_is_kept_and_acted_upon(content: str) -> None:
    item = only(AP.format(content=content))
    assert item.headline == "Ferry stays in port"
    assert plain_paragraphs(item) == ["The ferry stayed.", "Until tomorrow."]
    assert (item.guid, item.version) == ("urn:publicid:ap.org:mm22", "3")
    assert item.pub_status == "Embargoed"
    assert item.embargoed == datetime(2024, 3, 6, 6, 0, tzinfo=UTC)
    assert item.ed_note == "Eds: updates."
    assert item.byline == "By JANE ROE"
    assert item.authors == ("JANE ROE",)
    assert item.dateline == "PORTVILLE (AP)"
    assert (item.slugline, item.urgency) == ("Ferry", 4)
    assert item.subjects == (WireSubject("Ports", "s:1", "AP Subject"),)
    assert item.places == ("Portville",)
    assert item.agencies == ("AP",)
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)


def test_a_deleted_entry_takes_back_the_story_of_its_name() -> None:
    text = ATOM.format(
        entries='<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" '
        'ref="tag:a.example,2024:1" when="2024-03-06T07:00:00Z">'
        "<at:comment>Falsch</at:comment></at:deleted-entry>"
    )
    item = only(text)
    assert (item.guid, item.pub_status) == ("tag:a.example,2024:1", "canceled")
    assert item.updated == datetime(2024, 3, 6, 7, 0, tzinfo=UTC)


def test_rdf_and_the_old_versions() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://r.example/"><title>R</title><link>https://r.example/</link>
<items><rdf:Seq><rdf:li rdf:resource="https://r.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://r.example/1"><title>One</title><link>https://r.example/1</link>
<description>Words of one.</description><dc:date>2024-03-05T07:15:00+01:00</dc:date></item>
</rdf:RDF>"""
    item = only(rdf)
    assert (item.guid, item.headline) == ("https://r.example/1", "One")
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)
    assert item.links == ()
    for version in ("0.91", "0.92"):
        text = f'<rss version="{version}"><channel><item><title>A</title>' + (
            "<link>https://r.example/2</link><description>B</description></item></channel></rss>"
        )
        assert only(text).guid == "https://r.example/2"


def test_prefixes_nobody_declared_and_junk_before_the_feed() -> None:
    text = RSS.format(items=ITEM.format(title="A", more=STORY))
    text = text.replace('xmlns:content="http://purl.org/rss/1.0/modules/content/"', "")
    item = only("Warning: something on line 3\n" + text.partition("?>")[2])
    assert len(item.body) == 4
    assert "The feed uses prefixes it does not declare: “content”." in item.oddities
    assert "Something stood before the feed; it was left out." in item.oddities


def test_a_damaged_root_element_does_not_lose_the_feed() -> None:
    text = RSS.format(items=ITEM.format(title="A", more=STORY)).replace('version="2.0"', "v=2 x &")
    item = only(text)
    assert len(item.body) == 4
    assert any("first element is damaged" in oddity for oddity in item.oddities)


def test_words_after_an_embedded_player_are_kept() -> None:
    embed = "&lt;embed src='https://v.example/1'&gt;"
    item = rss(f"<description>&lt;p&gt;Before {embed} after.&lt;/p&gt;</description>")
    assert plain_paragraphs(item) == ["Before", "https://v.example/1", "after."]


def test_a_picture_alone_is_called_by_its_words() -> None:
    item = only(
        RSS.format(
            items='<item><media:content url="https://p.example/a.jpg" medium="image">'
            "<media:description>The quay.</media:description></media:content></item>"
        )
    )
    assert item.headline == "The quay"


def test_an_entry_without_title_is_called_by_its_first_words() -> None:
    item = only(
        RSS.format(items="<item><description>The ferry sails. It is late.</description></item>")
    )
    assert item.headline == "The ferry sails"
    assert item.guid.startswith("sha256:")


def test_an_export_of_wordpress_is_no_feed() -> None:
    text = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel></channel></rss>'
    assert not feed.recognises(Incoming(text.encode(), "x.xml"))


def test_bare_utf_16_is_read() -> None:
    text = RSS.format(items=ITEM.format(title="A", more=STORY)).replace("utf-8", "utf-16")
    for encoding in ("utf-16-le", "utf-16-be"):
        (item,) = parsers.items(Incoming(text.encode(encoding), "feed.xml"))
        assert item.headline == "A"
