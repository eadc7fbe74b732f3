"""The page of a source: what rests on it, in which order, and how much of it is second-hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from attribution.stories_at_desk import make_story, relation_in, rewrite, suggest
from broadsheet.attribution import actions, register, story_text
from broadsheet.attribution.models import ReaderView, Source, SourcePolicy, StoryRelation
from broadsheet.attribution.reader_view.plot import plot
from broadsheet.attribution.reader_view.resting import Figures
from broadsheet.press.actions import order_due, order_everything, press_orders
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import Agency, Story
from press.conftest import PressedFolder, pressed

__all__ = ["pressed"]

pytestmark = pytest.mark.django_db(transaction=True)

PASSED_ON = "SANA, citing local residents, reported that a convoy left the valley."
OWN = "SANA said that the road was open."


def publish(*paragraphs: str, on: datetime | None = None, **fields: Any) -> Story:
    on = on or datetime(2026, 3, 14, 9, tzinfo=UTC)
    story = make_story(*paragraphs, first_published_at=on, **fields)
    story.get_latest_revision().publish()
    return Story.objects.get(pk=story.pk)


def attributed(*paragraphs: str, **fields: Any) -> tuple[Story, list[StoryRelation]]:
    story = publish(*(paragraphs or (PASSED_ON,)), **fields)
    if not paragraphs or paragraphs[0].startswith("SANA,"):
        chain = ["local residents", "SANA"]
        rows = suggest(story, ("SANA", "reported", "a convoy left the valley", chain))
    else:
        rows = suggest(story, (paragraphs[0].split()[0], "said", "the road was open"))
    return story, rows


def sana() -> Source:
    return Source.objects.get(name="SANA")


def test_a_source_has_a_page_once_a_fact_rests_on_it(pressed: PressedFolder) -> None:
    _story, rows = attributed()
    press_orders()
    assert not pressed.has("/source/sana/")
    assert Source.objects.filter(slug="sana", proposed=True).exists()
    actions.confirm(rows, None)
    press_orders()
    assert "a convoy left the valley" in pressed.text("/source/sana/")
    assert pressed.has("/source/sana/2026/03/")
    actions.reject(StoryRelation.objects.all(), None)
    press_orders()
    assert not pressed.has("/source/sana/")
    assert not pressed.has("/source/sana/2026/03/")


def test_what_rests_on_it_stands_newest_first_with_its_share(pressed: PressedFolder) -> None:
    old, rows = attributed(OWN, headline="Older", on=datetime(2026, 1, 2, tzinfo=UTC))
    actions.confirm(rows, None)
    new, rows = attributed(headline="Newer", on=datetime(2026, 3, 2, tzinfo=UTC))
    actions.confirm(rows, None)
    press_orders()
    page = pressed.text("/source/sana/")
    assert page.index(f"/news/{new.pk}/#claim-1") < page.index(f"/news/{old.pk}/#claim-1")
    assert "<b>50%</b> of its claims are second-hand: 1 of 2." in page
    assert "First-hand" in page
    assert "Second-hand: from <bdi>local residents</bdi>" in page
    assert "<svg" not in page
    month = pressed.text("/source/sana/2026/01/")
    assert "Older" in month
    assert "Newer" not in month


def test_whose_words_came_through_another_is_said(pressed: PressedFolder) -> None:
    words = "The mayor, quoted by AFP, said that the road was open."
    story = publish(words)
    actions.confirm(
        suggest(story, ("The mayor", "said", "the road was open", ["The mayor", "AFP"])), None
    )
    mayor = register.propose("The mayor", kind=Source.Kind.PERSON, proposed=False)
    mayor.ownership_note = "Elected in 2024."
    mayor.country = "SY"
    mayor.save()
    row = StoryRelation.objects.get()
    actions.edit(row, actions.Marks(register_source=mayor), None)
    press_orders()
    page = pressed.text("/source/the-mayor/")
    assert "Second-hand: through <bdi>AFP</bdi>" in page
    assert "person · Syria" in page
    assert "Elected in 2024." in page


def test_no_story_that_readers_may_not_see_is_there(pressed: PressedFolder) -> None:
    seen, rows = attributed(headline="Seen")
    actions.confirm(rows, None)
    hidden, rows = attributed(headline="Withdrawn")
    actions.confirm(rows, None)
    later, rows = attributed(headline="Embargoed")
    actions.confirm(rows, None)
    press_orders()
    assert "Withdrawn" in pressed.text("/source/sana/")
    hidden.unpublish()
    later.embargo_until = timezone.now() + timedelta(hours=1)
    later.save()
    press_orders()
    for word in ("Withdrawn", "Embargoed"):
        assert pressed.holding(word) == []
    assert "Seen" in pressed.text("/source/sana/")
    assert "1 of 1" in pressed.text("/source/sana/")
    ended = timezone.now() - timedelta(seconds=1)
    Story.objects.filter(pk=later.pk).update(embargo_until=ended, live=True)
    order_due()
    press_orders()
    assert "Embargoed" in pressed.text("/source/sana/")
    assert "Embargoed" in pressed.text("/source/sana/2026/03/")
    assert seen.is_public()


def test_a_claim_that_a_draft_has_dropped_is_told_until_that_is_published(
    pressed: PressedFolder,
) -> None:
    story, rows = attributed()
    actions.confirm(rows, None)
    changed = rewrite(story, "Nothing is known of a convoy.")
    (row,) = suggest(changed)
    assert row.lost
    order_everything()
    press_orders()
    assert "a convoy left the valley" in pressed.text("/source/sana/")
    assert "1 of 1" in pressed.text("/source/sana/")
    assert pressed.has("/source/sana/2026/03/")
    changed.get_latest_revision().publish()
    press_orders()
    assert not pressed.has("/source/sana/")
    assert not pressed.has("/source/sana/2026/03/")


def test_a_claim_that_only_a_draft_makes_is_not_told(pressed: PressedFolder) -> None:
    story, rows = attributed()
    actions.confirm(rows, None)
    changed = rewrite(story, PASSED_ON, "Reuters said that a secret was out.")
    made = suggest(changed, ("Reuters", "said", "a secret was out"))
    actions.confirm(made, None)
    press_orders()
    assert pressed.holding("a secret was out") == []
    assert not pressed.has("/source/reuters/")
    assert not pressed.has("/source/reuters/2026/03/")
    changed.get_latest_revision().publish()
    press_orders()
    assert "a secret was out" in pressed.text("/source/reuters/")


def test_what_the_register_says_of_a_source_is_told_anew_when_it_changes(
    pressed: PressedFolder,
) -> None:
    story, rows = attributed()
    actions.confirm(rows, None)
    press_orders()
    source = sana()
    source.kind, source.ownership_note = Source.Kind.ORGANISATION, "Owned by the state."
    source.agency = agency = Agency.objects.create(name="SANA", slug="sana")
    source.save()
    press_orders()
    assert "Owned by the state." in pressed.text("/source/sana/")
    assert "sends this paper copy as SANA" in pressed.text("/source/sana/")
    assert '"ownershipFundingInfo":"Owned by the state."' in pressed.text(f"/news/{story.pk}/")
    agency.credit_line = "SANA, Damascus"
    agency.save()
    press_orders()
    assert "sends this paper copy as SANA, Damascus" in pressed.text("/source/sana/")
    # A look at it changes nothing that readers see.
    register.accept(sana(), None)
    assert not PressOrder.objects.exists()


def test_a_merged_source_leads_to_the_one_that_stands(
    pressed: PressedFolder, client: Client
) -> None:
    story, rows = attributed()
    actions.confirm(rows, None)
    kept = register.propose("Syrian Arab News Agency", proposed=False)
    press_orders()
    row = register.merge(kept, sana(), None)
    press_orders()
    assert not pressed.has("/source/sana/")
    assert not pressed.has("/source/sana/2026/03/")
    assert "a convoy" in pressed.text(kept.get_absolute_url())
    assert pressed.has(f"{kept.get_absolute_url()}2026/03/")
    answer = client.get("/source/sana/")
    assert answer.status_code == 301
    assert answer["Location"] == kept.get_absolute_url()
    assert kept.get_absolute_url() in pressed.text(f"/news/{story.pk}/")
    register.unmerge(row, None)
    press_orders()
    assert "a convoy" in pressed.text("/source/sana/")
    assert not pressed.has(kept.get_absolute_url())


def test_a_renamed_source_is_called_so_everywhere(pressed: PressedFolder) -> None:
    story, rows = attributed()
    actions.confirm(rows, None)
    press_orders()
    register.rename(sana(), "Syrian Agency", None, slug="syrian-agency")
    press_orders()
    assert not pressed.has("/source/sana/")
    assert not pressed.has("/source/sana/2026/03/")
    assert "Syrian Agency" in pressed.text("/source/syrian-agency/")
    assert pressed.has("/source/syrian-agency/2026/03/")
    page = pressed.text(f"/news/{story.pk}/")
    assert '<a href="/source/syrian-agency/"><bdi>Syrian Agency</bdi></a>' in page


def test_another_choice_about_suggestions_presses_the_paper(pressed: PressedFolder) -> None:
    story, _rows = attributed()
    policy = SourcePolicy.load()
    press_orders()
    assert "unsure" not in pressed.text(f"/news/{story.pk}/")
    policy.suggestions = ReaderView.MARKED
    policy.save()
    press_orders()
    assert "unsure" in pressed.text(f"/news/{story.pk}/")
    policy.save()
    assert not PressOrder.objects.exists()


def test_a_source_with_more_stories_than_its_page_has_months(
    pressed: PressedFolder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.attribution.reader_view.resting.ON_THE_PAGE", 2)
    for month in (1, 2, 3):
        _story, rows = attributed(
            headline=f"In month {month}", on=datetime(2026, month, 2, tzinfo=UTC)
        )
        actions.confirm(rows, None)
    press_orders()
    page = pressed.text("/source/sana/")
    assert "In month 1" not in page
    assert "In month 3" in page
    assert '<a href="/source/sana/2026/01/">January 2026</a> (1)' in page


def test_pressing_everything_keeps_the_pages_that_stand(pressed: PressedFolder) -> None:
    _story, rows = attributed()
    actions.confirm(rows, None)
    _other, rows = attributed("Reuters said that the road was open.", headline="Undecided")
    order_everything()
    press_orders()
    assert pressed.has("/source/sana/")
    assert pressed.has("/source/sana/2026/03/")
    assert not pressed.has("/source/reuters/")


def test_a_claim_inside_another_is_second_hand(pressed: PressedFolder) -> None:
    words = "The mayor said that SANA had said that the road was open."
    story = publish(words)
    text = story_text.newest(story).text
    outer = relation_in(text, "The mayor", "said", "SANA had said that the road was open")
    inner = relation_in(text, "SANA", "had said", "the road was open", nested_in=0)
    rows = suggest(story, outer, inner)
    actions.confirm(rows, None)
    press_orders()
    page = pressed.text("/source/sana/")
    assert "Second-hand: through <bdi>The mayor</bdi>" in page
    assert "1 of 1" in page


def figures(**months: tuple[int, int]) -> Figures:
    keys = {tuple(map(int, name[1:].split("_"))): counts for name, counts in months.items()}
    return Figures({(year, month): counts for (year, month), counts in keys.items()}, True)


def test_there_is_a_plot_only_where_there_is_enough_to_see() -> None:
    assert plot(figures(m2026_1=(9, 9), m2026_2=(9, 9)), rtl=False) is None
    assert plot(figures(m2026_1=(1, 0), m2026_2=(1, 1), m2026_3=(2, 1)), rtl=False) is None
    drawn = plot(figures(m2025_11=(4, 2), m2026_1=(1, 5), m2026_2=(2, 2)), rtl=False)
    assert drawn is not None
    assert list(drawn.periods) == [(2025, 11), (2025, 12), (2026, 1), (2026, 2)]
    assert not drawn.by_year
    first, empty, third, _last = drawn.bars
    assert first.x < third.x
    assert first.first_height == pytest.approx(2 * first.second_height, abs=0.2)
    assert (empty.first_height, empty.second_height) == (0, 0)
    assert third.second_y + third.second_height == pytest.approx(third.first_y, abs=0.2)


def test_many_months_are_drawn_as_years_and_from_right_to_left() -> None:
    years = figures(m2020_1=(4, 2), m2020_5=(1, 1), m2023_1=(1, 5), m2026_2=(2, 2))
    drawn = plot(years, rtl=True)
    assert drawn is not None
    assert drawn.by_year
    assert drawn.periods[2020, 0] == (5, 3)
    assert len(drawn.bars) == 7
    assert drawn.bars[0].x > drawn.bars[-1].x
