"""One story in every format the wire reads, with any words in any of its places.

What is hostile about the words is said elsewhere (``hostile_words``); here they are only put
where each format has them, escaped as it should be, so that the format itself stays whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from wire import wordpress_export as wordpress

BODY = (
    "<p>Passengers on the harbour ferries will pay more from the first of May, the port office "
    "said on Monday, after a winter in which fuel cost a fifth more than planned.</p>"
    "<p>A single crossing will cost 3.20 instead of 2.90, and a monthly ticket 68 instead of 61. "
    "Children under six and bicycles stay free of charge, the office added.</p>"
)


@dataclass(frozen=True)
class Words:
    """What a story says, and what it says of itself, as text for any format."""

    headline: str = "Ferry fares rise again"
    body: str = BODY
    lead: str = "A crossing costs more from May."
    caption: str = "The Petrel at the northern pier."
    credit: str = "Ida Lens"
    alt_text: str = "A ferry at a pier"
    author: str = "Nora Quist"
    topic: str = "Ferries"
    section: str = "City"
    agency: str = "Coast Wire"
    slug: str = "ferry-fares"
    language: str = "en"
    guid: str = "urn:newsml:coast.example:20240304:fares"
    version: str = "2"
    news_id: str = "48213"
    urgency: str = "4"
    published: str = "2024-03-04T05:12:00Z"
    embargo: str = "2024-03-04T06:00:00Z"
    note: str = "Adds a quotation."
    link: str = "https://coast.example/ferry-fares/"
    picture: str = "https://coast.example/petrel.jpg"
    commenter: str = "Reader"
    comment: str = "Too dear."
    old_address: str = "/2012/old-fares/"
    new_address: str = "/ferry-fares/"
    repeated: int = 1


Seed = Callable[[Words], bytes]


def e(text: str) -> str:
    return escape(text)


def rss(w: Words) -> bytes:
    topics = f"<category>{e(w.topic)}</category>" * w.repeated
    authors = f"<dc:creator>{e(w.author)}</dc:creator>" * w.repeated
    media = "".join(
        f'<media:content url="{e(w.picture)}{n or ""}" medium="image" type="image/jpeg">'
        f"<media:description>{e(w.caption)}</media:description>"
        f"<media:credit>{e(w.credit)}</media:credit></media:content>"
        for n in range(w.repeated)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>{e(w.agency)}</title><link>https://coast.example/</link>
<language>{e(w.language)}</language><item><title>{e(w.headline)}</title><link>{e(w.link)}</link>
<guid isPermaLink="false">{e(w.guid)}</guid><pubDate>{e(w.published)}</pubDate>
<dc:date>{e(w.published)}</dc:date><description>{e(w.lead)}</description>{topics}{authors}{media}
<content:encoded>{e(w.body)}</content:encoded></item></channel></rss>""".encode()


def rss_1(w: Words) -> bytes:
    return f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://coast.example/"><title>{e(w.agency)}</title></channel>
<item rdf:about="{e(w.link)}"><title>{e(w.headline)}</title><link>{e(w.link)}</link>
<description>{e(w.body)}</description><dc:date>{e(w.published)}</dc:date>
<dc:creator>{e(w.author)}</dc:creator><dc:subject>{e(w.topic)}</dc:subject></item>
</rdf:RDF>""".encode()


def atom(w: Words) -> bytes:
    topics = f'<category term="{e(w.topic)}" scheme="{e(w.slug)}"/>' * w.repeated
    return f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"
 xml:lang="{e(w.language)}"><title>{e(w.agency)}</title><id>urn:feed</id>
<updated>{e(w.published)}</updated><entry><id>{e(w.guid)}</id>
<title type="html">{e(w.headline)}</title><link href="{e(w.link)}"/>
<published>{e(w.published)}</published><updated>{e(w.published)}</updated>
<author><name>{e(w.author)}</name><email>{e(w.slug)}</email></author>{topics}
<summary type="html">{e(w.lead)}</summary><content type="html">{e(w.body)}</content>
<rights>{e(w.note)}</rights></entry></feed>""".encode()


def json_feed(w: Words) -> bytes:
    return _json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": w.agency,
            "language": w.language,
            "items": [
                {
                    "id": w.guid,
                    "url": w.link,
                    "title": w.headline,
                    "content_html": w.body,
                    "summary": w.lead,
                    "image": w.picture,
                    "date_published": w.published,
                    "authors": [{"name": w.author, "url": w.link}] * w.repeated,
                    "tags": [w.topic] * w.repeated,
                    "attachments": [{"url": w.picture, "mime_type": "image/jpeg"}] * w.repeated,
                }
            ],
        }
    )


def opml(w: Words) -> bytes:
    outline = (
        f'<outline text="{e(w.headline)}" xmlUrl="{e(w.link)}" language="{e(w.language)}"/>'
        * w.repeated
    )
    return (
        f'<?xml version="1.0"?><opml version="2.0"><head><title>{e(w.agency)}</title></head>'
        f'<body><outline text="{e(w.section)}">{outline}</outline></body></opml>'
    ).encode()


def redirects_json(w: Words) -> bytes:
    return _json([{"from": w.old_address, "to": w.new_address, "permanent": True}] * w.repeated)


def redirects_yaml(w: Words) -> bytes:
    return f"301:\n  {w.old_address}: {w.new_address}\n".encode("utf-8", "replace")


def ninjs(w: Words) -> bytes:
    return _json(
        {
            "uri": w.guid,
            "type": "text",
            "version": w.version,
            "versioncreated": w.published,
            "pubstatus": "usable",
            "embargoed": w.embargo,
            "urgency": _number(w.urgency),
            "headline": w.headline,
            "slugline": w.slug,
            "byline": w.author,
            "source": w.agency,
            "language": w.language,
            "ednote": w.note,
            "subject": [{"name": w.topic, "code": w.slug, "scheme": w.slug}] * w.repeated,
            "authors": [{"name": w.author, "role": "writer"}] * w.repeated,
            "keywords": [w.topic] * w.repeated,
            "description_text": w.lead,
            "body_html": w.body,
            "associations": {
                f"picture{n}": {
                    "type": "picture",
                    "guid": f"{w.guid}:{n}",
                    "headline": w.headline,
                    "byline": w.credit,
                    "body_text": w.alt_text,
                    "description_text": w.caption,
                    "renditions": {"original": {"href": f"{w.picture}{n or ''}", "width": 9}},
                }
                for n in range(w.repeated)
            },
        }
    )


def ninjs_3(w: Words) -> bytes:
    return _json(
        {
            "standard": {"name": "ninjs", "version": "3.0"},
            "uri": w.guid,
            "type": "text",
            "version": w.version,
            "versionCreated": w.published,
            "embargoed": w.embargo,
            "pubStatus": "usable",
            "urgency": _number(w.urgency),
            "language": w.language,
            "by": w.author,
            "edNote": w.note,
            "headlines": [{"role": "main", "value": w.headline}],
            "descriptions": [{"value": w.lead}],
            "bodies": [{"role": "main", "contentType": "text/html", "value": w.body}],
            "people": [{"name": w.author}] * w.repeated,
            "subjects": [{"name": w.topic}] * w.repeated,
            "associations": [
                {
                    "type": "picture",
                    "by": w.credit,
                    "descriptions": [{"value": w.caption}],
                    "renditions": [{"name": "large", "href": w.picture}],
                }
            ]
            * w.repeated,
        }
    )


def nitf(w: Words) -> bytes:
    media = (
        f'<media media-type="image"><media-reference source="{e(w.picture)}"/>'
        f"<media-caption>{e(w.caption)}</media-caption>"
        f"<media-producer>{e(w.credit)}</media-producer></media>" * w.repeated
    )
    topics = f'<keyword key="{e(w.topic)}"/>' * w.repeated
    return f"""<?xml version="1.0"?><nitf baselang="{e(w.language)}"><head>
<docdata><doc-id id-string="{e(w.guid)}"/><urgency ed-urg="{e(w.urgency)}"/>
<date.issue norm="{e(w.published)}"/><date.release norm="{e(w.embargo)}"/>
<du-key key="{e(w.slug)}" version="{e(w.version)}"/><ed-msg info="{e(w.note)}"/>
<key-list>{topics}</key-list></docdata><pubdata position.section="{e(w.section)}"/></head><body>
<body.head><hedline><hl1>{e(w.headline)}</hl1></hedline><byline>By {e(w.author)}</byline>
<distributor>{e(w.agency)}</distributor><dateline><location>{e(w.section)}</location></dateline>
<abstract><p>{e(w.lead)}</p></abstract></body.head>
<body.content>{_xhtml(w.body)}{media}</body.content></body></nitf>""".encode()


def newsml_1(w: Words) -> bytes:
    return f"""<?xml version="1.0"?><NewsML Version="1.2"><NewsEnvelope>
<DateAndTime>{e(w.published)}</DateAndTime></NewsEnvelope><NewsItem xml:lang="{e(w.language)}">
<Identification><NewsIdentifier><ProviderId>{e(w.agency)}</ProviderId><DateId>20240304</DateId>
<NewsItemId>{e(w.slug)}</NewsItemId><RevisionId PreviousRevision="1" Update="N">{e(w.version)}
</RevisionId><PublicIdentifier>{e(w.guid)}</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>{e(w.published)}</FirstCreated>
<ThisRevisionCreated>{e(w.published)}</ThisRevisionCreated><Status FormalName="Embargoed"/>
<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>{e(w.embargo)}</DateAndTime>
</StatusWillChange><Urgency FormalName="{e(w.urgency)}"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>{e(w.headline)}</HeadLine><ByLine>{e(w.author)}</ByLine>
<SlugLine>{e(w.slug)}</SlugLine><CopyrightLine>{e(w.note)}</CopyrightLine></NewsLines>
<NewsComponent><Role FormalName="Main"/><ContentItem><MediaType FormalName="Text"/>
<DataContent>{_xhtml(w.body)}</DataContent></ContentItem></NewsComponent></NewsComponent>
</NewsItem></NewsML>""".encode()


def newsml_g2(w: Words) -> bytes:
    subjects = (
        f'<subject type="cpnat:abstract" qcode="medtop:{e(w.slug)}"><name>{e(w.topic)}</name>'
        "</subject>" * w.repeated
    )
    return f"""<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
<header><sent>{e(w.published)}</sent></header><itemSet>
<newsItem guid="{e(w.guid)}" version="{e(w.version)}" xml:lang="{e(w.language)}"
 standard="NewsML-G2" standardversion="2.32"><itemMeta><itemClass qcode="ninat:text"/>
<provider literal="{e(w.agency)}"><name>{e(w.agency)}</name></provider>
<versionCreated>{e(w.published)}</versionCreated><embargoed>{e(w.embargo)}</embargoed>
<pubStatus qcode="stat:usable"/><edNote>{e(w.note)}</edNote></itemMeta><contentMeta>
<urgency>{e(w.urgency)}</urgency><headline>{e(w.headline)}</headline><by>{e(w.author)}</by>
<slugline>{e(w.slug)}</slugline><creditline>{e(w.credit)}</creditline>
<language tag="{e(w.language)}"/><description>{e(w.lead)}</description>{subjects}</contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html
 xmlns="http://www.w3.org/1999/xhtml"><body>{_xhtml(w.body)}</body></html></inlineXML>
</contentSet></newsItem></itemSet></newsMessage>""".encode()


def anpa(w: Words) -> bytes:
    return (
        f"\x16\x16\x01W2870\x1fcity\r\nu i\x13\x11 BC-{w.slug}, 1st Ld a2861   11-13 0466\r\n"
        f"\x02^BC-{w.slug},1st Ld,a2861,466<\r\n^{w.headline}<\r\n^By {w.author}=\r\n"
        f"^{w.agency}=\r\n\t   PORT AMBER (AP) _ {_plain(w.body)}\r\n"
        "\x03AP-WF-11-13-13 1509GMT<\r\n\x04"
    ).encode("utf-8", "replace")


def iptc_7901(w: Words) -> bytes:
    return (
        f"\x01bdt0123 {w.urgency} pl 123  dpa 0456\r\n\r\n{w.slug}/\r\n\x02{w.headline} =\r\n\r\n"
        f"Port Amber (dpa) - {_plain(w.body)}\r\n\r\ndpa abc yydd n1\r\n\x03\r\n"
        "281205 Nov 25\r\n\x04"
    ).encode("utf-8", "replace")


def mail(w: Words) -> bytes:
    return (
        f"From: {w.author} <desk@coast.example>\r\nTo: wire@paper.example\r\n"
        f"Subject: {w.headline}\r\nDate: {w.published}\r\nMessage-ID: <{w.guid}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n"
        "--edge\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f"<html><body>{w.body}</body></html>\r\n"
        f'--edge\r\nContent-Type: image/png; name="{w.alt_text}"\r\n'
        f'Content-Disposition: attachment; filename="{w.alt_text}"\r\n\r\nnone\r\n--edge--\r\n'
    ).encode("utf-8", "replace")


def page(w: Words) -> bytes:
    data = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": w.headline,
            "datePublished": w.published,
            "author": {"@type": "Person", "name": w.author},
            "keywords": [w.topic] * w.repeated,
            "inLanguage": w.language,
        }
    ).replace("</", "<\\/")
    return f"""<!DOCTYPE html><html lang="{e(w.language)}"><head><meta charset="utf-8">
<title>{e(w.headline)}</title><link rel="canonical" href="{e(w.link)}">
<script type="application/ld+json">{data}</script></head><body>
<span>News ID:</span> <b>{e(w.news_id)}</b> <div>Published: {e(w.published)}</div>
<article><h1>{e(w.headline)}</h1><figure><img src="{e(w.picture)}" alt="{e(w.alt_text)}">
<figcaption>{e(w.caption)} ({e(w.credit)})</figcaption></figure>{w.body}</article></body></html>
""".encode("utf-8", "replace")


def text(w: Words) -> bytes:
    return (
        f"News ID: {w.news_id}\nPublished: {w.published}\n\n{w.headline}\n\n{w.headline}\n"
        f"{w.caption} ({w.credit})\n\n{_plain(w.body)}\n"
    ).encode("utf-8", "replace")


def wxr(w: Words) -> bytes:
    comments = "".join(
        wordpress.comment(n + 1, w.comment, author=w.commenter, date_gmt=w.published)
        for n in range(w.repeated)
    )
    terms = wordpress.term("category", w.slug, w.section)
    terms += wordpress.term("post_tag", w.slug, w.topic) * w.repeated
    cdata = wordpress.cdata
    post = wordpress.item(
        1,
        w.body,
        terms + comments,
        **{
            "title": cdata(w.headline),
            "link": e(w.link),
            "dc:creator": cdata(w.author),
            "guid": e(w.guid),
            "excerpt:encoded": cdata(w.lead),
            "wp:post_date_gmt": e(w.published),
            "wp:post_name": e(w.slug),
        },
    )
    return (wordpress.HEADER + wordpress.AUTHORS + post + wordpress.FOOTER).encode(
        "utf-8", "replace"
    )


def ghost(w: Words) -> bytes:
    post = {
        "id": "p1", "uuid": w.guid, "title": w.headline, "slug": w.slug, "html": w.body,
        "type": "post", "status": "published", "published_at": w.published,
        "updated_at": w.published, "locale": w.language, "custom_excerpt": w.lead,
        "feature_image": w.picture,
    }  # fmt: skip
    tables = {
        "posts": [post],
        "tags": [{"id": "t1", "name": w.topic, "slug": w.slug}],
        "posts_tags": [{"post_id": "p1", "tag_id": "t1", "sort_order": 0}] * w.repeated,
        "users": [{"id": "u1", "name": w.author, "slug": w.slug}],
        "posts_authors": [{"post_id": "p1", "author_id": "u1"}] * w.repeated,
    }
    meta = {"exported_on": 1709622900000, "version": "5.80.0"}
    return _json({"db": [{"meta": meta, "data": tables}]})


SEEDS: dict[str, Seed] = {
    seed.__name__: seed
    for seed in (
        rss, rss_1, atom, json_feed, opml, redirects_json, redirects_yaml, ninjs, ninjs_3, nitf,
        newsml_1, newsml_g2, anpa, iptc_7901, mail, page, text, wxr, ghost,
    )
}  # fmt: skip


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text


def _plain(markup: str) -> str:
    return markup.replace("<p>", "").replace("</p>", "\r\n\r\n")


def _xhtml(markup: str) -> str:
    """Return ``markup`` where it is well formed, as the paragraphs of seeds are, else as text."""
    return markup if markup == BODY or markup.startswith("<p>ok") else f"<p>{e(markup)}</p>"
