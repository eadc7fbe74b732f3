"""Two imports of the same folder at the same time make every story once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import home_databases

PAGES = Path(__file__).parents[1] / "data" / "wire"
NAMES = ["plain.txt", "persian.txt", "several-captions.txt", "windows-1252.txt"]


@pytest.mark.flow
def test_two_imports_at_once(new_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes((PAGES / name).read_bytes())
    home = Path(shutil.copytree(new_home, tmp_path / "home"))
    environment = {
        **{name: value for name, value in os.environ.items() if name != "BROADSHEET_HOME"},
        **home_databases.named_in(home),
        "BROADSHEET_HOME": str(home),
    }
    command = [sys.executable, "-m", "broadsheet"]
    imports = [
        subprocess.Popen(
            [*command, "import", str(folder), "--publish", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    told = []
    for process in imports:
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err.decode()
        told.extend(json.loads(out))
    assert Counter(row["outcome"] for row in told) == {"imported": 4, "unchanged": 4}
    with home_databases.opened(home) as database:
        counts = [
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("stories_story", "wire_receiveditem", "wire_provenance")
        ]
    assert counts == [4, 4, 4]
    assert len(list((home / "pressed" / "news").rglob("*.html.gz"))) == 4
