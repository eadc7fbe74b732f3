"""Ghost's lists of redirects."""

from __future__ import annotations

import time

from broadsheet.wire import parsers
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireRecord, WireRedirect
from broadsheet.wire.parsers import redirects


def read(text: str) -> list[WireRecord]:
    return list(parsers.parse(Incoming(text.encode(), "redirects")))


def test_json() -> None:
    found = read(
        '[{"from": "^/old/$", "to": "/new/", "permanent": true},'
        '{"from": "/a?b=1", "to": "https://other.example/"},'
        '{"from": "^/blog/(.*)", "to": "/$1"}, {"from": "/lost/"}]'
    )
    assert found[:2] == [
        WireRedirect("redirects", "/old/", "/new/"),
        WireRedirect("redirects", "/a?b=1", "https://other.example/"),
    ]
    assert [type(record) for record in found[2:]] == [Unread, Unread]


def test_yaml() -> None:
    found = read(
        "# ours\n301:\n  /old/: /new/\n  \"/with space/\": '/there/' # why\n"
        "302:\n  /for-now/: /later/\n  ^\\/tag\\/(.*)$: /topic/$1\n  nonsense\n"
    )
    assert found[:3] == [
        WireRedirect("redirects", "/old/", "/new/"),
        WireRedirect("redirects", "/with space/", "/there/"),
        WireRedirect("redirects", "/for-now/", "/later/"),
    ]
    assert [type(record) for record in found[3:]] == [Unread, Unread]


def test_blank_lines_take_no_time() -> None:
    started = time.perf_counter()
    assert not redirects.recognises(Incoming(b"\n" * 5000 + b"words", "blank.txt"))
    assert time.perf_counter() - started < 2
