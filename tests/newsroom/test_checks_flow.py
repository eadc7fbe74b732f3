"""A story comes in with an outlet lost in the copy, and goes out with it: no part is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from broadsheet.accounts.models import User
from broadsheet.attribution import actions, duties
from broadsheet.attribution.analyst import Analyst
from broadsheet.attribution.models import Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import SourceKind
from broadsheet.stories.models import Story

from .test_checks_gate import EDIT, live, policy, said, sent

pytestmark = pytest.mark.django_db

PAGE = """<html lang="en"><head><title>Ferry stays in port</title>
<link rel="canonical" href="https://wire.example/1"></head>
<body><article><h1>Ferry stays in port</h1>
<p>The harbour office said on Friday that the ferry would stay in port because its keys had been
lost, reported.</p>
<p>Ana Lima, a spokeswoman for the office, said that new keys were being made in the town.</p>
<p>The union of the sailors said that nobody had asked its members about the keys at all.</p>
</article></body></html>"""


@pytest.fixture
def analyst() -> Iterator[Analyst]:
    """What the worker has texts read by: a process with the model for English."""
    found = Analyst()
    yield found
    found.close()


def test_from_the_wire_to_the_readers(
    at_desk: Callable[[str], Client],
    people: dict[str, User],
    analyst: Analyst,
    tmp_path: Path,
) -> None:
    file = tmp_path / "ferry.html"
    file.write_text(PAGE, encoding="utf-8")
    call_command("import", str(file), verbosity=0)
    story = Story.objects.get()
    assert StoryReading.objects.get().state == StoryReading.State.WAITING
    policy(dangling="stop")
    client = at_desk("editor")
    assert "still being read" in client.get(reverse(EDIT, args=[story.pk])).content.decode()
    assert "still being read" in said(sent(client, story, **{"action-publish": "1"}))
    assert duties.read_waiting(analyst) == 1
    policy(dangling="warning")
    page = client.get(reverse(EDIT, args=[story.pk])).content.decode()
    assert "“reported” has lost its source" in page
    policy(dangling="stop")
    response = sent(client, story, **{"action-publish": "1"})
    assert not live(story)
    assert "“reported” has lost its source" in said(response)
    assert "lost, reported." in said(response)
    lost = StoryRelation.objects.get(source_kind="missing")
    marks = actions.Marks(source_name="AFP", source_kind=SourceKind.NAMED)
    actions.edit(lost, marks, people["editor"])
    assert Source.objects.get(name="AFP").proposed
    sent(client, story, **{"action-publish": "1"})
    assert live(story)
