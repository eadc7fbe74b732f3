"""Who stands behind what: from an agency's copy through the desk to the readers, and back.

A served paper with its worker, whose child process really reads the texts, and real browsers.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from flows.desk import Desk
from flows.papers import ask, pending, soon, start, stop
from newsroom.claims_page import ClaimsPage

pytestmark = [pytest.mark.flow, pytest.mark.browser]

# The first text waits for the language pipeline, on a machine that is busy with other tests.
READ_WITHIN_MS = 180_000
ENGLISH = (
    "The Orlin News Agency, citing local residents, reported on Friday that the dam at Sarn had "
    "been damaged.",
    "State television, as cited by the Harbour Wire, reported that two gates were open.",
    "It said that nobody had been hurt.",
    "“We heard a loud crack,” said Mara Lind, the mayor of Sarn.",
    "According to the water ministry, the lake had fallen by two metres since Wednesday.",
    "An engineer who asked not to be named said the wall was sound.",
    "The ministry has repeatedly been accused of hiding its reports.",
    "The road to the dam was reportedly closed in the night.",
)
CRACK = 3  # the mayor's paragraph, and what she says
PERSIAN = (
    "خبرگزاری اورلین به نقل از ساکنان محلی گزارش داد که سد سارن آسیب دیده است.",
    "مارا لیند، شهردار سارن، گفت: «صدای بلندی شنیدیم.»",
)


@pytest.fixture(scope="module")
def desk(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An editor in the newsroom of a served paper."""
    folder = tmp_path_factory.mktemp("attribution")
    home = Path(shutil.copytree(town, folder / "home"))
    paper = start(home, "serve", folder / "printed.txt")
    try:
        yield Desk(paper)
    finally:
        stop(paper)


@pytest.fixture
def complaints() -> list[str]:
    """What the pages' scripts complained about."""
    return []


@pytest.fixture
def editor(chromium: Browser, desk: Desk, complaints: list[str]) -> Iterator[Page]:
    """The same editor's browser."""
    with chromium.new_context(
        base_url=desk.paper.url, viewport={"width": 1440, "height": 1000}
    ) as tab:
        tab.set_default_timeout(60_000)
        tab.add_cookies(
            [
                {"name": cookie.name, "value": cookie.value or "", "url": desk.paper.url}
                for cookie in desk.session.cookies
            ]
        )
        page = tab.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    assert complaints == []


def open_form(editor: Page, news_id: int) -> None:
    editor.goto(f"/newsroom/stories/edit/{news_id}/")
    # What is typed before the page's scripts stand is lost.
    editor.wait_for_load_state("networkidle")


def paragraph(editor: Page, number: int) -> Locator:
    return editor.locator("#panel-child-write-body-section [contenteditable=true]").nth(number)


def type_into(editor: Page, number: int, keys: tuple[str, ...], words: str) -> None:
    """Press ``keys`` in a paragraph and type, until the form would send the words."""
    expect(paragraph(editor, number)).to_be_editable()
    paragraph(editor, number).click()
    for key in keys:
        editor.keyboard.press(key)
    editor.keyboard.type(words)
    sent = editor.locator(f"[name=body-{number}-value]")
    expect(sent).to_have_value(re.compile(re.escape(words)))


def publish(editor: Page) -> None:
    """Press the form's own button."""
    editor.locator("footer [data-w-dropdown-target=toggle]").last.click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    editor.wait_for_url("**/newsroom/stories/")


def number_of(page: Page, chain: str, content: str) -> int:
    """Return the number of the claim whose chain matches a pattern and that has these words."""
    cards = page.locator("#claims-list [data-claim]").filter(has_text=content)
    found = cards.filter(has=page.locator(".claim-chain", has_text=re.compile(chain, re.DOTALL)))
    return int(found.first.get_attribute("data-claim") or "")


def confirm_all(claims: ClaimsPage) -> None:
    """Confirm the very likely ones together, the others one by one, all by keyboard."""
    claims.press("Shift+A")
    claims.hears(re.compile(r"^\d+ claims? confirmed\.$"))
    open_ones = claims.page.locator("#claims-list [data-status=suggested]")
    while left := open_ones.count():
        claims.press("Enter")
        expect(open_ones).to_have_count(left - 1)


def read_again(desk: Desk, news_id: int) -> None:
    """Wait until the worker has read the newest version, and what it ordered is pressed."""
    question = (
        "SELECT state = 'analysed' AND digest = read_digest FROM attribution_storyreading "
        "WHERE story_id = ?"
    )
    soon(
        lambda: ask(desk.paper.home, question, news_id) == [(1,)],
        within=READ_WITHIN_MS / 1000,
    )
    soon(lambda: not pending(desk.paper.home))


def words_of(desk: Desk, news_id: int) -> str:
    return desk.paper.get(f"/news/{news_id}/").text


def test_a_claim_from_the_wire_to_the_reader(
    chromium: Browser, desk: Desk, editor: Page, complaints: list[str]
) -> None:
    news_id = desk.draft("Dam at Sarn damaged, two gates open", *ENGLISH)
    open_form(editor, news_id)
    panel = editor.locator(".claims-summary-panel")
    expect(panel).to_contain_text("suggested", timeout=READ_WITHIN_MS)
    panel.get_by_role("link", name="Review the sources").click()

    claims = ClaimsPage(editor, desk.paper.url, news_id)
    dam = number_of(editor, "local residents.*Orlin News Agency", "the dam at Sarn")
    crack = number_of(editor, "Mara Lind", "We heard a loud crack")
    confirm_all(claims)
    # Her words without the marks around them.
    editor.locator(f"#claim-{crack} blockquote").click()
    claims.press("e")
    expect(editor.locator("#claim-form")).to_be_visible()
    claims.select("We heard a loud crack")
    claims.press("t")
    claims.press("Control+Enter")
    claims.hears(f"Claim {crack} is kept as you marked it.")
    expect(editor.locator(f"#claim-{crack}")).to_have_attribute("data-status", "edited")
    claims.press("m")
    expect(editor.locator("#claims-head")).to_contain_text("Reviewed by")

    open_form(editor, news_id)
    expect(editor.locator(".checks-panel")).to_contain_text("warning")
    publish(editor)
    told = editor.get_by_text("The checks say of the sources of")
    expect(told).to_be_visible()
    expect(editor.locator(".messages")).to_contain_text("local residents → Orlin News Agency")
    soon(lambda: 'id="way-1"' in words_of(desk, news_id))
    _meets_it(chromium, desk, news_id, dam, complaints)

    # Edits around it leave it where it is.
    open_form(editor, news_id)
    type_into(editor, 0, ("Control+Home",), "Update: ")
    type_into(editor, 2, ("Control+End",), " The gates are to be shut tonight.")
    publish(editor)
    soon(lambda: "shut tonight" in words_of(desk, news_id))
    read_again(desk, news_id)
    page = words_of(desk, news_id)
    assert f'id="claim-{dam}"' in page
    assert f'id="claim-{crack}"' in page

    # Its words go, and it goes with them; nothing else does.
    open_form(editor, news_id)
    type_into(editor, CRACK, ("Control+a", "Backspace"), "The mayor did not answer.")
    publish(editor)
    soon(lambda: "did not answer" in words_of(desk, news_id))
    read_again(desk, news_id)
    page = words_of(desk, news_id)
    assert f'id="claim-{dam}"' in page
    assert f"claim-{crack}" not in page
    assert "Mara Lind" not in page
    claims = ClaimsPage(editor, desk.paper.url, news_id)
    lost = editor.locator(f"#claim-{crack}.claim--lost")
    expect(lost).to_contain_text("We heard a loud crack")
    expect(editor.locator(".claims-counts")).to_contain_text("1 lost")


def _meets_it(
    chromium: Browser, desk: Desk, news_id: int, number: int, complaints: list[str]
) -> None:
    chain = ["local", "residents", "→", "Orlin", "News", "Agency", "→", "this", "paper"]
    for script in (True, False):
        with chromium.new_context(base_url=desk.paper.url, java_script_enabled=script) as tab:
            tab.set_default_timeout(60_000)
            reader = tab.new_page()
            reader.on("pageerror", lambda error: complaints.append(str(error)))
            reader.goto(f"/news/{news_id}/")
            entry = reader.locator(f"#source-{number}")
            way = reader.locator("#sources .ways > li").filter(has=entry).locator(".chain").first
            assert way.inner_text().split() == chain
            ref = reader.locator(f"a.ref[href='#source-{number}']")
            pop = reader.locator("#claim-pop")
            if script:
                expect(pop).to_be_hidden()
                ref.focus()
                expect(pop).to_contain_text("Orlin News Agency")
            else:
                assert pop.count() == 0
                ref.click()
                assert reader.url.endswith(f"#source-{number}")
            reader.goto("/source/orlin-news-agency/")
            expect(reader.locator(f"a[href$='/news/{news_id}/#claim-{number}']")).to_be_visible()


def test_a_persian_claim_from_the_wire_to_the_reader(
    chromium: Browser, desk: Desk, editor: Page
) -> None:
    news_id = desk.draft("سد سارن آسیب دید", *PERSIAN, language="fa")
    open_form(editor, news_id)
    expect(editor.locator(".claims-summary-panel")).to_contain_text(
        "suggested", timeout=READ_WITHIN_MS
    )
    claims = ClaimsPage(editor, desk.paper.url, news_id)
    expect(editor.locator("#claims-text")).to_have_attribute("dir", "rtl")
    dam = number_of(editor, "ساکنان محلی.*خبرگزاری اورلین", "سد سارن")
    confirm_all(claims)
    claims.press("m")
    expect(editor.locator("#claims-head")).to_contain_text("Reviewed by")
    open_form(editor, news_id)
    publish(editor)
    soon(lambda: f'id="claim-{dam}"' in words_of(desk, news_id))
    with chromium.new_context(base_url=desk.paper.url) as tab:
        reader = tab.new_page()
        reader.goto(f"/news/{news_id}/")
        entry = reader.locator(f"#source-{dam}")
        way = reader.locator("#sources .ways > li").filter(has=entry).locator(".chain").first
        places = way.locator("> li").evaluate_all("hops => hops.map(hop => hop.offsetLeft)")
        assert len(places) == 3
        assert places == sorted(places, reverse=True)
        reader.locator(f"a.ref[href='#source-{dam}']").focus()
        pop = reader.locator("#claim-pop")
        expect(pop).to_contain_text("خبرگزاری اورلین")
        assert pop.evaluate("pop => getComputedStyle(pop).direction") == "rtl"
