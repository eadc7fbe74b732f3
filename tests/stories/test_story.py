from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from broadsheet.stories.models import Section, Story


@pytest.fixture
def section() -> Any:
    return Section.objects.create(name="World", slug="world")


@pytest.mark.django_db
def test_a_deleted_storys_number_stays_used(section: Section) -> None:
    first = Story.objects.create(headline="One", section=section, live=False)
    first.delete()
    second = Story.objects.create(headline="Two", section=section, live=False)
    assert second.news_id == 2


@pytest.mark.django_db
def test_an_embargoed_story_is_scheduled_instead_of_published(section: Section) -> None:
    end = timezone.now() + timedelta(hours=3)
    story = Story.objects.create(headline="Later", section=section, live=False, embargo_until=end)
    story.save_revision().publish()
    story.refresh_from_db()
    assert not story.live
    assert story.scheduled_revision.approved_go_live_at == end
    assert not Story.objects.public().exists()
    assert Story.objects.all().public(end).exists() is False


@pytest.mark.django_db
def test_a_published_story_is_public_until_it_expires(section: Section) -> None:
    story = Story.objects.create(headline="Now", section=section, live=False)
    story.save_revision().publish()
    story.refresh_from_db()
    assert story.is_public()
    assert Story.objects.public().get() == story
    story.expire_at = timezone.now() - timedelta(seconds=1)
    story.save()
    assert not story.is_public()
    assert not Story.objects.public().exists()
