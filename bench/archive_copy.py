"""The copy of a whole archive, as ninjs or WXR, made up: 3 KB of text a story, in six languages."""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Literal

from generated_text import LANGUAGES, Tongue, headline, paragraphs, tongue

Form = Literal["ninjs", "wxr"]

# With headline, lead and the names around it a story has 3 KB of text.
_CHARACTERS = 2_700
_TO_A_FOLDER = 1_000
_TOPICS = 300
SECTIONS = tuple(f"Section {number}" for number in range(10))
_GIVEN = ("Ada", "Bela", "Cyra", "Dov", "Edda", "Finn", "Gala", "Hiro", "Ines", "Jan")
_FAMILY = ("Abel", "Brandt", "Cole", "Duran", "Eng", "Falk", "Grau", "Holm", "Ivers", "Jost")
_AGENCIES = ("AFP", "Reuters", "AP", "dpa", "Interfax", "Kyodo")
_FIRST = datetime(2006, 1, 1, tzinfo=UTC)
_LAST = datetime(2026, 6, 1, tzinfo=UTC)
_SITE = "https://courier.example"
_HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Courier</title><link>{_SITE}</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>{_SITE}</wp:base_site_url>
<wp:base_blog_url>{_SITE}</wp:base_blog_url>
"""


def written_at(number: int, whole: int) -> datetime:
    """Return when the story ``number`` of ``whole`` was published, evenly over 20 years."""
    return _FIRST + (_LAST - _FIRST) * ((number - 1) / whole)


def write(folder: Path, numbers: range, whole: int, form: Form) -> Path:
    """Write the stories ``numbers`` of an archive of ``whole`` and return what is to be imported.

    ninjs are files of one story, a thousand to a folder; WXR is one file. Half of the numbers
    are written by each of two processes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    middle = numbers.start + len(numbers) // 2
    parts = [range(numbers.start, middle), range(middle, numbers.stop)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        if form == "ninjs":
            pool.starmap(_write_ninjs, [(folder, part, whole) for part in parts])
            return folder
        files = pool.starmap(_write_posts, [(folder, part, whole) for part in parts])
    export = folder / "export.xml"
    with export.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        for file in files:
            with file.open(encoding="utf-8") as posts:
                for line in posts:
                    out.write(line)
            file.unlink()
        out.write("</channel></rss>\n")
    return export


def _stories(numbers: range, whole: int) -> Iterator[tuple[int, random.Random, Tongue]]:
    tongues = [tongue(language) for language in LANGUAGES]
    for number in numbers:
        # A story is the same whatever others are made with it.
        yield number, random.Random(number), tongues[number % len(tongues)]  # noqa: S311 - text


def _write_ninjs(folder: Path, numbers: range, whole: int) -> None:
    for number, chance, words in _stories(numbers, whole):
        place = folder / f"{number // _TO_A_FOLDER:03}"
        place.mkdir(exist_ok=True)
        (place / f"{number}.json").write_text(_ninjs(number, whole, chance, words), "utf-8")


def _ninjs(number: int, whole: int, chance: random.Random, words: Tongue) -> str:
    at = written_at(number, whole).isoformat(timespec="seconds")
    texts = paragraphs(chance, words, _CHARACTERS)
    topics = chance.sample(range(_TOPICS), 2)
    return json.dumps(
        {
            "standard": {"name": "ninjs", "version": "3.1"},
            "uri": f"urn:newsml:courier.example:{number}",
            "type": "text",
            "representationType": "full",
            "pubStatus": "usable",
            "language": words.language,
            "firstCreated": at,
            "versionCreated": at,
            "headlines": [{"role": "main", "value": headline(chance, words)}],
            "by": f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
            "infoSources": [{"name": chance.choice(_AGENCIES), "role": "cptr:originator"}],
            "subjects": [
                {"rel": "section", "name": SECTIONS[number % len(SECTIONS)]},
                *({"rel": "about", "name": f"Topic {topic}"} for topic in topics),
            ],
            "bodies": [
                {
                    "role": "main",
                    "contentType": "text/html",
                    "value": "".join(f"<p>{escape(text)}</p>" for text in texts),
                }
            ],
        },
        ensure_ascii=False,
    )


def _write_posts(folder: Path, numbers: range, whole: int) -> Path:
    file = folder / f"posts-{numbers.start}"
    with file.open("w", encoding="utf-8") as out:
        for number, chance, words in _stories(numbers, whole):
            out.write(_post(number, whole, chance, words))
    return file


def _post(number: int, whole: int, chance: random.Random, words: Tongue) -> str:
    at = written_at(number, whole)
    texts = paragraphs(chance, words, _CHARACTERS)
    content = "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{escape(text)}</p>\n<!-- /wp:paragraph -->" for text in texts
    )
    place = number % len(SECTIONS)
    tags = "".join(
        f'<category domain="post_tag" nicename="topic-{tag}">Topic {tag}</category>\n'
        for tag in chance.sample(range(_TOPICS), 2)
    )
    return f"""<item><title><![CDATA[{headline(chance, words)}]]></title>
<link>{_SITE}/{at:%Y/%m}/story-{number}/</link>
<dc:creator>{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}</dc:creator>
<guid isPermaLink="false">{_SITE}/?p={number}</guid>
<content:encoded><![CDATA[{content}]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>{at:%Y-%m-%d %H:%M:%S}</wp:post_date>
<wp:post_date_gmt>{at:%Y-%m-%d %H:%M:%S}</wp:post_date_gmt>
<wp:post_name>story-{number}</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
<category domain="category" nicename="section-{place}">{SECTIONS[place]}</category>
{tags}</item>
"""
