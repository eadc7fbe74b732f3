"""A story as ninjs 3.1, the IPTC's JSON for news (https://iptc.org/standards/ninjs/).

Every version of 3 is read by the readers of 3.0; 3.1 is the newest.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any

from broadsheet.press import blocks, contributions, dates, fulltext, loading
from broadsheet.press.frame import frame_for
from broadsheet.press.jsonld import absolute
from broadsheet.press.story_pages import Figure
from broadsheet.stories.models import Story

_STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}


def document(story: Story) -> bytes:
    """Return ``story`` as a ninjs document in UTF-8."""
    return json.dumps(members(story), ensure_ascii=False, separators=(",", ":")).encode()


def members(story: Story) -> dict[str, Any]:
    """Return the members of the ninjs document that ``story`` is."""
    frame = frame_for(story.language)
    section = frame.section_of(story.section, story.language)
    uri = absolute(story.get_absolute_url())
    text = "\n\n".join(_paragraphs(story))
    whole: dict[str, Any] = {
        "uri": uri,
        "standard": _STANDARD,
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "language": story.language,
        "firstCreated": dates.machine(story.created_at),
        "versionCreated": dates.machine(_version_created(story)),
        "contentCreated": dates.machine(story.first_published_at or story.created_at),
        "altIds": [{"role": "News ID", "value": str(story.news_id)}],
        "headlines": [{"role": "main", "contentType": "text/plain", "value": story.headline}],
        "bodies": [
            _body("text", "text/plain", text, text),
            _body("html", "text/html", fulltext.html_of(story), text),
        ],
        "subjects": [
            {"rel": "section", "name": section.name, "uri": absolute(section.url)},
            *(
                {"rel": "about", "name": topic.name, "uri": absolute(topic.get_absolute_url())}
                for topic in loading.parts_of(story, "topics")
            ),
        ],
        "copyrightHolder": frame.name,
    }
    if story.slugline:
        whole["slugline"] = story.slugline
    if story.lead:
        whole["descriptions"] = [{"role": "lead", "contentType": "text/plain", "value": story.lead}]
    if story.dateline:
        whole["located"] = story.dateline
        whole["places"] = [{"rel": "dateline", "name": story.dateline}]
    if story.expire_at is not None:
        whole["expires"] = dates.machine(story.expire_at)
    bylines = loading.parts_of(story, "bylines")
    if names := [row.byline.name for row in bylines]:
        whole["by"] = ", ".join(names)
        whole["people"] = [
            {
                "rel": "author",
                "name": row.byline.name,
                "uri": absolute(row.byline.get_absolute_url()),
            }
            for row in bylines
        ]
    if agencies := loading.parts_of(story, "agencies"):
        whole["infoSources"] = [{"role": "agency", "name": row.agency.name} for row in agencies]
        whole["copyrightNotice"] = ", ".join(row.printed for row in agencies)
    if figures := fulltext.figures_of(story):
        whole["associations"] = [
            _photo(story, number, figure) for number, figure in enumerate(figures, start=1)
        ]
    contributions.join("ninjs", story, whole)
    return whole


def _version_created(story: Story) -> datetime:
    return story.last_published_at or story.first_published_at or story.created_at


def _body(role: str, content_type: str, value: str, text: str) -> dict[str, object]:
    return {
        "role": role,
        "contentType": content_type,
        "charCount": len(text),
        "wordCount": len(text.split()),
        "value": value,
    }


def _paragraphs(story: Story) -> list[str]:
    """Return the words of the body, a text a block or a point of a list."""
    return [text for block in story.body.raw_data for text in blocks.words(block) if text]


def _photo(story: Story, number: int, figure: Figure) -> dict[str, object]:
    photo, shown = figure.photo, figure.shown
    picture: dict[str, object] = {
        "name": f"photo-{number}",
        "rel": "illustrates",
        "uri": f"{absolute(story.get_absolute_url())}#photo-{number}",
        "type": "picture",
        "representationType": "full" if shown else "partial",
        "language": story.language,
    }
    words = [("caption", photo.printed_caption), ("alt", figure.alt)]
    if descriptions := [
        {"role": role, "contentType": "text/plain", "value": text} for role, text in words if text
    ]:
        picture["descriptions"] = descriptions
    if photo.printed_credit:
        picture["by"] = photo.printed_credit
    if photo.taken_on is not None:
        taken = datetime.combine(photo.taken_on, time(), UTC)
        picture["contentCreated"] = dates.machine(taken)
    if shown is not None:
        picture["renditions"] = [
            {
                "name": f"w{width.removesuffix('w')}",
                "href": absolute(address),
                "contentType": "image/webp",
                "width": int(width.removesuffix("w")),
            }
            for address, width in (each.rsplit(" ", 1) for each in shown.srcset.split(", "))
        ]
    return picture
