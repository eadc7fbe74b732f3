from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.letters import rates
from broadsheet.letters.models import SecurityKey
from broadsheet.stories.models import Story

from .conftest import Visitor


def test_the_picture_names_its_visitor_and_is_never_cached(visitor: Visitor) -> None:
    answer = visitor.client.get(f"/letters/keys/{visitor.story.pk}/new.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert "no-store" in answer.headers["Cache-Control"]
    cookie = answer.cookies["letters"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/letters/")
    assert cookie.value not in str(SecurityKey.objects.values().get())


def test_a_key_is_shown_to_its_visitor_only(visitor: Visitor) -> None:
    key = visitor.look()
    address = f"/letters/keys/{visitor.story.pk}/{key.pk}"
    assert visitor.client.get(f"{address}.png").content == bytes(key.picture)
    assert Client().get(f"{address}.png").status_code == 404
    assert Client().get(f"{address}.json").status_code == 404
    SecurityKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitor.client.get(f"{address}.png").status_code == 404


def test_the_sound_speaks_the_key_that_is_shown(visitor: Visitor) -> None:
    key = visitor.look()
    answer = visitor.client.get(f"/letters/keys/{visitor.story.pk}/new.wav")
    assert answer.headers["Content-Type"] == "audio/wav"
    key.refresh_from_db()
    assert answer.content == bytes(key.sound or b"")
    assert SecurityKey.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("lines=1", 200, slice(None)),
    ],
)
def test_players_may_ask_for_a_part(
    visitor: Visitor, wanted: str, status: int, part: slice
) -> None:
    key = visitor.look()
    SecurityKey.objects.update(sound=bytes(range(256)) * 4)
    address = f"/letters/keys/{visitor.story.pk}/{key.pk}.wav"
    answer = visitor.client.get(address, headers={"Range": wanted})
    assert answer.status_code == status
    assert answer.content == (bytes(range(256)) * 4)[part]


def test_a_browser_that_asks_ahead_or_from_elsewhere_makes_no_key(visitor: Visitor) -> None:
    address = f"/letters/keys/{visitor.story.pk}/new.png"
    ahead = visitor.client.get(address, headers={"Sec-Purpose": "prefetch;prerender"})
    assert ahead.status_code == 403
    foreign = visitor.client.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert visitor.client.head(address).status_code == 405
    assert not SecurityKey.objects.exists()


def test_no_key_for_a_story_nobody_may_see(story: Story) -> None:
    Story.objects.update(live=False)
    assert Client().get(f"/letters/keys/{story.pk}/new.png").status_code == 404
    assert Client().get("/letters/keys/424242/new.json").status_code == 404
    assert not SecurityKey.objects.exists()


def test_keys_are_limited_by_address(visitor: Visitor) -> None:
    visitor.look()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rates, "KEYS", rates.Limit("keys", 1, timedelta(minutes=10)))
        answer = visitor.client.get(f"/letters/keys/{visitor.story.pk}/new.json")
        assert answer.status_code == 429
        assert "Retry-After" in answer.headers
        # The form still comes back, without a picture.
        page = visitor.send(text="Kept", refresh="1").content.decode()
        assert "Kept" in page
        assert "l-pic" not in page
    assert SecurityKey.objects.count() == 1
