from __future__ import annotations

import gzip
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import brotli
import pytest

Ask = Callable[..., Any]
STORY = "/news/207166/"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        (STORY, "text/html; charset=utf-8"),
        ("/section/world/", "text/html; charset=utf-8"),
        ("/news/207166.json", "application/json"),
        (
            "/news/207166/attributions.json",
            'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        ),
        ("/feeds/all.json", "application/feed+json"),
        ("/feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/all.atom", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
        ("/assets/paper.abc123.css", "text/css; charset=utf-8"),
        ("/photos/12/wide.jpg", "image/jpeg"),
    ],
)
def test_each_kind_of_sheet_is_answered_with_its_type(ask: Ask, path: str, kind: str) -> None:
    answer = ask(path, accept_encoding="gzip")
    assert answer.status == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_text_goes_out_gzipped_as_it_lies(ask: Ask, pressed: Path) -> None:
    answer = ask(STORY, accept_encoding="gzip, deflate")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.body == (pressed / "news/207/207166.html.gz").read_bytes()


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br", "deflate"])
def test_who_refuses_gzip_gets_the_bytes_uncoded(ask: Ask, accepted: str) -> None:
    coded = ask(STORY, accept_encoding="gzip")
    plain = ask(STORY, accept_encoding=accepted)
    assert "content-encoding" not in plain.headers
    assert plain.body == gzip.decompress(coded.body)
    assert plain.headers["etag"] != coded.headers["etag"]


def test_brotli_is_sent_where_it_lies_and_is_not_older(
    ask: Ask, pressed: Path, write_pressed: Callable[..., Path]
) -> None:
    assert ask("/", accept_encoding="gzip, br").headers["content-encoding"] == "gzip"
    write_pressed("index.html", b"front, again")
    (pressed / "index.html.br").write_bytes(brotli.compress(b"front, again"))
    answer = ask("/", accept_encoding="gzip, br")
    assert answer.headers["content-encoding"] == "br"
    assert brotli.decompress(answer.body) == b"front, again"
    write_pressed("index.html", b"front, a third time")
    answer = ask("/", accept_encoding="gzip, br")
    assert gzip.decompress(answer.body) == b"front, a third time"


def test_a_picture_comes_as_it_is_and_may_be_kept(ask: Ask, pressed: Path) -> None:
    answer = ask("/photos/12/wide.jpg", accept_encoding="gzip, br")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=604800"
    assert answer.body == (pressed / "photos/12/wide.jpg").read_bytes()


def test_hashed_assets_are_kept_for_a_year_and_pages_for_seconds(ask: Ask) -> None:
    assert "immutable" in ask("/assets/paper.abc123.css").headers["cache-control"]
    assert ask(STORY).headers["cache-control"] == "public, max-age=2, stale-while-revalidate=8"


def test_feeds_and_ninjs_are_open_to_other_sites_and_pages_are_not(ask: Ask) -> None:
    assert ask("/feeds/all.json").headers["access-control-allow-origin"] == "*"
    for path in ("/news/207166.json", "/news/207166/attributions.json"):
        assert ask(path).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask(STORY).headers


def test_head_has_the_headers_of_get_and_no_body(ask: Ask) -> None:
    got = ask(STORY, accept_encoding="gzip")
    head = ask(STORY, method="HEAD", accept_encoding="gzip")
    assert head.headers == got.headers
    assert head.body == b""


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"other", {0}', '"a" , W/{0},"b"', "*"])
def test_a_tag_that_matches_gets_304(ask: Ask, form: str) -> None:
    etag = ask(STORY, accept_encoding="gzip").headers["etag"]
    answer = ask(STORY, accept_encoding="gzip", if_none_match=form.format(etag))
    assert answer.status == 304
    assert answer.body == b""
    assert answer.headers["etag"] == etag
    assert answer.headers["vary"] == "accept-encoding"
    assert "content-length" not in answer.headers


def test_the_tag_wins_over_the_date(ask: Ask) -> None:
    later = formatdate(4_000_000_000, usegmt=True)
    assert ask(STORY, if_modified_since=later).status == 304
    assert ask(STORY, if_modified_since=later, if_none_match='"old"').status == 200


def test_dates_are_compared_to_the_second_and_nonsense_is_passed_over(ask: Ask) -> None:
    modified = ask(STORY).headers["last-modified"]
    assert ask(STORY, if_modified_since=modified).status == 304
    assert ask(STORY, if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    assert ask(STORY, if_modified_since="yesterday").status == 200


def test_the_gzipped_tag_does_not_match_the_plain_bytes(ask: Ask) -> None:
    etag = ask(STORY, accept_encoding="gzip").headers["etag"]
    assert ask(STORY, if_none_match=etag).status == 200


def test_a_page_pressed_again_is_seen_at_once(ask: Ask, write_pressed: Callable[..., Path]) -> None:
    before = ask(STORY, accept_encoding="gzip")
    for turn in range(20):
        # The same length each time: only the bytes differ.
        write_pressed("news/207/207166.html", b"turn %02d" % turn)
        after = ask(STORY, accept_encoding="gzip", if_none_match=before.headers["etag"])
        assert gzip.decompress(after.body) == b"turn %02d" % turn
        before = after


def test_a_page_taken_away_is_gone_at_once(ask: Ask, pressed: Path) -> None:
    assert ask(STORY).status == 200
    (pressed / "news/207/207166.html.gz").unlink()
    assert ask(STORY).from_django


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-99", 0, 99), ("100-", 100, 10239), ("-40", 10200, 10239), ("10000-99999", 10000, 10239)],
)
def test_one_part_of_a_picture(ask: Ask, pressed: Path, wanted: str, first: int, last: int) -> None:
    answer = ask("/photos/12/wide.jpg", range=f"bytes={wanted}")
    whole = (pressed / "photos/12/wide.jpg").read_bytes()
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/10240"
    assert answer.body == whole[first : last + 1]
    assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=-0", "bytes=99999-100000"])
def test_a_part_beyond_the_end_is_416(ask: Ask, wanted: str) -> None:
    answer = ask("/photos/12/wide.jpg", range=wanted)
    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */10240"
    assert answer.body == b""


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,4-5", "lines=1-2", "bytes=9-2", "bytes=-", "bytes=" + "9" * 60 + "-", "x"]
)
def test_other_ranges_get_the_whole(ask: Ask, wanted: str) -> None:
    answer = ask("/photos/12/wide.jpg", range=wanted)
    assert answer.status == 200
    assert len(answer.body) == 10240


def test_a_range_holds_only_for_the_copy_it_was_meant_for(ask: Ask) -> None:
    whole = ask("/photos/12/wide.jpg").headers
    for condition, status in (
        (whole["etag"], 206),
        (whole["last-modified"], 206),
        ("W/" + whole["etag"], 200),
        ('"another"', 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
    ):
        answer = ask("/photos/12/wide.jpg", range="bytes=0-9", if_range=condition)
        assert answer.status == status, condition


def test_gzipped_text_is_sent_whole_and_uncoded_text_in_parts(ask: Ask) -> None:
    assert ask(STORY, accept_encoding="gzip", range="bytes=0-9").status == 200
    assert ask(STORY, range="bytes=0-8").body == b"<!doctype"


def test_a_missing_slash_leads_to_the_page_and_keeps_the_query(ask: Ask) -> None:
    answer = ask("/news/207166", query=b"a=b")
    assert answer.status == 301
    assert answer.headers["location"] == "/news/207166/?a=b"
    assert ask("/section/world").headers["location"] == "/section/world/"
    assert ask("/section/sport").from_django


def test_only_get_and_head_are_answered(ask: Ask) -> None:
    answer = ask(STORY, method="POST")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert ask("/letters/207166/", method="POST").from_django


def test_what_was_not_pressed_goes_to_django(ask: Ask) -> None:
    assert ask("/search/", query=b"q=x").from_django


@pytest.mark.parametrize("query", [b"p=12", b"lang=fa&page_id=3", b"attachment_id=9"])
def test_an_old_address_by_number_goes_to_django_and_other_queries_do_not(
    ask: Ask, query: bytes
) -> None:
    assert ask("/", query=query).from_django
    assert ask("/", query=b"utm_source=p=12").status == 200


def test_large_pictures_go_out_in_pieces(ask: Ask, write_pressed: Callable[..., Path]) -> None:
    large = bytes(1_000_003)
    write_pressed("photos/9/large.png", large, plain=True)
    assert ask("/photos/9/large.png").body == large
