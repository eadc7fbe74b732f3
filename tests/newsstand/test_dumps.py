"""Backups of a paper in PostgreSQL, by its own programs."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from broadsheet.databases import described
from broadsheet.newsstand import bundles
from broadsheet.newsstand.bundles import BundleError
from private_postgresql import Server, of_the_run


def _move_to(monkeypatch: pytest.MonkeyPatch, home: Path, url: str) -> None:
    monkeypatch.setattr(settings, "HOME", home)
    monkeypatch.setattr(settings, "MEDIA_ROOT", home / "media")
    monkeypatch.setattr(settings, "SECRET_KEY_FILE", home / "secret-key")
    monkeypatch.setattr(settings, "BASE_URL_FILE", home / "base-url")
    monkeypatch.setattr(settings, "DATABASES", {"default": described(url, home)})
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"]


@pytest.fixture
def home(tmp_path: Path, on_postgresql: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / "media").mkdir(parents=True)
    (home / "media" / "کوه.jpg").write_bytes(b"picture")
    (home / "secret-key").write_text("s3cret")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_migrations (id bigint, app text, name text, applied timestamptz);"
            "INSERT INTO django_migrations VALUES (1, 'stories', '0001_initial', now());"
            "CREATE TABLE pair (a bigint, b bigint); INSERT INTO pair VALUES (0, 0)"
        )
    _move_to(monkeypatch, home, on_postgresql)
    return home


def test_a_backup_while_the_paper_is_written_comes_back_as_it_was_at_one_moment(
    home: Path,
    tmp_path: Path,
    on_postgresql: str,
    postgresql: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ending = threading.Event()

    def write() -> None:
        with psycopg.connect(on_postgresql) as other:
            number = 0
            while not ending.is_set():
                number += 1
                other.execute("UPDATE pair SET a = %s", (number,))
                other.execute("UPDATE pair SET b = %s", (number,))
                other.commit()

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "paper.tar.gz"
    try:
        time.sleep(0.1)
        manifest = bundles.make(file)
    finally:
        ending.set()
        writer.join()
    assert set(manifest.members) == {"broadsheet.pgdump", "secret-key", "media/کوه.jpg"}

    _move_to(monkeypatch, tmp_path / "new", on_postgresql)
    with pytest.raises(BundleError, match="holds a paper"):
        bundles.put_back(file)
    url = postgresql.create("restored")
    try:
        _move_to(monkeypatch, tmp_path / "new", url)
        bundles.put_back(file)
        with connection.cursor() as cursor:
            cursor.execute("SELECT a, b FROM pair")
            a, b = cursor.fetchone()
        assert a == b > 0
        found = {path.name for path in (tmp_path / "new").rglob("*") if path.is_file()}
        assert found == {"secret-key", "کوه.jpg"}
    finally:
        connection.close()
        postgresql.drop("restored")

    if of_the_run():
        return  # there is no SQLite to go back to
    _move_to(monkeypatch, tmp_path / "third", "")
    with pytest.raises(BundleError, match="of a paper in PostgreSQL"):
        bundles.put_back(file)


def test_a_backup_of_a_newer_paper_leaves_database_and_home_as_they_were(
    home: Path, tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations VALUES (2, 'stories', '9999_later', now())")
    bundles.make(tmp_path / "paper.tar.zst")
    url = postgresql.create("not-restored")
    try:
        _move_to(monkeypatch, tmp_path / "new", url)
        with pytest.raises(BundleError, match=r"stories\.9999_later"):
            bundles.put_back(tmp_path / "paper.tar.zst")
        assert connection.introspection.table_names() == []
        assert not (tmp_path / "new").exists()
    finally:
        connection.close()
        postgresql.drop("not-restored")


def test_without_the_programs_it_is_said_what_to_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(BundleError, match="pg_dump is not installed here"):
        bundles.make(tmp_path / "paper.tar.gz")
    assert not (tmp_path / "paper.tar.gz").exists()
