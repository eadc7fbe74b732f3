from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from broadsheet.accounts.models import Byline
from broadsheet.newsroom.desk import finding
from broadsheet.newsroom.desk.finding import find
from broadsheet.search import index
from broadsheet.stories.models import Agency, Section, Story, StoryAgency, StoryByline

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_stories_story:list"


def _stories(section: Section, count: int) -> list[Story]:
    agency, _ = Agency.objects.get_or_create(name="AFP", slug="afp")
    byline, _ = Byline.objects.get_or_create(name="Ana Lima", slug="ana-lima")
    made = []
    for turn in range(count):
        story = Story.objects.create(headline=f"Story {turn}", section=section, live=False)
        StoryAgency.objects.create(story=story, agency=agency)
        StoryByline.objects.create(story=story, byline=byline)
        story.save_revision().publish()
        made.append(Story.objects.get(pk=story.pk))
    return made


def _shown(client: Client, **query: str) -> list[str]:
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [story.headline for story in response.context["object_list"]]


def test_a_longer_list_asks_no_more_questions(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    client = at_desk("editor")
    _stories(section, 2)
    _shown(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        _shown(client)
    _stories(section, 6)
    with CaptureQueriesContext(connection) as many:
        assert len(_shown(client)) == 8
    assert len(many) == len(few)


def test_a_number_finds_its_story(at_desk: Callable[[str], Client], section: Section) -> None:
    Story.objects.create(news_id=207166, headline="Convoy", section=section, live=False)
    Story.objects.create(headline="Other", section=section, live=False)
    assert _shown(at_desk("reporter"), q="207166") == ["Convoy"]


@pytest.mark.parametrize("few", [5_000, 0])
def test_words_find_headline_slugline_and_text(
    section: Section, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_FEW", few)
    body = [("paragraph", "<p>The lighthouse keeper waved.</p>")]
    told = Story.objects.create(headline="Told", section=section, live=False, body=body)
    slugged = Story.objects.create(
        headline="Other", slugline="LIGHTHOUSE-2", section=section, live=False
    )
    Story.objects.create(headline="Third", section=section, live=False)
    index.put([told, slugged])
    for stories in (Story.objects.all(), Story.objects.filter(section=section)):
        assert set(find(stories, "lighthouse")) == {told, slugged}


def test_odd_input_is_no_error(section: Section) -> None:
    for query in ('"', "a AND", "%", "\x00", "9" * 40, "NEAR(", "*", "نفت"):
        list(find(Story.objects.all(), query))


@pytest.mark.parametrize(
    ("state", "headlines"),
    [
        ("live", {"Live", "Changed"}),
        ("changed", {"Changed"}),
        ("draft", {"Draft", "Submitted"}),
        ("scheduled", {"Scheduled", "Embargoed"}),
        ("embargoed", {"Embargoed"}),
        ("expired", {"Expired"}),
        ("moderation", {"Submitted"}),
    ],
)
def test_each_state_can_be_asked_for(
    state: str,
    headlines: set[str],
    at_desk: Callable[[str], Client],
    section: Section,
    people: Any,
) -> None:
    later = timezone.now() + timedelta(days=1)

    def make(headline: str, **fields: Any) -> Story:
        return Story.objects.create(headline=headline, section=section, live=False, **fields)

    make("Draft").save_revision()
    make("Live").save_revision().publish()
    make("Changed").save_revision().publish()
    Story.objects.get(headline="Changed").save_revision()
    make("Scheduled", go_live_at=later).save_revision().publish()
    make("Embargoed", embargo_until=later).save_revision().publish()
    make("Expired", expired=True)
    submitted = make("Submitted")
    submitted.save_revision()
    submitted.get_workflow().start(submitted, people["reporter"])
    assert set(_shown(at_desk("editor"), status=state)) == headlines


def test_section_agency_language_and_day_narrow_the_list(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    client = at_desk("editor")
    kept, dropped = _stories(section, 2)
    other = Section.objects.create(name="Science", slug="science")
    Story.objects.filter(pk=dropped.pk).update(
        section=other, language="fa", first_published_at=timezone.now() - timedelta(days=40)
    )
    dropped.agencies.all().delete()
    today = timezone.now().date().isoformat()
    agency = Agency.objects.get()
    for query in (
        {"section": str(section.pk)},
        {"agency": str(agency.pk)},
        {"language": "en"},
        {"published_from": today},
    ):
        assert _shown(client, **query) == [kept.headline]


def test_a_headline_is_written_in_its_own_direction(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    Story.objects.create(headline="خبر", language="fa", section=section, live=False)
    content = at_desk("reporter").get(reverse(LIST)).content.decode()
    assert '<span lang="fa" dir="rtl">خبر</span>' in content
