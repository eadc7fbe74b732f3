"""How fast an export of WordPress is read, and how little memory that takes.

    .venv/bin/python bench/wxr_memory.py [--posts 2000 40000] [--comments 3]

Writes exports of made-up posts (half in blocks, half in classic text, with pictures, comments
and shortcodes), reads each in a process of its own, record by record, as an import does, and
prints seconds, records and the largest resident memory of each. It must not grow with the file.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from generated_text import Tongue, headline, paragraphs, sentence, tongue

LAST = datetime(2020, 1, 1, tzinfo=UTC)
BASE = "https://courier.example"
HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Courier</title><link>{BASE}</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>{BASE}</wp:base_site_url>
<wp:base_blog_url>{BASE}</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>ann</wp:author_login>
<wp:author_display_name>Ann Weaver</wp:author_display_name></wp:author>
"""
_CHARACTERS = 2700
_KB = 1024


def entry(number: int, kind: str, at: datetime, title: str, *, content: str, inner: str) -> str:
    """Return one entry of an export."""
    return f"""<item><title><![CDATA[{title}]]></title>
<link>{BASE}/{at:%Y/%m}/{kind}-{number}/</link>
<dc:creator>ann</dc:creator><guid isPermaLink="false">{BASE}/?p={number}</guid>
<content:encoded><![CDATA[{content}]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>{at:%Y-%m-%d %H:%M:%S}</wp:post_date>
<wp:post_date_gmt>{at:%Y-%m-%d %H:%M:%S}</wp:post_date_gmt>
<wp:post_name>{kind}-{number}</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>{kind}</wp:post_type>
{inner}</item>
"""


def post(chance: random.Random, words: Tongue, number: int, comments: int) -> str:
    """Return a post with its picture, which stands behind it in the file."""
    at = LAST - timedelta(hours=number)
    texts = paragraphs(chance, words, _CHARACTERS)
    file = f"{BASE}/wp-content/uploads/{at:%Y/%m}/photo-{number}"
    if number % 2:
        content = "\n\n".join(
            f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->" for text in texts
        )
    else:
        shown = f'[caption id="attachment_{number}"]<img src="{file}-300x200.jpg" /> Seen[/caption]'
        content = "\n\n".join([texts[0], shown, *texts[1:], '[contact-form-7 id="1"]'])
    inner = f"""<category domain="category" nicename="news">News</category>
<category domain="post_tag" nicename="tag-{number % 500}">Tag {number % 500}</category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key>
<wp:meta_value>{number + 10_000_000}</wp:meta_value></wp:postmeta>
"""
    for index in range(comments):
        inner += f"""<wp:comment><wp:comment_id>{number * 100 + index}</wp:comment_id>
<wp:comment_author>Reader {index}</wp:comment_author>
<wp:comment_date_gmt>{at:%Y-%m-%d %H:%M:%S}</wp:comment_date_gmt>
<wp:comment_content><![CDATA[{sentence(chance, words)}]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved></wp:comment>
"""
    picture = entry(
        number + 10_000_000,
        "attachment",
        at,
        f"photo-{number}",
        content="",
        inner=f"<wp:attachment_url>{file}.jpg</wp:attachment_url>",
    )
    return (
        entry(number, "post", at, headline(chance, words), content=content, inner=inner) + picture
    )


def write(file: Path, posts: int, comments: int) -> None:
    """Write an export of ``posts`` posts."""
    chance = random.Random(207166)  # noqa: S311 - text, no secret
    words = tongue("en")
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(1, posts + 1):
            out.write(post(chance, words, number, comments))
        out.write("</channel></rss>\n")


def read(file: Path) -> None:
    """Read ``file`` to its end and print what it took."""
    from broadsheet.wire.incoming import HEAD as FIRST_BYTES
    from broadsheet.wire.incoming import IncomingFile
    from broadsheet.wire.parsers import wxr

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with file.open("rb") as stream:
        head = stream.read(FIRST_BYTES)
    start = perf_counter()
    counts: Counter[str] = Counter()
    for record in wxr.read(IncomingFile(file, file.name, head)):
        counts[type(record).__name__] += 1
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{counts['WireItem']:7} items  {file.stat().st_size / _KB / _KB:7.1f} MB"
        f"  {seconds:7.1f} s  {counts['WireItem'] / seconds:6.0f} items a second"
        f"  {peak / _KB:5.0f} MB resident at most ({before / _KB:.0f} MB before reading)"
    )


def main() -> None:
    """Write and read exports of the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[2000, 40_000])
    parser.add_argument("--comments", type=int, default=3)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        read(arguments.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        for posts in arguments.posts:
            file = Path(folder) / f"{posts}.xml"
            write(file, posts, arguments.comments)
            subprocess.run([sys.executable, __file__, "--read", str(file)], check=True)
            file.unlink()


if __name__ == "__main__":
    main()
