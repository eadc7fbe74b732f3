"""Many orders, drawn by several processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import home_databases
from broadsheet.accounts.models import Byline
from broadsheet.press import actions, bulk, hand, hands, making, orders
from broadsheet.press.models import PressOrder
from broadsheet.press.sheets import Sheet, in_order
from broadsheet.press.store import Store
from broadsheet.stories import news_ids
from broadsheet.stories.models import Section, Story, Topic

STORIES = 24
PROGRAM = Path(__file__).with_name("bulking.py")


@pytest.fixture(scope="module")
def found(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = Path(shutil.copytree(new_home, tmp_path_factory.mktemp("bulk") / "home"))
    answer: dict[str, Any] = run(home)
    return answer


def run(home: Path, *arguments: str, status: int = 0) -> Any:
    """Run the program in ``home`` until it ends with ``status``; return what it has told."""
    return json.loads(ended(home, *arguments, status=status).stdout)


def ended(home: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the program in ``home``, as a group of its own, until it ends with ``status``."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *arguments],
        env={
            **os.environ,
            **home_databases.named_in(home),
            "BROADSHEET_HOME": str(home),
            "BROADSHEET_LOG_LEVEL": "CRITICAL",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == status, done.stderr
    return done


def test_several_processes_press_what_one_does(found: dict[str, Any]) -> None:
    one, hands = found["by one"], found["by hands"]
    assert hands["answers"] >= 2 * STORIES
    assert pages(hands) == {**pages(one), "/news/7/": None}
    assert f"/news/{STORIES}/" in hands["ledger"]
    assert set(one["files"]) - set(hands["files"]) == {"news/0/7.html.gz"}
    assert hands["steps"][-1][0] >= len(hands["ledger"])


def pages(found: dict[str, Any]) -> dict[str, str | None]:
    """Return what the ledger knows every page by that says nothing of when it was pressed."""
    ledger: dict[str, str] = found["ledger"]
    known: dict[str, str | None] = {"/news/7/": None, **ledger}
    return {address: sha256 for address, sha256 in known.items() if address != "/sitemap.xml"}


def test_what_is_ordered_by_itself_and_with_everything_is_drawn_once(
    found: dict[str, Any],
) -> None:
    twice = found["ordered twice"]
    assert pages(twice) == pages(found["by one"])
    assert twice["total"] == found["by one"]["total"]


def test_a_file_that_the_disk_refuses_keeps_no_other_back(found: dict[str, Any]) -> None:
    blocked = found["by hands"]
    assert blocked["failed"] == 1
    assert list(blocked["orders"]) == ["story 7"]
    assert blocked["orders"]["story 7"].startswith("IsADirectoryError")


def test_a_hand_that_dies_is_done_without(found: dict[str, Any]) -> None:
    killed = found["killed"]
    assert pages(killed) == pages(found["by one"])
    assert killed["orders"] == {}
    assert not killed["again"]
    assert not [name for name in killed["files"] if ".press-" in name]


def test_a_bulk_goes_on_after_the_death_of_its_process(
    found: dict[str, Any], new_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(new_home, tmp_path / "home"))
    hands = run(home, "die", status=-signal.SIGKILL)
    before, after = run(home, "go on")
    assert len(hands) == (os.cpu_count() or 1)
    assert not [pid for pid in hands if Path(f"/proc/{pid}/task").exists()]
    assert before["ledger"]
    assert before["orders"]
    assert after["orders"] == {}
    # The very stories that one process has pressed in another home.
    wanted = {f"news/0/{number}.{form}.gz" for number in range(1, 25) for form in ("html", "json")}
    assert wanted <= set(after["files"])
    assert pages(found["by one"]).keys() == pages(after).keys()


def test_a_bulk_that_is_interrupted_says_how_to_go_on(
    found: dict[str, Any], new_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(new_home, tmp_path / "home"))
    interrupted = ended(home, "be interrupted")
    status, left = json.loads(interrupted.stdout)
    assert status == 128 + signal.SIGINT
    assert "`broadsheet press` to go on" in interrupted.stderr
    # Of each hand as well, where they did not know what it meant.
    assert "Traceback" not in interrupted.stderr
    assert left["orders"]
    _before, after = run(home, "go on")
    assert after["orders"] == {}
    assert pages(found["by one"]).keys() == pages(after).keys()
    assert not [name for name in after["files"] if ".press-" in name]


def test_a_story_is_drawn_in_all_its_forms_at_once() -> None:
    sheets = [Sheet(kind, key) for kind in ("ninjs", "day", "story") for key in ("2", "1")]
    assert in_order(sheets) == [
        Sheet("story", "1"),
        Sheet("ninjs", "1"),
        Sheet("story", "2"),
        Sheet("ninjs", "2"),
        Sheet("day", "1"),
        Sheet("day", "2"),
    ]


@pytest.mark.django_db
def test_lists_come_after_many_stories_and_what_is_hidden_before_all() -> None:
    section = Section.objects.create(slug="world", name="World")
    now = timezone.now()
    stories = [
        Story(
            news_id=number, headline="A story", section=section, live=True, first_published_at=now
        )
        for number in news_ids.allocate(50)
    ]
    stories[-1].live = False
    Story.objects.bulk_create(stories)
    PressOrder.objects.all().delete()
    with actions.held():
        actions.order_stories(stories[:-1])
        first, story = priorities(), str(stories[0].news_id)
        actions.order_stories(stories)
    assert -4 > first["story", story] == first["ninjs", story] > first["section", "en/world"]
    # What is hidden now must leave the section at once.
    then = priorities()
    assert then["story", str(stories[-1].news_id)] == then["section", "en/world"] == 0
    assert then["story", story] == first["story", story]


@pytest.mark.django_db
def test_lists_of_the_same_stories_are_drawn_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topics = {"bridge": "en", "brücke": "de", "water": "en", "wasser": "de"}
    Topic.objects.bulk_create(
        Topic(slug=slug, name=slug, language=language) for slug, language in topics.items()
    )
    feeds = [Sheet("feed", f"topic/{slug}.{form}") for slug in topics for form in ("rss", "atom")]
    of_all = [Sheet("feed", "en.rss"), Sheet("day", "2026-05-04")]
    orders.write([*feeds, *of_all, *(Sheet("topic", slug) for slug in topics)], priority=-7)
    orders.write([Sheet("story", "7")], priority=-6)
    monkeypatch.setattr(bulk, "_A_TURN", 4)
    monkeypatch.setattr(bulk, "_count", 1)
    ahead: list[PressOrder] = []
    turns = [bulk._next(-4, [], ahead) for _ in range(4)]
    drawn = [order.key for turn in turns for order in turn]
    assert drawn == [
        "7", "2026-05-04", "en.rss",
        *("brücke", "topic/brücke.atom", "topic/brücke.rss"),
        *("wasser", "topic/wasser.atom", "topic/wasser.rss"),
        *("bridge", "topic/bridge.atom", "topic/bridge.rss"),
        *("water", "topic/water.atom", "topic/water.rss"),
    ]  # fmt: skip
    assert [len(turn) for turn in turns] == [4, 4, 4, 3]


@pytest.mark.django_db
def test_a_hand_holds_the_stories_of_a_few_days_and_of_all_pages_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together: list[int] = []
    monkeypatch.setattr(making, "foresee", lambda sheets: together.append(len(sheets)))
    for kinds in (["day"], ["story", "ninjs"]):
        asked = [
            hands.Asked(Sheet(kind, f"2026-05-{number:02}" if kind == "day" else str(number)), None)
            for number in range(1, 31)
            for kind in kinds
        ]
        answer = hand._answer(Store(tmp_path), asked)
        assert answer == {each.sheet: None for each in asked}
    assert together == [12, 12, 6, 60]


@pytest.mark.django_db
def test_a_bulk_makes_way_for_what_somebody_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_A_TURN", 4)
    monkeypatch.setattr(bulk, "_count", 1)
    orders.write([Sheet("story", str(number)) for number in range(9)], priority=-6)
    ahead: list[PressOrder] = []
    first = bulk._next(-4, [], ahead)
    orders.write([Sheet("front", "en")])
    assert bulk._next(-4, first, ahead) == []
    assert len(first) == 4
    assert len(ahead) == 5


@pytest.mark.django_db
def test_a_story_of_an_archive_waits_for_the_others_though_it_comes_alone() -> None:
    section = Section.objects.create(slug="world", name="World")
    story = Story(
        news_id=news_ids.allocate(1)[0],
        headline="A story",
        section=section,
        live=True,
        first_published_at=timezone.now(),
    )
    Story.objects.bulk_create([story])
    PressOrder.objects.all().delete()
    key = str(story.news_id)
    with actions.held(), actions.unhurried():
        actions.order_stories([story])
    assert -4 > priorities()["story", key] > priorities()["section", "en/world"]
    with actions.held():
        actions.order_stories([story])
    assert priorities()["story", key] == 0


@pytest.mark.django_db
def test_a_new_name_orders_nothing_until_a_story_has_it() -> None:
    with actions.held():
        topic = Topic.objects.create(slug="ferries", name="Ferries")
        byline = Byline.objects.create(slug="ada-abel", name="Ada Abel")
        assert priorities() == {}
        topic.name, byline.name = "Ferry", "Ada A. Abel"
        topic.save()
        byline.save()
    assert priorities() == {("topic", "ferries"): 0, ("byline", "ada-abel"): 0}


def priorities() -> dict[tuple[str, str], int]:
    return {(order.kind, order.key): order.priority for order in PressOrder.objects.all()}


def test_who_presses_beside_readers_leaves_them_a_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []
    monkeypatch.setattr(bulk, "Hands", started.append)
    monkeypatch.setattr(bulk, "_count", 4)
    for processors in (4, 1, None):
        monkeypatch.setattr(bulk, "_hands", None)
        monkeypatch.setattr(os, "cpu_count", lambda found=processors: found)
        bulk.leave_room()
        bulk._ready()
    assert started == [3, 1, 1]
