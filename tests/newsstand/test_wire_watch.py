"""The process that watches the wire runs while there is something to watch."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from broadsheet.newsstand.wire_watch import WireWatch
from broadsheet.wire.models import Channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch() -> Iterator[WireWatch]:
    watching = WireWatch(["sleep", "60"])
    yield watching
    watching.stop()


def test_it_runs_while_a_channel_is_watched(watch: WireWatch) -> None:
    watch.perform()
    assert not watch.is_watching
    Channel.objects.create(name="Coast", address="https://wire.example/")
    watch.perform()
    assert watch.is_watching
    Channel.objects.update(is_active=False)
    watch.perform()
    assert not watch.is_watching


def test_one_that_ends_by_itself_is_started_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Channel.objects.create(name="Coast", address="https://wire.example/")
    watch = WireWatch(["false"])
    watch.perform()
    until = time.monotonic() + 10
    while watch.is_watching and time.monotonic() < until:
        time.sleep(0.05)
    watch.perform()
    assert not watch.is_watching
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    monkeypatch.setattr(watch, "_command", ["sleep", "60"])
    watch.perform()
    assert watch.is_watching
    watch.stop()
