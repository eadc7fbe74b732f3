"""What the newsroom says after a story was published or planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.utils.timestamps import render_timestamp

from broadsheet.stories.models import Paper, Section, Story

from .test_roles import _form

pytestmark = pytest.mark.django_db


def _said(client: Client, address: str, form: dict[str, str]) -> str:
    response = client.post(address, form)
    assert response.status_code == 302, response.content.decode()[:2000]
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def _in_two_days() -> datetime:
    # As the form can say it, which knows no seconds.
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)


def _edit(story: Story) -> str:
    return reverse("wagtailsnippets_stories_story:edit", args=[story.pk])


def test_an_embargoed_story_is_said_to_wait_and_until_when(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    end = _in_two_days()
    story = Story.objects.create(headline="One", section=section, live=False, embargo_until=end)
    story.save_revision()
    embargo = {"embargo_until": f"{end:%Y-%m-%d %H:%M}"}
    said = _said(
        at_desk("editor"), _edit(story), _form(story, **{"action-publish": "1"}, **embargo)
    )
    assert not Story.objects.get().live
    planned = story.scheduled_revision.approved_go_live_at
    with timezone.override(Paper.load().time_zone):
        assert render_timestamp(planned) in said
    assert "scheduled for publishing" in said
    assert "published" not in said  # "for publishing" is another word


def test_a_story_published_at_once_names_no_time(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    story = Story.objects.create(headline="One", section=section, live=False)
    story.save_revision()
    said = _said(at_desk("editor"), _edit(story), _form(story, **{"action-publish": "1"}))
    assert "updated and published" in said
    assert "will see" not in said


@pytest.mark.parametrize("embargoed", [True, False])
def test_approving_says_when_readers_see_it(
    embargoed: bool, at_desk: Callable[[str], Client], section: Section
) -> None:
    end = _in_two_days() if embargoed else None
    embargo = {"embargo_until": f"{end:%Y-%m-%d %H:%M}" if end else ""}
    story = Story.objects.create(headline="One", section=section, live=False, embargo_until=end)
    story.save_revision()
    at_desk("reporter").post(_edit(story), _form(story, **{"action-submit": "1"}, **embargo))
    approval = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    said = _said(at_desk("editor"), _edit(story), _form(story, **approval, **embargo))
    assert Story.objects.get().current_workflow_state is None
    assert Story.objects.get().live is not embargoed
    assert ("Readers will see this version from" in said) is embargoed
