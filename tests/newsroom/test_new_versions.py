"""What the versions of an archive's stories say, beside what Wagtail would have them say."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.db import connection

from broadsheet import new_rows
from broadsheet.json_text import Written
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.importing.journal import Journal
from broadsheet.newsroom.importing.together import Import
from broadsheet.newsroom.importing.versions import content_of, written_body
from broadsheet.newsroom.moving.records import Filing
from broadsheet.stories.models import Story
from broadsheet.wire.reading import read
from broadsheet.wire.retrievers import files

from .test_bulk_import import archive

__all__ = ["archive"]
pytestmark = pytest.mark.django_db


def test_a_version_says_what_wagtail_would_have_it_say(archive: Path) -> None:
    reads = read(files.read(files.find([str(archive)]), io.BytesIO()))
    list(Import(Adopter(Terms(publish=True)), Filing(), Journal("test", "")).bring_in(reads))
    stories = list(Story.objects.all())
    assert any(story.photos.exists() for story in stories)
    assert any(story.topics.exists() for story in stories)
    assert any(story.live for story in stories)
    for story in stories:
        body = written_body(story)
        found, wanted = content_of(story, body), story.serializable_data()
        assert found == wanted
        assert list(found) == list(wanted)
        assert list(map(type, found.values())) == list(map(type, wanted.values()))


def test_json_that_is_written_already_is_stored_as_what_it_says() -> None:
    value = new_rows.json_value('{"name": "Ж", "of": [1, null]}')
    if connection.vendor == "sqlite":
        assert isinstance(value, Written)
    with connection.cursor() as cursor:
        stored = connection.ops.adapt_json_value(value, None)
        cursor.execute(
            "SELECT %s" if connection.vendor == "sqlite" else "SELECT %s::jsonb::text", [stored]
        )
        (text,) = cursor.fetchone()
    assert json.loads(text) == {"name": "Ж", "of": [1, None]}
