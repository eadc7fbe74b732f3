"""Several desks at once, each a process of its own, on one database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import home_databases

_CREATE = """
import django
django.setup()
from broadsheet.stories.models import Section, Story
section = Section.objects.get()
for turn in range(15):
    story = Story.objects.create(headline="x", section=section, live=False)
    print(story.news_id)
    if turn % 5 == 4:
        story.delete()
"""


@pytest.mark.flow
def test_parallel_desks_never_share_a_number(new_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(new_home, tmp_path / "home")
    environment = {
        **os.environ,
        **home_databases.named_in(home),
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_SECRET_KEY": "for tests only " + "x" * 50,
        "DJANGO_SETTINGS_MODULE": "broadsheet.settings",
    }

    def python(code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
        )

    prepare = python(
        "import django; django.setup()\n"
        "from broadsheet.stories.models import Section\n"
        "Section.objects.create(name='World', slug='world')\n"
    )
    prepare.communicate(timeout=300)
    assert prepare.returncode == 0
    desks = [python(_CREATE) for _ in range(3)]
    numbers: list[int] = []
    for desk in desks:
        output, _ = desk.communicate(timeout=300)
        assert desk.returncode == 0
        numbers += [int(line) for line in output.split()]
    assert sorted(numbers) == list(range(1, 46))
