from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from broadsheet.stories.models import Section, Story

pytestmark = pytest.mark.django_db


def delete(client: Client, story: Story) -> bool:
    client.post(reverse("wagtailsnippets_stories_story:delete", args=[story.pk]))
    return not Story.objects.filter(pk=story.pk).exists()


def test_a_story_that_readers_saw_stays_and_an_imported_draft_can_go(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    editor = at_desk("editor")
    seen = Story.objects.create(headline="Seen", section=section, live=False)
    seen.save_revision().publish()
    seen.refresh_from_db()
    seen.unpublish()
    assert not delete(editor, seen)
    draft = Story.objects.create(
        headline="Filed by an import",
        section=section,
        live=False,
        first_published_at=timezone.now(),
    )
    assert delete(editor, draft)
