from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from broadsheet.search import index
from broadsheet.search.models import IndexedStory
from broadsheet.stories.models import Story

Publish = Callable[..., Story]
pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("search", *arguments, stdout=out, **options)
    return out.getvalue()


def test_searching(publish: Publish) -> None:
    story = publish("Weather here")
    publish("Bread")
    text = run("weather")
    assert f"{story.pk}  " in text
    assert "Found 1 story" in text
    assert "more have some of the words" in run("weather", "bread", "cheese")


def test_json_for_programs(publish: Publish) -> None:
    first = publish("Weather here")
    publish("Weather there", language="de")
    document = json.loads(run("weather", json=True, language="en", limit=1))
    assert document["total"] == 1
    assert document["stories"][0]["news_id"] == first.pk
    assert document["stories"][0]["url"].endswith(f"/news/{first.pk}/")
    assert set(document["stories"][0]) == {
        "news_id",
        "headline",
        "published",
        "language",
        "section",
        "url",
    }


def test_rebuilding_and_the_state_of_the_index(publish: Publish) -> None:
    publish("Weather")
    IndexedStory.objects.all().delete()
    with pytest.raises(CommandError, match="--rebuild"):
        run()
    assert "Indexed 1 stories" in run(rebuild=True)
    assert "1 of 1 stories are indexed, 1 of them public." in run()
    assert json.loads(run(json=True)) == {"stories": 1, "indexed": 1, "public": 1}
    assert json.loads(run(rebuild=True, json=True))["indexed"] == 1


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(CommandError, match="no section “nowhere”"):
        run("weather", section="nowhere")
    with pytest.raises(CommandError, match="at least 1"):
        run("weather", limit=0)


def test_bringing_a_paper_up_to_date_fills_an_index_that_was_emptied(publish: Publish) -> None:
    publish("Weather here")
    engine: Any = index.engine()
    engine._clear()
    IndexedStory.objects.all().delete()
    assert "Weather here" not in run("weather")
    call_command("migrate", verbosity=0)
    assert "Weather here" in run("weather")


def test_what_indexes_after_a_commit_has_a_name_for_the_log(
    publish: Publish,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    story = publish("Weather here")

    def fail(*args: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(type(index.engine()), "put", fail)
    with django_capture_on_commit_callbacks() as callbacks:
        story.save()
    put = next(each for each in callbacks if "_Put" in each.__qualname__)
    with pytest.raises(OSError, match="full"):
        put()
