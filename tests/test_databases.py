"""How the address of a database is read."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import Model
from django.db.utils import ConnectionHandler
from django.utils import timezone
from psycopg.adapt import PyFormat
from psycopg.types.array import ListDumper

from broadsheet import databases
from broadsheet.accounts.models import Byline
from broadsheet.databases import described, forget_pages, take_statistics
from broadsheet.postgresql_lists import QuickListDumper
from broadsheet.press.models import PressedFile


def test_without_an_address_the_paper_is_kept_in_its_home() -> None:
    assert described("", Path("/home/paper"))["NAME"] == Path("/home/paper/broadsheet.sqlite3")


def test_every_part_of_an_address_is_read() -> None:
    found = described(
        "postgresql://the%20paper:p%40ss%2Fword@db.example:6432/news?sslmode=verify-full", Path()
    )
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("the paper", "p@ss/word")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "6432", "news")
    assert found["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgres://paper@/news?host=/run/postgresql", "/run/postgresql"),
        ("postgres://paper@%2Frun%2Fpostgresql/news", "/run/postgresql"),
        ("postgres://paper@[2001:db8::1]:5432/news", "2001:db8::1"),
        ("postgres:///news", ""),
    ],
)
def test_the_server_may_be_a_socket_or_a_number(url: str, host: str) -> None:
    assert described(url, Path())["HOST"] == host


@pytest.mark.parametrize(
    "url",
    [
        "mysql://paper:hidden@db/news",
        "postgres://paper:hidden@db",
        "postgres://paper:hidden@db/",
        "postgres://paper:hidden@db/news/other",
        "postgres://paper:hidden@db:port/news",
        "postgres://paper:hidden@[db/news",
        "postgres://paper:hidden@db/news?options=-cfsync%3Doff",
        "postgres://paper:hidden@db/news?sslmode",
        "hidden",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgres://user:password@host") as caught:
        described(url, Path())
    assert "hidden" not in str(caught.value)


def test_a_session_waits_for_others_no_longer_than_it_should(on_postgresql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('TimeZone')")
        assert cursor.fetchone() == ("30s", "UTC")


def test_text_with_a_character_that_postgresql_refuses_is_taken_without_it(
    on_postgresql: str,
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE words (word text, more text[])")
        cursor.execute("INSERT INTO words VALUES (%s, %s)", ["a\0b", ["c\0", "d"]])
        cursor.executemany("INSERT INTO words VALUES (%s)", [["e"], ["\0f"]])
        cursor.execute("SELECT word, more FROM words WHERE word <> %s", ["e\0"])
        assert cursor.fetchall() == [("ab", ["c", "d"]), ("f", None)]


def test_lists_come_back_as_they_were_written(on_postgresql: str) -> None:
    rows = ["", "a", 'say "yes"', "back\\slash", "\\", '"', "{1,2}", "NULL", "پل، \n\t", None]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::bytea[]", [rows, [b'\\"', b""]])
        (found, octets), *_ = cursor.fetchall()
        assert (found, [bytes(each) for each in octets]) == (rows, [b'\\"', b""])
        cursor.execute("SELECT %s::int[], %s::text[][]", [[1, None], [["a"], ['"']]])
        assert cursor.fetchone() == ([1, None], [["a"], ['"']])
    # By the class that is quick, as long as the driver asks it.
    dumper: Any = connection.connection.adapters.get_dumper(list, PyFormat.TEXT)
    assert issubclass(dumper, QuickListDumper)
    assert hasattr(ListDumper, "_re_esc")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
@pytest.mark.django_db
def test_the_statistics_have_the_rows_that_there_are() -> None:
    Byline.objects.bulk_create(Byline(name=f"B {n}", slug=f"b-{n}") for n in range(10_500))
    take_statistics()
    found = _statistics_of(Byline)
    assert found
    assert {stat.split()[0] for stat in found.values()} == {"10500"}
    assert all(len(stat.split()) > 1 for index, stat in found.items() if index)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reckons by the file's size")
@pytest.mark.django_db
def test_a_table_that_is_small_yet_is_asked_as_a_large_one() -> None:
    files = [
        PressedFile(address=f"/{n}/", kind="story", key=str(n), size=1, pressed_at=timezone.now())
        for n in range(6)
    ]
    PressedFile.objects.bulk_create(files)
    take_statistics()
    plans = [
        PressedFile.objects.filter(pk__in=range(250)).explain(),
        PressedFile.objects.filter(kind="story", key__in=["1", "2", "3"]).explain(),
    ]
    for plan in plans:
        assert "SEARCH" in plan
        assert "SCAN" not in plan


def _statistics_of(model: type[Model]) -> dict[str | None, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = %s", [model._meta.db_table])
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_what_a_bulk_commits_is_carried_over_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_CARRIED_EVERY_S", 0.01)
    paper = described("", tmp_path)
    kept: Any = ConnectionHandler({"default": paper})["default"]
    with closing(kept), kept.cursor() as cursor:
        with databases._carried_over(kept):
            assert cursor.execute("PRAGMA synchronous").fetchone() == (_NORMAL,)
            cursor.execute("CREATE TABLE stories AS SELECT 'carried over' AS headline")
            until = time.monotonic() + 20
            while b"carried over" not in paper["NAME"].read_bytes():
                assert time.monotonic() < until
                time.sleep(0.01)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (_FULL,)
        assert cursor.execute("SELECT headline FROM stories").fetchall() == [("carried over",)]


@pytest.mark.django_db
def test_a_bulk_ends_with_a_commit_that_waits_for_the_disk(tmp_path: Path) -> None:
    paper = described("", tmp_path)
    log = paper["NAME"].with_name("broadsheet.sqlite3-wal")
    kept: Any = ConnectionHandler({"default": paper})["default"]
    with closing(kept), kept.cursor() as cursor:
        cursor.execute("CREATE TABLE stories (headline)")
        # Whoever reads what was before keeps the log from being carried over, which would sync it.
        with closing(sqlite3.connect(paper["NAME"], isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM stories").fetchall()
            with databases._carried_over(kept):
                cursor.execute("INSERT INTO stories VALUES ('kept')")
                before = log.stat().st_size
            assert log.stat().st_size > before
        assert cursor.execute("PRAGMA synchronous").fetchone() == (_FULL,)


@pytest.mark.django_db
def test_a_log_that_was_long_once_does_not_stay_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_LOG_KEPT", 100_000)
    paper = described("", tmp_path)
    log = paper["NAME"].with_name("broadsheet.sqlite3-wal")
    kept: Any = ConnectionHandler({"default": paper})["default"]
    with closing(kept), kept.cursor() as cursor:
        cursor.execute("CREATE TABLE stories AS SELECT zeroblob(1000000) AS body")
        assert log.stat().st_size > 1_000_000
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        # The log begins anew with the next that is written.
        cursor.execute("INSERT INTO stories VALUES ('short')")
        assert log.stat().st_size <= 100_000


_NORMAL, _FULL = 1, 2


@pytest.mark.django_db
def test_pages_that_are_forgotten_are_read_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        before = cursor.fetchone()
    forget_pages()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone() == before
