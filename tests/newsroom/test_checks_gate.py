"""A story that a check stops is not published, by whichever way; what warns is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from wagtail.test.utils.form_data import rich_text

from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, checks, story_text
from broadsheet.attribution.models import SourcePolicy, StoryReading, StoryRelation
from broadsheet.attribution.relation import SourceKind
from broadsheet.newsroom.actions.adopt import Terms, adopt
from broadsheet.newsroom.actions.embargo import embargo
from broadsheet.newsroom.actions.publish import publish
from broadsheet.newsroom.gate import StoppedByChecks
from broadsheet.stories.models import Story
from broadsheet.wire.decide import New

from .test_adopt import item

pytestmark = pytest.mark.django_db

LOST = "The road was closed on Friday, reported."
EDIT = "wagtailsnippets_stories_story:edit"


def policy(**fields: str) -> None:
    """Let the paper's checks be as ``fields`` say, and the others be off."""
    row = SourcePolicy.load()
    for check in checks.CHECKS:
        setattr(row, check.name, fields.get(check.name, "off"))
    row.save()


@pytest.fixture
def lost(db: Any) -> Story:
    """A draft in whose text an outlet was lost."""
    story = make_story(LOST, "Nobody answered.")
    text = story_text.newest(story).text
    relation = relation_in(
        text, "", "reported", "The road was closed on Friday", source_kind=SourceKind.MISSING
    )
    suggest(story, relation)
    return story


def sent(client: Client, story: Story, **fields: str) -> Any:
    """Send the form of ``story`` as it is served, with some fields changed."""
    address = reverse(EDIT, args=[story.pk])
    page = html.fromstring(client.get(address).content)
    form = max(page.forms, key=lambda form: len(form.form_values()))
    values = {
        str(name): (value or "").removeprefix("\n")
        for name, value in form.form_values()
        if "__prefix__" not in str(name)
    }
    return client.post(address, {**values, **_body(story), **fields})


def _body(story: Story) -> dict[str, str]:
    """Return the paragraphs as the page's script sends them."""
    paragraphs = story.get_latest_revision_as_object().body.raw_data
    found = {"body-count": str(len(paragraphs))}
    for number, raw in enumerate(paragraphs):
        found |= {
            f"body-{number}-id": raw["id"],
            f"body-{number}-type": raw["type"],
            f"body-{number}-order": str(number),
            f"body-{number}-deleted": "",
            f"body-{number}-value": rich_text(raw["value"]),
        }
    return found


def said(response: Any) -> str:
    """Return what the newsroom says on the next page, without its markup."""
    text = " ".join(str(message) for message in get_messages(response.wsgi_request))
    return " ".join(html.fromstring(f"<div>{text}</div>").text_content().split())


def live(story: Story) -> bool:
    return Story.objects.get(pk=story.pk).live


def repair(story: Story, user: User | None = None) -> None:
    """Name the outlet that was lost."""
    marks = actions.Marks(source_name="AFP", source_kind=SourceKind.NAMED)
    actions.edit(StoryRelation.objects.get(story=story), marks, user)


def test_the_forms_button_is_stopped_until_the_source_is_named(
    at_desk: Callable[[str], Client], lost: Story, people: dict[str, User]
) -> None:
    client = at_desk("editor")
    policy(dangling="warning")
    page = client.get(reverse(EDIT, args=[lost.pk])).content.decode()
    assert "“reported” has lost its source" in page
    assert "cannot be published" not in page
    policy(dangling="stop")
    assert "cannot be published" in client.get(reverse(EDIT, args=[lost.pk])).content.decode()
    response = sent(client, lost, **{"action-publish": "1"})
    assert not live(lost)
    assert response["Location"] == reverse(EDIT, args=[lost.pk])
    words = said(response)
    assert "was not published. It is kept as a draft." in words
    assert "“reported” has lost its source" in words
    assert "Name the source there, or take the words out." in words
    assert LOST in words
    assert reverse("newsroom_claims", args=[lost.pk]) in str(
        next(iter(get_messages(response.wsgi_request)))
    )
    repair(lost, people["editor"])
    sent(client, lost, **{"action-publish": "1"})
    assert live(lost)


def test_a_warning_is_said_and_stops_nothing(at_desk: Callable[[str], Client], lost: Story) -> None:
    policy(dangling="warning")
    words = said(sent(at_desk("editor"), lost, **{"action-publish": "1"}))
    assert live(lost)
    assert "The checks say of the sources" in words
    assert "“reported” has lost its source" in words
    assert "Stops publication" not in words


def test_a_text_that_nobody_read_is_stopped_and_its_words_are_kept(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    policy(dangling="stop")
    client = at_desk("editor")
    words = said(sent(client, lost, headline="Another headline", **{"action-publish": "1"}))
    assert not live(lost)
    assert "still being read" in words
    assert "try again" in words
    assert Story.objects.get().get_latest_revision_as_object().headline == "Another headline"
    assert StoryReading.objects.get().state == StoryReading.State.WAITING
    # An imported draft that was never read is read now.
    StoryReading.objects.all().delete()
    policy(dangling="stop")
    sent(client, lost, **{"action-publish": "1"})
    assert StoryReading.objects.get().state == StoryReading.State.WAITING
    policy(dangling="warning")
    assert "still being read" in said(sent(client, lost, **{"action-publish": "1"}))
    assert live(lost)


def test_a_new_story_is_kept_and_not_published(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    policy(only_unnamed="stop")
    client = at_desk("editor")
    address = reverse("wagtailsnippets_stories_story:add")
    page = html.fromstring(client.get(address).content)
    form = max(page.forms, key=lambda form: len(form.form_values()))
    values = {
        str(name): value or ""
        for name, value in form.form_values()
        if "__prefix__" not in str(name)
    }
    values |= {"headline": "Brand new", "section": str(lost.section_id), "action-publish": "1"}
    response = client.post(address, {**values, "body-count": "0"})
    made = Story.objects.get(headline="Brand new")
    assert response["Location"] == reverse(EDIT, args=[made.pk])
    assert not made.live
    assert "still being read" in said(response)


def test_a_schedule_is_stopped_when_it_is_made_and_not_when_it_comes_due(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    policy(dangling="stop")
    client = at_desk("editor")
    later = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%d %H:%M}"
    words = said(sent(client, lost, go_live_at=later, **{"action-publish": "1"}))
    assert "was not published" in words
    assert not lost.revisions.filter(approved_go_live_at__isnull=False).exists()
    repair(lost)
    sent(client, lost, go_live_at=later, **{"action-publish": "1"})
    planned = lost.revisions.get(approved_go_live_at__isnull=False)
    # Somebody finds the words wanting again, too late.
    StoryRelation.objects.update(source_kind="missing")
    planned.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    planned.content = {**planned.content, "go_live_at": None}
    planned.save()
    call_command("publish_scheduled")
    assert live(lost)


@pytest.mark.parametrize("window", [False, True])
def test_an_approval_is_stopped_and_the_workflow_goes_on(
    at_desk: Callable[[str], Client], lost: Story, window: bool
) -> None:
    policy(dangling="stop")
    sent(at_desk("reporter"), lost, **{"action-submit": "1"})
    state = Story.objects.get().current_workflow_task_state
    assert state is not None
    action = reverse(
        "wagtailsnippets_stories_story:workflow_action", args=[lost.pk, "approve", state.pk]
    )
    client = at_desk("editor")
    shown = client.get(action, headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert "has lost its source" in shown["html"]
    assert "Stops publication" in shown["html"]
    headers = {"x-requested-with": "XMLHttpRequest"} if window else {}
    response = client.post(action, {"comment": "Fine"}, headers=headers)
    if window:
        assert response.json()["redirect"] == reverse(EDIT, args=[lost.pk])
    else:
        assert response["Location"] == reverse(EDIT, args=[lost.pk])
    assert "has lost its source" in said(response)
    assert not live(lost)
    assert Story.objects.get().current_workflow_task_state == state
    repair(lost)
    client.post(action, {"comment": "Fine"}, headers=headers)
    assert live(lost)


def test_an_approval_with_changes_in_the_form_is_stopped(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    policy(dangling="stop")
    sent(at_desk("reporter"), lost, **{"action-submit": "1"})
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    response = sent(at_desk("editor"), lost, **approve)
    assert "has lost its source" in said(response)
    assert not live(lost)
    assert Story.objects.get().workflow_in_progress
    repair(lost)
    sent(at_desk("editor"), lost, **approve)
    assert live(lost)


def test_the_newsrooms_own_verb_is_stopped(people: dict[str, User], lost: Story) -> None:
    policy(dangling="stop")
    with pytest.raises(StoppedByChecks) as stopped:
        publish(lost, user=people["editor"])
    assert "“reported” has lost its source" in stopped.value.messages[0]
    assert not live(lost)
    # Whoever calls it without a user answers for it.
    publish(lost)
    assert live(lost)


def test_a_newer_version_of_a_live_story_is_stopped(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    publish(lost)
    policy(dangling="stop")
    response = sent(at_desk("editor"), lost, slugline="ROAD", **{"action-publish": "1"})
    assert "was not published" in said(response)
    assert Story.objects.get().slugline == ""
    assert Story.objects.get().has_unpublished_changes


def test_an_embargo_takes_a_story_away_whatever_the_checks_say(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    publish(lost)
    policy(dangling="stop")
    until = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%d %H:%M}"
    sent(at_desk("editor"), lost, embargo_until=until, **{"action-publish": "1"})
    assert not live(lost)


def test_the_verb_that_embargoes_is_not_held_up(people: dict[str, User], lost: Story) -> None:
    publish(lost)
    policy(dangling="stop")
    until = timezone.now() + timedelta(days=2)
    embargo(Story.objects.get(), until, user=people["editor"])
    assert not live(lost)
    assert lost.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_an_import_is_not_stopped(people: dict[str, User]) -> None:
    policy(dangling="stop")
    adopted = adopt(item(), New(), terms=Terms(publish=True))
    assert Story.objects.get(pk=adopted.news_id).live
    # A person who adopts and publishes in one keeps the draft, and is told.
    other = item(guid="another", headline="Another", news_id=None)
    by_hand = adopt(other, New(), terms=Terms(publish=True, user=people["editor"]))
    assert not Story.objects.get(pk=by_hand.news_id).live
    assert "still being read" in " ".join(by_hand.remarks)


def test_the_form_asks_for_the_findings_again(
    at_desk: Callable[[str], Client], lost: Story
) -> None:
    address = reverse("newsroom_checks", args=[lost.pk])
    policy(dangling="stop")
    words = at_desk("reporter").get(address).content.decode()
    assert "has lost its source" in words
    assert 'data-waiting="false"' in words
    policy()
    assert "The checks found nothing." in at_desk("reporter").get(address).content.decode()
    assert at_desk("moderator").get(address).status_code != 200
    assert at_desk("reporter").get(reverse("newsroom_checks", args=[99])).status_code == 404
