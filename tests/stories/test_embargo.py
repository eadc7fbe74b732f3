"""No way through the newsroom's machinery may show a story before its embargo ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from broadsheet.stories.models import Section, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def section() -> Any:
    return Section.objects.create(name="World", slug="world")


@pytest.fixture
def end() -> datetime:
    return timezone.now() + timedelta(hours=3)


def _draft(section: Section, **fields: Any) -> Story:
    return Story.objects.create(headline="Held", section=section, live=False, **fields)


def _is_hidden(story: Story) -> bool:
    story = Story.objects.get(pk=story.pk)
    return not story.live and not story.is_public() and not Story.objects.public().exists()


def test_publishing(section: Section, end: datetime) -> None:
    story = _draft(section, embargo_until=end)
    story.save_revision().publish()
    assert _is_hidden(story)
    assert Story.objects.get().scheduled_revision.approved_go_live_at == end


def test_a_schedule_before_the_end(section: Section, end: datetime) -> None:
    story = _draft(section, embargo_until=end)
    story.go_live_at = timezone.now() + timedelta(minutes=1)
    story.save_revision(clean=False).publish()
    assert Story.objects.get().scheduled_revision.approved_go_live_at == end


def test_a_schedule_after_the_end_is_kept(section: Section, end: datetime) -> None:
    later = end + timedelta(hours=1)
    story = _draft(section, embargo_until=end, go_live_at=later)
    story.save_revision().publish()
    assert Story.objects.get().scheduled_revision.approved_go_live_at == later


def test_an_older_version_from_before_the_embargo(section: Section, end: datetime) -> None:
    story = _draft(section)
    old = story.save_revision()
    story.embargo_until = end
    story.save()
    old = Story.objects.get().revisions.get(pk=old.pk)
    old.publish()
    assert _is_hidden(story)
    assert Story.objects.get().embargo_until == end


def test_the_command_that_publishes_what_is_due(section: Section, end: datetime) -> None:
    story = _draft(section)
    revision = story.save_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    Story.objects.update(embargo_until=end)
    call_command("publish_scheduled")
    assert _is_hidden(story)
    assert Story.objects.get().scheduled_revision.approved_go_live_at == end


def test_a_live_story_that_gets_one_is_taken_away(section: Section, end: datetime) -> None:
    story = _draft(section)
    story.save_revision().publish()
    story = Story.objects.get()
    assert story.is_public()
    first = story.first_published_at
    story.embargo_until = end
    story.headline = "Held after all"
    story.save_revision().publish()
    assert _is_hidden(story)
    story = Story.objects.get()
    assert story.embargo_until == end
    assert story.first_published_at == first
    assert story.scheduled_revision.approved_go_live_at == end


def test_it_comes_out_when_the_embargo_ends(section: Section, end: datetime) -> None:
    story = _draft(section, embargo_until=end)
    story.save_revision().publish()
    past = timezone.now() - timedelta(minutes=1)
    revision = Story.objects.get().scheduled_revision
    revision.approved_go_live_at = past
    revision.content = {
        **revision.content,
        "embargo_until": past.isoformat(),
        "go_live_at": past.isoformat(),
    }
    revision.save()
    Story.objects.update(embargo_until=past, go_live_at=past)
    call_command("publish_scheduled")
    assert Story.objects.get().is_public()


def test_a_translation_is_held_with_its_original(section: Section, end: datetime) -> None:
    original = _draft(section, embargo_until=end)
    translation = _draft(section, translation_of=original, language="fa")
    translation.save_revision().publish()
    assert _is_hidden(translation)
    assert Story.objects.get(pk=translation.pk).embargo_until == end


def test_saving_cannot_make_it_live(section: Section, end: datetime) -> None:
    story = _draft(section)
    story.save_revision().publish()
    story = Story.objects.get()
    story.embargo_until = end
    story.save(update_fields=["embargo_until"])
    assert _is_hidden(story)


def test_the_time_zone_an_editor_types_in_does_not_matter(section: Section) -> None:
    tehran = (timezone.now() + timedelta(minutes=30)).astimezone(ZoneInfo("Asia/Tehran"))
    story = _draft(section, embargo_until=tehran)
    story.save_revision().publish()
    assert _is_hidden(story)
    assert Story.objects.public(tehran - timedelta(seconds=1)).count() == 0


def test_a_publication_that_is_not_allowed_takes_nothing_away(
    section: Section, end: datetime, django_user_model: Any
) -> None:
    nobody = django_user_model.objects.create_user("nobody", password="x")
    story = _draft(section)
    story.save_revision().publish()
    story = Story.objects.get()
    story.embargo_until = end
    revision = story.save_revision()
    with pytest.raises(PermissionDenied, match="permission"):
        revision.publish(user=nobody)
    assert Story.objects.get().is_public()
