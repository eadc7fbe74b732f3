"""Files that a person names: archives of any size, zip files, pictures beside a text."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.incoming import LARGEST_FILE, Incoming, IncomingFile, Unreadable
from broadsheet.wire.parsers import ArchiveParser
from broadsheet.wire.retrievers import files, zipped

PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200)
_RANDOM = Random(4)  # noqa: S311 - to be the same in each run
ARCHIVE = b"ARCHIVE of stories\n"
Parts = list[Incoming | IncomingFile | Unreadable]


@pytest.fixture(autouse=True)
def _one_kind_of_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = ArchiveParser("test", lambda head: head.startswith(ARCHIVE), lambda _: iter(()))
    monkeypatch.setattr(parsers, "ARCHIVES", (kind,))


@pytest.fixture
def spooled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "spooled"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _read(*paths: Path | str, standard_input: bytes = b"") -> Parts:
    found = files.find([str(path) for path in paths])
    return list(files.read(found, io.BytesIO(standard_input)))


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # By name alone, writestr() refuses one that is empty.
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _reason(parts: Parts) -> str:
    (part,) = parts
    assert isinstance(part, Unreadable)
    return part.reason


# --- Files -------------------------------------------------------------------------------------


def test_an_archive_is_handed_on_as_a_file_whatever_its_size(tmp_path: Path) -> None:
    export = tmp_path / "export.xml"
    with export.open("wb") as file:
        file.write(ARCHIVE)
        file.truncate(3 * LARGEST_FILE)
    (found,) = _read(export)
    assert isinstance(found, IncomingFile)
    assert (found.path, found.origin) == (export, str(export))
    assert found.head.startswith(ARCHIVE)
    with found.open() as again:
        assert again.read(len(ARCHIVE)) == ARCHIVE


def test_an_archive_on_standard_input_lies_somewhere_while_it_is_read(spooled: Path) -> None:
    content = ARCHIVE + b"x" * 200_000
    lying = []
    for found in files.read([Path("-")], io.BytesIO(content)):
        assert isinstance(found, IncomingFile)
        assert found.origin == "standard input"
        with found.open() as file:
            assert file.read() == content
        lying += list(spooled.iterdir())
    assert len(lying) == 1
    assert list(spooled.iterdir()) == []


def test_pictures_may_be_larger_than_pages_and_nothing_larger_than_that(tmp_path: Path) -> None:
    picture, huge = tmp_path / "a.jpg", tmp_path / "b.jpg"
    for file, size in ((picture, 20 * 1024 * 1024), (huge, LARGEST_FILE + 1)):
        file.write_bytes(PICTURE)
        os.truncate(file, size)
    found, refused = _read(tmp_path)
    assert isinstance(found, Incoming)
    assert len(found.content) == 20 * 1024 * 1024
    assert isinstance(refused, Unreadable)
    assert "64 MB" in refused.reason
    assert "64 MB" in _reason(_read("-", standard_input=bytes(LARGEST_FILE + 1)))


def test_pictures_beside_a_text_come_with_it_and_not_by_themselves(tmp_path: Path) -> None:
    for name in ("a b.jpg", "sub/c.jpg", "alone.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PICTURE + name.encode())
    (tmp_path / "z.txt").write_text("Text")
    seen = []
    for found in files.read(files.find([str(tmp_path)]), io.BytesIO()):
        assert isinstance(found, Incoming)
        seen.append(Path(found.origin).name)
        if found.origin.endswith("z.txt"):
            for name in ("a%20b.jpg", "./sub\\c.jpg"):
                content = found.beside(name)
                assert content is not None
                assert content.startswith(PICTURE)
    assert seen == ["z.txt", "alone.jpg"]


def test_nothing_outside_the_folder_lies_beside(tmp_path: Path) -> None:
    inner = tmp_path / "in"
    (inner / "sub").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"secret")
    (inner / "sub" / "hidden").write_bytes(b"x")
    (inner / ".hidden").write_bytes(b"x")
    (inner / "link").symlink_to(tmp_path / "secret")
    (inner / "way").symlink_to(tmp_path)
    os.mkfifo(inner / "pipe")
    (inner / "a.txt").write_text("Text")
    (found,) = _read(inner / "a.txt")
    assert isinstance(found, Incoming)
    names = [
        "../secret", "..\\secret", "%2e%2e/secret", "sub/../../secret", str(tmp_path / "secret"),
        "link", "way/secret", "pipe", "sub", ".hidden", "", ".", "/", "a\0.txt", "nothing",
        "http://news.example/a.jpg", "x" * 5000, "a/" * 50 + "b", "\udcff",
    ]  # fmt: skip
    assert {name: found.beside(name) for name in names} == dict.fromkeys(names)
    assert found.beside("sub/hidden") == b"x"


# --- Zip files ---------------------------------------------------------------------------------


def test_a_zip_file_is_opened_member_by_member(tmp_path: Path, spooled: Path) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(
        _zip(
            {
                "news/b.html": b"<p>B</p>",
                "news/photo.jpg": PICTURE,
                "a.jpg": PICTURE,
                "alle/äußerung.txt": b"Text",
                "export.xml": ARCHIVE + b"x" * 100_000,
                "empty/": b"",
                "__MACOSX/news/._b.html": b"furniture",
                "news/.DS_Store": b"furniture",
            }
        )
    )
    seen = []
    for found in files.read([file], io.BytesIO()):
        assert not isinstance(found, Unreadable)
        seen.append(found.origin.removeprefix(f"{file}/"))
        if isinstance(found, IncomingFile):
            with found.open() as export:
                assert export.read() == ARCHIVE + b"x" * 100_000
        elif seen[-1] == "news/b.html":
            assert found.beside("photo.jpg") == PICTURE
            assert found.beside("../a.jpg") is None
            assert found.beside("news/photo.jpg") is None
    assert seen == ["alle/äußerung.txt", "export.xml", "news/b.html", "a.jpg"]
    assert list(spooled.iterdir()) == []
    (first, *_) = _read("-", standard_input=file.read_bytes())
    assert first.origin == "standard input/alle/äußerung.txt"
    assert list(spooled.iterdir()) == []


def test_names_in_a_zip_file_may_be_written_without_saying_how(tmp_path: Path) -> None:
    """As macOS writes them: UTF-8, without the flag that says so."""
    content = bytearray(_zip({"ä.txt": b"Text"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at + 1] &= ~0x08
    file = tmp_path / "a.zip"
    file.write_bytes(content)
    (found,) = _read(file)
    assert found.origin == f"{file}/ä.txt"


@pytest.mark.parametrize(
    "name", ["", "../up.txt", "/etc/passwd", "a/../../b.txt", "a\\..\\..\\b", "\n"]
)
def test_names_that_lead_out_of_a_zip_file_are_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(_zip({name: b"x", "ok.txt": b"Text"}))
    parts = _read(file)
    assert [type(part) for part in parts].count(Incoming) == 1
    assert [part.reason for part in parts if isinstance(part, Unreadable)] == [
        "Its name leads out of the zip file, or is none. Pack it again."
    ]


def test_bombs_are_refused_before_they_unpack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(_zip({"zeros.txt": bytes(20 * 1024 * 1024)}))
    assert "times its size" in _reason(_read(file))
    # It says less of itself than it holds: no more than what it says is unpacked.
    content = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.index(mark) + at, 1000)
    file.write_bytes(content)
    assert "broken" in _reason(_read(file))
    file.write_bytes(_zip({f"{number}.txt": b"" for number in range(zipped.MOST_MEMBERS + 1)}))
    assert "20,000 files" in _reason(_read(file))
    monkeypatch.setattr(zipped, "LARGEST_TOTAL", 1000)
    file.write_bytes(_zip({"a.txt": _RANDOM.randbytes(2000)}))
    assert "unpacks to more" in _reason(_read(file))


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """As in the bomb of many members over one kernel: each is listed, all are the same bytes."""
    content = _zip({"a.txt": _RANDOM.randbytes(5000)})
    at = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry, tail = content[at:end], bytearray(content[end:])
    entries = b"".join(entry.replace(b"a.txt", b"%c.txt" % letter) for letter in b"abcdefgh")
    struct.pack_into("<HHL", tail, 8, 8, 8, len(entries))
    file = tmp_path / "a.zip"
    file.write_bytes(content[:at] + entries + tail)
    assert "overlap" in _reason(_read(file))


def test_what_is_no_plain_zip_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    locked = bytearray(_zip({"a.txt": b"Text"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    lzma = io.BytesIO()
    with zipfile.ZipFile(lzma, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "Text")
    for content, reason in (
        (bytes(locked), "password"),
        (lzma.getvalue(), "unusual way"),
        (_zip({"inner.zip": _zip({"a.txt": b"Text"})}), "within a zip file"),
        (_zip({"[Content_Types].xml": b"", "word/document.xml": b""}), "office document"),
        (_zip({}), "no files"),
        (_zip({"a.txt": b"Text"})[:-10], "broken"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (_zip({"a.txt": b"Text"})[:-22] + b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18),
         "4 GB"),
    ):  # fmt: skip
        file.write_bytes(content)
        assert reason in _reason(_read(file))


def test_broken_zip_files_break_nothing(tmp_path: Path) -> None:
    whole = _zip({"a.txt": b"Text " * 100, "b.jpg": PICTURE, "c/d.html": b"<p>C</p>" * 50})
    file = tmp_path / "a.zip"
    for round_ in range(300):
        content = bytearray(whole)
        for _ in range(_RANDOM.randint(1, 8)):
            content[_RANDOM.randrange(len(content))] = _RANDOM.randrange(256)
        if round_ % 3 == 0:
            del content[_RANDOM.randrange(len(content)) :]
        file.write_bytes(content)
        for part in _read(file):
            assert isinstance(part, Incoming | Unreadable)
            if isinstance(part, Incoming):
                part.beside("b.jpg")


def test_what_stops_in_between_leaves_nothing_behind(spooled: Path) -> None:
    reading: Iterator[object] = files.read([Path("-")], io.BytesIO(ARCHIVE))
    next(reading)
    assert len(list(spooled.iterdir())) == 1
    reading.close()  # type: ignore[attr-defined]
    assert list(spooled.iterdir()) == []
