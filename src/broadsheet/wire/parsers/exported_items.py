"""One story, page or picture of an export of a paper like this one as an item of the wire.

An item says in the wire's own fields what any story says, so that it can be compared with what
the paper has; ``kept`` has all of it, and is what the newsroom restores it from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Stage, Unread, WireBlock, WireItem, WirePhoto, WireRecord
from broadsheet.wire.parsers import ninjs
from broadsheet.wire.parsers.inline import clean

FORMAT = "Broadsheet export"

_DAMAGED = "This is no {} as an export has it. Copy the export anew."


def story(news_id: int, content: bytes, kept: bytes, origin: str) -> WireRecord:
    """Return the story of these two files: ninjs, and the rest of it."""
    try:
        values = _object(kept)
        if values.get("news_id") != news_id:
            return Unread(origin, "story", "The file is named as another story than it holds.")
        version = _main(values)
        told = _told(content, origin)
        published = _moment(values.get("first_published_at"))
        stage = _stage(values)
        if stage == "scheduled":
            published = _moment(version.get("go_live_at")) or published
        return WireItem(
            guid=f"news-id:{news_id}",
            origin=origin,
            format=FORMAT,
            sha256=hashlib.sha256(content + kept).hexdigest(),
            headline=_text(version, "headline"),
            body=told.body if told else _paragraphs(version),
            published=published,
            updated=_moment(values.get("last_published_at")),
            language=_text(version, "language"),
            news_id=news_id,
            slugline=_text(version, "slugline"),
            dateline=_text(version, "dateline"),
            lead=_text(version, "lead"),
            section=_text(_mapping(version.get("section")), "name"),
            authors=_names(version.get("bylines")),
            agencies=_names(version.get("agencies")),
            topics=_names(version.get("topics")),
            photos=told.photos if told else (),
            comments_open=version.get("comments_open") is True,
            embargoed=_moment(version.get("embargo_until")),
            expires=_moment(version.get("expire_at")),
            stage=stage,
            raw=kept,
            kept=kept.decode("utf-8"),
        )
    except (ValueError, TypeError, RecursionError):
        return Unread(origin, "story", _DAMAGED.format("story"))


def page(content: bytes, origin: str) -> WireRecord:
    """Return the standing page that ``content`` is."""
    try:
        values = _object(content)
        version = _main(values)
        return WireItem(
            guid=f"page:{_text(values, 'slug')}",
            origin=origin,
            format=FORMAT,
            sha256=hashlib.sha256(content).hexdigest(),
            headline=_text(version, "title"),
            body=_paragraphs(version),
            kind="page",
            published=_moment(values.get("first_published_at")),
            language=_text(version, "language"),
            stage=_stage(values),
            raw=content,
            kept=content.decode("utf-8"),
        )
    except (ValueError, TypeError, RecursionError):
        return Unread(origin, "page", _DAMAGED.format("page"))


def picture(line: str, origin: str, find: Callable[[str, str], bytes | str]) -> WireRecord:
    """Return the picture that ``line`` tells of, with the bytes that ``find`` gives for its file.

    ``find`` is asked with the file's name and SHA-256; it returns the bytes, or why there are
    none.
    """
    try:
        values = _object(line.encode())
        name, digest = _text(values, "file"), _text(values, "sha256")
        content: bytes | None = None
        if name:
            found = find(name, digest)
            if isinstance(found, str):
                return Unread(origin, "photo", found)
            content = found
        photo = WirePhoto(
            caption=_text(values, "caption"),
            credit=_text(values, "credit"),
            alt_text=_text(values, "description"),
            url=name,
            content=content,
            key=_text(values, "key"),
            headline=_text(values, "title"),
            file_name=_text(values, "file_name"),
        )
        return WireItem(
            guid=f"picture:{_text(values, 'key')}",
            origin=origin,
            format=FORMAT,
            sha256=hashlib.sha256(line.encode()).hexdigest(),
            headline=photo.headline or photo.file_name,
            body=(),
            kind="picture",
            photos=(photo,),
            stage="published",
            kept=line,
        )
    except (ValueError, TypeError, RecursionError):
        return Unread(origin, "photo", _DAMAGED.format("picture"))


def _told(content: bytes, origin: str) -> WireItem | None:
    """Return what the story's ninjs says; ``None`` where there is none that can be read."""
    incoming = Incoming(content, origin)
    try:
        if not content or not ninjs.recognises(incoming):
            return None
        return next((each for each in ninjs.parse(incoming) if isinstance(each, WireItem)), None)
    except WireError:
        return None


def _stage(values: Mapping[str, Any]) -> Stage:
    if values.get("live") is True:
        return "published"
    roles = [role for version in _versions(values) for role in _list(version.get("is"))]
    return "scheduled" if "scheduled" in roles else "draft"


def _main(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the version that stands for the whole: what readers see, else the newest."""
    versions = _versions(values)
    if not versions:
        raise ValueError("no version")
    return versions[0] if values.get("live") is True else versions[-1]


def _versions(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [_mapping(each) for each in _list(values.get("versions"))]


def _paragraphs(version: Mapping[str, Any]) -> tuple[WireBlock, ...]:
    found = []
    for block in map(_mapping, _list(version.get("body"))):
        value = block.get("value")
        if block.get("type") == "paragraph" and isinstance(value, str):
            found.append(WireBlock("paragraph", clean(value)))
        elif block.get("type") == "heading" and isinstance(value, str):
            found.append(WireBlock("heading", escape(value, quote=False)))
    return tuple(found)


def _object(content: bytes) -> Mapping[str, Any]:
    return _mapping(json.loads(content.decode("utf-8")))


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("no object")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _names(listed: object) -> tuple[str, ...]:
    return tuple(_text(_mapping(each), "name") for each in _list(listed))


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError("no time")
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
