"""While a node's folder is filling, its newsstand reads from the store what is missing."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from broadsheet.newsstand import lookup
from broadsheet.newsstand.application import Newsstand
from broadsheet.newsstand.lookup import StoreLookup
from broadsheet.newsstand.shelf import Shelf
from broadsheet.object_stores import ObjectStore, Place
from private_s3 import Server, silent_server

PAGE = gzip.compress(b"<h1>Ferry runs again</h1>", mtime=0)


class Client:
    """Asks a newsstand whose shelf is empty; Django would answer 404."""

    def __init__(self, root: Path, find: StoreLookup) -> None:
        self._newsstand = Newsstand(Shelf(root), self._django, elsewhere=find)

    @staticmethod
    async def _django(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def get(self, path: str, **headers: str) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def ask() -> None:
            scope = {
                "type": "http",
                "method": "GET",
                "path": path,
                "query_string": b"",
                "headers": [
                    (name.replace("_", "-").encode(), value.encode())
                    for name, value in headers.items()
                ],
            }
            await self._newsstand(scope, receive, send)

        asyncio.run(ask())
        body = b"".join(message["body"] for message in sent[1:])
        return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.fixture
def store(s3_server: Server) -> ObjectStore:
    made = ObjectStore(s3_server.place())
    notes = {"pressed": str(1_700_000_000 * 10**9)}
    made.put("news/0/7.html", PAGE, notes=notes, headers={"ContentEncoding": "gzip"})
    return made


def test_a_page_that_has_not_come_yet(tmp_path: Path, store: ObjectStore) -> None:
    client = Client(tmp_path / "pressed", StoreLookup(store, tmp_path / "mirror"))
    status, headers, body = client.get("/news/7/", accept_encoding="gzip")
    assert (status, body) == (200, PAGE)
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"last-modified"] == b"Tue, 14 Nov 2023 22:13:20 GMT"
    etag = headers[b"etag"].decode()
    assert client.get("/news/7/", accept_encoding="gzip", if_none_match=etag)[0] == 304
    assert client.get("/news/7/")[2] == b"<h1>Ferry runs again</h1>"
    # A reader puts nothing into the folder.
    assert not (tmp_path / "pressed").exists()
    assert client.get("/news/8/")[0] == 404
    assert client.get("/news/../7/")[0] == 404


def test_once_the_folder_is_whole_nobody_asks(tmp_path: Path, store: ObjectStore) -> None:
    (tmp_path / "mirror").write_text("{}")
    client = Client(tmp_path / "pressed", StoreLookup(store, tmp_path / "mirror"))
    assert client.get("/news/7/")[0] == 404


def test_a_store_that_is_silent_costs_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "_WITHIN_S", 0.05)
    with silent_server() as port:
        place = Place("paper", "", f"http://127.0.0.1:{port}", "us-east-1", "key", "secret")
        find = StoreLookup(ObjectStore(place), tmp_path / "mirror", clock=lambda: 0.0)
        client = Client(tmp_path / "pressed", find)
        assert client.get("/news/7/")[0] == 404
        # And no other reader waits again.
        monkeypatch.setattr(find, "_fetched", None)
        assert client.get("/news/8/")[0] == 404
