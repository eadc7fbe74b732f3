"""How JSON is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from broadsheet.json_text import written
from broadsheet.stories.models import Section, Story
from broadsheet.wire.models import ReceivedItem


@pytest.mark.parametrize(
    "value",
    ["پل باز شد", "мост", "a \x00 \u2028 </script> 🌉", ["half of a pair \ud83c"], {"a": None}],
)
def test_what_is_written_is_read_as_it_was(value: Any) -> None:
    text = written(value)
    assert json.loads(text.encode()) == value


def test_letters_stand_as_they_are() -> None:
    assert written({"headline": "мост"}) == '{"headline": "мост"}'


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL stores JSON in its own form")
def test_a_story_is_stored_without_escapes_in_its_row_and_in_its_versions() -> None:
    section = Section.objects.create(name="News", slug="news")
    body = [{"type": "paragraph", "value": "<p>мост открыт</p>"}]
    story = Story(headline="мост", section=section, body=json.dumps(body))
    story.save()
    version = story.save_revision()
    ReceivedItem.objects.create(guid="urn:a", fields={"headline": "мост"}, raw=b"")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM stories_story")
        assert "мост открыт" in cursor.fetchone()[0]
        cursor.execute("SELECT content FROM wagtailcore_revision WHERE id = %s", [version.pk])
        assert "мост открыт" in cursor.fetchone()[0]
        cursor.execute("SELECT fields FROM wire_receiveditem")
        assert "мост" in cursor.fetchone()[0]
        # A row as it was written until now.
        cursor.execute("UPDATE stories_story SET body = %s", [json.dumps(body)])
    version.refresh_from_db()
    assert version.as_object().body[0].value.source == "<p>мост открыт</p>"
    assert Story.objects.get().body[0].value.source == "<p>мост открыт</p>"
    assert ReceivedItem.objects.filter(fields__headline="мост").exists()


@pytest.mark.django_db
def test_the_database_sees_no_other_field(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", "stories", check=True, dry_run=True)
    assert "No changes" in capsys.readouterr().out
