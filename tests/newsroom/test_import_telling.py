"""What an import prints of names and words that were made to mislead who reads it."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from broadsheet.newsroom.importing.reconciliation import Reconciliation
from broadsheet.newsroom.importing.telling import Report, printable, tell
from broadsheet.wire.outcomes import Outcome

BAD = os.fsdecode(b"in/\xff\xfe\x1b[31m\nimported 1  All is well\xe2\x80\xae.txt")
SHOWN = r"in/\udcff\udcfe\x1b[31m\nimported 1  All is well\u202e.txt"
REFUSED = Outcome(BAD, "refused", error="The file is empty.", what="file")


def test_nothing_moves_a_terminal() -> None:
    lines: list[str] = []
    tell(REFUSED, lines.append, lines.append, briefly=False)
    assert lines == [f"refused    {SHOWN}: The file is empty."]


def test_letters_and_the_marks_that_words_need_stay() -> None:
    words = "می‌روم \u200f(۱۲)\u200f café — “x”"
    assert printable(words) == words


@pytest.mark.parametrize("name", ["report.txt", "report.jsonl"])
def test_a_report_has_one_line_for_each(name: str, tmp_path: Path) -> None:
    with closing(Report(tmp_path / name, append=False)) as report:
        report.add(REFUSED)
        report.close_with(Reconciliation())
    line = (tmp_path / name).read_text("utf-8").split("\n")[0]
    if name.endswith(".txt"):
        assert line == f"refused\tfile\t{SHOWN}\tThe file is empty."
    else:
        assert json.loads(line)["file"].startswith("in/\ufffd\ufffd\x1b")
