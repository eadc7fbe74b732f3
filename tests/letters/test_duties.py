from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadsheet.letters import duties, keys, opening, rates
from broadsheet.letters.models import Ban, Letter, RateCount, SecurityKey
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.stories.models import Paper, Story

from .conftest import publish


def test_what_is_over_is_swept_and_what_is_not_stays(story: Story) -> None:
    now = timezone.now()
    keys.issue(story.pk, keys.new_visitor())
    dead = keys.issue(story.pk, keys.new_visitor())
    SecurityKey.objects.filter(pk=dead.pk).update(expires_at=now - timedelta(hours=2))
    rates.count((rates.KEYS, "a"))
    RateCount.objects.create(limit="keys", subject="b", starts_at=now - timedelta(days=3), count=1)
    for days, mark in ((100, "old"), (1, "new")):
        written = now - timedelta(days=days)
        Letter.objects.create(story=story, name="A", text="B", author_mark=mark, written_at=written)
        Ban.objects.create(kind="address", mark=mark, reason="x", until=written)
    done = duties.sweep(now)
    assert done == duties.Swept(keys=1, counts=1, marks=1, bans=1, closed=0)
    assert set(Letter.objects.values_list("author_mark", flat=True)) == {"", "new"}
    assert duties.sweep(now) == duties.Swept(0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_a_form_disappears_when_its_time_is_over() -> None:
    now = timezone.now()
    days = Paper().comments_open_days
    due = publish("Due", first_published_at=now - timedelta(days=days, minutes=5))
    done = publish("Done", first_published_at=now - timedelta(days=days, minutes=5))
    still = publish("Open", first_published_at=now - timedelta(days=days, minutes=-5))
    taken_in = publish("Old, taken in by now", first_published_at=now - timedelta(days=400))
    fresh = publish("Old, taken in just now", first_published_at=now - timedelta(days=400))
    for story, minutes in ((due, 9), (done, 9), (still, -5), (taken_in, 5)):
        created = now - timedelta(days=days, minutes=minutes)
        Story.objects.filter(pk=story.pk).update(created_at=created)
    for story, ago in ((due, 60), (done, 1), (still, 60), (taken_in, 60), (fresh, 60)):
        PressedFile.objects.create(
            address=story.get_absolute_url(),
            kind="story",
            key=str(story.pk),
            sha256="",
            size=1,
            pressed_at=now - timedelta(minutes=ago),
        )
    PressOrder.objects.all().delete()
    assert duties.sweep(now).closed == 2
    orders = PressOrder.objects.values_list("kind", "key")
    assert set(orders) == {("story", str(due.pk)), ("story", str(taken_in.pk))}


@pytest.mark.django_db
def test_who_knows_when_it_was_done_last_looks_no_further_back() -> None:
    now = timezone.now()
    story = publish("Due", first_published_at=now)
    closed = now - timedelta(days=2)
    opened = closed - timedelta(days=Paper().comments_open_days)
    Story.objects.filter(pk=story.pk).update(first_published_at=opened, created_at=opened)
    PressedFile.objects.create(
        address=story.get_absolute_url(),
        kind="story",
        key=str(story.pk),
        sha256="",
        size=1,
        pressed_at=opened,
    )
    PressOrder.objects.all().delete()
    assert duties.sweep(now, since=now - timedelta(days=1)).closed == 0
    assert duties.sweep(now, since=closed + timedelta(minutes=5)).closed == 1
    assert duties.sweep(now, since=now - timedelta(days=3)).closed == 1
    assert duties.sweep(now).closed == 1


@pytest.mark.django_db
def test_a_story_taken_in_late_takes_letters_from_then_on() -> None:
    now = timezone.now()
    story = publish("From 2017", first_published_at=now - timedelta(days=3000))
    paper = Paper()
    assert opening.is_open(story, paper)
    assert opening.closes_at(story, paper) == story.created_at + timedelta(
        days=paper.comments_open_days
    )
    assert not opening.is_open(
        story, paper, now + timedelta(days=paper.comments_open_days, hours=1)
    )


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_the_forms_that_close_are_found_by_an_index() -> None:
    now = timezone.now()
    with CaptureQueriesContext(connection) as captured:
        opening.closing(Paper(), now, now - timedelta(days=1))
    for query in captured:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            assert "SEARCH" in " ".join(str(row) for row in cursor.fetchall())
