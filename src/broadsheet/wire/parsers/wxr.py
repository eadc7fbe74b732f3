"""WordPress's export (WXR 1.0, 1.1, 1.2, and without a version): a whole site in one file.

An export is read twice, entry by entry, so that memory does not grow with it: once for what
entries say of one another (pictures, authors, sections), which goes to a temporary file of
SQLite's, and once for the records, in the order of the file: authors and topics, then posts,
pages, pictures that no post shows, and redirects. What is not taken over is counted and told.
What becomes of each part stands in ``docs/howto/move-from-wordpress.md``.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import IncomingFile
from broadsheet.wire.items import (
    Unread,
    WireAuthor,
    WireRecord,
    WireRedirect,
    WireTopic,
)
from broadsheet.wire.parsers import wxr_addresses, wxr_post, wxr_stream
from broadsheet.wire.parsers.wxr_body import absolute
from broadsheet.wire.parsers.wxr_entry import Entry, Site, unread_fields
from broadsheet.wire.parsers.wxr_index import Index
from broadsheet.wire.parsers.wxr_kinds import TECHNICAL, treatment
from broadsheet.wire.parsers.wxr_markup import Dialect, fields_of
from broadsheet.wire.parsers.wxr_post import Made
from broadsheet.wire.parsers.wxr_survey import attachment_of, has_words, is_empty, survey
from broadsheet.wire.parsers.wxr_telling import FIELD, told, unread_piece, unread_types

FORMAT = wxr_post.FORMAT

logger = logging.getLogger(__name__)

_NAMESPACE = re.compile(
    rb"""xmlns:[\w.-]{1,40}\s{0,9}=\s{0,9}["']https?://wordpress\.org/export/"""
)
_ELEMENT = re.compile(rb"<wp:(?:wxr_version|post_id|post_type|base_site_url|author_login)>")
_RSS = re.compile(rb"<rss[\s>]|<channel[\s>]|<item[\s>]")


def recognises(head: bytes) -> bool:
    """Tell whether ``head`` starts an export: RSS with WordPress's own elements in it."""
    if encoding := wxr_stream.wide_encoding(head):
        head = head.decode(encoding, "replace").encode("utf-8", "replace")
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or not _RSS.search(head):
        return False
    return bool(_NAMESPACE.search(head) or _ELEMENT.search(head))


def read(file: IncomingFile) -> Iterator[WireRecord]:
    """Yield what ``file`` holds, record by record.

    Raises :class:`WireError` where the file cannot be read or there is no room for the index.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="wxr-") as folder:
            index = Index(Path(folder) / "index.sqlite")
            try:
                yield from _read(file, index)
            finally:
                index.close()
    except OSError as error:
        raise WireError(
            f"The export could not be read ({error.strerror or error}). Copy it to a local "
            "folder and import it from there."
        ) from error
    except sqlite3.Error as error:
        raise WireError(
            f"The index of the export could not be kept ({error}). Make room in the temporary "
            "folder and import the file again."
        ) from error


def _read(file: IncomingFile, index: Index) -> Iterator[WireRecord]:
    dialect = Dialect.of(file.head)
    with file.open() as stream:
        site = survey(wxr_stream.entries(stream, file.head), dialect, index, file.origin)
    yield from _authors(site, index)
    yield from _topics(site, index)
    types: Counter[str] = Counter()
    place = 0
    with file.open() as stream:
        for piece in wxr_stream.entries(stream, file.head):
            place += piece.name == "item"
            if piece.fault:
                yield unread_piece(piece, dialect, file.origin)
            elif piece.name == "item":
                yield from _guarded(piece, place, dialect, site=site, index=index, types=types)
    yield from unread_types(types, file.origin)


def _authors(site: Site, index: Index) -> Iterator[WireRecord]:
    for author in index.authors():
        yield WireAuthor(
            guid=f"{site.base_url}/?author={author.id}" if author.id else f"wxr:{author.login}",
            origin=site.origin,
            name=author.name,
            slug=author.login,
            email=author.email,
            about=author.about,
        )


def _topics(site: Site, index: Index) -> Iterator[WireRecord]:
    for term in index.terms():
        if term.taxonomy not in TECHNICAL:
            yield WireTopic(
                guid=f"wxr:{term.taxonomy}:{term.slug}",
                origin=site.origin,
                name=term.name,
                slug=term.slug,
                about=term.about,
                parent=term.parent,
                is_section=term.taxonomy == "category",
            )


def _guarded(
    piece: wxr_stream.Entry,
    place: int,
    dialect: Dialect,
    *,
    site: Site,
    index: Index,
    types: Counter[str],
) -> Iterator[WireRecord]:
    """Yield what one entry holds; whatever it brings about, the next one is read."""
    try:
        fields = fields_of(piece, dialect)
        records = (
            [unread_piece(piece, dialect, site.origin)]
            if fields is None
            else list(_entry(Entry(fields, piece.content, place, piece.line), site, index, types))
        )
    except (WireError, OSError, sqlite3.Error, MemoryError):
        raise
    except Exception:
        logger.exception("reading line %s of %s failed", piece.line, site.origin)
        records = [
            Unread(
                site.origin,
                "story",
                f"The entry in line {piece.line} could not be read; the log says why.",
            )
        ]
    yield from records


def _entry(entry: Entry, site: Site, index: Index, types: Counter[str]) -> Iterator[WireRecord]:
    what = treatment(entry.kind, has_words=has_words(entry))
    origin = wxr_post.origin_of(entry, site)
    if what == "attachment":
        yield from _attachment(entry, site, index)
    elif what == "redirect":
        yield _rule(entry, site)
    elif what in {"noted", "pattern"}:
        types[entry.kind] += 1
    elif what == "author":
        return
    elif entry.fields.get("wp:status") == "auto-draft":
        yield Unread(
            origin,
            "story",
            f"{entry.called()} was never saved by its author (“auto-draft”); WordPress does not "
            "import such either. Nothing is to be done.",
            is_noted=True,
        )
    elif is_empty(entry):
        yield Unread(
            origin,
            "story",
            f"{entry.called()} has neither title nor text; WordPress does not import such "
            "either. Nothing is to be done.",
            is_noted=True,
        )
    else:
        made = wxr_post.make(entry, site, index, is_page=what == "page")
        types.update(f"{FIELD}{name}" for name in unread_fields(entry))
        yield from made.items
        yield from made.redirects
        yield from told(made, entry, origin)


def _attachment(entry: Entry, site: Site, index: Index) -> Iterator[WireRecord]:
    attachment = attachment_of(entry, site)
    user = index.user_of(attachment)
    made = Made()
    if not user and attachment.url and attachment.media_type.split("/")[0] in {
        "", "image", "video", "audio"
    }:  # fmt: skip
        yield wxr_post.picture(entry, site, attachment, index)
        return
    if comments := len(entry.fields.groups.get("wp:comment", ())):
        made.left_out["on a picture"] += comments
    if not user:
        made.notes["file", attachment.url or entry.called()] += 1
        user = index.guid_of(attachment.post_id)
    yield from told(made, entry, wxr_post.origin_of(entry, site))
    if user and wxr_addresses.is_address(attachment.link):
        # The page WordPress makes for a file leads to the story that shows it.
        yield WireRedirect(wxr_post.origin_of(entry, site), attachment.link, guid=user)


def _rule(entry: Entry, site: Site) -> WireRecord:
    """Return a redirect of the plugin Safe Redirect Manager."""
    origin = wxr_post.origin_of(entry, site)
    old, new = entry.first("_redirect_rule_from"), entry.first("_redirect_rule_to")
    old_url, new_url = absolute(old, site.base_url), absolute(new, site.base_url)
    is_pattern = "*" in old or entry.first("_redirect_rule_from_regex") not in {"", "0"}
    if is_pattern or not old or not wxr_addresses.is_address(old_url) or not new:
        return Unread(
            origin,
            "redirect",
            f"The redirect from “{old}” to “{new}” is no plain address. Set it up in the web "
            "server, if it is still needed.",
            is_noted=True,
        )
    return WireRedirect(origin, old_url, new_url=new_url)
