"""The bell on a real Redis, with the server gone and back again."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator

import pytest
from django.conf import settings

import private_redis
from broadsheet import bell, redis_links
from broadsheet.press import actions
from broadsheet.press.sheets import Sheet

Heard = queue.Queue[str]


@pytest.fixture
def hung(
    redis_server: private_redis.Server, monkeypatch: pytest.MonkeyPatch
) -> private_redis.Server:
    monkeypatch.setattr(settings, "TASKS_URL", redis_server.url())
    monkeypatch.setattr(redis_links, "_LEFT_ALONE_S", 0.0)
    monkeypatch.setattr(bell, "_FIRST_WAIT_S", 0.05)
    return redis_server


@pytest.fixture
def heard(hung: private_redis.Server) -> Iterator[Heard]:
    """What a listener heard, in order, from when it listens."""
    heard: Heard = queue.Queue()
    listener = bell.Listener(heard.put)
    listener.start()
    assert listener.await_listening(10)
    yield heard
    listener.stop()


def test_who_begins_to_listen_looks_for_everything(heard: Heard) -> None:
    assert [heard.get(timeout=5), heard.get(timeout=5)] == ["orders", "pressed"]


def test_what_is_rung_is_heard_at_once(heard: Heard) -> None:
    heard.get(timeout=5), heard.get(timeout=5)
    bell.ring("pressed")
    assert heard.get(timeout=5) == "pressed"
    assert not heard.qsize()


def test_a_server_that_comes_back_is_heard_again(hung: private_redis.Server, heard: Heard) -> None:
    heard.get(timeout=5), heard.get(timeout=5)
    hung.stop()
    bell.ring("orders")
    time.sleep(0.1)
    assert not heard.qsize()
    hung.start()
    # It looks by itself for what it may have missed.
    assert [heard.get(timeout=10), heard.get(timeout=10)] == ["orders", "pressed"]
    bell.ring("orders")
    assert heard.get(timeout=5) == "orders"


def test_ringing_a_bell_that_is_gone_takes_no_time(
    hung: private_redis.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_links, "_LEFT_ALONE_S", 2.0)
    with hung.halted():
        began = time.monotonic()
        for _ in range(20):
            bell.ring("orders")
        assert time.monotonic() - began < 2.0


def test_another_paper_does_not_hear_it(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    heard.get(timeout=5), heard.get(timeout=5)
    with monkeypatch.context() as other:
        other.setattr(settings, "SECRET_KEY", "of another paper " + "y" * 50)
        bell.ring("orders")
    bell.ring("pressed")
    assert heard.get(timeout=5) == "pressed"


def test_a_failure_of_who_hears_does_not_end_the_listening(hung: private_redis.Server) -> None:
    heard: Heard = queue.Queue()

    def look(what: bell.What) -> None:
        heard.put(what)
        raise RuntimeError("nothing works")

    listener = bell.Listener(look)
    listener.start()
    assert listener.await_listening(10)
    heard.get(timeout=5), heard.get(timeout=5)
    bell.ring("orders")
    assert heard.get(timeout=5) == "orders"
    listener.stop()


@pytest.mark.django_db(transaction=True)
def test_what_is_left_to_the_worker_rings(heard: Heard) -> None:
    heard.get(timeout=5), heard.get(timeout=5)
    actions.order([Sheet("robots", "")], priority=-10)
    assert heard.get(timeout=5) == "orders"
