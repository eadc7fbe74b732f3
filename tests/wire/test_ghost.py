"""Exports of Ghost, of several versions, whole and broken."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import HEAD, IncomingFile
from broadsheet.wire.items import (
    Unread,
    WireAuthor,
    WireItem,
    WireLink,
    WireRecord,
    WireRedirect,
    WireTopic,
)
from broadsheet.wire.parsers import ghost, ghost_tables

Reader = Callable[[bytes | dict[str, Any]], list[WireRecord]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def reader(content: bytes | dict[str, Any]) -> list[WireRecord]:
        path = tmp_path / "export.json"
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(content)
        head = content[:HEAD]
        parser = parsers.archive_parser(head)
        assert parser is not None
        assert parser.format == ghost.FORMAT
        return list(parser.read(IncomingFile(path, "export.json", head)))

    return reader


def export(posts: list[dict[str, Any]], **tables: Any) -> dict[str, Any]:
    """Return an export with its tables in Ghost's order: posts stand before what they need."""
    meta = {"exported_on": 1709622900000, "version": "5.80.0"}
    return {"db": [{"meta": meta, "data": {"posts": posts, **tables}}]}


def post(**fields: Any) -> dict[str, Any]:
    return {
        "id": "p1",
        "uuid": "8f3c-1",
        "title": "The ferry stays",
        "slug": "the-ferry-stays",
        "html": "<p>The ferry stayed in port.</p><p>Until tomorrow.</p>",
        "type": "post",
        "status": "published",
        "visibility": "public",
        "published_at": "2024-03-05T06:15:00.000Z",
        "updated_at": "2024-03-06T06:15:00.000Z",
        **fields,
    }


def items_of(found: list[WireRecord]) -> list[WireItem]:
    return [record for record in found if isinstance(record, WireItem)]


def test_a_post_with_all_that_belongs_to_it(read: Reader) -> None:
    found = read(
        export(
            [
                post(
                    custom_excerpt="In short: it stays.",
                    feature_image="__GHOST_URL__/content/images/2024/03/ferry.jpg",
                    canonical_url="https://other.example/ferry",
                )
            ],
            posts_authors=[
                {"post_id": "p1", "author_id": "u2", "sort_order": 1},
                {"post_id": "p1", "author_id": "u1", "sort_order": 0},
            ],
            posts_meta=[
                {
                    "post_id": "p1",
                    "feature_image_alt": "A ferry",
                    "feature_image_caption": "<span>The ferry at the quay (AFP)</span>",
                }
            ],
            posts_tags=[
                {"post_id": "p1", "tag_id": "t3", "sort_order": 0},
                {"post_id": "p1", "tag_id": "t1", "sort_order": 1},
                {"post_id": "p1", "tag_id": "t2", "sort_order": 2},
            ],
            settings=[{"key": "locale", "value": "en"}, {"key": "title", "value": "Harbour"}],
            tags=[
                {"id": "t1", "name": "Ports", "slug": "ports", "visibility": "public"},
                {"id": "t2", "name": "Wind", "slug": "wind", "parent_id": "t1"},
                {"id": "t3", "name": "#no-ads", "slug": "hash-no-ads", "visibility": "internal"},
            ],
            users=[
                {"id": "u1", "name": "Ann Roe", "slug": "ann", "email": "a@h.example", "bio": "B"},
                {"id": "u2", "name": "John Poe", "slug": "john"},
            ],
        )
    )
    (item,) = items_of(found)
    assert item.guid == "ghost:8f3c-1"
    assert item.headline == "The ferry stays"
    assert plain_paragraphs(item) == ["The ferry stayed in port.", "Until tomorrow."]
    assert item.lead == "In short: it stays."
    assert item.authors == ("Ann Roe", "John Poe")
    assert item.section == "Ports"
    assert item.topics == ("Ports", "Wind")
    assert item.published == datetime(2024, 3, 5, 6, 15, tzinfo=UTC)
    assert item.updated == datetime(2024, 3, 6, 6, 15, tzinfo=UTC)
    assert item.old_urls == ("/the-ferry-stays/",)
    assert item.stage == "published"
    assert item.language == "en"
    assert item.links == (WireLink("related", "https://other.example/ferry"),)
    (photo,) = item.photos
    assert photo.url == "content/images/2024/03/ferry.jpg"
    assert (photo.caption, photo.credit) == ("The ferry at the quay", "AFP")
    assert photo.alt_text == "A ferry"
    assert item.oddities == ("Tags that readers did not see: #no-ads.",)
    assert item.raw is not None
    assert [record for record in found if isinstance(record, WireAuthor)] == [
        WireAuthor("ghost:user:u1", "export.json", "Ann Roe", "ann", "a@h.example", "B"),
        WireAuthor("ghost:user:u2", "export.json", "John Poe", "john"),
    ]
    topics = {record.name: record for record in found if isinstance(record, WireTopic)}
    assert list(topics) == ["Ports", "Wind"]
    assert topics["Ports"].is_section
    assert not topics["Wind"].is_section
    assert topics["Wind"].parent == "Ports"
    assert WireRedirect("export.json", "/tag/ports/", "/topic/ports/") in found
    assert WireRedirect("export.json", "/author/ann/", "/by/ann/") in found


@pytest.mark.parametrize(
    ("fields", "stage", "kind", "old"),
    [
        ({}, "published", "text", ("/the-ferry-stays/",)),
        ({"status": "draft", "published_at": None}, "draft", "text", ()),
        ({"status": "scheduled"}, "scheduled", "text", ("/the-ferry-stays/",)),
        ({"type": "page"}, "published", "page", ("/the-ferry-stays/",)),
        ({"page": 1, "type": None}, "published", "page", ("/the-ferry-stays/",)),
        ({"visibility": "paid"}, "private", "text", ("/the-ferry-stays/",)),
        ({"status": "sent"}, "private", "text", ()),
        ({"status": "strange"}, "draft", "text", ()),
    ],
)
def test_states_and_kinds(
    read: Reader, fields: dict[str, Any], stage: str, kind: str, old: tuple[str, ...]
) -> None:
    (item,) = items_of(read(export([post(**fields)])))
    assert (item.stage, item.kind, item.old_urls) == (stage, kind, old)


def test_old_addresses_with_dates_are_in_the_zone_of_the_site(read: Reader) -> None:
    settings = [
        {"key": "permalinks", "value": "/:year/:month/:day/:slug/"},
        {"key": "activeTimezone", "value": "Asia/Tehran"},
    ]
    late = post(published_at="2018-03-04T22:00:00.000Z")
    (item,) = items_of(read(export([late], settings=settings)))
    assert item.old_urls == ("/2018/03/05/the-ferry-stays/",)


def test_an_old_export_counts_milliseconds_and_has_markdown(read: Reader) -> None:
    old = {
        "meta": {"exported_on": 1408552443891, "version": "003"},
        "data": {
            "posts": [
                {
                    "id": 5,
                    "title": "Old",
                    "slug": "old",
                    "markdown": "It *stays*.\n\n- a\n- b",
                    "status": "published",
                    "author_id": 1,
                    "published_at": 1408552443891,
                }
            ],
            "users": [{"id": 1, "name": "Ann", "slug": "ann"}],
        },
    }
    (item,) = items_of(read(old))
    assert [block.kind for block in item.body] == ["paragraph", "list"]
    assert item.authors == ("Ann",)
    assert item.published == datetime(2014, 8, 20, 16, 34, 3, 891000, tzinfo=UTC)


def test_comments_come_along(read: Reader) -> None:
    found = read(
        export(
            [post()],
            comments=[
                {
                    "id": "c1",
                    "post_id": "p1",
                    "member_id": "m1",
                    "status": "published",
                    "html": "<p>Good.</p>",
                    "created_at": "2024-03-05T07:00:00.000Z",
                },
                {
                    "id": "c2",
                    "post_id": "p1",
                    "parent_id": "c1",
                    "status": "hidden",
                    "html": "<p>Bad.</p>",
                    "created_at": "2024-03-05T08:00:00.000Z",
                },
            ],
            members=[{"id": "m1", "name": "Reader"}],
        )
    )
    (item,) = items_of(found)
    assert [(c.author, c.text, c.approved, c.parent_guid) for c in item.comments] == [
        ("Reader", "Good.", True, ""),
        ("", "Bad.", False, "ghost:comment:c1"),
    ]


def test_a_bad_post_does_not_take_the_others_along(read: Reader) -> None:
    found = read(export([post(title="", html=None), post(id="p2", uuid="2", title="B\x00\ud800")]))
    assert [type(record) for record in found] == [Unread, WireItem]
    (item,) = items_of(found)
    assert "\x00" not in item.headline
    item.headline.encode()


def test_an_export_that_breaks_off_gives_what_there_is(read: Reader) -> None:
    whole = json.dumps(export([post(), post(id="p2", uuid="2")])).encode()
    found = read(whole[:-200])
    assert len(items_of(found)) == 1
    last = found[-1]
    assert isinstance(last, Unread)
    assert "Export it again" in last.reason


@pytest.mark.parametrize(
    "inside",
    [
        b'"posts":[' + b"[" * 100_000,
        b'"posts":[{"id":' + b'{"a":' * 5000,
        b'"posts":[{"title":"\xff\xfe"}]',
        b'"posts":{"a":1},"users":[1,2,[],null]}}]}',
        b'"posts":[{"title":1e999999,"id":' + b"9" * 10_000 + b"}]}}]}",
    ],
)
def test_hostile_exports_are_read_or_refused(read: Reader, inside: bytes) -> None:
    try:
        found = read(b'{"db":[{"meta":{"exported_on":1},"data":{' + inside)
    except WireError:
        return
    assert all(isinstance(record, Unread | WireItem) for record in found)


def test_a_row_without_end_is_refused(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ghost_tables, "LARGEST_ROW", 200_000)
    found = read(export([post(), post(id="p2", title="x" * 900_000)]))
    assert len(items_of(found)) == 1
    assert isinstance(found[-1], Unread)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    posts = [post(id=f"p{n}", uuid=str(n), plaintext="word " * 20_000) for n in range(300)]
    pairs = [{"post_id": f"p{n}", "author_id": "u1"} for n in range(300)]
    users = [{"id": "u1", "name": "A"}]
    path.write_text(json.dumps(export(posts, posts_authors=pairs, users=users)))
    del posts
    file = IncomingFile(path, path.name, b"")
    next(iter(ghost.read(file)))
    tracemalloc.start()
    assert sum(isinstance(record, WireItem) for record in ghost.read(file)) == 300
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 8


@pytest.mark.parametrize(
    "head",
    [b"", b"{", b'{"db": 1}', b'{"data": {"a": 1}}', b'[{"db":[]}]', b'{"version":"https://x"}'],
)
def test_other_json_is_not_taken_for_an_export(head: bytes) -> None:
    assert not ghost.recognises(head)
