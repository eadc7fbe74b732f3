"""Files are opened below their folder and through no link."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from broadsheet.newsstand import plain_files
from broadsheet.newsstand.plain_files import PlainFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.gz").write_bytes(b"secret")
    root = tmp_path / "pressed"
    (root / "news" / "0").mkdir(parents=True)
    (root / "news" / "0" / "1.gz").write_bytes(b"one")
    (root / "linked.gz").symlink_to(tmp_path / "secret.gz")
    (root / "away").symlink_to(tmp_path, target_is_directory=True)
    (root / "inside").symlink_to(root / "news", target_is_directory=True)
    return root


def _read(files: PlainFiles, file: str) -> bytes | None:
    descriptor = files.open(file)
    if descriptor is None:
        return None
    try:
        return os.read(descriptor, 100)
    finally:
        os.close(descriptor)


def test_a_file_is_opened(folder: Path) -> None:
    assert _read(PlainFiles(folder), "news/0/1.gz") == b"one"


@pytest.mark.parametrize(
    "file",
    ["linked.gz", "away/secret.gz", "inside/0/1.gz", "news/0/2.gz", "news/0/1.gz/x", "\ud800"],
)
def test_no_link_is_followed_and_what_is_not_there_is_nothing(folder: Path, file: str) -> None:
    assert _read(PlainFiles(folder), file) is None


def test_no_descriptor_is_left_open(folder: Path) -> None:
    files = PlainFiles(folder)
    _read(files, "news/0/1.gz")
    before = _open_below(folder.parent)
    for _ in range(50):
        _read(files, "news/0/1.gz")
        _read(files, "away/secret.gz")
    assert _open_below(folder.parent) == before


def _open_below(folder: Path) -> list[str]:
    """Return what this process has open there; its other threads may open what they like."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(str(each.readlink()))
    return sorted(name for name in found if name.startswith(str(folder)))


def test_the_folder_itself_may_be_a_link_that_is_turned(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder, target_is_directory=True)
    files = PlainFiles(link)
    assert _read(files, "news/0/1.gz") == b"one"
    (folder.parent / "second").mkdir()
    (folder.parent / "second" / "new.gz").write_bytes(b"new")
    link.unlink()
    link.symlink_to(folder.parent / "second", target_is_directory=True)
    monkeypatch.setattr(plain_files, "_LOOK_AGAIN_S", 0.0)
    assert _read(files, "new.gz") == b"new"
    assert _read(files, "news/0/1.gz") is None


def test_the_folder_may_come_and_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = PlainFiles(folder)
    assert _read(files, "news/0/1.gz") == b"one"
    folder.rename(folder.parent / "old")
    with monkeypatch.context() as later:
        later.setattr(plain_files, "_LOOK_AGAIN_S", 0.0)
        assert _read(files, "news/0/1.gz") is None
    (folder / "news" / "0").mkdir(parents=True)
    (folder / "news" / "0" / "1.gz").write_bytes(b"again")
    assert _read(files, "news/0/1.gz") == b"again"


def test_what_comes_into_a_new_folder_of_the_same_name_is_there_at_once(folder: Path) -> None:
    files = PlainFiles(folder)
    assert _read(files, "news/0/1.gz") == b"one"
    (folder / "news" / "0" / "1.gz").unlink()
    (folder / "news" / "0").rmdir()
    assert _read(files, "news/0/1.gz") is None
    (folder / "news" / "0").mkdir()
    (folder / "news" / "0" / "2.gz").write_bytes(b"two")
    assert _read(files, "news/0/2.gz") == b"two"


def test_a_folder_that_became_a_link_is_not_followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = PlainFiles(folder)
    assert _read(files, "news/0/1.gz") == b"one"
    (folder / "news").rename(folder / "elsewhere")
    (folder / "news").symlink_to("elsewhere", target_is_directory=True)
    monkeypatch.setattr(plain_files, "_LOOK_AGAIN_S", 0.0)
    assert _read(files, "news/0/1.gz") is None


def test_only_so_many_folders_are_kept_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_files, "_KEPT_OPEN", 3)
    files = PlainFiles(folder)
    for number in range(9):
        (folder / str(number)).mkdir()
        (folder / str(number) / "1.gz").write_bytes(b"%d" % number)
    for number in [*range(9), *range(9)]:
        assert _read(files, f"{number}/1.gz") == b"%d" % number
        assert len(_open_below(folder)) <= 3
    del files
    assert not _open_below(folder)
