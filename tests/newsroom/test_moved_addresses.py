"""A new slug: the old address leads to the new one, for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from broadsheet.accounts.models import Byline
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.stories.models import Section, StandingPage, Topic

pytestmark = pytest.mark.django_db


def leads(client: Client, path: str) -> str:
    """Return where ``path`` leads for good, or its status."""
    answer = client.get(path)
    return str(answer["Location"]) if answer.status_code == 301 else str(answer.status_code)


def rename(thing: Any, slug: str) -> None:
    """Give ``thing`` another slug, in a fresh instance as a request has it."""
    fresh = type(thing)._default_manager.get(pk=thing.pk)
    fresh.slug = slug
    fresh.save()


def standing_page(slug: str, **fields: Any) -> StandingPage:
    page = StandingPage(title=slug.title(), slug=slug, **fields)
    Page.objects.get(depth=2).add_child(instance=page)
    if page.live:
        page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_a_section_takes_its_fronts_and_feeds_along(
    at_desk: Callable[[str], Client], client: Client, section: Section
) -> None:
    PressedFile.objects.create(
        address="/section/world/",
        kind="section",
        key="en/world",
        sha256="",
        size=1,
        seconds=0,
        pressed_at=timezone.now(),
    )
    PressOrder.objects.all().delete()
    edit = reverse("wagtailsnippets_stories_section:edit", args=[section.pk])
    form = {"name": "World", "slug": "abroad", "position": 0, "names-TOTAL_FORMS": 0}
    answer = at_desk("administrator").post(edit, {**form, "names-INITIAL_FORMS": 0})
    assert answer.status_code == 302
    assert leads(client, "/section/world/") == "/section/abroad/"
    assert leads(client, "/section/world/?from=mail") == "/section/abroad/"
    assert leads(client, "/fa/section/world/") == "/fa/section/abroad/"
    for suffix in ("rss", "atom", "json"):
        assert leads(client, f"/feeds/world.{suffix}") == f"/feeds/abroad.{suffix}"
    # The file at the old address would be in the redirect's way.
    now = PressOrder.objects.filter(priority=0, kind="section").values_list("key", flat=True)
    assert {"en/world", "en/abroad"} <= set(now)


@pytest.mark.parametrize(
    ("model", "path"),
    [(Topic, "/topic/{}/"), (Topic, "/feeds/topic/{}.atom"), (Byline, "/by/{}/")],
)
def test_a_chain_of_names_is_one_step(client: Client, model: Any, path: str) -> None:
    thing = model.objects.create(name="Sea", slug="sea")
    rename(thing, "ocean")
    rename(thing, "اقیانوس")
    assert leads(client, path.format("sea")) == leads(client, path.format("ocean"))
    assert unquote(leads(client, path.format("sea"))) == path.format("اقیانوس")
    # Letters of any script are found by their encoded address.
    rename(thing, "sea")
    assert leads(client, path.format("اقیانوس")) == path.format("sea")
    assert leads(client, path.format("ocean")) == path.format("sea")
    assert leads(client, path.format("sea")) == "404"


def test_an_address_that_something_new_takes_leads_nowhere_else(client: Client) -> None:
    thing = Topic.objects.create(name="Sea", slug="sea")
    rename(thing, "ocean")
    Topic.objects.create(name="Another sea", slug="sea")
    assert leads(client, "/topic/sea/") == "404"
    assert not Redirect.objects.exists()


def test_what_is_saved_otherwise_or_not_at_all_moves_nothing() -> None:
    thing = Topic.objects.create(name="Sea", slug="sea")
    thing.name = "The sea"
    thing.save()
    thing.slug = "ocean"
    thing.save(update_fields=["name"])
    with transaction.atomic():
        thing.save()
        assert Redirect.objects.exists()
        transaction.set_rollback(True)
    assert not Redirect.objects.exists()


def test_a_redirect_to_what_is_deleted_ends(client: Client) -> None:
    thing = Topic.objects.create(name="Sea", slug="sea")
    rename(thing, "ocean")
    Redirect.add_redirect("/by-hand/", "/topic/ocean/")
    Topic.objects.get().delete()
    assert [redirect.old_path for redirect in Redirect.objects.all()] == ["/by-hand"]


def test_a_standing_page_moves_once_readers_have_seen_it(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    draft = standing_page("imprint", live=False)
    page = standing_page("about")
    with django_capture_on_commit_callbacks(execute=True):
        rename(draft, "contact")
        rename(page, "about-us")
    (redirect,) = Redirect.objects.all()
    assert (redirect.old_path, redirect.link) == ("/about", "/about-us/")
    # A draft at the old address does not end it, its publication does.
    again = standing_page("about", live=False)
    assert leads(client, "/about/") == "/about-us/"
    again.save_revision().publish()
    assert not Redirect.objects.exists()
