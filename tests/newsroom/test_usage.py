"""What uses an agency is shown a page at a time, and read so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from broadsheet.stories.models import Agency, Section, Story, StoryAgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(section: Section) -> Agency:
    agency = Agency.objects.create(name="Harbour News", slug="harbour-news")
    for number in range(45):
        story = Story(headline=f"Ship {number}", section=section)
        story.agencies = [StoryAgency(agency=agency)]
        story.save()
    return agency


def test_each_use_is_on_one_page(agency: Agency, at_desk: Callable[[str], Client]) -> None:
    editor = at_desk("administrator")
    address = reverse("wagtailsnippets_stories_agency:usage", args=[agency.pk])
    named: list[str] = []
    for number in (1, 2, 3):
        with CaptureQueriesContext(connection) as captured:
            page = editor.get(address, {"p": number})
        whole = [each["sql"] for each in captured if '"stories_story"."body"' in each["sql"]]
        # Wagtail would ask for each story by itself, those of the other pages as well.
        assert len(whole) == 1
        cells = html.fromstring(page.content).xpath("//td//div[@class='title-wrapper']//a")
        named += [cell.text_content().strip() for cell in cells]
    assert len(named) == len(set(named)) == 45
    assert all("Ship" in name for name in named)


def test_what_nothing_uses_says_so(db: None, at_desk: Callable[[str], Client]) -> None:
    agency = Agency.objects.create(name="Idle News", slug="idle-news")
    address = reverse("wagtailsnippets_stories_agency:usage", args=[agency.pk])
    assert at_desk("administrator").get(address).status_code == 200
