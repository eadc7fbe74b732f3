"""Each role, through real requests: what it may see and do, and what it may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from broadsheet.newsroom.models import SeededThing
from broadsheet.newsroom.seeding import seed
from broadsheet.stories.models import Front, Section, StandingPage, Story

pytestmark = pytest.mark.django_db

R, E, M, A = "reporter", "editor", "moderator", "administrator"
# Address name, what it needs in the address, and who may open it.
PAGES: list[tuple[str, str, set[str]]] = [
    ("wagtailadmin_home", "", {R, E, M, A}),
    ("wagtailadmin_account", "", {R, E, M, A}),
    ("wagtailsnippets_stories_story:list", "", {R, E, A}),
    ("wagtailsnippets_stories_story:add", "", {R, E, A}),
    ("wagtailsnippets_stories_story:edit", "story", {R, E, A}),
    ("wagtailsnippets_stories_story:history", "story", {R, E, A}),
    ("wagtailsnippets_stories_story:copy", "story", {R, E, A}),
    ("wagtailsnippetchoosers_stories_story:choose", "", {R, E, A}),
    ("wagtailsnippetchoosers_stories_story:choose_results", "", {R, E, A}),
    ("wagtailsnippetchoosers_stories_story:chosen", "story", {R, E, A}),
    ("wagtailsnippetchoosers_stories_story:chosen_multiple", "", {R, E, A}),
    ("wagtailsnippetchoosers_letters_letter:choose", "", {M, A}),
    ("wagtailsnippetchoosers_letters_ban:choose_results", "", {M, A}),
    ("wagtailsnippets_stories_story:delete", "story", {E, A}),
    ("wagtailsnippets_stories_story:unpublish", "story", {E, A}),
    ("wagtailsnippets_stories_front:list", "", {E, A}),
    ("wagtailsnippets_stories_front:add", "", {E, A}),
    ("wagtailsnippets_stories_front:edit", "front", {E, A}),
    ("wagtailsnippets_stories_topic:add", "", {E, A}),
    ("wagtailsnippets_stories_agency:add", "", {E, A}),
    ("wagtailsnippets_accounts_byline:add", "", {E, A}),
    ("newsroom_wire", "", {R, E, A}),
    ("newsroom_wire_combine", "", {R, E, A}),
    ("wagtailsnippets_wire_channel:list", "", {E, A}),
    ("wagtailsnippets_wire_channel:add", "", {E, A}),
    ("wagtailsnippets_stories_section:list", "", {A}),
    ("wagtailsnippets_stories_section:add", "", {A}),
    ("wagtailimages:index", "", {R, E, A}),
    ("wagtailimages:add", "", {R, E, A}),
    ("wagtailimages:add_multiple", "", {R, E, A}),
    ("wagtailredirects:index", "", {E, A}),
    ("wagtailadmin_pages:edit", "page", {E, A}),
    ("wagtailsettings:edit", "paper", {A}),
    ("wagtailusers_users:index", "", {A}),
    ("wagtailusers_users:add", "", {A}),
    ("wagtailusers_groups:index", "", {A}),
    ("wagtailadmin_workflows:index", "", {A}),
]


@pytest.fixture
def things(section: Section) -> dict[str, list[object]]:
    story = Story.objects.create(headline="One", section=section, live=False)
    story.save_revision().publish()
    page = Page.objects.get(depth=2).add_child(instance=StandingPage(title="About", slug="about"))
    front = Front.objects.create(language="en")
    return {
        "": [],
        "story": [story.pk],
        "front": [front.pk],
        "page": [page.pk],
        "paper": ["stories", "paper"],
    }


@pytest.mark.parametrize("role", [R, E, M, A])
def test_who_may_open_what(
    role: str, at_desk: Callable[[str], Client], things: dict[str, list[object]]
) -> None:
    client = at_desk(role)
    opened = set()
    for name, needs, _ in PAGES:
        response = client.get(reverse(name, args=things[needs]), follow=True)
        # Wagtail sends those who may not to its first page; some pages lead to another first.
        where = response.redirect_chain[-1][0] if response.redirect_chain else ""
        if response.status_code == 200 and where != reverse("wagtailadmin_home"):
            opened.add(name)
    assert opened == {name for name, _, roles in PAGES if role in roles}


def _form(story: Story, **changes: str) -> dict[str, str]:
    empty: dict[str, str] = {}
    for prefix in ("photos", "bylines", "agencies"):
        empty |= {
            f"{prefix}-TOTAL_FORMS": "0",
            f"{prefix}-INITIAL_FORMS": "0",
            f"{prefix}-MIN_NUM_FORMS": "0",
            f"{prefix}-MAX_NUM_FORMS": "1000",
        }
    return {
        "headline": story.headline,
        "section": str(story.section_id),
        "language": story.language,
        "lead": "",
        "body-count": "0",
        "slugline": "",
        "dateline": "",
        "comments_open": "on",
        **empty,
        **changes,
    }


@pytest.mark.parametrize(("role", "published"), [(R, False), (M, False), (E, True), (A, True)])
def test_who_may_publish(
    role: str, published: bool, at_desk: Callable[[str], Client], section: Section
) -> None:
    story = Story.objects.create(headline="One", section=section, live=False)
    story.save_revision()
    address = reverse("wagtailsnippets_stories_story:edit", args=[story.pk])
    at_desk(role).post(address, _form(story, **{"action-publish": "1"}))
    assert Story.objects.get().live is published


def test_a_reporter_submits_and_an_editor_approves(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    story = Story.objects.create(headline="One", section=section, live=False)
    story.save_revision()
    address = reverse("wagtailsnippets_stories_story:edit", args=[story.pk])
    at_desk(R).post(address, _form(story, **{"action-submit": "1"}))
    story = Story.objects.get()
    assert story.current_workflow_state is not None
    assert not story.live
    for role, live in ((R, False), (E, True)):
        state = Story.objects.get().current_workflow_task_state
        action = reverse(
            "wagtailsnippets_stories_story:workflow_action", args=[story.pk, "approve", state.pk]
        )
        at_desk(role).post(action)
        assert Story.objects.get().live is live


def test_an_embargo_is_lifted_by_an_editor_only(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    end = timezone.now() + timedelta(hours=5)
    story = Story.objects.create(headline="One", section=section, live=False, embargo_until=end)
    story.save_revision()
    address = reverse("wagtailsnippets_stories_story:edit", args=[story.pk])
    response = at_desk(R).post(address, _form(story, embargo_until=""))
    assert "Only an editor may lift or shorten an embargo" in response.content.decode()
    assert Story.objects.get().embargo_until == end
    at_desk(E).post(address, _form(story, embargo_until=""))
    assert Story.objects.get().embargo_until is None


def test_a_published_story_cannot_be_deleted(
    at_desk: Callable[[str], Client], section: Section
) -> None:
    story = Story.objects.create(headline="One", section=section, live=False)
    story.save_revision().publish()
    address = reverse("wagtailsnippets_stories_story:delete", args=[story.pk])
    at_desk(E).post(address)
    assert Story.objects.filter(pk=story.pk).exists()


def test_nobody_outside_gets_in(client: Client) -> None:
    response = client.get("/newsroom/")
    assert response.status_code == 302
    assert response["Location"].startswith("/newsroom/login/")


def test_what_an_administrator_changed_stays_changed() -> None:
    editors = Group.objects.get(name="Editors")
    taken = Permission.objects.get(codename="delete_story")
    given = Permission.objects.get(codename="change_paper")
    editors.permissions.remove(taken)
    editors.permissions.add(given)
    before = SeededThing.objects.count()
    seed()
    call_command("migrate", verbosity=0)
    assert taken not in editors.permissions.all()
    assert given in editors.permissions.all()
    assert SeededThing.objects.count() == before
