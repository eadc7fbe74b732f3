"""Deciding who stands behind a story, by keyboard and by selecting words, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from newsroom.claims_at_desk import CLAIMS
from newsroom.claims_page import ClaimsPage
from newsroom.served import enter, is_accessible, run_in, served

pytestmark = [pytest.mark.browser, pytest.mark.flow]

BY_KEYBOARD, BY_SELECTING, PERSIAN, UNREAD, PLAIN = 1, 2, 3, 4, 5
_FURNISH = """
from attribution.stories_at_desk import make_story, suggest
from newsroom.claims_at_desk import story_with_claims
story_with_claims()
story_with_claims()
persian = make_story(
    "وزیر نیرو روز شنبه گفت که سه شهر دیگر به شبکه وصل می‌شوند.",
    "به گزارش ایرنا، به نقل از اهالی، جاده بسته است.",
    headline="آب کم است",
    language="fa",
)
suggest(
    persian,
    ("وزیر نیرو", "گفت", "که سه شهر دیگر به شبکه وصل می‌شوند"),
    ("ایرنا", "به گزارش", "جاده بسته است", ["اهالی", "ایرنا"]),
)
make_story("A clerk said the keys had been lost.")
story_with_claims()
"""
_READ = """
import django
django.setup()
from broadsheet.attribution import duties
while duties.read_waiting():
    pass
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the paper is."""
    return tmp_path_factory.mktemp("claims")


@pytest.fixture(scope="module")
def newsroom(new_home: Path, folder: Path) -> Iterator[str]:
    """Serve a paper with stories and suggestions for them, and return its address."""
    with served(new_home, folder, _FURNISH) as address:
        yield address


def test_twelve_paragraphs_take_a_handful_of_keys(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    desk = ClaimsPage(enter(chromium, newsroom, "editor", complaints), newsroom, BY_KEYBOARD)
    page = desk.page
    is_accessible(page)
    desk.is_at(1)
    desk.press("Shift+A")
    desk.hears("9 claims confirmed.")
    desk.is_at(4)
    # The text shows which claim is meant.
    expect(page.locator("#claims-text .now-content")).to_have_text("The ferry")
    desk.press("Enter")
    desk.hears("Claim 4 confirmed.")
    desk.is_at(8)
    desk.press("x")
    desk.hears("Claim 8 rejected.")
    desk.is_at(9)
    desk.press("c")
    desk.hears("Claim 9 confirmed.")
    desk.press("m")
    expect(page.locator("#claims-head")).to_contain_text("Reviewed by editor")
    assert desk.presses <= len(CLAIMS) // 2
    expect(page.locator(".claims-counts")).to_contain_text("11 confirmed")
    # Without the bold stroke it would be one key a claim, and one for the review.
    desk.press("u")
    desk.hears("Claim 9 is a suggestion again.")
    desk.press("k")
    desk.is_at(8)
    desk.press("u")
    desk.hears("Claim 8 is a suggestion again.")
    desk.press("ArrowDown")
    desk.is_at(9)
    desk.press("?")
    expect(page.get_by_role("heading", name="Deciding by keyboard")).to_be_visible()
    desk.press("c")
    desk.press("Escape")
    expect(page.locator("#claim-9")).to_have_attribute("data-status", "suggested")
    # Keys can be switched off, and stay so.
    page.get_by_label("Keys", exact=True).uncheck()
    page.locator("#claim-9 blockquote").click()
    page.keyboard.press("c")
    page.reload()
    expect(page.get_by_label("Keys", exact=True)).not_to_be_checked()
    expect(page.locator("#claim-9")).to_have_attribute("data-status", "suggested")
    is_accessible(page)
    assert complaints == []


def test_words_are_marked_by_selecting_them(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    desk = ClaimsPage(enter(chromium, newsroom, "reporter", complaints), newsroom, BY_SELECTING)
    page = desk.page
    for _ in range(4):
        desk.press("j")
    desk.is_at(5)
    desk.press("e")
    expect(page.locator("#claim-form")).to_be_visible()
    is_accessible(page)
    desk.select("We saw nothing")
    desk.press("t")
    desk.select("Ana Lima of the harbour office")
    desk.press("s")
    expect(page.locator("#id_content_words")).to_have_value("We saw nothing")
    expect(page.locator("#id_source_name")).to_have_value("Ana Lima of the harbour office")
    # A key in a field is a letter.
    page.locator("#id_said").fill("2026-03-1")
    page.locator("#id_said").press("2")
    page.get_by_role("button", name="Add a hop").click()
    page.keyboard.type("the night watch")
    page.keyboard.press("Control+Enter")
    desk.hears("Claim 5 is kept as you marked it.")
    card = page.locator("#claim-5")
    expect(card).to_have_attribute("data-status", "edited")
    expect(card.locator(".claim-chain")).to_contain_text("the night watch")
    expect(card).to_contain_text("2026-03-12")
    expect(page.locator("#claims-text .now-content")).to_have_text("We saw nothing")

    # A claim in two parts, the second marked without opening the form first.
    desk.press("k")
    desk.is_at(4)
    desk.select("sails again")
    desk.press("Shift+T")
    expect(page.locator("#id_content_words")).to_have_value("The ferry\nsails again")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#claim-4 blockquote")).to_have_text("The ferry … sails again")
    assert complaints == []


def test_what_was_not_found_is_added_by_hand(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    desk = ClaimsPage(enter(chromium, newsroom, "reporter", complaints), newsroom, BY_SELECTING)
    page = desk.page
    desk.select("did not answer questions")
    desk.press("a")
    expect(page.locator("#id_content_words")).to_have_value("did not answer questions")
    desk.select("did not answer")
    desk.press("q")
    page.locator("#id_source_words").fill("nobody at all")
    page.keyboard.press("Control+Enter")
    errors = page.locator("#claim-errors")
    expect(errors).to_contain_text("“nobody at all” does not stand in the text.")
    expect(errors).to_be_focused()
    is_accessible(page)
    desk.select("The owner did")
    desk.press("s")
    desk.select("The owner")
    page.get_by_role("button", name="Source", exact=False).first.click()
    expect(page.locator("#id_source_words")).to_have_value("The owner")
    page.keyboard.press("Control+Enter")
    desk.hears("Claim 13 was added.")
    expect(page.locator("#claim-13")).to_contain_text("added by hand")

    # What was marked and not kept is asked about before it goes.
    desk.press("e")
    expect(page.locator("#claim-form")).to_be_visible()
    page.locator("#id_happened").fill("2026")
    page.keyboard.press("Escape")
    expect(page.locator("#claims-said")).to_contain_text("is not kept yet")
    page.keyboard.press("Escape")
    expect(page.locator("#claim-form")).to_have_count(0)
    desk.is_at(13)
    assert complaints == []


def test_a_persian_story_runs_from_right_to_left(chromium: Browser, newsroom: str) -> None:
    complaints: list[str] = []
    desk = ClaimsPage(enter(chromium, newsroom, "editor", complaints), newsroom, PERSIAN)
    page = desk.page
    text = page.locator("#claims-text")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text).to_have_attribute("lang", "fa")
    is_accessible(page)
    desk.press("j")
    desk.press("e")
    expect(page.locator("#claim-form")).to_be_visible()
    desk.select("به نقل از")
    desk.press("q")
    expect(page.locator("#id_cue_words")).to_have_value("به نقل از")
    page.keyboard.press("Control+Enter")
    desk.hears("Claim 2 is kept as you marked it.")
    expect(page.locator("#claims-text .now-cue")).to_have_text("به نقل از")
    expect(page.locator("#claim-2 .claim-content")).to_have_css("direction", "rtl")
    # On a Persian keyboard the keys at the places of K and C write other letters.
    for letter, place in (("ن", "KeyK"), ("ز", "KeyC")):
        page.evaluate(
            "([key, code]) => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {key, code, bubbles: true}))",
            [letter, place],
        )
    desk.hears("Claim 1 confirmed.")
    is_accessible(page)
    assert complaints == []


def test_suggestions_appear_when_the_text_was_read(
    chromium: Browser, newsroom: str, folder: Path
) -> None:
    complaints: list[str] = []
    page = enter(chromium, newsroom, "editor", complaints)
    page.goto(f"{newsroom}/newsroom/stories/edit/{UNREAD}/")
    panel = page.locator(".claims-summary-panel")
    checks = page.locator(".checks-panel")
    expect(panel).to_contain_text("waits to be read")
    expect(checks).to_contain_text("still being read")
    there = page.context.new_page()
    there.goto(f"{newsroom}/newsroom/stories/sources/{UNREAD}/")
    expect(there.locator("#claims-head")).to_contain_text("waits to be read, and no worker runs")
    run_in(folder, _READ)
    # A page that nobody looks at asks when it is looked at.
    page.bring_to_front()
    expect(panel).to_contain_text("1 suggested", timeout=60_000)
    expect(panel).to_contain_text("A clerk: the keys had been lost")
    expect(checks).not_to_contain_text("still being read")
    there.bring_to_front()
    expect(there.locator("#claim-1")).to_contain_text("A clerk", timeout=60_000)
    expect(there.locator("#claims-head")).not_to_contain_text("waits")
    assert complaints == []


def test_everything_works_without_a_script(chromium: Browser, newsroom: str) -> None:
    state = enter(chromium, newsroom, "editor", []).context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{newsroom}/newsroom/stories/sources/{PLAIN}/")
    page.get_by_role("button", name="Confirm 2").click()
    expect(page.locator("#claim-2 .claim-status")).to_contain_text("confirmed")
    page.get_by_role("button", name="Reject 3").click()
    expect(page.locator("#claim-3 .claim-status")).to_contain_text("rejected")
    page.get_by_role("link", name="Edit 4").click()
    page.locator("#id_content_words").fill("The ferry\nsails again")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#claim-4 blockquote")).to_have_text("The ferry … sails again")
    page.get_by_role("link", name="Add by hand").click()
    page.locator("#id_content_words").fill("did not answer questions")
    page.locator("#id_cue_words").fill("did not answer")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#claim-errors")).to_contain_text("Mark or name the source")
    page.locator("#id_source_words").fill("The owner")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#claim-13")).to_contain_text("added by hand")
    page.get_by_role("button", name="Confirm these").click()
    page.get_by_role("button", name="Mark as reviewed").click()
    expect(page.locator("#claims-head")).to_contain_text("Reviewed by editor")
