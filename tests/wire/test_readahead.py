"""Files are told to the system before they are read, and nothing else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from broadsheet.wire.incoming import Unreadable
from broadsheet.wire.retrievers.readahead import told_ahead


def _files(folder: Path, count: int) -> list[Path]:
    found = [folder / f"{number}.json" for number in range(count)]
    for file in found:
        file.write_text("{}", "utf-8")
    return found


def _next_descriptor() -> int:
    """Return the lowest number that nothing which is open has."""
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


def test_whatever_there_is_comes_in_its_order_and_nothing_stays_open(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[Path | Unreadable] = [
        *_files(tmp_path, 100), tmp_path, pipe, tmp_path / "gone", Unreadable("a", "why"),
    ]  # fmt: skip
    before = _next_descriptor()
    assert [*told_ahead(found)] == found
    assert _next_descriptor() == before


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="this system cannot be told")
def test_files_are_told_before_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda *asked: told.append(asked[-1]))
    found = _files(tmp_path, 100)
    counts = [len(told) for _ in told_ahead(found)]
    # The first come when some dozens are told, and all are told once.
    assert counts[0] > 50
    assert counts[-1] == len(found)
    assert all(told_by > number for number, told_by in enumerate(counts))
    assert set(told) == {os.POSIX_FADV_WILLNEED}


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="this system cannot be told")
def test_pictures_and_pipes_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(os, "open", lambda path, *_: opened.append(path))
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: None)
    monkeypatch.setattr(os, "close", lambda *_: None)
    (text,) = _files(tmp_path, 1)
    picture = tmp_path / "ferry.jpg"
    picture.write_bytes(b"\xff\xd8\xff")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert [*told_ahead([text, pipe, picture])] == [text, pipe, picture]
    assert opened == [text]


def test_where_the_system_cannot_be_told_they_come_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    found = _files(tmp_path, 3)
    assert [*told_ahead(found)] == found
