"""What an agency did to copy that stories are made of: who is told, and what it stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from broadsheet.accounts.models import User
from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.actions.adopt import Terms
from broadsheet.newsroom.actions.embargo import embargo
from broadsheet.newsroom.actions.publish import publish
from broadsheet.newsroom.gate import StoppedByAlerts
from broadsheet.newsstand import schedule
from broadsheet.stories.models import Section, Story
from broadsheet.wire.models import StoryAlert
from newsroom.wire_at_desk import FERRY, enter

pytestmark = pytest.mark.django_db

SAID = "The harbour office denies it."


def killed(people: dict[str, User], *, live: bool = False) -> tuple[Story, StoryAlert]:
    """Return a story whose copy its agency has taken back, and the alert on it."""
    entry = enter("urn:1")
    adopted = wire_queue.adopt(entry, user=people["editor"], terms=Terms(publish=live))
    enter("urn:1", version="2", pub_status="canceled", headline="Kill", ed_note=SAID)
    story = Story.objects.get(pk=adopted.news_id)
    assert story.live is live
    return story, StoryAlert.objects.get(story=story)


def form_of(story: Story) -> dict[str, str]:
    rows = {
        f"{prefix}-{name}": "0"
        for prefix in ("photos", "bylines", "agencies")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return {
        "headline": "Changed",
        "section": str(story.section_id),
        "language": "en",
        "lead": "",
        "body-count": "0",
        "slugline": "",
        "dateline": "",
        **rows,
    }


def test_an_open_withdrawal_stops_publication_by_anybody(people: dict[str, User]) -> None:
    story, alert = killed(people)
    for user in (people["editor"], None):
        with pytest.raises(StoppedByAlerts, match=SAID) as stopped:
            publish(story, user=user)
        assert "settle the alert" in stopped.value.messages[0]
    assert not Story.objects.get().live
    wire_queue.settle(alert, user=people["editor"], how="The paragraph is out.")
    publish(Story.objects.get(), user=people["editor"])
    assert Story.objects.get().live


def test_a_schedule_that_comes_due_waits_until_it_is_settled(people: dict[str, User]) -> None:
    entry = enter("urn:1")
    adopted = wire_queue.adopt(entry, user=people["editor"], terms=Terms())
    story = Story.objects.get(pk=adopted.news_id)
    story.go_live_at = timezone.now() + timedelta(hours=1)
    publish(story, user=people["editor"])
    enter("urn:1", version="2", pub_status="canceled", headline="Kill", ed_note=SAID)
    (planned,) = Revision.objects.filter(approved_go_live_at__isnull=False)
    planned.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    planned.content["go_live_at"] = planned.approved_go_live_at.isoformat()
    planned.save()
    assert schedule.keep() == 0
    assert not Story.objects.get().live
    wire_queue.settle(StoryAlert.objects.get(), user=people["editor"], how="It stands.")
    assert schedule.keep() == 1
    assert Story.objects.get().live


def test_what_takes_a_story_away_is_never_held_up(people: dict[str, User]) -> None:
    story, _alert = killed(people, live=True)
    end = timezone.now() + timedelta(hours=2)
    draft = story.get_latest_revision_as_object()
    draft.embargo_until = end
    # By the form's way, which asks at the gate.
    Story.objects.get().publish(draft.save_revision(), user=people["editor"])
    assert not Story.objects.get().live


def test_unpublishing_and_the_embargo_are_never_held_up(people: dict[str, User]) -> None:
    story, _alert = killed(people, live=True)
    embargo(story, timezone.now() + timedelta(hours=2), user=people["editor"])
    assert not Story.objects.get().live
    embargo(Story.objects.get(), None, user=people["editor"])
    Story.objects.update(live=True)
    Story.objects.get().unpublish(user=people["editor"])
    assert not Story.objects.get().live


def test_a_correction_stops_nothing(people: dict[str, User], section: Section) -> None:
    story = Story.objects.create(headline="One", section=section, live=False)
    alert = StoryAlert(story=story, item=enter("urn:1").item, kind=StoryAlert.Kind.CORRECTION)
    alert.save()
    publish(story, user=people["editor"])
    assert Story.objects.get().live


def test_only_editors_settle_and_say_how(people: dict[str, User]) -> None:
    story, alert = killed(people)
    with pytest.raises(PermissionDenied):
        wire_queue.settle(alert, user=people["reporter"], how="Done.")
    with pytest.raises(ValidationError, match="what was done"):
        wire_queue.settle(alert, user=people["editor"], how="  ")
    settled = wire_queue.settle(alert, user=people["editor"], how=" The paragraph is out. ")
    assert (settled.settled_by, settled.settled_how) == (people["editor"], "The paragraph is out.")
    again = wire_queue.settle(alert, user=people["administrator"], how="Once more.")
    assert again.settled_how == "The paragraph is out."
    (entry,) = ModelLogEntry.objects.filter(action="wire.alert.settle")
    assert (entry.object_id, entry.data["how"]) == (str(story.pk), "The paragraph is out.")


def test_the_desk_is_told_first_thing(
    at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    story, alert = killed(people, live=True)
    home = at_desk("reporter").get("/newsroom/").content.decode()
    told = home.index("An agency withdrew copy that these stories use")
    assert told < home.index("Just published")
    assert SAID in home
    assert f"/newsroom/wire/alerts/{alert.pk}/" in home
    assert "An agency withdrew" not in at_desk("moderator").get("/newsroom/").content.decode()
    form = at_desk("reporter").get(f"/newsroom/stories/edit/{story.pk}/").content.decode()
    assert "until somebody settles this" in form
    listed = at_desk("reporter").get("/newsroom/stories/", {"status": "withdrawn"})
    assert [each.pk for each in listed.context["object_list"]] == [story.pk]
    assert "copy withdrawn by the agency" in listed.content.decode()
    wire_queue.settle(alert, user=people["editor"], how="Done.")
    home = at_desk("reporter").get("/newsroom/").content.decode()
    assert "An agency withdrew" not in home
    form = at_desk("reporter").get(f"/newsroom/stories/edit/{story.pk}/").content.decode()
    assert "Alerts of agencies" not in form


def test_the_form_says_why_it_does_not_publish(
    at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    story, alert = killed(people)
    client = at_desk("editor")
    response = client.post(
        f"/newsroom/stories/edit/{story.pk}/",
        {**form_of(story), "action-publish": "1"},
        follow=True,
    )
    page = response.content.decode()
    assert "was not published. It is kept as a draft." in page
    assert f"/newsroom/wire/alerts/{alert.pk}/" in page
    assert not Story.objects.get().live
    assert Story.objects.get().get_latest_revision_as_object().headline == "Changed"


def test_an_alert_is_settled_on_its_page(
    at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    _story, alert = killed(people)
    address = f"/newsroom/wire/alerts/{alert.pk}/"
    assert "<textarea" not in at_desk("reporter").get(address).content.decode()
    assert at_desk("reporter").post(address, {"how": "Done."}).status_code == 302
    assert StoryAlert.objects.get().settled_at is None
    client = at_desk("editor")
    assert SAID in client.get(address).content.decode()
    assert "Say in a few words" in client.post(address, {"how": " "}).content.decode()
    client.post(address, {"how": "The paragraph is out."})
    assert StoryAlert.objects.get().settled_by == people["editor"]
    assert "The paragraph is out." in client.get(address).content.decode()
    assert at_desk("moderator").get(address).status_code == 302


def test_a_newer_version_of_edited_copy_raises_an_alert(
    at_desk: Callable[[str], Client], people: Any
) -> None:
    entry = enter("urn:1")
    adopted = wire_queue.adopt(entry, user=people["editor"], terms=Terms())
    story = Story.objects.get(pk=adopted.news_id)
    story.save_revision(user=people["editor"])
    enter("urn:1", FERRY + " From June on.", version="2")
    home = at_desk("reporter").get("/newsroom/").content.decode()
    assert "An agency corrected or updated copy that these stories use" in home
