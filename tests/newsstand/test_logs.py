from __future__ import annotations

import asyncio
import io
import json
import logging
import logging.config
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.test import Client, RequestFactory

from broadsheet import logs
from broadsheet.newsstand.application import Message, Receive, Scope, Send
from broadsheet.newsstand.journal import Journal


@pytest.fixture
def lines() -> Iterator[Any]:
    """What is logged as JSON from here on, one document a call."""
    written = io.StringIO()
    configuration = logs.configuration("json", "INFO")
    configuration["handlers"]["stderr"]["stream"] = written
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    logging.config.dictConfig(configuration)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:], level = before
    root.setLevel(level)


def test_our_lines_and_those_of_others_look_the_same(lines: Any) -> None:
    structlog.get_logger("broadsheet.worker").info("pressed", number=3)
    logging.getLogger("uvicorn.error").error("taken: %s", 8000)
    ours, others = lines()
    assert ours["event"] == "pressed"
    assert ours["number"] == 3
    assert others["event"] == "taken: 8000"
    assert {"timestamp", "level", "logger"} <= ours.keys() & others.keys()
    assert ours["timestamp"].endswith("Z")


def test_a_command_by_hand_leaves_the_reports_of_libraries_out() -> None:
    script = (
        "import logging, logging.config; from broadsheet import logs; logs.for_a_command_by_hand();"
        "logging.config.dictConfig(logs.configuration('json', {level!r}));"
        "logging.getLogger('wagtail').info('Published');"
        "logging.getLogger('wagtail').warning('Ill');"
        "logging.getLogger('broadsheet.press').info('Ours')"
    )

    def said(level: str) -> list[str]:
        ran = subprocess.run(
            [sys.executable, "-c", script.format(level=level)], capture_output=True, check=True
        )
        return [json.loads(line)["event"] for line in ran.stderr.splitlines()]

    assert said("INFO") == ["Ill", "Ours"]
    assert said("DEBUG") == ["Published", "Ill", "Ours"]


def test_an_error_tells_where_and_not_what_was_typed(lines: Any) -> None:
    def comment(secret: str) -> None:
        raise RuntimeError("broken")

    typed = "wo" + "rds"
    try:
        comment(typed)
    except RuntimeError:
        logging.getLogger("django.request").exception(
            "failed", extra={"request": RequestFactory().get("/search/?q=private")}
        )
    (line,) = lines()
    assert "RuntimeError: broken" in line["exception"]
    assert "words" not in json.dumps(line)
    assert "private" not in json.dumps(line)


def test_names_that_are_not_ours_fill_no_log(
    lines: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert client.get("/search/", headers={"Host": "elsewhere.example"}).status_code == 400
    (line,) = lines()
    assert line["level"] == "warning"
    assert "elsewhere.example" in line["event"]
    assert "exception" not in line
    # Whoever forgot to allow a name is told again.
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    client.get("/search/", headers={"Host": "elsewhere.example"})
    assert len(lines()) == 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("not an address", "-"),
        ("", "-"),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert logs.network_of(address) == network


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="console or json"):
        logs.configuration("xml", "INFO")


def _ask(journal: Journal, path: str, **headers: str) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"q=private",
        "client": ("203.0.113.77", 5),
        "headers": [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()],
    }
    asyncio.run(journal(scope, receive, send))
    return sent


async def _answering(scope: Scope, receive: Receive, send: Send) -> None:
    structlog.get_logger("broadsheet.search").info("searched")
    await send({"type": "http.response.start", "status": 203, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b"x"})


def test_a_request_is_one_line_with_an_id_that_its_other_lines_carry(lines: Any) -> None:
    counted: list[tuple[str, int]] = []
    journal = Journal(
        _answering, count=lambda path, status, _: counted.append((path, status)), quiet=False
    )
    start, _ = _ask(journal, "/search/", x_request_id="forged")
    within, line = lines()
    assert (line["event"], line["status"], line["path"]) == ("request", 203, "/search/")
    assert line["client"] == "203.0.113.0/24"
    assert line["ms"] >= 0
    assert "private" not in json.dumps(line)
    assert within["request_id"] == line["request_id"] != "forged"
    assert dict(start["headers"])[b"x-request-id"].decode() == line["request_id"]
    assert counted == [("/search/", 203)]


def test_a_proxys_id_is_taken_over_where_it_is_trusted_and_reads_like_one(lines: Any) -> None:
    journal = Journal(_answering, count=lambda *_: None, quiet=True, trusting=True)
    start, _ = _ask(journal, "/", x_request_id="abc-123")
    assert dict(start["headers"])[b"x-request-id"] == b"abc-123"
    start, _ = _ask(journal, "/", x_request_id="abc 123\t")
    assert dict(start["headers"])[b"x-request-id"] != b"abc 123\t"


def test_a_request_that_fails_is_counted_and_logged(lines: Any) -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise OSError("gone")

    counted: list[int] = []
    journal = Journal(failing, count=lambda _, status, __: counted.append(status), quiet=False)
    with pytest.raises(OSError, match="gone"):
        _ask(journal, "/")
    assert counted == [0]
    assert lines()[-1]["status"] == 0
