"""A story's way from a reporter's first word to the readers, in a real browser."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from newsroom.served import enter, served

pytestmark = [pytest.mark.browser, pytest.mark.flow]


@pytest.fixture(scope="module")
def newsroom(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a fresh paper with a reporter and an editor, and return its address."""
    with served(new_home, tmp_path_factory.mktemp("newsroom")) as address:
        yield address


def _more_actions(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()


def test_write_preview_submit_approve(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    desk = enter(chromium, newsroom, "reporter", complaints)
    desk.get_by_role("link", name="Write a story").click()
    desk.wait_for_load_state("networkidle")
    desk.locator("[name=headline]").fill("Harbour opens after the storm")
    desk.locator("[name=section]").select_option(label="World")
    # Saved by itself once a field is left: the address of the form becomes the story's. What
    # is typed before the page's scripts stand is noticed with the next change.
    for turn in range(20):
        desk.locator("[name=lead]").fill(f"Ferries sail again in {turn} days.")
        desk.keyboard.press("Tab")
        desk.wait_for_timeout(2000)
        if "/edit/" in desk.url:
            break
    expect(desk).to_have_url(re.compile("/newsroom/stories/edit/1/"))
    desk.locator("#panel-child-write-body-section [title='Insert a block']").first.click()
    desk.get_by_role("option", name="Paragraph").click()
    paragraph = desk.locator("#panel-child-write-body-section [contenteditable=true]").first
    # What is typed before the editor stands is lost, as above.
    expect(paragraph).to_be_editable()
    for _ in range(10):
        paragraph.click()
        paragraph.press_sequentially("The harbour was closed for two days.")
        desk.wait_for_timeout(500)
        if "The harbour was closed for two days." in paragraph.inner_text():
            break
    desk.get_by_role("button", name="Toggle preview").click()
    preview = desk.frame_locator("#w-preview-iframe, iframe[title=Preview]").first
    expect(preview.get_by_role("heading", level=1)).to_have_text("Harbour opens after the storm")
    closed = preview.get_by_text("The harbour was closed for two days.")
    expect(closed).to_be_visible(timeout=30_000)
    _more_actions(desk)
    expect(desk.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    desk.get_by_role("button", name="Submit to Reporter to editor").click()
    expect(desk.get_by_text("has been submitted for moderation")).to_be_visible()

    editor = enter(chromium, newsroom, "editor", complaints)
    expect(editor.get_by_text("Awaiting your review")).to_be_visible()
    editor.goto(f"{newsroom}/newsroom/stories/edit/1/")
    _more_actions(editor)
    editor.get_by_role("button", name="Approve and Publish", exact=True).click()
    editor.wait_for_url("**/newsroom/stories/")
    row = editor.get_by_role("row").filter(has_text="Harbour opens after the storm")
    expect(row).to_contain_text("live")
    editor.goto(f"{newsroom}/newsroom/")
    expect(editor.get_by_text("Just published")).to_be_visible()

    editor.goto(f"{newsroom}/newsroom/stories/unpublish/1/")
    editor.get_by_role("button", name="Yes, unpublish it").click()
    editor.goto(f"{newsroom}/newsroom/stories/?status=draft")
    expect(editor.get_by_text("Harbour opens after the storm").first).to_be_visible()
    assert complaints == []


def test_saved_is_said_of_what_is_saved(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    desk = enter(chromium, newsroom, "reporter", complaints)
    desk.get_by_role("link", name="Write a story").click()
    desk.wait_for_load_state("networkidle")
    # Wagtail looks for changes from two seconds after it has started.
    desk.wait_for_timeout(2500)
    desk.locator("[name=section]").select_option(label="World")
    headline = desk.locator("[name=headline]")
    saved = desk.locator("#w-autosave-indicator").get_by_text("Saved")
    # On a busy machine it starts later than that, and takes what stands there for saved.
    for words in ("Ferry", "Ferries"):
        headline.fill(words)
        with contextlib.suppress(AssertionError):
            expect(saved).to_be_visible(timeout=12_000)
            break
    headline.fill("Ferries")
    expect(saved).to_be_visible()
    for letter in " sail again":
        # Faster than Wagtail waits for.
        headline.press_sequentially(letter)
        expect(saved).to_be_hidden(timeout=1000)
        desk.wait_for_timeout(300)
    expect(saved).to_be_visible(timeout=30_000)
    assert complaints == []
