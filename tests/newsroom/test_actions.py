from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from broadsheet.accounts.models import User
from broadsheet.newsroom.actions.embargo import embargo
from broadsheet.newsroom.actions.publish import publish
from broadsheet.newsroom.actions.set_front import set_front
from broadsheet.stories.models import Front, Section, Story

pytestmark = pytest.mark.django_db


def _story(section: Section, headline: str = "One") -> Story:
    return Story.objects.create(headline=headline, section=section, live=False)


def test_publishing_keeps_a_version_and_asks_for_the_permission(
    section: Section, people: dict[str, User]
) -> None:
    story = _story(section)
    with pytest.raises(PermissionDenied):
        publish(story, user=people["reporter"])
    assert not Story.objects.get().live
    publish(story, user=people["editor"])
    assert Story.objects.get().is_public()
    assert Story.objects.get().live_revision.user == people["editor"]


def test_an_embargo_takes_a_live_story_away_and_is_logged(
    section: Section, people: dict[str, User]
) -> None:
    end = timezone.now() + timedelta(hours=2)
    publish(_story(section))
    with pytest.raises(PermissionDenied):
        embargo(Story.objects.get(), end, user=people["reporter"])
    embargo(Story.objects.get(), end, user=people["editor"])
    story = Story.objects.get()
    assert not story.is_public()
    assert story.embargo_until == end
    assert story.scheduled_revision.approved_go_live_at == end
    assert ModelLogEntry.objects.filter(action="stories.embargo").count() == 1


def test_lifting_leaves_a_draft_that_can_be_published_at_once(section: Section) -> None:
    end = timezone.now() + timedelta(hours=2)
    publish(_story(section))
    embargo(Story.objects.get(), end)
    embargo(Story.objects.get(), None)
    story = Story.objects.get()
    assert story.embargo_until is None
    assert story.scheduled_revision is None
    assert not story.live
    publish(story)
    assert Story.objects.get().is_public()


def test_an_embargo_that_has_ended_is_none(section: Section) -> None:
    with pytest.raises(ValueError, match="in the future"):
        embargo(_story(section), timezone.now() - timedelta(minutes=1))


def test_a_front_is_set_in_order_and_each_story_once(
    section: Section, people: dict[str, User]
) -> None:
    front = Front.objects.create(language="en")
    one, two = _story(section, "One"), _story(section, "Two")
    with pytest.raises(PermissionDenied):
        set_front(front, [one], user=people["moderator"])
    set_front(front, [two, one, two], user=people["editor"])
    placements = Front.objects.get().placements.order_by("sort_order")
    assert [row.story for row in placements] == [two, one]


def test_the_form_of_a_front_shows_what_stands_on_it(
    section: Section, at_desk: Callable[[str], Client]
) -> None:
    front = Front.objects.create(language="en")
    publish(_story(section, "Newest"))
    content = (
        at_desk("editor")
        .get(reverse("wagtailsnippets_stories_front:edit", args=[front.pk]))
        .content.decode()
    )
    assert "On this front now" in content
    assert "Newest" in content
