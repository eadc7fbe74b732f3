from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from broadsheet.databases import described
from broadsheet.newsstand import bundles
from broadsheet.newsstand.bundles import BundleError
from private_postgresql import of_the_run

pytestmark = pytest.mark.skipif(
    of_the_run() is not None, reason="of homes with SQLite; test_dumps has the others"
)


@pytest.fixture
def move_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Make another folder the home, as BROADSHEET_HOME would."""

    def move(home: Path) -> Path:
        monkeypatch.setattr(settings, "HOME", home)
        monkeypatch.setattr(settings, "MEDIA_ROOT", home / "media")
        monkeypatch.setattr(settings, "SECRET_KEY_FILE", home / "secret-key")
        monkeypatch.setattr(settings, "BASE_URL_FILE", home / "base-url")
        database = described("", home)
        monkeypatch.setattr(settings, "DATABASES", {"default": database})
        return home

    return move


@pytest.fixture
def home(tmp_path: Path, move_to: Callable[[Path], Path]) -> Path:
    home = tmp_path / "home"
    (home / "media" / "pictures").mkdir(parents=True)
    (home / "media" / "pictures" / "کوه.jpg").write_bytes(b"picture")
    (home / "secret-key").write_text("s3cret")
    (home / "base-url").write_text("https://news.example")
    (home / "pressed").mkdir()
    (home / "pressed" / "robots.txt.gz").write_bytes(b"pressed")
    with closing(sqlite3.connect(home / "broadsheet.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        database.execute("INSERT INTO django_migrations VALUES ('stories', '0001_initial')")
        database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
        database.execute("INSERT INTO pair VALUES (0, 0)")
        database.commit()
    return move_to(home)


@pytest.fixture(params=["tar.gz", "tar.zst"])
def bundle(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Path:
    file = tmp_path / "backups" / f"paper.{request.param}"
    bundles.make(file)
    return file


def contents(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.suffix != ".sqlite3" and not path.name.endswith(("-wal", "-shm"))
    }


def test_there_and_back(
    bundle: Path, home: Path, tmp_path: Path, move_to: Callable[[Path], Path]
) -> None:
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert list(bundle.parent.iterdir()) == [bundle]
    before = contents(home)
    new = move_to(tmp_path / "new")
    manifest = bundles.put_back(bundle)
    assert contents(new) == {
        name: content for name, content in before.items() if not name.startswith("pressed/")
    }
    assert new.stat().st_mode & 0o777 == 0o700
    with closing(sqlite3.connect(new / "broadsheet.sqlite3")) as database:
        assert database.execute("SELECT * FROM pair").fetchall() == [(0, 0)]
    assert set(manifest.members) == {
        "broadsheet.sqlite3",
        "secret-key",
        "base-url",
        "media/pictures/کوه.jpg",
    }


def test_the_secret_may_stay_at_home(home: Path, tmp_path: Path) -> None:
    manifest = bundles.make(tmp_path / "x.tar.gz", with_secret=False)
    assert "secret-key" not in manifest.members
    with tarfile.open(tmp_path / "x.tar.gz") as archive:
        assert "secret-key" not in archive.getnames()


def test_a_backup_while_the_paper_is_written_holds_one_moment(
    home: Path, tmp_path: Path, move_to: Callable[[Path], Path]
) -> None:
    ending = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        with closing(sqlite3.connect(home / "broadsheet.sqlite3", timeout=30)) as database:
            while not ending.is_set():
                written += 1
                # Two statements of one transaction: seen together or not at all.
                database.execute("UPDATE pair SET a = ?", (written,))
                database.execute("UPDATE pair SET b = ?", (written,))
                database.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written < 2:
            time.sleep(0.01)
        for turn in range(5):
            before = written
            bundles.make(tmp_path / f"{turn}.tar.gz")
            assert written > before, "the writer was held up"
    finally:
        ending.set()
        writer.join()
    for turn in range(5):
        move_to(tmp_path / f"home{turn}")
        bundles.put_back(tmp_path / f"{turn}.tar.gz")
        with closing(sqlite3.connect(tmp_path / f"home{turn}" / "broadsheet.sqlite3")) as database:
            a, b = database.execute("SELECT a, b FROM pair").fetchone()
        assert a == b > 0


def test_nothing_is_overwritten(bundle: Path, home: Path) -> None:
    before = bundle.read_bytes()
    with pytest.raises(BundleError, match="exists already"):
        bundles.make(bundle)
    assert bundle.read_bytes() == before
    kept = contents(home)
    with pytest.raises(BundleError, match="not empty"):
        bundles.put_back(bundle)
    assert contents(home) == kept


def test_other_suffixes_and_empty_homes_are_refused(
    home: Path, tmp_path: Path, move_to: Callable[[Path], Path]
) -> None:
    with pytest.raises(BundleError, match=r"must end with \.tar\.gz or \.tar\.zst"):
        bundles.make(tmp_path / "paper.zip")
    move_to(tmp_path / "nowhere")
    with pytest.raises(BundleError, match="holds no paper"):
        bundles.make(tmp_path / "paper.tar.gz")


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_a_cut_off_backup_changes_nothing(
    bundle: Path, tmp_path: Path, move_to: Callable[[Path], Path], cut: float
) -> None:
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[: int(len(whole) * cut)])
    new = move_to(tmp_path / "new")
    with pytest.raises(BundleError):
        bundles.put_back(bundle)
    assert not new.exists()


def rewritten(bundle: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Unpack the files of a backup, let ``change`` at them, and pack them again."""
    new = bundle.with_name("changed.tar.gz")
    with bundles._reading(bundle) as archive:
        files = {
            entry.name: stream.read()
            for entry in archive
            if (stream := archive.extractfile(entry)) is not None
        }
    change(files)
    with tarfile.open(new, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return new


def _spoil_picture(files: dict[str, bytes]) -> None:
    files["media/pictures/کوه.jpg"] = b"forgery"


def _drop_picture(files: dict[str, bytes]) -> None:
    del files["media/pictures/کوه.jpg"]


def _put_first(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        others = dict(files)
        files.clear()
        files.update({name: b"evil", **others})

    return change


def _no_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


def _later_format(files: dict[str, bytes]) -> None:
    files["manifest.json"] = json.dumps(
        {**json.loads(files["manifest.json"]), "format": 2}
    ).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_spoil_picture, "damaged"),
        (_drop_picture, "damaged"),
        (_put_first("media/more.jpg"), "damaged"),
        (_put_first("../evil"), "does not belong"),
        (_put_first("media/../../evil"), "does not belong"),
        (_put_first("/etc/evil"), "does not belong"),
        (_put_first("media/./evil"), "does not belong"),
        (_put_first("pressed/index.html.gz"), "does not belong"),
        (_put_first("media"), "does not belong"),
        (_no_manifest, "no whole backup"),
        (_later_format, "format 2"),
    ],
)
def test_a_changed_backup_is_refused(
    bundle: Path,
    tmp_path: Path,
    move_to: Callable[[Path], Path],
    change: Callable[[dict[str, bytes]], None],
    said: str,
) -> None:
    changed = rewritten(bundle, change)
    new = move_to(tmp_path / "new")
    new.mkdir()
    with pytest.raises(BundleError, match=said):
        bundles.put_back(changed)
    assert list(new.iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_links_in_a_backup_are_refused(tmp_path: Path, move_to: Callable[[Path], Path]) -> None:
    file = tmp_path / "links.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("media/link")
        entry.type = tarfile.SYMTYPE
        entry.linkname = "/etc/passwd"
        archive.addfile(entry)
    move_to(tmp_path / "new")
    with pytest.raises(BundleError, match="does not belong"):
        bundles.put_back(file)


def test_a_backup_of_a_newer_broadsheet_is_refused(
    home: Path, tmp_path: Path, move_to: Callable[[Path], Path]
) -> None:
    with closing(sqlite3.connect(home / "broadsheet.sqlite3")) as database:
        database.execute("INSERT INTO django_migrations VALUES ('stories', '9999_from_the_future')")
        database.commit()
    bundles.make(tmp_path / "x.tar.gz")
    move_to(tmp_path / "new")
    with pytest.raises(BundleError, match="9999_from_the_future"):
        bundles.put_back(tmp_path / "x.tar.gz")


def test_a_damaged_database_is_not_called_a_backup(home: Path, tmp_path: Path) -> None:
    (home / "broadsheet.sqlite3-wal").unlink(missing_ok=True)
    raw = bytearray((home / "broadsheet.sqlite3").read_bytes())
    raw[4096:8192] = b"\xff" * 4096
    (home / "broadsheet.sqlite3").write_bytes(raw)
    with pytest.raises((BundleError, sqlite3.DatabaseError)):
        bundles.make(tmp_path / "x.tar.gz")
    assert not (tmp_path / "x.tar.gz").exists()


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert not [path for path in tmp_path.rglob(".*") if path.name.startswith((".backup", ".rest"))]
