"""Exports of Ghost (JSON), versions 0.x to 6: posts, pages, authors, tags.

What Ghost leaves out of its exports cannot come along: pictures' bytes (addresses that begin
with ``__GHOST_URL__`` are names of files in its ``content`` folder), members, and routes of the
site's own: old addresses are made of the setting ``permalinks``, else are ``/slug/``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import IncomingFile
from broadsheet.wire.items import Unread, WireAuthor, WireRecord, WireRedirect, WireTopic
from broadsheet.wire.parsers import ghost_post
from broadsheet.wire.parsers.ghost_tables import BrokenExportError, Tables, rows
from broadsheet.wire.parsers.guard import STUMBLES
from broadsheet.wire.parsers.json_text import said

FORMAT = "Ghost export"

_DATABASE = re.compile(rb'^\s*\{\s*"db"\s*:\s*\[\s*\{\s*"(?:meta|data)"\s*:\s*\{')
_BARE = re.compile(rb'^\s*\{\s*"(?:meta|data)"\s*:\s*\{')
_OWN = re.compile(
    rb'"(?:exported_on|mobiledoc|lexical|posts_tags|posts_authors|posts_meta|feature_image)"\s*:'
)


def recognises(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` is an export of Ghost."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return bool(_DATABASE.match(head) or _BARE.match(head)) and bool(_OWN.search(head))


def read(file: IncomingFile) -> Iterator[WireRecord]:
    """Yield authors, topics, redirects and then posts. Raises :class:`WireError`.

    The file is read twice. Where it breaks off, what stands before is read, and the break told.
    """
    broken = ""
    with Tables() as tables:
        try:
            with file.open() as stream:
                tables.fill(stream)
        except BrokenExportError as error:
            broken = str(error)
        except OSError as error:
            raise WireError(f"The export cannot be read: {error.strerror or error}.") from error
        yield from _people_and_topics(file.origin, tables)
        count = 0
        try:
            with file.open() as stream:
                for _, row in rows(stream, {"posts"}):
                    count += 1
                    yield _post(file.origin, row, tables, count)
        except BrokenExportError as error:
            broken = str(error)
        except OSError as error:
            broken = f"The export could not be read any further: {error.strerror or error}."
    if broken and not count:
        raise WireError(broken)
    if broken:
        yield Unread(file.origin, "file", broken)


def _post(origin: str, row: dict[str, object], tables: Tables, place: int) -> WireRecord:
    try:
        return ghost_post.story(origin, row, tables)
    except STUMBLES:
        logging.getLogger(__name__).info("post %d of %s failed", place, origin, exc_info=True)
        name = said(row, "title") or said(row, "slug") or str(place)
        return Unread(
            origin, "story", f"The post “{name[:200]}” could not be read. Take it over by hand."
        )


def _people_and_topics(origin: str, tables: Tables) -> Iterator[WireRecord]:
    for user in tables.all("users"):
        if not user["name"]:
            continue
        yield WireAuthor(
            guid=f"ghost:user:{user['id']}",
            origin=origin,
            name=user["name"],
            slug=user["slug"],
            email=user["email"],
            about=user["bio"],
        )
        if user["slug"]:
            yield WireRedirect(origin, f"/author/{user['slug']}/", f"/by/{user['slug']}/")
    sections = tables.primary_tags()
    for tag in tables.all("tags"):
        if not tag["name"] or ghost_post.is_internal(tag):
            continue
        parent = tables.one("tags", tag["parent_id"]) if tag["parent_id"] else None
        yield WireTopic(
            guid=f"ghost:tag:{tag['id']}",
            origin=origin,
            name=tag["name"],
            slug=tag["slug"],
            about=tag["description"],
            parent=parent["name"] if parent else "",
            is_section=tag["id"] in sections,
        )
        if tag["slug"]:
            yield WireRedirect(origin, f"/tag/{tag['slug']}/", f"/topic/{tag['slug']}/")
