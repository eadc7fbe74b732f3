"""One post of a Ghost export, as a wire item."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.wire.credits import split_credit
from broadsheet.wire.items import (
    ItemKind,
    Stage,
    WireComment,
    WireItem,
    WireLink,
    WirePhoto,
)
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import feed_media, feed_words, fragment, ghost_html, lexical, mobiledoc
from broadsheet.wire.parsers.fragment import Fragment
from broadsheet.wire.parsers.ghost_cards import markdown
from broadsheet.wire.parsers.ghost_tables import Row, Tables
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.json_text import load, said
from broadsheet.wire.times import read_moment

FORMAT = "Ghost export"

_STAGES: dict[str, Stage] = {
    "published": "published",
    "scheduled": "scheduled",
    "draft": "draft",
    "sent": "private",
}
# What Ghost writes where the site's address would stand.
_SITE = "__GHOST_URL__"
_LATEST = 253_402_300_799


def is_internal(tag: dict[str, str]) -> bool:
    """Tell whether readers of the site never saw ``tag``."""
    return tag["visibility"] == "internal" or tag["name"].startswith("#")


def story(origin: str, row: Row, tables: Tables) -> WireItem:
    """Return the post in ``row``. Raises ``ValueError`` for one that says nothing."""
    identity = said(row, "id")
    meta = next(tables.told_of("posts_meta", identity), {})
    tags = tables.of_post("posts_tags", "tags", identity)
    public = [tag["name"] for tag in tags if not is_internal(tag)]
    authors = tables.of_post("posts_authors", "users", identity)
    if not authors and (author := tables.one("users", said(row, "author_id"))) is not None:
        authors = [author]
    raw = json.dumps(
        {**row, "posts_meta": meta, "tags": tags, "authors": authors}, sort_keys=True
    ).encode()
    oddities: list[str] = []
    body = _body(row, oddities)
    headline, odd = feed_words.headline_of(said(row, "title"), is_plain=True)
    words = [to_text(block.html) for block in body.blocks if block.kind not in {"photo", "embed"}]
    if not headline and words:
        headline = feed_words.first_words(words[0])
        oddities.append("The post has no title; its first words stand for one.")
    if not headline and not body.blocks:
        raise ValueError("a post that says nothing")
    declared = said(row, "locale", "language") or _setting(tables, "locale", "lang", "defaultLang")
    published, updated = _moment(row, "published_at"), _moment(row, "updated_at")
    stage = _stage(row, oddities)
    kind: ItemKind = (
        "page" if said(row, "type") == "page" or row.get("page") in {1, "1"} else "text"
    )
    oddities.extend(_internal(tags))
    if said(row, "codeinjection_head", "codeinjection_foot") or said(
        meta, "codeinjection_head", "codeinjection_foot"
    ):
        oddities.append("The post brought scripts or styles of its own; they were left out.")
    canonical = feed_media.absolute(said(row, "canonical_url").replace(_SITE, ""), "")
    return WireItem(
        guid=f"ghost:{said(row, 'uuid') or identity or hashlib.sha256(raw).hexdigest()}",
        origin=origin,
        format=FORMAT,
        sha256=hashlib.sha256(raw).hexdigest(),
        headline=headline,
        body=body.blocks,
        kind=kind,
        version=updated.isoformat() if updated else "",
        published=published,
        updated=updated,
        language=language_of("\n".join([headline, *words]), declared),
        lead=_lead(row),
        section=public[0] if public and kind == "text" else "",
        authors=tuple(dict.fromkeys(author["name"] for author in authors if author["name"])),
        topics=tuple(dict.fromkeys(public)),
        photos=_photos(row, meta, body),
        comments=tuple(_comments(tables, identity)),
        old_urls=_old_urls(row, tables, published, authors, is_page=kind == "page")
        if stage != "draft"
        else (),
        links=(WireLink("related", canonical),) if canonical else (),
        stage=stage,
        raw=raw,
        oddities=(*odd, *oddities, *body.oddities),
    )


def _body(row: Row, oddities: list[str]) -> Fragment:
    markup = said(row, "html")
    if markup:
        markup = ghost_html.simplified(markup)
    for name, reader in (("lexical", lexical), ("mobiledoc", mobiledoc)):
        if not markup and (source := said(row, name)):
            try:
                markup = reader.to_html(load(source), oddities)
            except Exception as error:  # noqa: BLE001 - whatever is wrong, there are other forms
                oddities.append(f"The post’s {name} could not be read ({type(error).__name__}).")
    if not markup and (source := said(row, "markdown")):
        markup = markdown(source)
    if markup:
        # Relative to the site: files in Ghost's folder, and addresses that are redirected.
        markup = markup.replace(f"{_SITE}/content/", "content/").replace(_SITE, "")
        read = fragment.read(markup)
        if read.blocks:
            return read
    return fragment.from_plain(said(row, "plaintext"))


def _lead(row: Row) -> str:
    return " ".join(feed_words.plain(said(row, "custom_excerpt")).split())


def _photos(row: Row, meta: Row, body: Fragment) -> tuple[WirePhoto, ...]:
    address = said(row, "feature_image", "image").replace(f"{_SITE}/", "")
    if not address:
        return body.photos
    printed = to_text(said(meta, "feature_image_caption") or said(row, "feature_image_caption"))
    caption, credit = split_credit(printed)
    alt = said(meta, "feature_image_alt") or said(row, "feature_image_alt")
    first = WirePhoto(
        caption=caption,
        credit=credit,
        alt_text=alt,
        url=address.lstrip("/"),
        key=address.lstrip("/"),
    )
    return (first, *(photo for photo in body.photos if photo.url != first.url))


def _stage(row: Row, oddities: list[str]) -> Stage:
    status = said(row, "status") or "published"
    stage = _STAGES.get(status.lower(), "draft")
    if status.lower() not in _STAGES:
        oddities.append(f"The post’s status “{status[:40]}” is not known; it comes as a draft.")
    if status == "sent":
        oddities.append("The post was only sent as a newsletter, and never stood on the site.")
    visibility = said(row, "visibility") or "public"
    if visibility != "public":
        oddities.append(f"On the site, not everybody could read the post: “{visibility[:40]}”.")
        # What members paid for must not be given to everybody by moving house.
        stage = "private" if stage == "published" else stage
    return stage


def _internal(tags: list[dict[str, str]]) -> list[str]:
    names = [tag["name"] for tag in tags if is_internal(tag)]
    return [f"Tags that readers did not see: {', '.join(names)[:300]}."] if names else []


def _moment(row: Row, name: str) -> datetime | None:
    value = row.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Ghost 0.x counted milliseconds.
        seconds = value / 1000
        return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LATEST else None
    text = said(row, name)
    moment = read_moment(text[:100]) if text else None
    return moment.at if moment else None


def _setting(tables: Tables, *names: str) -> str:
    return next((tables.settings[name] for name in names if tables.settings.get(name)), "")


def _old_urls(
    row: Row,
    tables: Tables,
    published: datetime | None,
    authors: list[dict[str, str]],
    *,
    is_page: bool,
) -> tuple[str, ...]:
    slug = said(row, "slug")
    if not slug or "/" in slug or said(row, "status") == "sent":
        return ()
    pattern = _setting(tables, "permalinks") or "/:slug/"
    if is_page or ":slug" not in pattern:
        pattern = "/:slug/"
    day = published.astimezone(_zone(tables)) if published else None
    parts = {
        ":year": f"{day.year:04}" if day else "",
        ":month": f"{day.month:02}" if day else "",
        ":day": f"{day.day:02}" if day else "",
        ":author": authors[0]["slug"] if authors else "",
        ":primary_author": authors[0]["slug"] if authors else "",
        ":id": said(row, "id"),
        ":slug": slug,
    }
    for name in sorted(parts, key=len, reverse=True):
        pattern = pattern.replace(name, parts[name])
    address = f"/{pattern.strip('/')}/"
    # A pattern that this export has nothing for would lead nowhere.
    return (address,) if "//" not in address and ":" not in address else (f"/{slug}/",)


def _zone(tables: Tables) -> Any:
    try:
        return ZoneInfo(_setting(tables, "timezone", "activeTimezone", "active_timezone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _comments(tables: Tables, identity: str) -> list[WireComment]:
    comments = []
    for row in tables.told_of("comments", identity):
        written = _moment(row, "created_at")
        text = "\n\n".join(to_text(block.html) for block in fragment.read(said(row, "html")).blocks)
        if written is None or not text or said(row, "status") == "deleted":
            continue
        member = tables.one("members", said(row, "member_id"))
        parent = said(row, "in_reply_to_id", "parent_id")
        comments.append(
            WireComment(
                author=member["name"] if member else "",
                text=text,
                written_at=written,
                guid=f"ghost:comment:{said(row, 'id')}",
                parent_guid=f"ghost:comment:{parent}" if parent else "",
                approved=said(row, "status") in {"", "published"},
            )
        )
    return comments
