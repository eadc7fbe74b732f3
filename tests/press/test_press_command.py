"""``broadsheet press``."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from broadsheet.press import actions, pages
from broadsheet.press.models import PressOrder
from press import newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)


def press(*arguments: str) -> dict[str, Any]:
    """Run the command with --json and return what it printed, with its exit status."""
    output = StringIO()
    status = 0
    try:
        call_command("press", *arguments, "--json", stdout=output)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return {**json.loads(output.getvalue()), "status": status}


def test_what_is_ordered_is_pressed(pressed: PressedFolder) -> None:
    with actions.held():
        story = newsroom.published()
    assert not pressed.has(f"/news/{story.news_id}/")
    found = press()
    assert found["status"] == 0
    assert found["failed"] == []
    assert found["pressed"] > 10
    assert pressed.has(f"/news/{story.news_id}/")
    assert press("--pending")["pressed"] == 0


def test_the_whole_paper(pressed: PressedFolder) -> None:
    story = newsroom.published()
    for address in ("/", f"/news/{story.news_id}/", "/feeds/all.rss"):
        pressed.path(address).unlink()
    assert press("--all")["status"] == 0
    for address in ("/", f"/news/{story.news_id}/", "/feeds/all.rss", "/404.html", "/robots.txt"):
        assert pressed.has(address), address


def test_stories_by_number(pressed: PressedFolder) -> None:
    story = newsroom.published()
    pressed.path(f"/news/{story.news_id}/").unlink()
    pressed.path("/").unlink()
    found = press(str(story.news_id), "999")
    assert found["unknown"] == [999]
    assert found["status"] == 1
    assert pressed.has(f"/news/{story.news_id}/")
    assert pressed.has("/")


def test_a_sheet_that_fails_is_named_and_the_rest_is_pressed(
    pressed: PressedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with actions.held():
        story = newsroom.published()

    def broken(*_: object) -> str:
        raise ValueError("no ink")

    monkeypatch.setattr(pages, "front_page", broken)
    found = press()
    assert found["status"] == 1
    failed = {(each["kind"], each["error"]) for each in found["failed"]}
    assert failed == {("front", "ValueError: no ink"), ("section", "ValueError: no ink")}
    assert pressed.has(f"/news/{story.news_id}/")
    assert pressed.has("/feeds/all.rss")
    assert not pressed.has("/")

    monkeypatch.undo()
    PressOrder.objects.update(not_before=None)


def test_recovery_by_hand(pressed: PressedFolder) -> None:
    story = newsroom.published()
    pressed.path(f"/news/{story.news_id}/").unlink()
    stray = pressed.path("/news/77/")
    stray.write_bytes(b"of a paper that is no more")
    assert press("--recover")["status"] == 0
    assert pressed.has(f"/news/{story.news_id}/")
    assert not stray.exists()


def test_a_summary_for_people(pressed: PressedFolder) -> None:
    output = StringIO()
    call_command("press", "--all", stdout=output)
    assert "sheets pressed" in output.getvalue()
    assert "0 failed" in output.getvalue()
