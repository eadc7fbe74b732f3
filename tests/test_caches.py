"""The cache on a Redis, which is stopped in the middle, and the table that answers then."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

import private_redis
from broadsheet import redis_links
from broadsheet.accounts.models import User
from broadsheet.caches import TABLE, described
from broadsheet.search import limits

pytestmark = pytest.mark.django_db

ALIASES = ("default", TABLE)


@pytest.fixture
def shared(
    redis_server: private_redis.Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[private_redis.Server]:
    """The server, in which Django's cache is kept for the test."""

    def forget() -> None:
        for alias in ALIASES:
            if hasattr(caches._connections, alias):  # type: ignore[attr-defined]
                delattr(caches._connections, alias)  # type: ignore[attr-defined]

    monkeypatch.setattr(caches, "_settings", described(redis_server.url()), raising=False)
    monkeypatch.setattr(caches, "settings", described(redis_server.url()))
    forget()
    yield redis_server
    forget()


def soon_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_links, "_LEFT_ALONE_S", 0.0)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM newsroom_cache")
        return int(cursor.fetchone()[0])


def test_the_server_keeps_what_is_given(shared: private_redis.Server) -> None:
    cache.set("page", "<p>gone</p>", 60)
    assert cache.get("page") == "<p>gone</p>"
    assert cache.add("page", "other", 60) is False
    cache.set("number", 1)
    assert cache.incr("number") == 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("unknown")
    cache.set_many({"one": 1, "two": [2]})
    assert cache.get_many(["one", "two", "three"]) == {"one": 1, "two": [2]}
    assert cache.touch("one", 5) is True
    assert cache.has_key("one") is True
    cache.delete_many(["one"])
    assert cache.get_or_set("one", "made anew") == "made anew"
    assert cache.delete("one") is True
    cache.clear()
    assert cache.get("two") is None
    assert rows() == 0


def test_the_table_answers_when_the_server_is_gone(
    shared: private_redis.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon_asked_again(monkeypatch)
    cache.set("page", "before")
    shared.stop()
    assert cache.get("page") is None
    cache.set("page", "meanwhile", 60)
    assert cache.get("page") == "meanwhile"
    assert rows() == 1
    shared.start()
    assert cache.get("page") is None
    cache.set("page", "after")
    assert cache.get("page") == "after"
    assert caches[TABLE].get("page") == "meanwhile"


def test_a_server_that_is_silent_is_left_alone(shared: private_redis.Server) -> None:
    assert cache.get("page") is None
    with shared.halted():
        began = time.monotonic()
        for _ in range(20):
            assert cache.get("page") is None
        # It was asked twice at most, half a second each.
        assert time.monotonic() - began < 2.5


def test_searches_are_counted_on(
    shared: private_redis.Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST", 2)
    monkeypatch.setattr(limits, "SECONDS", 3600)
    statuses = [client.get("/search/?q=water").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    shared.stop()
    # The limit begins anew, and holds.
    statuses = [client.get("/search/?q=water").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_nobody_may_try_passwords_while_the_server_is_gone(
    shared: private_redis.Server, client: Client
) -> None:
    User.objects.create_user("mira", password="the right one, which is long")
    shared.stop()
    tried = {"login": "mira", "password": "wrong"}
    pages = [client.post("/newsroom/login/", tried).content.decode() for _ in range(6)]
    assert "Too many failed login attempts" in pages[-1]
    assert "Too many failed login attempts" not in pages[0]


def test_pages_for_what_is_not_there_are_drawn_without_it(
    shared: private_redis.Server, client: Client
) -> None:
    shared.stop()
    assert client.get("/news/999999/").status_code == 404


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "redis://", "127.0.0.1:6379", "redis://:geheim@host:port/0"]
)
def test_an_address_that_cannot_be_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL cannot be used") as refused:
        described(url)
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_an_address_the_table_is_the_cache() -> None:
    assert described("") == settings.CACHES
    assert set(described("rediss://cache.example:6380/1")) == set(ALIASES)
