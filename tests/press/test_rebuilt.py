"""Stories made of rows: pages say the same of them as of those that Django makes."""

from __future__ import annotations

import pytest

from broadsheet.press import dependents, loading, ninjs
from broadsheet.press.reading import one_reading
from broadsheet.press.story_pages import timed_page
from broadsheet.stories.models import Photo, Story, StoryAgency, StoryByline, Topic
from press import newspaper, newsroom

pytestmark = pytest.mark.django_db


def _story() -> Story:
    story = newspaper.story(lead="In short.")
    newspaper.photo(story, newspaper.picture(), caption="A quay.", credit="A. Photographer")
    Photo.objects.create(story=story, caption="Without a picture.", sort_order=7)
    names = ("Zinc", "Amber", "Ore")
    story.topics = [Topic.objects.create(name=name, slug=name.lower()) for name in names]
    # Their order on the page is the desk's, and not that in which they were written.
    story.bylines = [
        StoryByline(byline=newsroom.byline(f"Reporter {number}"), sort_order=9 - number)
        for number in range(3)
    ]
    agency = newsroom.agency()
    story.agencies = [StoryAgency(agency=agency, credit_line="As they want it", sort_order=1)]
    story.save()
    return story


def test_a_page_and_its_other_forms_are_the_same_to_the_letter() -> None:
    story = _story()
    (made,) = loading.load_whole([story.pk])
    asked = Story.objects.get(pk=story.pk)
    assert loading.is_whole(made)
    assert not loading.is_whole(asked)
    for each in (made, asked):
        assert [topic.name for topic in each.topics.all()] == ["Amber", "Ore", "Zinc"]
        assert each.bylines.all()[0].byline.name == "Reporter 2"
    with one_reading():
        page = timed_page(made)[1], ninjs.document(made), dependents.of(made)
    with one_reading():
        assert page == (timed_page(asked)[1], ninjs.document(asked), dependents.of(asked))


def test_what_no_page_shows_is_asked_of_the_database() -> None:
    story = _story()
    (made,) = loading.load_whole([story.pk])
    assert made.latest_revision_id == Story.objects.get(pk=story.pk).latest_revision_id
    assert made.bylines.all()[0].byline.about == ""
    assert made.pk == story.pk
    assert not made._state.adding
