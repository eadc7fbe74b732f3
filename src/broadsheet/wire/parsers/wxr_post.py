"""One post, page or attachment of a WordPress export as an item of the wire."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape

from broadsheet.wire.items import ItemKind, WireItem, WireLink, WirePhoto, WireRedirect
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import (
    wxr_addresses,
    wxr_body,
    wxr_comments,
    wxr_entry,
    wxr_languages,
)
from broadsheet.wire.parsers.wxr_entry import Entry, Site, number_in, terms_of
from broadsheet.wire.parsers.wxr_index import Index
from broadsheet.wire.parsers.wxr_kinds import TECHNICAL, stage_of
from broadsheet.wire.parsers.wxr_markup import Fields
from broadsheet.wire.parsers.wxr_pictures import Attachment, plain
from broadsheet.wire.parsers.wxr_times import moment

FORMAT = "WordPress WXR"

_UNSORTED = {"uncategorized", "uncategorised", "sin-categoria", "non-classe", "allgemein"}
_LONGEST_HEADLINE = 255
_LONGEST_MADE_UP = 80


@dataclass
class Made:
    """What became of an entry: items (one a language) and redirects, and what is to be told."""

    items: list[WireItem] = field(default_factory=list)
    redirects: list[WireRedirect] = field(default_factory=list)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def make(entry: Entry, site: Site, index: Index, *, is_page: bool) -> Made:
    """Return the story or page that ``entry`` is, once for each language it is written in."""
    made = Made()
    content = entry.content
    title = entry.fields.get("title")
    in_languages = wxr_languages.versions(content) or wxr_languages.versions(title)
    if not in_languages:
        made.items.append(_item(entry, site, index, made, is_page=is_page))
        return made
    main = site.language[:2] if site.language[:2] in in_languages else next(iter(in_languages))
    excerpt = entry.fields.raw("excerpt:encoded")
    for language in sorted(in_languages, key=lambda each: each != main):
        texts = dict(entry.fields.texts)
        for name, text in (
            ("content:encoded", content), ("title", title), ("excerpt:encoded", excerpt)
        ):  # fmt: skip
            versions = wxr_languages.versions(text)
            texts[name] = versions.get(language, "") if versions else text
        own = Entry(
            Fields(texts, entry.fields.groups, list(entry.fields.oddities)),
            entry.raw, entry.place, entry.line,
        )  # fmt: skip
        if any(texts[name].strip() for name in ("content:encoded", "title")):
            made.items.append(
                _item(own, site, index, made, is_page=is_page, language=language, main=main)
            )
    return made


def _item(
    entry: Entry,
    site: Site,
    index: Index,
    made: Made,
    *,
    is_page: bool,
    language: str = "",
    main: str = "",
) -> WireItem:
    fields = entry.fields
    oddities = list(fields.oddities)
    guid = unique_guid(entry, index, oddities)
    is_translation = bool(language) and language != main
    base = fields.get("link") or site.base_url
    body = wxr_body.read(entry.content, index, entry.number, base, entry.first("footnotes"))
    oddities += body.oddities
    _featured(entry, index, body)
    made.notes.update(body.notes)
    published, updated = times(entry, index, oddities)
    stage, odd = stage_of(fields.get("wp:status"))
    oddities += [odd] if odd else []
    if fields.get("wp:post_password") and stage in {"published", "scheduled"}:
        stage = "private"
        oddities.append("It was protected by a password; it is private here.")
    if fields.get("wp:is_sticky") == "1":
        oddities.append("It was kept at the top of the old site’s front page (“sticky”).")
    lead = _lead(entry, index, base)
    if subtitle := plain(entry.first(*wxr_entry.SUBTITLES)):
        if lead:
            oddities.append(f"It had a subtitle, “{subtitle}”, and a lead as well.")
        lead = lead or subtitle
    section, topics = sorted_under(entry, index)
    headline = _headline(entry, body, oddities)
    comments = wxr_comments.read(fields, guid, index, published)
    if is_translation:
        comments = wxr_comments.Comments()
    made.left_out.update(comments.left_out)
    oddities += dict.fromkeys(comments.oddities)
    open_ = {"open": True, "closed": False}.get(fields.get("wp:comment_status"))
    old_urls, redirects = _addresses(entry, site)
    if not is_translation:
        made.redirects += redirects
    if entry.kind not in {"post", "page"}:
        oddities.append(f"It is of the old site’s own type “{entry.kind}”; it is read as a story.")
    kind: ItemKind = "page" if is_page else "text"
    return WireItem(
        guid=f"{guid}#{language}" if is_translation else guid,
        origin=origin_of(entry, site),
        format=FORMAT,
        sha256=hashlib.sha256(entry.raw).hexdigest(),
        headline=headline,
        body=tuple(body.blocks),
        kind=kind,
        published=published,
        updated=updated,
        language=language_of(
            f"{headline}\n{wxr_body.words(body.blocks)}", language or _language(entry, site)
        ),
        lead=lead,
        section=section,
        authors=tuple(_authors(entry, index)),
        topics=topics,
        photos=tuple(body.photos),
        comments=tuple(comments.taken),
        comments_open=open_,
        old_urls=() if is_translation else old_urls,
        links=(WireLink("translates", guid),) if is_translation else (),
        stage=stage,
        raw=entry.raw,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def unique_guid(entry: Entry, index: Index, oddities: list[str]) -> str:
    """Return a guid that no earlier entry of the file has."""
    guid = index.unique_guid(entry.guid, entry.number, entry.place)
    if guid != entry.guid:
        oddities.append(
            "An earlier entry of the file has the same guid; its number tells them apart."
        )
    return guid


def origin_of(entry: Entry, site: Site) -> str:
    """Return the file and the entry in it, for messages."""
    return f"{site.origin}, {entry.kind} {entry.number or entry.place}"


def times(
    entry: Entry, index: Index, oddities: list[str]
) -> tuple[datetime | None, datetime | None]:
    """Return when the entry was published and last changed, in UTC."""
    fields = entry.fields
    published, odd = moment(
        fields.get("wp:post_date_gmt"), fields.get("wp:post_date"), index, fields.get("pubDate")
    )
    updated, _ = moment(fields.get("wp:post_modified_gmt"), fields.get("wp:post_modified"), index)
    if odd:
        oddities.append(odd)
    if published is None:
        oddities.append("It has no time that could be read.")
    return published, updated


def picture(entry: Entry, site: Site, attachment: Attachment, index: Index) -> WireItem:
    """Return the item for an ``attachment`` that no post shows."""
    oddities = list(entry.fields.oddities)
    guid = unique_guid(entry, index, oddities)
    published, updated = times(entry, index, oddities)
    photo = attachment.photo()
    kind: ItemKind = "picture"
    if attachment.media_type.startswith("video/"):
        kind = "video"
    elif attachment.media_type.startswith("audio/"):
        kind = "audio"
    body = wxr_body.read(attachment.about, index, entry.number, site.base_url)
    comments = wxr_comments.read(entry.fields, guid, index, published)
    return WireItem(
        guid=guid,
        origin=origin_of(entry, site),
        format=FORMAT,
        sha256=hashlib.sha256(entry.raw).hexdigest(),
        headline=(photo.headline or photo.file_name)[:_LONGEST_HEADLINE],
        body=tuple(body.blocks),
        kind=kind,
        published=published,
        updated=updated,
        language=language_of(f"{photo.headline}\n{photo.caption}", _language(entry, site)),
        authors=tuple(_authors(entry, index)),
        photos=(photo, *body.photos),
        comments=tuple(comments.taken),
        old_urls=_addresses(entry, site)[0],
        stage=stage_of(entry.fields.get("wp:status") or "inherit")[0],
        raw=entry.raw,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def sorted_under(entry: Entry, index: Index) -> tuple[str, tuple[str, ...]]:
    """Return the section and the topics of an entry.

    The section is the primary category where a plugin keeps one, else the first that is not
    the one for what is unsorted.
    """
    categories: dict[str, str] = {}
    topics: list[str] = []
    for taxonomy, slug, name in terms_of(entry):
        if taxonomy == "category":
            categories.setdefault(slug, name)
        elif taxonomy not in TECHNICAL:
            topics.append(name)
    primary = index.term(number_in(entry.first(*wxr_entry.PRIMARY)))
    names = [primary.name] if primary and primary.slug in categories else []
    names += [name for slug, name in categories.items() if slug not in _UNSORTED]
    names += categories.values()
    names = list(dict.fromkeys(names))
    section = names[0] if names else ""
    further = [name for slug, name in categories.items() if slug not in _UNSORTED]
    return section, tuple(
        dict.fromkeys(name for name in (*further, *topics) if name and name != section)
    )


def _authors(entry: Entry, index: Index) -> list[str]:
    together = [
        (slug.removeprefix("cap-"), name)
        for taxonomy, slug, name in terms_of(entry)
        if taxonomy in {"author", "byline"}
    ]
    names = []
    for slug, name in together:
        author = index.author(slug) or index.author(name)
        names.append(author.name if author else name)
    if not names:
        for login in entry.creators:
            author = index.author(login)
            names.append(author.name if author else plain(login))
    return list(dict.fromkeys(filter(None, names)))


def _language(entry: Entry, site: Site) -> str:
    marked = next(
        (slug for taxonomy, slug, _ in terms_of(entry) if taxonomy == "language" and slug), ""
    )
    return entry.first(*wxr_entry.LANGUAGE) or marked or site.language


def _featured(entry: Entry, index: Index, body: wxr_body.Body) -> None:
    number = number_in(entry.first("_thumbnail_id"))
    if number:
        attachment = index.attachment(number)
        if attachment is not None and attachment.url:
            wxr_body.with_featured(body, attachment)
            return
        body.notes["photo", str(number)] += 1
    address = entry.first(*wxr_entry.PICTURE_ELSEWHERE)
    if wxr_addresses.is_address(address) and all(photo.url != address for photo in body.photos):
        alt = plain(entry.first("fifu_image_alt", "_knawatfibu_alt"))
        body.photos.insert(0, WirePhoto(alt_text=alt, url=address, key=address))


def _headline(entry: Entry, body: wxr_body.Body, oddities: list[str]) -> str:
    if title := entry.title:
        if len(title) > _LONGEST_HEADLINE:
            oddities.append("Its title is longer than a headline can be.")
        return title
    words = next((plain(each.html) for each in body.blocks if each.kind != "photo"), "")
    oddities.append("It has no title; the headline is made of its first words.")
    if len(words) > _LONGEST_MADE_UP:
        words = words[:_LONGEST_MADE_UP].rsplit(" ", 1)[0] + "…"
    return words or entry.fields.get("wp:post_name") or f"{entry.kind} {entry.number}"


def _lead(entry: Entry, index: Index, base_url: str) -> str:
    excerpt = entry.fields.raw("excerpt:encoded")
    if not excerpt.strip():
        return ""
    body = wxr_body.read(excerpt, index, entry.number, base_url)
    return " ".join(plain(each.html) for each in body.blocks if each.kind != "photo")


def _addresses(entry: Entry, site: Site) -> tuple[tuple[str, ...], list[WireRedirect]]:
    link = entry.fields.get("link")
    elsewhere = entry.first(*wxr_entry.ELSEWHERE)
    target = wxr_body.absolute(elsewhere, site.base_url) if elsewhere else ""
    if link == target:
        # The plugin that leads a post elsewhere puts that address in the export as its own.
        link = ""
    urls = wxr_addresses.of_post(
        link=link,
        guid=unescape(entry.fields.get("guid")),
        base_url=site.base_url,
        number=entry.number,
        kind=entry.kind,
        slug=entry.fields.get("wp:post_name"),
        old_slugs=entry.meta.get("_wp_old_slug", ()),
        old_dates=entry.meta.get("_wp_old_date", ()),
    )
    if not wxr_addresses.is_address(target) or not wxr_addresses.is_address(link):
        return urls, []
    led = WireRedirect(origin_of(entry, site), link, new_url=target)
    return tuple(url for url in urls if url != link), [led]
