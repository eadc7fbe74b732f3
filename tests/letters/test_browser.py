"""The form as people use it, in a real browser, on pages that were pressed and are served."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import home_databases
from flows.papers import RunningPaper, environment, start, stop

pytestmark = pytest.mark.browser

ENGLISH, PERSIAN = "/news/1/", "/news/2/"
# As functions: a page's content security policy lets no string be evaluated.
OPENED = "() => document.getElementById('l-form').elements.key.value"
PROVEN = "() => document.getElementById('l-form').elements.work.value"


@pytest.fixture(scope="module")
def paper(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPaper]:
    folder = tmp_path_factory.mktemp("letters")
    home = Path(shutil.copytree(new_home, folder / "home"))
    script = Path(__file__).with_name("prepare_paper.py")
    subprocess.run(
        [sys.executable, str(script)], env=environment(home), check=True, capture_output=True
    )
    running = start(home, "serve", folder / "printed.txt")
    yield running
    stop(running)


def rows(paper: RunningPaper, sql: str, *values: str) -> list[Any]:
    with home_databases.opened(paper.home) as database:
        found: list[Any] = database.execute(sql, values).fetchall()
        return found


def answer_to(paper: RunningPaper, key: str) -> str:
    return str(rows(paper, "SELECT answer FROM letters_securitykey WHERE id = ?", key)[0][0])


def newest_answer(paper: RunningPaper) -> str:
    sql = "SELECT answer FROM letters_securitykey ORDER BY made_at DESC LIMIT 1"
    return str(rows(paper, sql)[0][0])


def reasons(paper: RunningPaper, name: str) -> list[str]:
    ((found,),) = rows(paper, "SELECT reasons FROM letters_letter WHERE name = ?", name)
    return list(json.loads(found))


@pytest.fixture(autouse=True)
def _forgiven(paper: RunningPaper) -> None:
    """Forget what this address did so far: the tests send more than a reader may."""
    with home_databases.opened(paper.home) as database:
        database.execute("DELETE FROM letters_ratecount")


@pytest.fixture
def page(chromium: Browser, paper: RunningPaper) -> Iterator[Page]:
    with chromium.new_context(base_url=paper.url, viewport={"width": 390, "height": 844}) as tab:
        tab.set_default_timeout(60_000)
        yield tab.new_page()


@pytest.fixture
def plain_page(chromium: Browser, paper: RunningPaper) -> Iterator[Page]:
    """A page of a browser that runs no JavaScript."""
    with chromium.new_context(base_url=paper.url, java_script_enabled=False) as tab:
        yield tab.new_page()


def write(page: Page, name: str, text: str) -> None:
    page.fill("#l-name", name)
    page.fill("#l-text", text)


def open_form(page: Page, address: str) -> str:
    """Open the form on a pressed page and return the key it then shows."""
    page.goto(address)
    page.click("#letters summary")
    page.wait_for_function(OPENED)
    return str(page.evaluate(OPENED))


def test_without_javascript_nothing_typed_is_lost(plain_page: Page, paper: RunningPaper) -> None:
    plain_page.goto(ENGLISH)
    plain_page.click("#letters summary")
    write(plain_page, "Plain Jane", "First line\n\nSecond “line”")
    plain_page.fill("#l-answer", "111111")
    plain_page.click("text=Send")
    assert "not the digits" in plain_page.inner_text("#l-errors")
    plain_page.click("text=New key")
    assert plain_page.input_value("#l-text") == "First line\n\nSecond “line”"
    assert plain_page.input_value("#l-name") == "Plain Jane"
    # Not wait_for_function: it waits for frames, which a page without JavaScript has none of.
    deadline = time.monotonic() + 20
    while plain_page.evaluate("document.getElementById('l-pic').naturalWidth") != 220:
        assert time.monotonic() < deadline, "the picture of the new key did not load"
        time.sleep(0.1)
    plain_page.fill("#l-answer", newest_answer(paper))
    plain_page.click("text=Send")
    assert plain_page.url.endswith("/letters/1/thanks/")
    assert "no-proof" in reasons(paper, "Plain Jane")


def test_with_javascript_the_work_is_done_beside(page: Page, paper: RunningPaper) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(ENGLISH)
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if "/letters/keys/" in address]
    first = open_form(page, ENGLISH)
    write(page, "Ada", "At last.")
    page.click("text=New key")
    page.wait_for_function(f"() => ({OPENED})() !== '{first}'")
    page.wait_for_function("() => document.getElementById('l-status').textContent !== ''")
    second = page.evaluate(OPENED)
    assert page.evaluate("document.activeElement.id") == "l-answer"
    assert second in str(page.get_attribute("#l-pic", "src"))
    assert page.input_value("#l-text") == "At last."
    page.wait_for_function(PROVEN)
    page.fill("#l-answer", answer_to(paper, second))
    page.press("#l-answer", "Enter")
    page.wait_for_url("**/letters/1/thanks/")
    assert "no-proof" not in reasons(paper, "Ada")


def test_sending_at_once_waits_for_the_work(page: Page, paper: RunningPaper) -> None:
    key = open_form(page, ENGLISH)
    write(page, "Hasty", "Quick word.")
    page.fill("#l-answer", answer_to(paper, key))
    page.press("#l-name", "Enter")
    page.wait_for_url("**/letters/1/thanks/")
    assert "no-proof" not in reasons(paper, "Hasty")


def test_the_sound_can_be_played(page: Page) -> None:
    open_form(page, ENGLISH)
    page.evaluate(
        "() => { const s = document.getElementById('l-snd'); s.preload = 'auto'; s.load(); }"
    )
    page.wait_for_function("() => document.getElementById('l-snd').duration > 5")


def test_persian_from_the_mistake_to_the_thanks(page: Page, paper: RunningPaper) -> None:
    open_form(page, PERSIAN)
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.inner_text("#letters h2") == "نظرها"
    write(page, "مریم", "پل زیبایی است.")
    page.fill("#l-answer", "۱۱۱۱۱۱")
    page.press("#l-answer", "Enter")
    page.wait_for_selector("#l-errors")
    assert "کلید تازه" in page.inner_text("#l-errors")
    assert page.evaluate("document.activeElement.id") == "l-errors"
    assert page.input_value("#l-text") == "پل زیبایی است."
    answer = answer_to(paper, page.evaluate(OPENED))
    page.wait_for_function(PROVEN)
    page.fill("#l-answer", answer.translate({48 + n: 0x6F0 + n for n in range(10)}))
    page.press("#l-answer", "Enter")
    page.wait_for_url("**/letters/2/thanks/")
    assert "سپاسگزاریم" in page.inner_text("h1")
    assert "no-proof" not in reasons(paper, "مریم")


def test_two_tabs_each_keep_their_key(page: Page, paper: RunningPaper) -> None:
    other = page.context.new_page()
    keys = {tab: open_form(tab, ENGLISH) for tab in (page, other)}
    for number, (tab, key) in enumerate(keys.items()):
        write(tab, f"Tab {number}", f"Words of tab {number}")
        tab.fill("#l-answer", answer_to(paper, key))
        tab.press("#l-answer", "Enter")
        tab.wait_for_url("**/letters/1/thanks/")


def test_approval_shows_the_letter_on_the_pressed_page(page: Page, paper: RunningPaper) -> None:
    key = open_form(page, ENGLISH)
    write(page, "Approved Reader", "To be <b>seen</b> by all.")
    page.fill("#l-answer", answer_to(paper, key))
    page.press("#l-answer", "Enter")
    page.wait_for_url("**/letters/1/thanks/")
    assert "Approved Reader" not in paper.get(ENGLISH).text
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/newsroom/login/")
    page.fill("input[name=username], input[name=login]", "chief")
    page.fill("input[name=password]", "chief-of-the-paper")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/newsroom/")
    ((letter,),) = rows(paper, "SELECT id FROM letters_letter WHERE name = 'Approved Reader'")
    page.goto(f"/newsroom/letters/inspect/{letter}/")
    page.click("a[href*='/letter/approve/']")
    page.click("main button:has-text('Approve')")
    page.wait_for_selector("text=1 comment approved.")
    page.goto(f"{ENGLISH}#letter-{letter}")
    assert "To be <b>seen</b> by all." in page.inner_text(f"#letter-{letter}")


@pytest.mark.parametrize("address", [ENGLISH, PERSIAN])
def test_axe_finds_nothing(page: Page, address: str) -> None:
    open_form(page, address)
    found = [Axe().run(page)]
    page.fill("#l-answer", "1")
    page.evaluate("document.getElementById('l-form').submit()")
    page.wait_for_selector("#l-errors")
    found.append(Axe().run(page))
    assert [violation for result in found for violation in result.response["violations"]] == []
