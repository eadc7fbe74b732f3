"""docs/settings.md has the table of settings, and nothing else reads the environment."""

from __future__ import annotations

import re
from pathlib import Path

from broadsheet.settings_table import TABLE

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "settings.md"
_KINDS = {
    "text": "text",
    "flag": "`true` or `false`",
    "number": "number",
    "list": "list, separated by commas",
    "folder": "folder",
    "secret": "secret text",
}


def as_table() -> str:
    lines = ["| Setting | Kind | Default | What it does |", "|---|---|---|---|"]
    for row in TABLE:
        default = f"`{row.default}`" if row.default else "not set"
        lines.append(f"| `{row.name}` | {_KINDS[row.kind]} | {default} | {row.sentence} |")
    return "\n".join(lines)


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text("utf-8")
    assert as_table() in page, f"docs/settings.md should hold this table:\n\n{as_table()}"


def test_only_the_settings_read_the_environment() -> None:
    reading = re.compile(
        r"\bos\.(environ\b(?!\.setdefault|\[\"PROMETHEUS_MULTIPROC_DIR\"\] =)|getenv\b)"
    )
    offenders = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "src" / "broadsheet").rglob("*.py"))
        if path.name != "settings.py"
        for line in path.read_text("utf-8").splitlines()
        if reading.search(line)
    ]
    assert offenders == []


def test_sentences_are_sentences() -> None:
    for row in TABLE:
        assert row.sentence.endswith("."), row.name
        assert row.name.startswith("BROADSHEET_") or row.name.endswith("_URL")
