"""What ties a story to its bylines and topics says when it was published, whoever says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import F

from broadsheet.accounts.models import Byline
from broadsheet.press import actions, listings
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import Section, Story, StoryByline, StoryTopic, Topic
from press import newspaper

pytestmark = pytest.mark.django_db


def _draft() -> Story:
    section, _ = Section.objects.get_or_create(name="World", slug="world")
    story = Story(headline="Ferry sails", section=section, live=False)
    story.bylines = [StoryByline(byline=Byline.objects.create(name="Ada", slug="ada"))]
    story.topics = [Topic.objects.create(name="Ferries", slug="ferries", language="en")]
    story.save()
    return story


def _dates(story: Story) -> set[datetime | None]:
    return {
        tie.published_at
        for kind in (StoryByline, StoryTopic)
        for tie in kind._default_manager.filter(story=story)
    }


def test_a_draft_is_not_dated() -> None:
    assert _dates(_draft()) == {None}


def test_publishing_dates_what_a_story_is_tied_to() -> None:
    story = _draft()
    story.save_revision().publish()
    story.refresh_from_db()
    assert story.first_published_at is not None
    assert _dates(story) == {story.first_published_at}


def test_a_later_version_with_another_topic_is_dated_as_the_story() -> None:
    story = _draft()
    story.save_revision().publish()
    changed = Story.objects.get(pk=story.pk)
    changed.topics.add(Topic.objects.create(name="Ports", slug="ports", language="en"))
    changed.save_revision().publish()
    changed.refresh_from_db()
    assert StoryTopic.objects.filter(story=story).count() == 2
    assert _dates(story) == {changed.first_published_at}


def test_saving_nothing_but_the_topics_dates_them() -> None:
    story = _draft()
    story.save_revision().publish()
    changed = Story.objects.get(pk=story.pk)
    changed.topics = [Topic.objects.create(name="Ports", slug="ports", language="en")]
    changed.save(update_fields=["topics"])
    assert _dates(story) == {changed.first_published_at}


def test_a_date_that_is_changed_in_bulk_is_changed_for_the_ties() -> None:
    story = _draft()
    Story.objects.filter(pk=story.pk).update(first_published_at=newspaper.PUBLISHED)
    assert _dates(story) == {newspaper.PUBLISHED}
    day = timedelta(days=1)
    changed = Story.objects.filter(first_published_at=newspaper.PUBLISHED)
    assert changed.update(first_published_at=F("first_published_at") - day) == 1
    assert _dates(story) == {newspaper.PUBLISHED - day}


def test_what_another_version_wrote_without_a_date_is_listed_once_a_worker_starts() -> None:
    story = newspaper.story("Ferry sails")
    topic = Topic.objects.create(name="Ferries", slug="ferries", language="en")
    StoryTopic.objects.create(story=story, topic=topic)
    assert listings.ids_of_topic("ferries") == []
    PressOrder.objects.all().delete()
    actions.recover()
    assert listings.ids_of_topic("ferries") == [story.pk]
    assert PressOrder.objects.filter(kind="topic", key="ferries").exists()


def test_no_version_says_when_a_tie_was_dated() -> None:
    (byline,) = _draft().serializable_data()["bylines"]
    assert "published_at" not in byline
