"""From a saved page to a page readers get: ``broadsheet import``, then ``broadsheet serve``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from broadsheet.pressed_paths import file_of
from flows.papers import RunningPaper, ask, pending, run, soon, start, stop

pytestmark = pytest.mark.flow
PAGES = Path(__file__).parents[1] / "data" / "wire"
CAPTION = (
    "A helicopter with the US-led coalition flies over the site of Turkish airstrikes near the "
    "northeastern Syrian Kurdish town of Derik, known as al-Malikiyah in Arabic, on April 25, 2017."
)
FURNITURE = ("Captcha refresh", "Page Generated in", "0/0719")


def imported(home: Path, *arguments: str | Path) -> tuple[int, list[dict[str, Any]], str]:
    """Import, and return the exit status, what was told of each story, and the complaints."""
    done = run(home, "import", *map(str, arguments), "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def counts(home: Path) -> list[int]:
    tables = ("stories_story", "stories_section", "wire_receiveditem", "wire_provenance")
    return [ask(home, f"SELECT count(*) FROM {table}")[0][0] for table in tables]  # noqa: S608


@pytest.fixture(scope="module")
def lines(seed_page: Path) -> list[str]:
    """The saved page by its paragraphs."""
    return [line for line in seed_page.read_text("utf-8").split("\n") if line.strip()]


@pytest.fixture(scope="module")
def told(
    new_home: Path, seed_page: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[dict[str, Any]]]:
    """The home into which the page was imported, and what was told of it."""
    home = Path(shutil.copytree(new_home, tmp_path_factory.mktemp("import") / "home"))
    status, stories, _ = imported(home, seed_page, "--publish")
    assert status == 0
    return home, stories


@pytest.fixture(scope="module")
def paper(
    told: tuple[Path, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPaper]:
    home, _ = told
    served = start(home, "serve", tmp_path_factory.mktemp("served") / "printed.txt")
    address = home / "pressed-for"
    soon(lambda: address.is_file() and address.read_text().strip() == served.url)
    soon(lambda: not pending(home))
    yield served
    stop(served)


def test_what_is_told_of_the_real_page(
    told: tuple[Path, list[dict[str, Any]]], lines: list[str]
) -> None:
    _, (story,) = told
    assert story["news_id"] == 207166
    assert story["published"] == "2017-12-30T06:58:00Z"
    assert story["headline"] == lines[2] == lines[3]
    assert story["photos"] == [{"caption": CAPTION, "credit": "AFP"}]
    assert story["body"] == lines[5:17]
    assert len(story["body"]) == 12
    assert story["language"] == "en"
    assert story["outcome"] == "imported"
    assert story["error"] is None
    assert set(story) >= {"section", "agencies", "oddities"}


def test_the_page_readers_get(paper: RunningPaper, lines: list[str]) -> None:
    answer = paper.get("/news/207166/")
    assert answer.status_code == 200
    page = html.fromstring(answer.content)
    text = " ".join(page.text_content().split())
    assert "News ID: 207166" in text
    assert "Published: 0658 GMT December 30, 2017" in text
    (headline,) = page.xpath("//h1")
    assert headline.text_content().strip() == lines[2]
    paragraphs = [one.text_content().strip() for one in page.xpath("//article//p")]
    assert [one for one in paragraphs if one in lines[5:17]] == lines[5:17]
    (figure,) = page.xpath("//figure")
    (credit,) = figure.xpath(".//*[@class='credit']")
    assert credit.text_content().strip("( )") == "AFP"
    assert figure.text_content().split() == [*CAPTION.split(), "(AFP)"]
    assert not figure.xpath(".//img")
    for piece in FURNITURE:
        assert piece not in text, piece


def test_the_same_as_ninjs(paper: RunningPaper, lines: list[str]) -> None:
    document = paper.get("/news/207166.json").json()
    assert document["uri"] == f"{paper.url}/news/207166/"
    assert document["altIds"] == [{"role": "News ID", "value": "207166"}]
    assert document["contentCreated"] == "2017-12-30T06:58:00Z"
    assert document["language"] == "en"
    assert [one["value"] for one in document["headlines"]] == [lines[2]]
    bodies = {body["contentType"]: body["value"] for body in document["bodies"]}
    assert [one for one in bodies["text/plain"].split("\n") if one] == lines[5:17]
    text = [one.text_content() for one in html.fromstring(bodies["text/html"]).xpath("//p")]
    assert text == lines[5:17]
    (photo,) = document["associations"]
    assert [one["value"] for one in photo["descriptions"]] == [CAPTION]
    assert photo["by"] == "AFP"
    assert "renditions" not in photo
    whole = json.dumps(document, ensure_ascii=False)
    for piece in FURNITURE:
        assert piece not in whole, piece


@pytest.mark.parametrize(
    "path", ["/", "/archive/2017/12/30/", "/feeds/all.rss", "/feeds/all.json", "/sitemaps/207.xml"]
)
def test_it_stands_on_the_lists(paper: RunningPaper, path: str) -> None:
    assert "/news/207166/" in paper.get(path).text


def test_importing_it_again_changes_nothing(paper: RunningPaper, seed_page: Path) -> None:
    before = counts(paper.home)
    page = paper.get("/news/207166/").content
    status, (story,), _ = imported(paper.home, seed_page, "--publish")
    assert (status, story["outcome"], story["news_id"]) == (0, "unchanged", 207166)
    assert counts(paper.home) == before
    assert paper.get("/news/207166/").content == page


def test_bad_files_beside_good_ones(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("plain.txt", "persian.txt"):
        shutil.copy(PAGES / name, folder / name)
    bad: dict[str, bytes] = {
        "empty.txt": b"",
        "binary.txt": bytes(range(256)) * 40,
        "no-article.html": b"<!doctype html><title>Menu</title><nav><a href=/>Home</a></nav>",
        "not-utf-8.txt": b"News ID: 77\nPublished: 0658 GMT December 30, 2017\n\n\xff\xfe\xff\x00",
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(50 * 2**20)

    status, stories, _ = imported(home, folder, "--publish")
    assert status == 1
    by_name = {Path(story["file"]).name: story for story in stories}
    for name in [*bad, "huge.txt"]:
        assert by_name[name]["outcome"] == "refused", name
        assert by_name[name]["error"], name
    good = [by_name[name] for name in ("plain.txt", "persian.txt")]
    assert [story["outcome"] for story in good] == ["imported"] * 2
    assert counts(home)[0] == 2
    assert counts(home)[2] == 2
    for story in good:
        assert list((home / "pressed" / "news").rglob(f"{story['news_id']}.html.gz"))


def test_pressing_can_be_left_to_others(home: Path) -> None:
    status, (story,), _ = imported(home, PAGES / "plain.txt", "--publish", "--leave-pressing")
    assert status == 0
    page = home / "pressed" / (file_of("/news/{news_id}/".format(**story)) + ".gz")
    assert pending(home)
    assert not page.exists()
    assert run(home, "press").returncode == 0
    assert page.is_file()


def test_a_number_that_is_taken_and_a_path_that_is_not_there(home: Path, tmp_path: Path) -> None:
    first, other = tmp_path / "first.txt", tmp_path / "other.txt"
    first.write_text((PAGES / "plain.txt").read_text())
    status, (story,), _ = imported(home, first)
    assert status == 0
    other.write_text(
        f"News ID: {story['news_id']}\nPublished: 0700 GMT December 31, 2017\n\n"
        "Another matter altogether\n\nThe ferries of Northport sail on the hour from now on.\n\n"
        "The timetable hangs at the pier, the harbour master said on Sunday.\n"
    )
    before = counts(home)
    status, (refused,), _ = imported(home, other)
    assert (status, refused["outcome"]) == (1, "refused")
    assert str(story["news_id"]) in refused["error"]
    assert counts(home) == before
    missing = run(home, "import", str(tmp_path / "nowhere.txt"))
    assert missing.returncode == 1
    assert "nowhere.txt" in missing.stderr


def test_a_dry_run_writes_nothing(home: Path) -> None:
    before = counts(home)
    status, (story,), _ = imported(home, PAGES / "plain.txt", "--publish", "--dry-run")
    assert (status, story["outcome"]) == (0, "imported")
    assert counts(home) == before
    assert not list((home / "pressed").rglob("*.html.gz"))


def test_a_home_that_is_not_prepared_is_told_so(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing", "import", str(PAGES / "plain.txt"))
    assert done.returncode == 2
    assert "broadsheet init" in done.stderr
    assert "Traceback" not in done.stderr
