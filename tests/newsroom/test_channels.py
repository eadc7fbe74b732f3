"""Channels in the newsroom: how they are, who may change them, and looking at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from broadsheet.newsroom.wire_desk.channels import health
from broadsheet.stories.models import Agency
from broadsheet.wire.models import Channel

pytestmark = pytest.mark.django_db

LIST = "/newsroom/channels/"


def a_channel(**values: Any) -> Channel:
    fields = {"name": "Coast", "address": "https://wire.example/feed", **values}
    return Channel.objects.create(**fields)


def test_each_state_is_said_in_a_sentence() -> None:
    now = timezone.now()
    channel = a_channel()
    assert health(channel) == "Nobody has looked there yet."
    channel.last_polled_at = now
    channel.went_well({}, items=0)
    assert health(channel) == "It answers, but no copy has come yet."
    channel.went_well({}, items=3)
    assert health(channel) == "All is well."
    channel.went_wrong("The server does not answer.", {}, pause=timedelta(hours=1))
    assert health(channel).startswith("The last look failed. No copy since ")
    channel.went_wrong("The server does not answer.", {}, pause=timedelta(hours=1))
    assert health(channel).startswith("The last 2 looks failed. No copy since ")
    channel.went_well({}, items=0)
    channel.next_poll_at = now - timedelta(hours=2)
    assert "is the worker running?" in health(channel)
    channel.is_active = False
    assert health(channel) == "It is not watched."
    channel.went_wrong("Gone.", {}, pause=timedelta(hours=1), for_good=True)
    assert health(channel) == "It is not watched any more: it cannot be read."


def test_the_list_and_the_page_say_what_is_wrong(at_desk: Callable[[str], Client]) -> None:
    channel = a_channel(agency=Agency.objects.create(name="Coast Press", slug="coast"))
    channel.note("One <item> could not be read.", origin="https://wire.example/7")
    channel.went_wrong("The server does not answer.", {}, pause=timedelta(hours=1))
    client = at_desk("editor")
    listed = client.get(LIST).content.decode()
    assert "The last look failed. No copy has ever come." in listed
    assert "The server does not answer." in listed
    page = client.get(f"{LIST}inspect/{channel.pk}/").content.decode()
    assert "One &lt;item&gt; could not be read." in page
    assert "https://wire.example/7" in page
    home = client.get("/newsroom/").content.decode()
    assert "Channels that bring no copy" in home
    home = at_desk("reporter").get("/newsroom/").content.decode()
    assert "Channels that bring no copy" not in home


def test_who_may_see_and_change_channels(at_desk: Callable[[str], Client]) -> None:
    channel = a_channel()
    for role, may in (("editor", True), ("administrator", True), ("reporter", False)):
        client = at_desk(role)
        for page in ("", "add/", f"edit/{channel.pk}/", f"inspect/{channel.pk}/"):
            assert (client.get(LIST + page).status_code == 200) is may, (role, page)


def test_a_channel_is_written_down_in_its_form(at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")
    values = {
        "name": "Coast",
        "kind": "feed",
        "address": "ftp://wire.example/",
        "username": "",
        "secret_name": "COAST",
        "every_minutes": "10",
        "is_active": "on",
        "agency": "",
        "section": "",
        "language": "",
        "adoption": "draft",
    }
    refused = client.post(f"{LIST}add/", values).content.decode()
    assert "An address of this kind begins with" in refused
    saved = client.post(f"{LIST}add/", {**values, "address": "https://wire.example/"})
    assert saved.status_code == 302
    channel = Channel.objects.get()
    assert (channel.language, channel.adoption, channel.every_minutes) == ("", "draft", 10)
    assert channel in Channel.objects.due()


def test_looking_at_once(at_desk: Callable[[str], Client]) -> None:
    channel = a_channel(next_poll_at=timezone.now() + timedelta(hours=5))
    look = reverse("newsroom_wire_look", args=[channel.pk])
    at_desk("reporter").post(look)
    assert not Channel.objects.due().exists()
    client = at_desk("editor")
    assert client.get(look).status_code == 405
    assert "is looked at within a minute" in client.post(look, follow=True).content.decode()
    assert Channel.objects.due().get() == channel
    assert ModelLogEntry.objects.filter(action="wire.channel.look").count() == 1
    Channel.objects.update(is_active=False)
    assert "is not watched" in client.post(look, follow=True).content.decode()


def test_what_an_agency_s_contract_allows_is_written_down(at_desk: Callable[[str], Client]) -> None:
    agency = Agency.objects.create(name="Coast Press", slug="coast")
    address = reverse("wagtailsnippets_stories_agency:edit", args=[agency.pk])
    client = at_desk("editor")
    assert 'name="rights"' in client.get(address).content.decode()
    client.post(
        address,
        {"name": "Coast Press", "slug": "coast", "credit_line": "", "rights": "Print only"},
    )
    assert Agency.objects.get().rights == "Print only"
