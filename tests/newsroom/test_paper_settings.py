"""The paper's particulars as the newsroom edits and uses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from broadsheet.accounts.models import User
from broadsheet.newsroom.desk.dashboard import MyDraftsPanel
from broadsheet.stories.models import Paper, Section, Story

pytestmark = pytest.mark.django_db


def test_administrators_name_the_paper_in_each_language(at_desk: Callable[[str], Client]) -> None:
    paper = Paper.load()
    address = reverse("wagtailsettings:edit", args=["stories", "paper", paper.pk])
    client = at_desk("administrator")
    assert client.get(address).status_code == 200
    response = client.post(
        address,
        {
            "name": "The Post",
            "strapline": "",
            "time_zone": "Asia/Tehran",
            "contact_email": "",
            "comments_open_days": "14",
            "names-TOTAL_FORMS": "1",
            "names-INITIAL_FORMS": "0",
            "names-0-language": "fa",
            "names-0-name": "پست",
            "names-0-strapline": "خبرها",
        },
    )
    assert response.status_code == 302
    paper = Paper.objects.get()
    assert paper.time_zone == "Asia/Tehran"
    assert list(paper.names.values_list("language", "name")) == [("fa", "پست")]
    assert at_desk("editor").get(address).status_code == 302


def test_times_are_the_papers_until_somebody_chooses_others(
    at_desk: Callable[[str], Client], people: dict[str, User], section: Section
) -> None:
    Paper.objects.create(time_zone="Asia/Tehran")
    moment = datetime(2026, 1, 2, 6, 58, tzinfo=UTC)
    story = Story.objects.create(headline="A", section=section, live=False, embargo_until=moment)
    address = reverse("wagtailsnippets_stories_story:edit", args=[story.pk])
    client = at_desk("editor")
    assert 'value="2026-01-02 10:28"' in client.get(address).content.decode()
    assert not UserProfile.objects.exclude(current_time_zone="").exists()
    profile = UserProfile.get_for_user(people["editor"])
    profile.current_time_zone = "Europe/Berlin"
    profile.save()
    assert 'value="2026-01-02 07:58"' in client.get(address).content.decode()


def test_your_drafts_are_drafts(people: dict[str, User], section: Section) -> None:
    reporter = people["reporter"]
    tomorrow = timezone.now() + timedelta(days=1)
    for headline, fields in (("Draft", {}), ("Scheduled", {"go_live_at": tomorrow}), ("Live", {})):
        story = Story.objects.create(headline=headline, section=section, live=False, **fields)
        revision = story.save_revision(user=reporter)
        if headline != "Draft":
            story.publish(revision)
    sent = Story.objects.create(headline="Sent in", section=section, live=False)
    sent.save_revision(user=reporter)
    sent.get_workflow().start(sent, reporter)
    assert [story.headline for story in MyDraftsPanel().stories(reporter)] == ["Draft"]


def test_tries_to_log_in_are_counted_in_the_database_for_all_processes() -> None:
    client = Client()
    for _ in range(2):
        client.post(reverse("account_login"), {"login": "editor", "password": "wrong"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM newsroom_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert any("login_failed" in key for key in keys), keys
