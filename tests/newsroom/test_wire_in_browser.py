"""From the wire to a story in a real browser: take, look, combine and adopt, and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from newsroom.served import enter, is_accessible, run_in, served

pytestmark = [pytest.mark.browser, pytest.mark.flow]

_FURNISH = """
from datetime import timedelta
from django.utils import timezone
from broadsheet.wire.items import WirePhoto
from broadsheet.wire.models import Channel
from newsroom.wire_at_desk import BRIDGE, CHOIR, FERRY, enter
coast = Channel.objects.create(name="Coast", address="https://wire.example/feed")
coast.went_wrong("The server does not answer.", {}, pause=timedelta(hours=1))
boat = WirePhoto("A boat", "Jo Blum", url="https://pictures.example/boat.jpg")
enter("urn:1", FERRY, headline="Ferry, first version", version="1", channel=coast)
enter("urn:1", FERRY + " No ship is to be had.", version="2", channel=coast, urgency=2,
      ed_note="Adds the ship.", photos=(boat,))
enter("urn:2", CHOIR, headline="A hall opens", agencies=("Inland News",), section="Culture")
enter("urn:3", BRIDGE, headline="A bridge closes", hold="For planning only.")
enter("urn:4", "آب در سه شهر کم است.", headline="آب کم است", language="fa",
      embargoed=timezone.now() + timedelta(hours=3))
"""
_LATER = """
import django
django.setup()
from newsroom.wire_at_desk import enter
enter("urn:9", "A whale has swum up the river as far as the mill.", headline="A whale")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the paper is."""
    return tmp_path_factory.mktemp("wire")


@pytest.fixture(scope="module")
def newsroom(new_home: Path, folder: Path) -> Iterator[str]:
    """Serve a paper with items in its queue, and return its address."""
    with served(new_home, folder, _FURNISH) as address:
        yield address


def test_from_the_wire_to_a_story(chromium: Browser, newsroom: str, folder: Path) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page = enter(chromium, newsroom, "editor", complaints)
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Wire", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(5)
    is_accessible(page)

    # What comes in meanwhile is told, and stands there once it is asked for.
    run_in(folder, _LATER)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("button", name="1 new item").click()
    whale = page.get_by_role("link", name="A whale")
    expect(whale).to_be_focused()
    expect(page.get_by_role("row")).to_have_count(6)

    # By keys: down to the bridge and choose it; then the hall.
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="A bridge closes")).to_be_focused()
    page.get_by_role("checkbox", name="A hall opens").check()
    page.get_by_role("button", name="Take").click()
    expect(page.get_by_text("1 item is yours.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="A hall opens")).to_contain_text("editor")

    # A look at an item: its versions, and nothing from elsewhere.
    page.get_by_role("link", name="No ferry on Sundays").click()
    expect(page.get_by_text("Adds the ship.").first).to_be_visible()
    expect(page.locator(".wire-diff ins").last).to_contain_text("No ship is to be had.")
    is_accessible(page)
    assert [url for url in asked if not url.startswith((newsroom, "data:", "blob:"))] == []

    # Two of them become one story.
    page.get_by_role("link", name="Wire", exact=True).click()
    page.get_by_role("checkbox", name="A hall opens").check()
    page.get_by_role("checkbox", name="No ferry on Sundays").check()
    page.get_by_role("button", name="Combine").click()
    expect(page.get_by_role("button", name="Combine into one draft")).to_be_visible()
    is_accessible(page)
    page.get_by_role("radio", name=re.compile("A hall opens")).check()
    page.get_by_label("Section").select_option(label="World")
    page.get_by_role("button", name="Combine into one draft").click()
    expect(page).to_have_url(re.compile("/newsroom/stories/edit/1/"))
    expect(page.locator("[name=headline]")).to_have_value("A hall opens")
    expect(page.locator("[name=body-1-value]")).to_have_value("Coast Press")

    # Another is adopted and published at once; what is held has no button for that.
    page.goto(f"{newsroom}/newsroom/wire/")
    expect(page.get_by_role("row")).to_have_count(4)
    page.get_by_role("link", name="A bridge closes").click()
    expect(page.get_by_role("button", name="Adopt and publish")).to_have_count(0)
    page.go_back()
    page.get_by_role("link", name="A whale").click()
    page.get_by_label("Section").select_option(label="World")
    page.get_by_role("button", name="Adopt and publish").click()
    expect(page).to_have_url(re.compile("/newsroom/stories/edit/2/"))
    page.goto(f"{newsroom}/newsroom/stories/")
    expect(page.get_by_role("row").filter(has_text="A whale")).to_contain_text("live")
    assert complaints == []


def test_channels_are_looked_after(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    page = enter(chromium, newsroom, "editor", complaints)
    expect(page.get_by_text("Channels that bring no copy")).to_be_visible()
    page.goto(f"{newsroom}/newsroom/channels/")
    expect(page.get_by_text("The last look failed.")).to_be_visible()
    is_accessible(page)
    # Wide enough for a name such as "Northlight" on one line.
    assert page.locator("td.title").first.evaluate("cell => cell.clientWidth") > 140
    page.get_by_role("link", name="Coast", exact=True).click()
    expect(page.get_by_role("button", name="Look now")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_text("is looked at within a minute")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_label("Address")).to_have_value("https://wire.example/feed")
    assert complaints == []


def test_without_scripts_the_queue_works(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    signed_in = enter(chromium, newsroom, "reporter", complaints).context
    plain = chromium.new_context(
        java_script_enabled=False, storage_state=signed_in.storage_state()
    ).new_page()
    plain.set_default_timeout(60_000)
    plain.goto(f"{newsroom}/newsroom/wire/?q=آب")
    expect(plain.get_by_role("row")).to_have_count(2)
    headline = plain.get_by_role("link", name="آب کم است")
    assert headline.get_attribute("dir") == "rtl"
    plain.get_by_role("checkbox", name="آب کم است").check()
    plain.get_by_role("button", name="Take").click()
    expect(plain.get_by_role("row").last).to_contain_text("reporter")
    plain.get_by_role("link", name="Look for new items").click()
    expect(plain.get_by_role("row").last).to_contain_text("Embargo until")
