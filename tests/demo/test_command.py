from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import home_databases

BROADSHEET = Path(sys.executable).with_name("broadsheet")
pytestmark = pytest.mark.flow


def demo(home: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if "BROADSHEET" not in name}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [BROADSHEET, "demo", *options],
        env={
            **clean,
            **home_databases.named_in(home),
            "BROADSHEET_HOME": str(home),
            **settings,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def ledger(home: Path) -> dict[str, str]:
    with home_databases.opened(home) as database:
        return dict(database.execute("SELECT address, sha256 FROM press_pressedfile"))


def page(home: Path, path: str) -> str:
    return gzip.decompress((home / "pressed" / f"{path}.gz").read_bytes()).decode()


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    printed = sample_home.with_suffix(".txt").read_text()
    assert "password" in printed
    assert "Traceback" not in printed
    return Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("demo") / "home"))


def test_the_first_run_presses_the_whole_paper(home: Path) -> None:
    addresses = set(ledger(home))
    for address in (
        "/", "/fa/", "/de/", "/section/science/", "/fa/section/culture/", "/news/4701/",
        "/news/4701.json", "/news/3187/", "/archive/2017/", "/by/ilse-harkett/",
        "/source/mahtab-news-agency/", "/news/4696/attributions.json",
        "/topic/sallow-sea/", "/feeds/all.rss", "/sitemap.xml", "/about/", "/privacy/",
    ):  # fmt: skip
        assert address in addresses
    hidden = {f"/news/{number}/" for number in (4707, 4708, 4709, 4710, 4693, 4678)}
    assert not hidden & addresses, "what is not public was pressed"
    front = page(home, "index.html")
    assert "Three Sallow Sea states agree to share one storm-warning line" in front
    assert "Averin Lighterage doubles dividend" not in front
    story = page(home, "news/4/4701.html")
    assert "We can argue about fish for another hundred years." in story
    assert "Harriet Lowe" in story
    assert "O. Marwick" not in story, "a letter that is held"


def test_the_first_run_shows_who_stands_behind_the_stories(home: Path) -> None:
    story = page(home, "news/4/4696.html")
    chain = re.search(r'<ol class="chain" id="way-2".*?</ol>', story)
    assert chain
    words = re.sub(r"<[^>]+>|&nbsp;", " ", chain[0]).split()
    assert " ".join(words) == (
        "residents of Great Gull → Mahtab News Agency → Meridian Press → this paper"
    )
    assert 'id="claim-12"' in story
    assert "Source not recorded" in page(home, "news/3/3187.html")
    agency = page(home, "source/mahtab-news-agency/index.html")
    for number in (4669, 4691, 4696, 4701, 4702):
        assert f'href="/news/{number}/' in agency
    assert "parliament appoints its director" in agency
    # The first minute of a demo is not the time to load a language pipeline in.
    with home_databases.opened(home) as database:
        states = dict(
            database.execute("SELECT state, count(*) FROM attribution_storyreading GROUP BY 1")
        )
    assert states["waiting"] > states["analysed"] > 0


def test_the_second_run_is_quick_and_changes_nothing(home: Path) -> None:
    before = ledger(home)
    begun = time.monotonic()
    second = demo(home, "--no-serve")
    assert second.returncode == 0
    assert "Loaded" not in second.stdout
    assert ledger(home) == before
    # Seconds on a quiet machine; the margin is for one that runs other tests as well.
    assert time.monotonic() - begun < 30


def test_a_taken_port_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = demo(tmp_path / "home", "--port", str(taken.getsockname()[1]))
    assert result.returncode == 2
    assert "taken by another program" in result.stderr
    assert not (tmp_path / "home").exists()


def test_published_passwords_stay_on_this_machine(tmp_path: Path) -> None:
    result = demo(tmp_path / "home", "--host", "0.0.0.0")  # noqa: S104 - refused is what we test
    assert result.returncode == 2
    assert "BROADSHEET_ALLOWED_HOSTS" in result.stderr


def test_a_real_paper_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("somebody's")
    result = demo(tmp_path, "--no-serve")
    assert result.returncode == 2
    assert "did not make it" in result.stderr
    assert {path.name for path in tmp_path.iterdir()} - {home_databases.MARK} == {"secret-key"}


def test_demo_mode_that_was_switched_off_is_said(tmp_path: Path) -> None:
    result = demo(tmp_path / "home", "--no-serve", BROADSHEET_DEMO="false")
    assert result.returncode == 2
    assert "BROADSHEET_DEMO" in result.stderr
