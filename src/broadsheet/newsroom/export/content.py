"""What a version of a story or a page says, without any number that only this database knows.

Sections, topics, bylines and agencies are named by slug and name, stories by News ID, pictures
by their key (``pictures.key_of``). ``restoring.content`` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from broadsheet.newsroom.export.pictures import Kept
from broadsheet.stories.models import StandingPage, Story

Body = list[dict[str, Any]]

_PAGE_LINK = re.compile(r'<a(?= )[^<>]{0,500}? linktype="page"[^<>]{0,500}>')
_NUMBER = re.compile(r' id="(\d{1,18})"')


def moment(value: datetime | date | None) -> str | None:
    """Return ``value`` as ISO 8601 has it."""
    return value.isoformat() if value is not None else None


def pictures_in(body: Any) -> Iterator[int]:
    """Yield the numbers of the pictures that a body (a StreamField's value) shows."""
    for block in body.raw_data:
        if block["type"] == "photo" and isinstance(block["value"], dict):
            number = block["value"].get("picture")
            if isinstance(number, int):
                yield number


def pictures_of(story: Story) -> Iterator[int]:
    """Yield the numbers of the pictures that ``story`` shows."""
    for photo in story.photos.all():
        if photo.picture_id is not None:
            yield photo.picture_id
    yield from pictures_in(story.body)


def story_content(story: Story, pictures: Mapping[int, Kept]) -> dict[str, Any]:
    """Return everything that ``story``, in the version at hand, says."""
    section = story.section
    return {
        "headline": story.headline,
        "slugline": story.slugline,
        "dateline": story.dateline,
        "lead": story.lead,
        "language": story.language,
        "section": {"slug": section.slug, "name": section.name},
        "topics": [
            {"slug": topic.slug, "name": topic.name, "language": topic.language}
            for topic in sorted(story.topics.all(), key=lambda each: each.slug)
        ],
        "bylines": [
            {"slug": row.byline.slug, "name": row.byline.name} for row in story.bylines.all()
        ],
        "agencies": [
            {"slug": row.agency.slug, "name": row.agency.name, "credit_line": row.credit_line}
            for row in story.agencies.all()
        ],
        "photos": [
            {
                "picture": _key(photo.picture_id, pictures),
                "caption": photo.caption,
                "credit": photo.credit,
                "alt_text": photo.alt_text,
                "taken_on": moment(photo.taken_on),
            }
            for photo in story.photos.all()
        ],
        "body": body_content(story.body, pictures),
        "translation_of": story.translation_of_id,
        "comments_open": story.comments_open,
        "substantive_update": story.substantive_update,
        "substantively_updated_at": moment(story.substantively_updated_at),
        "embargo_until": moment(story.embargo_until),
        "go_live_at": moment(story.go_live_at),
        "expire_at": moment(story.expire_at),
    }


def page_content(page: StandingPage, pictures: Mapping[int, Kept]) -> dict[str, Any]:
    """Return everything that ``page``, in the version at hand, says."""
    return {
        "title": page.title,
        "slug": page.slug,
        "language": page.language,
        "seo_title": page.seo_title,
        "search_description": page.search_description,
        "show_in_menus": page.show_in_menus,
        "body": body_content(page.body, pictures),
        "go_live_at": moment(page.go_live_at),
        "expire_at": moment(page.expire_at),
    }


def body_content(body: Any, pictures: Mapping[int, Kept]) -> Body:
    """Return the blocks of ``body`` exactly as they are stored, pictures by their keys."""
    return [_block(block, pictures) for block in body.raw_data]


def _block(block: Mapping[str, Any], pictures: Mapping[int, Kept]) -> dict[str, Any]:
    value = block["value"]
    if block["type"] == "photo" and isinstance(value, dict):
        value = {**value, "picture": _key(value.get("picture"), pictures)}
    else:
        value = _with_addresses(value)
    told = {"type": block["type"], "value": value}
    return {**told, "id": block["id"]} if block.get("id") else told


def _with_addresses(value: Any) -> Any:
    """Return ``value`` with the addresses of pages in place of their numbers."""
    if isinstance(value, str):
        return _PAGE_LINK.sub(_link, value) if 'linktype="page"' in value else value
    if isinstance(value, list):
        return [_with_addresses(each) for each in value]
    if isinstance(value, dict):
        return {name: _with_addresses(each) for name, each in value.items()}
    return value


def _link(match: re.Match[str]) -> str:
    number = _NUMBER.search(match[0])
    slug = (
        StandingPage.objects.filter(pk=number[1]).values_list("slug", flat=True).first()
        if number
        else None
    )
    return f'<a href="/{slug}/">' if slug else "<a>"


def _key(number: Any, pictures: Mapping[int, Kept]) -> str | None:
    kept = pictures.get(number) if isinstance(number, int) else None
    return kept.key if kept else None


def origins(kept: Iterable[Kept]) -> dict[str, str]:
    """Return the origins of pictures by their keys: by both they are found again."""
    return {each.key: each.origin for each in sorted(kept, key=lambda each: each.key)}
