"""The first pass over a WordPress export: what entries say of one another.

A post names its picture, its authors and its sections by numbers and short names that may stand
anywhere in the file. They are kept in a file of SQLite's beside it, so that memory does not
grow with the export.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadsheet.wire.parsers.wxr_pictures import Attachment, names

_SCHEMA = """
CREATE TABLE authors (
    login TEXT PRIMARY KEY COLLATE NOCASE, id INTEGER, name TEXT, email TEXT, about TEXT,
    listed INTEGER
);
CREATE TABLE terms (
    taxonomy TEXT, slug TEXT, id INTEGER, name TEXT, parent TEXT, about TEXT,
    PRIMARY KEY (taxonomy, slug)
);
CREATE INDEX term_id ON terms (id);
CREATE TABLE posts (
    place INTEGER PRIMARY KEY, id INTEGER, guid TEXT, type TEXT, status TEXT, is_taken INTEGER
);
CREATE INDEX post_id ON posts (id);
CREATE INDEX post_guid ON posts (guid);
CREATE TABLE attachments (
    id INTEGER PRIMARY KEY, post_id INTEGER, place INTEGER, url TEXT, guid TEXT, link TEXT,
    title TEXT, caption TEXT, about TEXT, alt TEXT, credit TEXT, taken INTEGER
);
CREATE INDEX attached_to ON attachments (post_id, place, id);
CREATE TABLE names (name TEXT PRIMARY KEY, id INTEGER);
CREATE TABLE bare_names (name TEXT PRIMARY KEY, id INTEGER);
CREATE TABLE uses (id INTEGER, name TEXT, guid TEXT);
CREATE INDEX use_by_id ON uses (id);
CREATE INDEX use_by_name ON uses (name);
CREATE TABLE galleries (post_id INTEGER PRIMARY KEY, guid TEXT);
CREATE TABLE patterns (id INTEGER PRIMARY KEY, content TEXT);
CREATE TABLE zones (local TEXT PRIMARY KEY, minutes INTEGER);
"""
_ATTACHMENT = (
    "SELECT id, post_id, place, url, guid, link, title, caption, about, alt, credit, taken"
    " FROM attachments"
)
# Of SQLite's pages in memory; the rest stays on the disk.
_CACHE_KB = 8 * 1024


@dataclass(frozen=True)
class Author:
    """Somebody who writes for the site; ``name`` is what readers see."""

    login: str
    name: str
    id: int = 0
    email: str = ""
    about: str = ""


@dataclass(frozen=True)
class Term:
    """A category, a tag or what else a site sorts by; ``parent`` is a slug."""

    taxonomy: str
    slug: str
    name: str
    id: int = 0
    parent: str = ""
    about: str = ""


class Index:
    """What the first pass has found. Everything raises ``sqlite3.Error`` where the disk fails."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
            f"PRAGMA cache_size=-{_CACHE_KB};"
        )
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add_author(self, author: Author, *, listed: bool = True) -> None:
        """Keep ``author``; what the export lists wins over what a post's byline says."""
        self._db.execute(
            "INSERT INTO authors VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (login) DO UPDATE SET"
            " id = excluded.id, name = excluded.name, email = excluded.email,"
            " about = excluded.about, listed = 1 WHERE excluded.listed > listed",
            (author.login, author.id, author.name, author.email, author.about, int(listed)),
        )

    def authors(self) -> Iterator[Author]:
        """Yield the authors in the order they were found in.

        Where the export lists authors, only these, as WordPress's importer does: other names
        are the logins of users who were deleted.
        """
        rows = self._db.execute(
            "SELECT login, name, id, email, about FROM authors"
            " WHERE listed = (SELECT MAX(listed) FROM authors) ORDER BY rowid"
        )
        yield from (Author(*row) for row in rows)

    def author(self, login: str) -> Author | None:
        """Return the author who logs in as ``login``."""
        row = self._db.execute(
            "SELECT login, name, id, email, about FROM authors WHERE login = ?", (login,)
        ).fetchone()
        return Author(*row) if row else None

    def add_term(self, term: Term) -> None:
        """Keep ``term``, unless it is known."""
        self._db.execute(
            "INSERT OR IGNORE INTO terms VALUES (?, ?, ?, ?, ?, ?)",
            (term.taxonomy, term.slug, term.id, term.name, term.parent, term.about),
        )

    def terms(self) -> Iterator[Term]:
        """Yield the terms in the order they were found in."""
        rows = self._db.execute(
            "SELECT taxonomy, slug, name, id, parent, about FROM terms ORDER BY rowid"
        )
        yield from (Term(*row) for row in rows)

    def term(self, number: int) -> Term | None:
        """Return the term with this ``number``; ``None`` for 0, which is no number of any."""
        if not number:
            return None
        row = self._db.execute(
            "SELECT taxonomy, slug, name, id, parent, about FROM terms WHERE id = ?", (number,)
        ).fetchone()
        return Term(*row) if row else None

    def add_post(
        self, place: int, number: int, guid: str, kind: str, status: str, *, is_taken: bool
    ) -> None:
        """Keep the entry that is the ``place``-th; ``is_taken``: it becomes an item."""
        self._db.execute(
            "INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?)",
            (place, number, guid, kind, status, int(is_taken)),
        )

    def unique_guid(self, guid: str, number: int, place: int) -> str:
        """Return ``guid``, made unlike that of any entry before the ``place``-th."""
        before = "SELECT COUNT(*) FROM posts WHERE guid = ? AND place < ? AND is_taken"
        if not self._db.execute(before, (guid, place)).fetchone()[0]:
            return guid
        same = self._db.execute(f"{before} AND id = ?", (guid, place, number)).fetchone()[0]
        return f"{guid}#{number}-{same}" if same else f"{guid}#{number}"

    def guid_of(self, number: int) -> str:
        """Return the guid of post ``number``, if it becomes an item; empty otherwise."""
        row = self._db.execute(
            "SELECT guid FROM posts WHERE id = ? AND is_taken AND type != 'attachment' LIMIT 1",
            (number,),
        ).fetchone()
        return str(row[0]) if row else ""

    def add_attachment(self, attachment: Attachment) -> None:
        """Keep ``attachment``; the first with a number is it."""
        a = attachment
        self._db.execute(
            "INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (a.id, a.post_id, a.order, a.url, a.guid, a.link, a.title, a.caption, a.about, a.alt,
             a.credit, a.taken),
        )  # fmt: skip
        whole, bare = names(a.url)
        self._db.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (whole, a.id))
        self._db.execute("INSERT OR IGNORE INTO bare_names VALUES (?, ?)", (bare, a.id))

    def attachment(self, number: int) -> Attachment | None:
        """Return attachment ``number``."""
        row = self._db.execute(f"{_ATTACHMENT} WHERE id = ?", (number,)).fetchone()
        return Attachment(*row) if row else None

    def attachment_at(self, url: str) -> Attachment | None:
        """Return the attachment whose file, in any size, ``url`` is."""
        whole, bare = names(url)
        row = (
            self._db.execute("SELECT id FROM names WHERE name = ?", (whole,)).fetchone()
            or self._db.execute("SELECT id FROM bare_names WHERE name = ?", (bare,)).fetchone()
        )
        return self.attachment(row[0]) if row else None

    def attached_to(self, post_id: int) -> list[Attachment]:
        """Return the pictures that were uploaded to a post, in the order of its gallery."""
        rows = self._db.execute(
            f"{_ATTACHMENT} WHERE post_id = ? ORDER BY place, id LIMIT 1000", (post_id,)
        )
        return [each for each in (Attachment(*row) for row in rows) if each.is_picture]

    def add_use(self, guid: str, number: int = 0, url: str = "") -> None:
        """Keep that the post ``guid`` shows attachment ``number``, or the file at ``url``."""
        name = names(url)[1] if url else None
        self._db.execute("INSERT INTO uses VALUES (?, ?, ?)", (number or None, name, guid))

    def add_gallery(self, guid: str, post_id: int) -> None:
        """Keep that the post ``guid`` shows all that was uploaded to it."""
        self._db.execute("INSERT OR IGNORE INTO galleries VALUES (?, ?)", (post_id, guid))

    def user_of(self, attachment: Attachment) -> str:
        """Return the guid of the first post that shows ``attachment``; empty without any."""
        row = self._db.execute(
            "SELECT guid FROM uses WHERE id = ? LIMIT 1", (attachment.id,)
        ).fetchone()
        if row is None:
            row = self._db.execute(
                "SELECT guid FROM uses WHERE name = ? LIMIT 1", (names(attachment.url)[1],)
            ).fetchone()
        if row is None and attachment.is_picture:
            row = self._db.execute(
                "SELECT guid FROM galleries WHERE post_id = ?", (attachment.post_id,)
            ).fetchone()
        return str(row[0]) if row else ""

    def add_pattern(self, number: int, content: str) -> None:
        """Keep a block that posts show by its number."""
        self._db.execute("INSERT OR IGNORE INTO patterns VALUES (?, ?)", (number, content))

    def pattern(self, number: int) -> str | None:
        """Return the content of block ``number``."""
        row = self._db.execute("SELECT content FROM patterns WHERE id = ?", (number,)).fetchone()
        return str(row[0]) if row else None

    def add_offset(self, local: datetime, minutes: int) -> None:
        """Keep that ``local`` was ``minutes`` ahead of GMT."""
        self._db.execute("INSERT OR IGNORE INTO zones VALUES (?, ?)", (local.isoformat(), minutes))

    def offset_at(self, local: datetime) -> int | None:
        """Return the minutes ahead of GMT that the time nearest to ``local`` was."""
        at = local.isoformat()
        rows = [
            self._db.execute(query, (at,)).fetchone()
            for query in (
                "SELECT local, minutes FROM zones WHERE local <= ? ORDER BY local DESC LIMIT 1",
                "SELECT local, minutes FROM zones WHERE local >= ? ORDER BY local LIMIT 1",
            )
        ]
        found = [(abs(datetime.fromisoformat(row[0]) - local), int(row[1])) for row in rows if row]
        return min(found)[1] if found else None
