"""Where a store is, as a setting names it; and a store that does not answer."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from broadsheet import object_stores
from broadsheet.object_stores import ObjectStore, Place, StoreDownError, described
from private_s3 import Server, silent_server


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://paper", Place("paper")),
        ("s3://paper/", Place("paper")),
        ("s3://paper/a/b/", Place("paper", "a/b/")),
        ("s3://paper/press%20room", Place("paper", "press room/")),
        (
            "s3://my.paper/p?endpoint_url=http://127.0.0.1:9000&region=eu-central-1",
            Place("my.paper", "p/", "http://127.0.0.1:9000", "eu-central-1"),
        ),
    ],
)
def test_addresses(url: str, place: Place) -> None:
    assert described("PRESS_URL", url) == place


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://paper", "begin with s3://"),
        ("paper", "begin with s3://"),
        ("s3://", "names no bucket"),
        ("s3:///pages", "names no bucket"),
        ("s3://Paper", "names no bucket"),
        ("s3://key:hush@paper", "BROADSHEET_S3_ACCESS_KEY"),
        ("s3://paper/a/../b", "prefix"),
        ("s3://paper/a//b", "prefix"),
        ("s3://paper#a", "after #"),
        ("s3://paper?endpoint=http://x", "not known, endpoint"),
        ("s3://paper?endpoint_url=127.0.0.1:9000", "no address of a server"),
        ("s3://paper?endpoint_url=http://x:port", "cannot be used"),
        ("s3://paper?region=some where", "region"),
    ],
)
def test_what_is_no_address(url: str, reason: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason) as raised:
        described("PRESS_URL", url)
    assert "PRESS_URL" in str(raised.value)
    assert "hush" not in str(raised.value)


def test_keys_come_in_pairs() -> None:
    assert described("PRESS_URL", "", "only") is None
    with pytest.raises(ImproperlyConfigured, match="only one is set"):
        described("PRESS_URL", "s3://paper", "only")


def test_a_store_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_stores, "ANSWER_WITHIN_S", 0.1)
    with silent_server() as port:
        place = Place("paper", "", f"http://127.0.0.1:{port}", "", "key", "secret")
        began = time.monotonic()
        with pytest.raises(StoreDownError):
            ObjectStore(place).get("front.html")
    # Twice a tenth of a second, and what lies in between.
    assert time.monotonic() - began < 5


def test_a_bucket_that_is_not_there_is_a_store_that_refuses(s3_server: Server) -> None:
    place = Place("nowhere", "", f"http://127.0.0.1:{s3_server.port}", "", "key", "secret")
    with pytest.raises(StoreDownError, match="NoSuchBucket"):
        ObjectStore(place).get("a")
    with pytest.raises(StoreDownError, match="NoSuchBucket"):
        ObjectStore(place).ask()
