"""The analyst against children that do well, die, hang and answer nonsense."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from attribution.stories_at_desk import make_story, reading, rewrite
from broadsheet.attribution import duties
from broadsheet.attribution.analyst import Analyst, AnalystError
from broadsheet.attribution.models import StoryReading, StoryRelation

State = StoryReading.State

# Reads as `broadsheet attribute --jsonl` does, without the language: what the text says, it does.
CHILD = """
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    text = asked["text"]
    if "DIE" in text:
        os._exit(9)
    if "HANG" in text:
        time.sleep(60)
    if "DAMAGED" in text:
        print("{"); sys.stdout.flush(); continue
    if "WRONG" in text:
        print(json.dumps({"error": "Nothing to be done."})); sys.stdout.flush(); continue
    start = text.index("said") if "said" in text else None
    relations = [] if start is None else [{
        "source": [[start - 6, start - 1]], "cue": [[start, start + 4]],
        "content": [[start + 5, text.index(".", start)]], "source_kind": "named",
        "source_name": text[start - 6:start - 1], "cue_kind": "verb", "quote_type": "indirect",
        "nested_in": None, "chain": [], "hedges": [], "statement_time": None, "event_time": None,
        "confidence": 0.9, "method": "rules", "status": "suggested"}]
    print(json.dumps({"analysed": True, "language": asked["language"], "reason": str(os.getpid()),
        "relations": relations, "sentences": [], "hedges": [], "times": []}))
    sys.stdout.flush()
"""


@pytest.fixture
def child(tmp_path: Path) -> list[str]:
    program = tmp_path / "child.py"
    program.write_text(CHILD)
    return [sys.executable, str(program)]


@pytest.fixture
def analyst(child: list[str]) -> Iterator[Analyst]:
    found = Analyst(child, longest_s=5)
    yield found
    found.close()


def _pid(analyst: Analyst, text: str = "Quiet.") -> int:
    return int(analyst.analyse(text, None, time_zone="UTC", language="en").reason)


def test_one_child_reads_one_text_after_the_other(analyst: Analyst) -> None:
    assert not analyst.is_running
    first = _pid(analyst)
    assert _pid(analyst, "A long text. " * 100_000) == first
    assert analyst.is_running


def test_a_child_takes_the_processor_that_readers_leave(analyst: Analyst) -> None:
    child = _pid(analyst)
    assert os.getpriority(os.PRIO_PROCESS, child) > os.getpriority(os.PRIO_PROCESS, os.getpid())
    weighed = Path(f"/proc/{child}/autogroup")
    # Whoever is not root may say so ten times a second, of all processes together.
    if weighed.exists() and os.geteuid() == 0:
        assert weighed.read_text().split()[-1] == "5"


def test_an_idle_child_is_ended_and_the_next_text_gets_another(child: list[str]) -> None:
    now = [0.0]
    analyst = Analyst(child, idle_s=300, clock=lambda: now[0])
    try:
        first = _pid(analyst)
        now[0] = 299
        analyst.rest()
        assert analyst.is_running
        now[0] = 301
        analyst.rest()
        assert not analyst.is_running
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        assert _pid(analyst) != first
    finally:
        analyst.close()


def test_the_workers_analyst_makes_room_for_others(
    analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "_analyst", None)
    duties.make_room()
    monkeypatch.setattr(duties, "_analyst", analyst)
    first = _pid(duties.analyst())
    duties.make_room()
    assert not analyst.is_running
    assert _pid(duties.analyst()) != first


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DIE", "ended"),
        ("DAMAGED", "damaged"),
        ("WRONG", "Nothing to be done"),
    ],
)
def test_what_goes_wrong_costs_one_text(analyst: Analyst, text: str, message: str) -> None:
    _pid(analyst)
    with pytest.raises(AnalystError, match=message):
        _pid(analyst, text)
    assert _pid(analyst) > 0


def test_a_child_that_takes_too_long_is_stopped(child: list[str]) -> None:
    analyst = Analyst(child, longest_s=1)
    try:
        began = time.monotonic()
        with pytest.raises(AnalystError, match="more than 1 seconds"):
            _pid(analyst, "HANG")
        assert time.monotonic() - began < 30
        assert not analyst.is_running
    finally:
        analyst.close()


def test_a_child_that_cannot_be_started_is_said_to_be_so() -> None:
    with pytest.raises(AnalystError, match="could not be started"):
        _pid(Analyst(["/nowhere/at/all"]))


@pytest.mark.django_db
def test_the_worker_has_waiting_stories_read_and_goes_on_after_a_crash(analyst: Analyst) -> None:
    killing = make_story("DIE")
    sound = make_story("Reyes said the ferry was late.")
    duties.read_waiting(analyst)
    duties.read_waiting(analyst)
    assert reading(killing).state == State.FAILED
    assert "ended" in reading(killing).reason
    assert reading(sound).state == State.ANALYSED
    assert StoryRelation.objects.get().content_spans[0]["exact"] == "the ferry was late"
    # Another version is another chance.
    rewrite(killing, "Quiet.")
    assert duties.read_waiting(analyst) == 1
    assert reading(killing).state == State.ANALYSED
    assert duties.read_waiting(analyst) == 0


def test_the_real_child_reads_english_and_says_what_it_does_not_read() -> None:
    analyst = Analyst()
    try:
        text = "Dana Reyes said on Monday that the ferry had lost its rudder."
        found = analyst.analyse(text, None, time_zone="UTC", language="en")
        assert found.analysed
        assert [text[a:b] for each in found.relations for a, b in each.source] == ["Dana Reyes"]
        other = analyst.analyse("Lodě zůstaly v přístavu.", None, time_zone="UTC", language="cs")
        assert not other.analysed
        assert other.reason
    finally:
        analyst.close()
