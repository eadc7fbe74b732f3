"""Threads of comments come in with their story, once, and readers see who answers whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.letters import drawing
from broadsheet.letters.bringing_in import Brought, Taken, bring_in_all
from broadsheet.letters.models import Letter
from broadsheet.stories.models import Section, Story

pytestmark = pytest.mark.django_db

AT = datetime(2019, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def story() -> Story:
    section = Section.objects.create(name="City", slug="city")
    return Story.objects.create(headline="A bridge", section=section, live=True)


def brought(guid: str, **changes: object) -> Brought:
    values: dict[str, object] = {"name": "Ada", "text": f"Words {guid}", "written_at": AT}
    return Brought(guid=guid, **(values | changes))  # type: ignore[arg-type]


def test_a_thread_keeps_who_answers_whom_in_any_order(story: Story) -> None:
    taken = bring_in_all(
        story, [brought("2", answers="1"), brought("1"), brought("3", answers="2")]
    )
    assert taken == Taken(3, 0)
    tied = dict(Letter.objects.values_list("guid", "answers__guid"))
    assert tied == {"1": None, "2": "1", "3": "2"}


def test_the_same_thread_again_adds_only_what_is_new(story: Story) -> None:
    bring_in_all(story, [brought("1")])
    assert bring_in_all(story, [brought("1"), brought("2", answers="1")]) == Taken(1, 1)
    assert Letter.objects.get(guid="2").answers == Letter.objects.get(guid="1")


def test_what_was_not_approved_is_held_and_what_is_empty_is_refused(story: Story) -> None:
    taken = bring_in_all(
        story, [brought("1", is_approved=False), brought("2", text=" \x00"), brought("3", name="")]
    )
    assert (taken.stored, len(taken.refused)) == (2, 1)
    assert Letter.objects.get(guid="1").state == Letter.State.HELD
    assert Letter.objects.get(guid="3").name == "Anonymous"


def test_readers_see_who_is_answered_unless_that_one_is_hidden(story: Story) -> None:
    bring_in_all(
        story,
        [
            brought("1", name="<b>Eve"),
            brought("2", answers="1"),
            brought("3", is_approved=False),
            brought("4", answers="3"),
        ],
    )
    html = str(drawing.story_part(story))
    assert "In answer to &lt;b&gt;Eve" in html
    assert html.count("In answer to") == 1
