"""Reading an export of a paper like this one: what lies beside its manifest, and nothing else."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import HEAD, IncomingFile
from broadsheet.wire.items import Unread, WireItem, WireParticular, WireRecord
from broadsheet.wire.retrievers import files

PAPER = {
    "paper": {"name": "The Tidemark"},
    "last_news_id": 12,
    "sections": [{"slug": "city", "name": "City"}],
    "agencies": [{"slug": "afp", "name": "AFP"}],
}
VERSION: dict[str, Any] = {
    "is": ["live", "latest"],
    "headline": "The tram is back",
    "language": "en",
    "section": {"slug": "city", "name": "City"},
    "bylines": [{"slug": "nora", "name": "Nora Lind"}],
    "agencies": [],
    "topics": [{"slug": "trams", "name": "Trams", "language": "en"}],
    "body": [{"type": "paragraph", "value": "<p>It <b>rang</b>.</p>"}],
    "comments_open": True,
}
KEPT: dict[str, Any] = {
    "news_id": 7,
    "live": True,
    "first_published_at": "2024-05-06T07:08:09+00:00",
    "versions": [VERSION],
    "comments": [],
    "pictures": {},
}


def write(folder: Path, parts: dict[str, bytes], **manifest: Any) -> Path:
    """Write an export that holds ``parts``; return its manifest."""
    lines = []
    for name, content in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    return listed(folder, lines, **manifest)


def listed(folder: Path, lines: list[str], **manifest: Any) -> Path:
    """Write the list and the manifest of an export whose other files are there."""
    sums = "".join(lines).encode()
    (folder / "SHA256SUMS").write_bytes(sums)
    told = {
        "format": "Broadsheet export", "version": 1, "finished": True,
        "sums": {"file": "SHA256SUMS", "sha256": hashlib.sha256(sums).hexdigest()},
        **manifest,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(told))
    return folder / "manifest.json"


def as_json(values: Any) -> bytes:
    return json.dumps(values).encode()


def read(manifest: Path) -> list[WireRecord]:
    head = manifest.read_bytes()[:HEAD]
    parser = parsers.archive_parser(head)
    assert parser is not None
    assert parser.format == "Broadsheet export"
    return list(parser.read(IncomingFile(manifest, str(manifest), head)))


def unread(records: list[WireRecord]) -> list[str]:
    return [record.reason for record in records if isinstance(record, Unread)]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    picture = {
        "key": "k1", "file": "media/aa/p.jpg", "sha256": hashlib.sha256(b"bytes").hexdigest(),
        "title": "Quay", "caption": "The quay", "file_name": "quay.jpg", "origin": "sha256:1",
    }  # fmt: skip
    scheduled = {**KEPT, "news_id": 8, "live": False, "first_published_at": None}
    scheduled["versions"] = [
        {**VERSION, "is": ["scheduled", "latest"], "go_live_at": "2031-01-01T00:00:00+00:00"}
    ]
    write(
        tmp_path,
        {
            "paper.json": as_json(PAPER),
            "bylines.jsonl": b'{"slug":"nora","name":"Nora Lind"}\n',
            "media/aa/p.jpg": b"bytes",
            "pictures.jsonl": as_json(picture) + b"\n",
            "pages/0001.json": as_json(
                {"slug": "about", "live": True, "versions": [{**VERSION, "title": "About us"}]}
            ),
            "stories/0/7.json": b"{}",
            "stories/0/7.kept.json": as_json(KEPT),
            "stories/0/8.kept.json": as_json(scheduled),
            "redirects.jsonl": b'{"from":"/a","to":"/b"}\n',
        },
    )
    return tmp_path


def test_everything_comes_in_the_order_in_which_it_can_be_filed(export: Path) -> None:
    records = read(export / "manifest.json")
    told = [
        record.what if isinstance(record, WireParticular) else getattr(record, "kind", "")
        for record in records
    ]
    assert told == [
        "paper", "section", "agency", "author", "picture", "page", "text", "text", "redirect",
    ]  # fmt: skip
    picture, page, story, later = (each for each in records if isinstance(each, WireItem))
    assert (picture.photos[0].content, picture.headline) == (b"bytes", "Quay")
    assert (page.headline, page.stage) == ("About us", "published")
    assert (story.news_id, story.guid, story.stage) == (7, "news-id:7", "published")
    assert (story.headline, story.section, story.authors) == (
        "The tram is back", "City", ("Nora Lind",),
    )  # fmt: skip
    assert [block.html for block in story.body] == ["It <b>rang</b>."]
    assert json.loads(story.kept) == KEPT
    assert (later.stage, later.published is not None and later.published.year) == (
        "scheduled",
        2031,
    )


def test_a_folder_that_is_an_export_is_one_file(export: Path, tmp_path: Path) -> None:
    assert files.find([str(export)]) == [export / "manifest.json"]
    (incoming,) = files.read(files.find([str(export)]), io.BytesIO())
    assert isinstance(incoming, IncomingFile)
    other = tmp_path / "more"
    other.mkdir()
    inner = other / "inner"
    inner.mkdir()
    write(inner, {"paper.json": as_json(PAPER)})
    (other / "story.txt").write_text("A story.")
    (other / "manifest.json").write_text('{"name": "an app"}')
    assert files.find([str(other)]) == [
        inner / "manifest.json", other / "manifest.json", other / "story.txt",
    ]  # fmt: skip


def test_what_is_damaged_is_told_and_the_rest_is_read(export: Path) -> None:
    (export / "stories/0/7.kept.json").write_bytes(b"{}")
    (export / "media/aa/p.jpg").write_bytes(b"bytez")
    (export / "pages/0001.json").unlink()
    records = read(export / "manifest.json")
    assert len([each for each in records if isinstance(each, WireItem)]) == 1
    assert [reason.split(". Copy")[0] for reason in unread(records)] == [
        "media/aa/p.jpg is damaged: it has another checksum",
        "pages/0001.json is not there, or may not be read",
        "stories/0/7.kept.json is damaged: it has another checksum",
    ]


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"finished": False}, "interrupted"),
        ({"version": 2}, "version 2"),
        ({"sums": {"file": "SHA256SUMS", "sha256": "0" * 64}}, "SHA256SUMS) is damaged"),
        ({"sums": {"file": "../SHA256SUMS", "sha256": ""}}, "not beside the manifest"),
        ({"sums": None}, "not beside the manifest"),
    ],
)
def test_what_is_no_whole_export_is_refused(
    export: Path, manifest: dict[str, Any], said: str
) -> None:
    told = json.loads((export / "manifest.json").read_bytes())
    (export / "manifest.json").write_text(json.dumps({**told, **manifest}))
    with pytest.raises(WireError, match=said.replace(")", r"\)")):
        read(export / "manifest.json")


def test_names_that_lead_out_of_the_folder_are_not_followed(export: Path, tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret-key"
    secret.write_bytes(b"{}")
    (export / "stories/0/9.kept.json").symlink_to(secret)
    digest = hashlib.sha256(b"{}").hexdigest()
    line = {
        "key": "k", "file": "media/../../secret-key", "sha256": digest, "title": "x",
    }  # fmt: skip
    (export / "pictures.jsonl").write_bytes(as_json(line) + b"\n")
    pictures = hashlib.sha256(as_json(line) + b"\n").hexdigest()
    listed(
        export,
        [
            f"{digest}  ../secret-key\n",
            f"{digest}  {secret}\n",
            f"{digest}  stories/0/9.kept.json\n",
            f"{pictures}  pictures.jsonl\n",
        ],
    )
    records = read(export / "manifest.json")
    assert len(unread(records)) == len(records) == 4


def _broken() -> Iterator[bytes]:
    whole = as_json(KEPT)
    yield from (b"", b"[]", b"null", b"\xff\xfe", whole[:-9], b"[" * 200_000, b'{"news_id": 7}')
    odd: list[Any] = [None, 3, "x", [3], [{"name": 4}], {"name": []}]
    for name in KEPT:
        for value in odd:
            yield as_json({**KEPT, name: value})
    for name in VERSION:
        for value in odd:
            yield as_json({**KEPT, "versions": [{**VERSION, name: value}]})


def test_no_story_brings_the_reader_down(tmp_path: Path) -> None:
    parts = {"stories/0/7.json": b"[" * 100_000}
    for place, content in enumerate(_broken()):
        folder = tmp_path / str(place)
        folder.mkdir()
        records = read(write(folder, {**parts, "stories/0/7.kept.json": content}))
        assert len(records) == 1
        assert isinstance(records[0], WireItem | Unread)


def test_a_list_that_is_none_ends_the_reading(export: Path) -> None:
    listed(export, [f"{'0' * 64}  paper.json\n", "rm -rf /\n", f"{'0' * 64}  x\n"])
    assert unread(read(export / "manifest.json"))[-1].startswith(
        "SHA256SUMS has a line that is no checksum and name"
    )
