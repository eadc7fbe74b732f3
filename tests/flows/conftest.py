"""Whole papers, for journeys across rooms. A home is made once and copied where it is needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.desk import LOGIN, PASSWORD
from flows.papers import RunningPaper, pending, run, soon, start, stop

_FURNISH = """
from broadsheet.accounts.models import Byline
from broadsheet.stories.models import Section, Topic
Section.objects.create(name="World", slug="world")
Topic.objects.create(name="Water", slug="water")
Byline.objects.create(name="Mira Doe", slug="mira-doe")
"""


@pytest.fixture(scope="session")
def demo_paper(
    sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPaper]:
    """The sample newspaper, served at an address of its own."""
    folder = tmp_path_factory.mktemp("demo")
    home = Path(shutil.copytree(sample_home, folder / "home"))
    paper = start(home, "demo", folder / "printed.txt")
    # Its pages carry the address; they are pressed again for this one.
    address = home / "pressed-for"
    soon(lambda: address.is_file() and address.read_text().strip() == paper.url, within=120)
    soon(lambda: not pending(home), within=120)
    yield paper
    stop(paper)


@pytest.fixture
def home(new_home: Path, tmp_path: Path) -> Path:
    """A copy of that home, to do with as one likes."""
    return Path(shutil.copytree(new_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def town(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an administrator, a section, a topic and a byline; to be copied."""
    home = Path(shutil.copytree(new_home, tmp_path_factory.mktemp("town") / "home"))
    created = run(home, "createadmin", "--username", LOGIN, BROADSHEET_ADMIN_PASSWORD=PASSWORD)
    assert created.returncode == 0, created.stderr
    furnished = run(home, "shell", "--no-imports", "-c", _FURNISH)
    assert furnished.returncode == 0, furnished.stderr
    return home
