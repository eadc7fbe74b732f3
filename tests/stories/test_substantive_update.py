from __future__ import annotations

import pytest

from broadsheet.stories.models import Section, Story


@pytest.mark.django_db
def test_a_version_that_changes_facts_is_marked_when_it_is_published() -> None:
    section = Section.objects.create(name="World", slug="world")
    story = Story.objects.create(headline="Two hurt", section=section, live=False)
    story.save_revision().publish()
    story = Story.objects.get()
    story.headline = "Three hurt"
    story.substantive_update = True
    revision = story.save_revision()
    assert Story.objects.get().substantively_updated_at is None
    revision.publish()
    story = Story.objects.get()
    assert story.headline == "Three hurt"
    assert story.substantively_updated_at is not None
    assert story.last_published_at is not None
    assert abs((story.substantively_updated_at - story.last_published_at).total_seconds()) < 5
    assert story.substantive_update is False
    assert story.get_latest_revision_as_object().substantive_update is False


@pytest.mark.django_db
def test_a_first_publication_is_no_update() -> None:
    section = Section.objects.create(name="World", slug="world")
    story = Story.objects.create(
        headline="One", section=section, live=False, substantive_update=True
    )
    story.save_revision().publish()
    assert Story.objects.get().substantively_updated_at is None
