"""A pressed folder and a newsstand in front of it, asked at the ASGI level."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from broadsheet.newsstand.application import Message, Newsstand, Receive, Scope, Send
from broadsheet.newsstand.shelf import Shelf

PAGE = "<!doctype html><title>Late edition</title>" + "<p>news</p>" * 200
PICTURE = bytes(range(256)) * 40


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def from_django(self) -> bool:
        return self.headers.get("x-from") == "django"


Ask = Callable[..., Answer]


async def _django(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"x-from", b"django")]})
    await send({"type": "http.response.body", "body": b"not here"})


def write(root: Path, file: str, content: bytes, *, plain: bool = False) -> Path:
    path = root / (file if plain else f"{file}.gz")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".new-{path.name}")
    fresh.write_bytes(content if plain else gzip.compress(content, mtime=0))
    fresh.replace(path)
    return path


@pytest.fixture
def pressed(tmp_path: Path) -> Path:
    root = tmp_path / "pressed"
    write(root, "news/207/207166.html", PAGE.encode())
    write(root, "news/207/207166.json", b'{"headline": "x"}')
    write(root, "news/207/207166.attributions.json", b'{"total": 0}')
    write(root, "index.html", b"front")
    write(root, "section/world/index.html", b"world")
    write(root, "feeds/all.json", b"{}")
    write(root, "feeds/all.rss", b"<rss/>")
    write(root, "feeds/all.atom", b"<feed/>")
    write(root, "sitemap.xml", b"<sitemapindex/>")
    write(root, "robots.txt", b"User-agent: *")
    write(root, ".well-known/security.txt", b"Contact: mailto:a@example.org")
    write(root, "assets/paper.abc123.css", b"p{margin:0}")
    write(root, "photos/12/wide.jpg", PICTURE, plain=True)
    return root


@pytest.fixture
def write_pressed(pressed: Path) -> Callable[..., Path]:
    return lambda file, content, **options: write(pressed, file, content, **options)


def asker(root: Path) -> Ask:
    stand = Newsstand(Shelf(root), _django)

    def ask(path: str, *, method: str = "GET", query: bytes = b"", **headers: str) -> Answer:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        lines = [
            (name.replace("_", "-").encode(), value.encode("latin-1"))
            for name, value in headers.items()
        ]
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": lines,
        }
        asyncio.run(stand(scope, receive, send))
        start, *rest = sent
        assert start["type"] == "http.response.start"
        assert [bool(message.get("more_body")) for message in rest][-1] is False
        names = [name for name, _ in start["headers"]]
        assert len(names) == len(set(names)), "a header is sent twice"
        return Answer(
            start["status"],
            {name.decode(): value.decode("latin-1") for name, value in start["headers"]},
            b"".join(message["body"] for message in rest),
        )

    return ask


@pytest.fixture
def ask(pressed: Path) -> Ask:
    return asker(pressed)
