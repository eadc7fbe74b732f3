"""What the newsroom reads while something the paper leans on does not work."""

from __future__ import annotations

import time
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from broadsheet import troubles
from broadsheet.accounts.models import User
from broadsheet.newsroom.desk.outage_panel import sentence
from broadsheet.newsstand import heartbeat
from broadsheet.newsstand.outages import Kind, Outage
from broadsheet.stories.models import Section, Story
from broadsheet.troubles import Trouble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RUN_ROOT", tmp_path)
    monkeypatch.setattr(troubles, "_met", {})
    since = time.time() - 305
    heartbeat.write("waiting", 0.0, [Trouble("store", since, "refused by http://10.1.2.3:9000")])
    troubles.meet("cache", "refused")
    monkeypatch.setitem(troubles._met, "store", (Trouble("store", since, "refused"), time.time()))


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("mira", "mira@example.org", "x"))
    return client


def test_the_first_page_says_what_does_not_work_and_what_it_means(editor: Client) -> None:
    page = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert "The store of the pages has not answered for 5\xa0minutes" in page
    assert "The cache has not answered" in page
    # Where it stands is for operators.
    assert "10.1.2.3" not in page


def test_who_publishes_is_told_that_readers_do_not_see_it_yet(editor: Client) -> None:
    section = Section.objects.create(name="World", slug="world")
    story = Story(headline="Rain", section=section, live=False)
    story.save()
    story.save_revision()
    name = Story.snippet_viewset.get_url_name("unpublish")
    story.publish(story.latest_revision)
    answer = editor.post(reverse(name, args=[story.pk]), follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert [each for each in said if "store of the pages" in each]
    # What readers do not notice is no warning after each save.
    assert not [each for each in said if "cache" in each]
    story.refresh_from_db()
    assert not story.live


def test_every_outage_has_its_sentence() -> None:
    for kind in get_args(Kind):
        said = sentence(Outage(kind, timezone.now(), "north"))
        assert said.endswith(".")
        assert "%(" not in said
