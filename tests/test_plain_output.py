"""What is printed where standard output takes ASCII alone."""

from __future__ import annotations

import io
import json
import sys

import pytest

from broadsheet import __main__ as command


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_command_fails_for_a_character_that_cannot_be_printed(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    said = "Čas – زمان – 🎉 – \udc80"

    def execute(_: command.Utility) -> None:
        sys.stdout.write(json.dumps([said], ensure_ascii=False))

    into = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(into, encoding=encoding))
    monkeypatch.setattr(sys, "argv", ["broadsheet", "serve"])
    monkeypatch.setattr(command.Utility, "execute", execute)
    command.main()
    sys.stdout.flush()
    printed = into.getvalue().decode(encoding)
    assert json.loads(printed) == [said]
    assert ("زمان" in printed) == (encoding == "utf-8")
