"""What a story refers to stands in Wagtail's index, written once for it and its parts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from broadsheet.accounts.models import Byline
from broadsheet.stories.models import Section, Story, StoryByline

pytestmark = pytest.mark.django_db


def written(**fields: Any) -> Story:
    section = Section.objects.create(name="World", slug="world")
    byline = Byline.objects.create(name="Aza Sor", slug="aza-sor")
    story = Story(headline="Bread", section=section, live=False, **fields)
    story.bylines = [StoryByline(byline=byline)]
    story.save()
    return story


def referred(story: Story) -> set[tuple[str, str]]:
    rows = ReferenceIndex.get_references_for_object(story)
    return set(rows.values_list("model_path", "to_object_id"))


def test_a_new_story_is_indexed_with_its_parts() -> None:
    story = written()
    (row,) = story.bylines.all()
    assert {
        ("section", str(story.section_id)),
        ("bylines.item.byline", str(row.byline_id)),
    } <= referred(story)


def test_a_publication_indexes_once_what_it_changes() -> None:
    story = written()
    other = Byline.objects.create(name="Lale Kaya", slug="lale-kaya")
    story.bylines = [StoryByline(byline=other)]
    revision = story.save_revision()
    with CaptureQueriesContext(connection) as queries:
        revision.publish()
    asked = [each["sql"] for each in queries if "wagtailcore_referenceindex" in each["sql"]]
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1
    assert {to for path, to in referred(story) if path == "bylines.item.byline"} == {str(other.pk)}


def test_some_fields_alone_are_indexed_as_they_stand_in_the_database() -> None:
    story = written()
    stored = story.section_id
    story.section = Section.objects.create(name="Sport", slug="sport")
    story.headline = "Wine"
    story.save(update_fields=["headline"])
    assert ("section", str(stored)) in referred(story)


def test_who_puts_the_index_off_finds_it_as_it_was() -> None:
    with disable_reference_index_auto_update():
        story = written()
    assert referred(story) == set()


def test_a_publication_makes_the_story_of_its_revision_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    revision = written().save_revision()
    made: list[Story] = []
    build = Story.with_content_json

    def noted(story: Story, content: dict[str, Any]) -> Any:
        made.append(story)
        return build(story, content)

    monkeypatch.setattr(Story, "with_content_json", noted)
    revision.publish()
    assert len(made) == 1
    # A revision that is asked later makes a story of its own again.
    assert revision.as_object() is not revision.as_object()
