"""The first pass: an export is read once to learn what its entries say of one another."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.wire.parsers import wxr_body, wxr_times
from broadsheet.wire.parsers.wxr_entry import Entry, Site, number_in, terms_of
from broadsheet.wire.parsers.wxr_index import Author, Index, Term
from broadsheet.wire.parsers.wxr_kinds import TECHNICAL, treatment
from broadsheet.wire.parsers.wxr_markup import (
    Dialect,
    Fields,
    channel_text,
    channel_value,
    fields_of,
)
from broadsheet.wire.parsers.wxr_pictures import CREDIT_KEYS, Attachment, camera, plain
from broadsheet.wire.parsers.wxr_stream import Entry as Piece

_NAMES = {
    "category": ("category", "wp:category_nicename", "wp:cat_name", "wp:category_parent",
                 "wp:category_description"),
    "tag": ("post_tag", "wp:tag_slug", "wp:tag_name", "wp:tag_parent", "wp:tag_description"),
}  # fmt: skip


def survey(pieces: Iterator[Piece], dialect: Dialect, index: Index, origin: str) -> Site:
    """Fill ``index`` from ``pieces`` and return what they say of the site."""
    site = Site(origin)
    place = 0
    for piece in pieces:
        if piece.name == "channel":
            site = _site(channel_text(piece, dialect), origin)
        if piece.name == "item":
            place += 1
        if piece.fault or piece.name in {"channel", "end"}:
            continue
        fields = fields_of(piece, dialect)
        if fields is None:
            continue
        if piece.name == "author":
            _author(fields, index)
        elif piece.name == "item":
            _item(Entry(fields, piece.content, place, piece.line), site, index)
        else:
            _term(piece.name, fields, index)
    return site


def has_words(entry: Entry) -> bool:
    """Tell whether an entry has text of its own, other than a title."""
    return bool(entry.content.strip() or entry.fields.raw("excerpt:encoded").strip())


def is_empty(entry: Entry) -> bool:
    """Tell an entry that WordPress would not store: no title, no text, no excerpt.

    ``wp_insert_post`` refuses it ("Content, title, and excerpt are empty").
    """
    return not has_words(entry) and not entry.title


def attachment_of(entry: Entry, site: Site) -> Attachment:
    """Return what an entry of type "attachment" says of its file."""
    fields = entry.fields
    credit, rights, taken = camera(entry.first("_wp_attachment_metadata"))
    return Attachment(
        id=entry.number,
        post_id=fields.number("wp:post_parent"),
        order=fields.number("wp:menu_order"),
        url=wxr_body.absolute(fields.get("wp:attachment_url") or fields.get("guid"), site.base_url),
        guid=entry.guid,
        link=fields.get("link"),
        title=fields.get("title"),
        caption=fields.get("excerpt:encoded"),
        about=fields.get("content:encoded"),
        alt=entry.first("_wp_attachment_image_alt"),
        credit=entry.first(*CREDIT_KEYS) or credit or rights,
        taken=taken,
    )


def _site(head: str, origin: str) -> Site:
    base = (
        channel_value(head, "wp:base_blog_url")
        or channel_value(head, "wp:base_site_url")
        or channel_value(head, "link")
    )
    return Site(
        origin,
        base.rstrip("/"),
        channel_value(head, "language"),
        plain(channel_value(head, "title")),
    )


def _author(fields: Fields, index: Index) -> None:
    login = fields.get("wp:author_login")
    both = f"{fields.get('wp:author_first_name')} {fields.get('wp:author_last_name')}".strip()
    if login:
        index.add_author(
            Author(
                login,
                plain(fields.get("wp:author_display_name") or both or login),
                fields.number("wp:author_id"),
                fields.get("wp:author_email"),
            )
        )


def _term(kind: str, fields: Fields, index: Index) -> None:
    number = fields.number("wp:term_id")
    if kind == "term":
        taxonomy, slug, name, parent, about = (
            fields.get(f"wp:term_{part}")
            for part in ("taxonomy", "slug", "name", "parent", "description")
        )
    else:
        taxonomy, *rest = _NAMES[kind]
        slug, name, parent, about = (fields.get(part) for part in rest)
    if slug or name:
        index.add_term(
            Term(taxonomy, slug or name, plain(name or slug), number, parent, plain(about))
        )


def _item(entry: Entry, site: Site, index: Index) -> None:
    kind, status = entry.kind, entry.fields.get("wp:status")
    what = treatment(kind, has_words=has_words(entry))
    is_post = what in {"story", "page"}
    is_taken = is_post and status != "auto-draft" and not is_empty(entry)
    index.add_post(
        entry.place, entry.number, entry.guid, kind, status,
        is_taken=is_taken or what == "attachment",
    )  # fmt: skip
    _offsets(entry.fields, index)
    if what == "attachment":
        index.add_attachment(attachment_of(entry, site))
    elif what == "pattern":
        index.add_pattern(entry.number, entry.fields.raw("content:encoded"))
    elif what == "author":
        _guest(entry, index)
    if not is_taken:
        return
    for taxonomy, slug, name in terms_of(entry):
        if taxonomy not in TECHNICAL:
            index.add_term(Term(taxonomy, slug, name))
    for login in entry.creators:
        index.add_author(Author(login, plain(login)), listed=False)
    _uses(entry, index)


def _offsets(fields: Fields, index: Index) -> None:
    local, gmt = fields.get("wp:post_date"), fields.get("wp:post_date_gmt")
    minutes = wxr_times.offset(local, gmt)
    at = wxr_times.stamp(local)
    if minutes is not None and at is not None:
        index.add_offset(at, minutes)


def _guest(entry: Entry, index: Index) -> None:
    """Keep an author that the plugin Co-Authors Plus has made, who need not be a user."""
    login = entry.first("cap-user_login") or entry.fields.get("wp:post_name")
    login = login.removeprefix("cap-")
    name = plain(entry.first("cap-display_name")) or entry.title
    if login and name:
        email, about = entry.first("cap-user_email"), plain(entry.first("cap-description"))
        index.add_author(Author(login, name, 0, email, about))


def _uses(entry: Entry, index: Index) -> None:
    guid = entry.guid
    numbers, urls, all_attached = wxr_body.references(entry.content)
    if chosen := number_in(entry.first("_thumbnail_id")):
        numbers.add(chosen)
    for number in numbers:
        index.add_use(guid, number)
    for url in urls:
        index.add_use(guid, url=url)
    if all_attached:
        index.add_gallery(guid, entry.number)
