"""Nothing but pressed files can be reached, whatever the path."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from broadsheet.newsstand import plain_files
from broadsheet.newsstand.application import Message, Newsstand, Receive, Scope, Send
from broadsheet.newsstand.shelf import Shelf

Ask = Callable[..., Any]
SECRET = b"the secret of the house"


@pytest.fixture
def besieged(pressed: Path) -> Path:
    """The pressed folder in a home with secrets, and with links that lead to them."""
    home = pressed.parent
    (home / "secret-key").write_bytes(SECRET)
    (home / "secret-key.gz").write_bytes(gzip.compress(SECRET))
    (home / "photo.jpg").write_bytes(SECRET)
    (home / "pressed-too").mkdir()
    (home / "pressed-too" / "index.html.gz").write_bytes(gzip.compress(SECRET))
    (pressed / ".hidden.gz").write_bytes(gzip.compress(SECRET))
    (pressed / "linked.txt.gz").symlink_to(home / "secret-key.gz")
    (pressed / "linked.jpg").symlink_to("../photo.jpg")
    (pressed / "folder").symlink_to(home, target_is_directory=True)
    os.mkfifo(pressed / "pipe.txt.gz")
    (pressed / "hole.jpg").mkdir()
    return pressed


@pytest.mark.parametrize(
    "path",
    [
        "/../secret-key",
        "/news/../../secret-key",
        "/section/../index.html",
        "/./robots.txt",
        "//robots.txt",
        "/section//world/",
        "//etc/passwd",
        "/..\\secret-key",
        "\\..\\secret-key",
        "/news/207166/\x00",
        "/robots.txt\x00.jpg",
        "/.hidden",
        "/.well-known/../secret-key",
        "/.git/config",
        "/linked.txt",
        "/linked.jpg",
        "/folder/secret-key",
        "/folder/photo.jpg",
        "/folder/pressed/robots.txt",
        "/pipe.txt",
        "/hole.jpg",
        "/section",
        "/news/207/207166.html",
        "/news/207/207166.html.gz",
        "/news/207/207166.json",
        "/news/207/207166.attributions.json",
        "/index.html",
        "/robots.txt.gz",
        "/robots.txt/",
        "/news/٢٠٧١٦٦/",
        "/\udcff",
        "/" + "a" * 5000,
        "/" + "é" * 200 + "/",
        "/" + "a/" * 500,
        "robots.txt",
        "",
        "*",
    ],
)
def test_paths_that_lead_nowhere(besieged: Path, ask: Ask, path: str) -> None:
    for accepted in ("gzip", "gzip, br", ""):
        answer = ask(path, accept_encoding=accepted)
        assert answer.from_django or answer.status == 301, path
        assert SECRET not in answer.body


def _all_pressed(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    }


PARTS = st.one_of(
    st.sampled_from(
        [
            "..", ".", "", "...", "news", "207", "207166", "207166.html", "index.html", "section",
            "world", "folder", "secret-key", "linked.txt", "linked.jpg", "photo.jpg", "pressed",
            "pressed-too", ".hidden", ".well-known", "security.txt", "robots.txt", "\x00", "\\",
            "..\\", "photos", "12", "wide.jpg", "~root", "etc", "passwd", "%2e%2e", "..%2f", "．．",
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PARTS, max_size=7), st.sampled_from(["/", "", "//", "\\", "/../"]))
@example(["..", "secret-key"], "/")
@example(["folder", "secret-key"], "/")
@example(["..", "pressed-too", ""], "/")
def test_whatever_is_asked_only_pressed_bytes_come_out(
    besieged: Path, parts: list[str], before: str
) -> None:
    known = set(_all_pressed(besieged).values())
    path = before + "/".join(parts)
    copy = Shelf(besieged).copy(path, "gzip")
    if copy is not None:
        assert copy.body in known
        assert SECRET not in copy.body
        assert ".." not in path.split("/")


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from(
            [b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range"]
        ),
        st.one_of(
            st.binary(max_size=40),
            st.from_regex(rb"bytes=[0-9]*-[0-9]*", fullmatch=True),
            st.sampled_from(
                [b"gzip;q=x", b"*;q=0", b"br;q=1e999, gzip", b"bytes=0-18446744073709"]
            ),
        ),
    ),
    st.sampled_from(["/", "/photos/12/wide.jpg", "/news/207166/", None]),
)
def test_no_request_makes_it_fail(
    besieged: Path, path: str, headers: dict[bytes, bytes], known: str | None
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def django(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": known or path,
        "query_string": b"",
        "headers": list(headers.items()),
    }
    asyncio.run(Newsstand(Shelf(besieged), django)(scope, receive, send))
    assert sent[0]["status"] in {200, 206, 301, 304, 404, 416}
    assert not sent[-1].get("more_body")


def test_memory_stays_within_its_bounds(pressed: Path, write_pressed: Callable[..., Path]) -> None:
    for number in range(40):
        write_pressed(f"news/0/{number}.html", os.urandom(900))
    shelf = Shelf(pressed, capacity=16 * 1024)
    for _ in range(2):
        for number in range(40):
            assert shelf.copy(f"/news/{number}/", "gzip") is not None
    held = sum(len(copy.body) for copy in shelf._held.values())
    assert 8 * 1024 < held <= 16 * 1024
    assert held == shelf._bytes


def test_the_folder_may_be_made_and_replaced_while_the_paper_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_files, "_LOOK_AGAIN_S", 0.0)
    shelf = Shelf(tmp_path / "pressed")
    assert shelf.copy("/robots.txt", "gzip") is None
    (tmp_path / "pressed").mkdir()
    (tmp_path / "pressed" / "robots.txt.gz").write_bytes(gzip.compress(b"one"))
    assert shelf.copy("/robots.txt", "identity") is not None
    (tmp_path / "pressed").rename(tmp_path / "old")
    assert shelf.copy("/robots.txt", "identity") is None
