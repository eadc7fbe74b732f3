"""Exports as WordPress writes them, of invented sites: what the tests of the reader read."""

from __future__ import annotations

from pathlib import Path

from broadsheet.wire.incoming import HEAD, IncomingFile
from broadsheet.wire.items import Unread, WireItem, WireRecord
from broadsheet.wire.parsers import archive_parser

BASE = "https://courier.example"
HEADER = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- This file holds <item> and ]]> in a comment, as well as content. -->
<rss version="2.0"
	xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
	<title>The Town Courier</title>
	<link>{BASE}</link>
	<language>en-GB</language>
	<wp:wxr_version>1.2</wp:wxr_version>
	<wp:base_site_url>{BASE}</wp:base_site_url>
	<wp:base_blog_url>{BASE}</wp:base_blog_url>
"""
AUTHORS = """
	<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[ann]]></wp:author_login>
	<wp:author_email><![CDATA[ann@courier.example]]></wp:author_email>
	<wp:author_display_name><![CDATA[Ann Weaver]]></wp:author_display_name></wp:author>
"""
FOOTER = "</channel>\n</rss>\n"


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def meta(**values: str) -> str:
    return "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>\n"
        for key, value in values.items()
    )


def term(domain: str, slug: str, name: str) -> str:
    return f'<category domain="{domain}" nicename="{slug}">{cdata(name)}</category>\n'


def comment(number: int, text: str, **fields: str) -> str:
    values = {
        "author": "Reader", "author_email": "reader@mail.example", "date": "2020-01-02 12:00:00",
        "date_gmt": "2020-01-02 11:00:00", "approved": "1", "type": "comment", "parent": "0",
        **fields,
    }  # fmt: skip
    rows = "".join(
        f"<wp:comment_{key}>{cdata(value)}</wp:comment_{key}>" for key, value in values.items()
    )
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>{rows}"
        f"<wp:comment_content>{cdata(text)}</wp:comment_content></wp:comment>\n"
    )


def item(
    number: int = 1, content: str = "<p>The words.</p>", inner: str = "", **fields: str
) -> str:
    values = {
        "title": cdata(f"Post {number}"),
        "link": f"{BASE}/2020/01/post-{number}/",
        "dc:creator": cdata("ann"),
        "guid": f"{BASE}/?p={number}",
        "excerpt:encoded": cdata(""),
        "wp:post_date": "2020-01-02 10:00:00",
        "wp:post_date_gmt": "2020-01-02 09:00:00",
        "wp:comment_status": "open",
        "wp:post_name": f"post-{number}",
        "wp:status": "publish",
        "wp:post_parent": "0",
        "wp:menu_order": "0",
        "wp:post_type": "post",
        "wp:post_password": "",
        **{name.replace("__", ":"): value for name, value in fields.items()},
    }
    rows = "".join(f"\t<{name}>{value}</{name}>\n" for name, value in values.items())
    return (
        f"<item>\n{rows}\t<content:encoded>{cdata(content)}</content:encoded>\n"
        f"\t<wp:post_id>{number}</wp:post_id>\n{inner}</item>\n"
    )


def attachment(number: int, file: str, inner: str = "", **fields: str) -> str:
    url = f"{BASE}/wp-content/uploads/2020/01/{file}"
    values = {
        "wp__post_type": "attachment", "wp__status": "inherit", "wp__attachment_url": url,
        "guid": url, "link": f"{BASE}/attachment-{number}/", "title": file.partition(".")[0],
        **fields,
    }  # fmt: skip
    return item(number, "", inner, **values)


def site(*entries: str, head: str = AUTHORS) -> str:
    return HEADER + head + "".join(entries) + FOOTER


def records(path: Path, content: str | bytes) -> list[WireRecord]:
    file = path / "export.xml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    head = file.read_bytes()[:HEAD]
    parser = archive_parser(head)
    assert parser is not None
    return list(parser.read(IncomingFile(file, "export.xml", head)))


def items(read: list[WireRecord]) -> list[WireItem]:
    return [record for record in read if isinstance(record, WireItem)]


def unread(read: list[WireRecord], kind: str) -> list[Unread]:
    return [record for record in read if isinstance(record, Unread) and record.kind == kind]
