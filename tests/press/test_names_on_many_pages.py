"""What stands on many pages: the paper's name, its sections, names of topics, people, agencies."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale, Page

from broadsheet.accounts.models import Byline, User
from broadsheet.press import actions, orders, receivers
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import (
    Agency,
    Paper,
    PaperName,
    Section,
    SectionName,
    StandingPage,
    StoryAgency,
    StoryByline,
)
from press import newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_saved_as_it_was_presses_nothing(pressed: PressedFolder) -> None:
    story = newsroom.published()
    actions.press_orders()
    assert not Paper.objects.exists()
    paper = Paper.load()
    # As the first visitor of the newsroom does, who asks for the paper's time zone.
    assert not PressOrder.objects.exists()
    section = story.section
    names = (
        PaperName.objects.create(paper=paper, language="de", name="Hafenpost"),
        SectionName.objects.create(section=section, language="de", name="Welt"),
    )
    actions.press_orders()
    for name in names:
        name.save()
    paper.save()
    section.save()
    Section.objects.get(pk=section.pk).save()
    assert not PressOrder.objects.exists()

    paper.comments_open_days = 3
    paper.save()
    assert PressOrder.objects.filter(kind=actions.EVERYTHING.kind).exists()
    actions.press_orders()
    assert not PressOrder.objects.exists()
    names[0].delete()
    assert PressOrder.objects.filter(kind=actions.EVERYTHING.kind).exists()
    actions.press_orders()
    paper.name = "The Harbour Post"
    paper.save()
    section.name = "Everywhere"
    section.save()
    actions.press_orders()
    for shown in ("The Harbour Post", "Everywhere"):
        assert shown in pressed.text(f"/news/{story.news_id}/"), shown


def test_a_name_is_pressed_where_readers_see_another(pressed: PressedFolder) -> None:
    agency = Agency.objects.create(name="Harbour News", slug="harbour-news")
    byline = Byline.objects.create(name="Ada Lind", slug="ada-lind")
    topic = newsroom.topic()
    story = newsroom.published(topics=[topic])
    StoryAgency.objects.create(story=story, agency=agency)
    StoryByline.objects.create(story=story, byline=byline)
    actions.press_orders()
    agency.rights = "Not on Sundays."
    byline.user = User.objects.create(username="ada")
    for each in (agency, byline, topic):
        each.save()
    assert not PressOrder.objects.exists()
    for each, field in ((agency, "credit_line"), (byline, "role"), (topic, "name")):
        setattr(each, field, "Another")
        each.save()
        assert PressOrder.objects.filter(kind="story", key=str(story.pk)).exists(), each
        actions.press_orders()
    topic.delete()
    assert PressOrder.objects.filter(kind="story", key=str(story.pk)).exists()


def test_a_name_on_very_many_stories_is_left_to_the_worker(
    pressed: PressedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = newsroom.topic()
    stories = [newsroom.published(topics=[topic]) for _ in range(2)]
    actions.press_orders()
    monkeypatch.setattr(receivers, "_WHOLE_PAPER", 1)
    topic.name = "Another name"
    topic.save()
    kinds = set(PressOrder.objects.values_list("kind", flat=True))
    assert kinds == {actions.EVERYTHING.kind}
    actions.press_orders()
    for story in stories:
        assert "Another name" in pressed.text(f"/news/{story.news_id}/")


def test_what_stands_for_everything_stays_until_all_of_it_is_ordered(
    pressed: PressedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.published()
    actions.press_orders()
    actions.order([actions.EVERYTHING], priority=-6)
    write = orders.write
    written: list[int] = []

    def fails_at_last(sheets: Any, **named: Any) -> int:
        if len(written) == 3:
            raise OSError("no room")
        written.append(write(sheets, **named))
        return written[-1]

    monkeypatch.setattr(orders, "write", fails_at_last)
    with pytest.raises(OSError, match="no room"):
        actions.press_orders()
    monkeypatch.setattr(orders, "write", write)
    # What was written so far is there, and nobody waited for the rest.
    assert PressOrder.objects.exclude(kind=actions.EVERYTHING.kind).exists()
    assert PressOrder.objects.filter(kind=actions.EVERYTHING.kind).exists()
    actions.press_orders()
    assert not PressOrder.objects.exists()


def test_a_standing_page_presses_the_others_only_where_they_name_it(
    pressed: PressedFolder,
) -> None:
    def save(**fields: Any) -> bool:
        for name, value in fields.items():
            setattr(page, name, value)
        with actions.held():
            page.save_revision().publish()
        assert PressOrder.objects.filter(kind="page", key=page.slug).exists()
        everything = PressOrder.objects.filter(kind=actions.EVERYTHING.kind).exists()
        actions.press_orders()
        return everything

    Locale.objects.get_or_create(language_code="en")
    if Page.get_first_root_node() is None:  # a flush of the database takes both
        Page.add_root(title="Root", slug="root")
    story = newsroom.published()
    page = StandingPage(title="About us", slug="about-us", live=False)
    actions.press_orders()
    Page.get_first_root_node().add_child(instance=page)
    assert not PressOrder.objects.exists()
    body = StandingPage._meta.get_field("body")
    assert save(live=True)
    assert not save(body=body.to_python([{"type": "paragraph", "value": "<p>Since 1901.</p>"}]))
    assert "Since 1901." in pressed.text("/about-us/")
    assert save(title="Who we are")
    assert "Who we are" in pressed.text(f"/news/{story.news_id}/")
    page.unpublish()
    actions.press_orders()
    assert "Who we are" not in pressed.text(f"/news/{story.news_id}/")
    assert not pressed.has("/about-us/")
