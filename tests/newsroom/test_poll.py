"""``broadsheet poll`` brings in what lies in a folder or at an address, each thing once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from broadsheet.stories.models import Section, Story
from broadsheet.wire.models import Channel, QueuedItem

pytestmark = pytest.mark.django_db

STORY = """<?xml version="1.0"?>
<nitf><head><docdata><doc-id id-string="coast-1"/><date.issue norm="20260501T080000Z"/></docdata>
</head><body><body.head><hedline><hl1>{headline}</hl1></hedline></body.head>
<body.content><p>The ferry to the north island will not sail on Sundays from May on.</p>
</body.content></body></nitf>"""
FEED = b"""<rss version="2.0"><channel><title>Coast</title><item><guid>urn:1</guid>
<title>No ferry</title><description>The ferry will not sail on Sundays from May on, the harbour
office said on Monday.</description></item></channel></rss>"""


@pytest.fixture
def folder(tmp_path: Path) -> Channel:
    return Channel.objects.create(name="Coast", kind="folder", address=str(tmp_path))


def polled(*args: str, status: int = 0) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    if status:
        with pytest.raises(SystemExit) as ended:
            call_command("poll", *args, stdout=out, stderr=err)
        assert ended.value.code == status
    else:
        call_command("poll", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def old(path: Path, content: str) -> None:
    """Write a file that has settled."""

    path.write_text(content)
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_a_file_in_a_folder_waits_in_the_queue_and_is_put_away(
    folder: Channel, tmp_path: Path
) -> None:
    old(tmp_path / "a.xml", STORY.format(headline="No ferry on Sundays"))
    for _ in range(2):
        Channel.objects.update(next_poll_at=timezone.now())
        polled("--once")
    assert QueuedItem.objects.get().headline == "No ferry on Sundays"
    assert [path.name for path in tmp_path.rglob("a.xml")] == ["a.xml"]
    assert not (tmp_path / "a.xml").exists()
    folder.refresh_from_db()
    assert folder.last_item_at is not None


def test_what_cannot_be_read_is_put_aside_with_the_reason_and_the_rest_goes_on(
    folder: Channel, tmp_path: Path
) -> None:
    old(tmp_path / "bad.bin", "\x00\x01\x02")
    old(tmp_path / "good.xml", STORY.format(headline="No ferry on Sundays"))
    for _ in range(2):
        Channel.objects.update(next_poll_at=timezone.now())
        polled("--once")
    assert QueuedItem.objects.count() == 1
    (reason,) = tmp_path.rglob("bad.bin.reason.txt")
    assert reason.read_text().strip()
    assert folder.faults.count() == 1


def test_terms_decide_whether_readers_get_it_at_once(folder: Channel, tmp_path: Path) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    Channel.objects.update(adoption="publish", section=section)
    old(tmp_path / "a.xml", STORY.format(headline="No ferry on Sundays"))
    polled("--once")
    Channel.objects.update(next_poll_at=timezone.now())
    polled("--once")
    story = Story.objects.get()
    assert (story.live, story.section) == (True, section)


@pytest.fixture
def feed(settings: object) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/feed"
            self.send_response(200 if found else 410)
            self.send_header("Content-Length", str(len(FEED) if found else 0))
            self.end_headers()
            self.wfile.write(FEED if found else b"")

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.FETCH_PRIVATE = ["127.0.0.1"]  # type: ignore[attr-defined]
    settings.FETCH_PORTS = [str(server.server_port)]  # type: ignore[attr-defined]
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_feed_is_taken_once_and_a_feed_that_is_gone_is_left_alone(feed: str) -> None:
    good = Channel.objects.create(name="Good", address=f"{feed}/feed")
    gone = Channel.objects.create(name="Gone", address=f"{feed}/gone")
    polled("--once", status=1)
    out, _ = polled("--channel", "Good")
    assert "nothing new" in out
    assert QueuedItem.objects.get().channel == good
    gone.refresh_from_db()
    assert (gone.is_active, gone.failures) == (False, 1)
    assert "gone" in gone.last_error


def test_a_password_the_environment_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Channel.objects.create(
        name="Box", kind="mailbox", address="imaps://mail.example/INBOX", secret_name="DESK"
    )
    _, err = polled("--once", status=1)
    assert "BROADSHEET_SECRET_DESK" in err


def test_an_unknown_channel_is_refused_with_those_there_are(folder: Channel) -> None:
    with pytest.raises(CommandError, match="Coast"):
        call_command("poll", "--channel", "Cost")
    out, _ = polled("--once")
    assert out == "Coast: nothing new.\n"
