"""The paper served for real: refusals, answers, signals, `kill -9` and what comes after."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import home_databases
from flows.papers import (
    BROADSHEET,
    RunningPaper,
    children_of,
    environment,
    free_port,
    is_running,
    run,
    settled,
    soon,
    start,
    stop,
)

pytestmark = pytest.mark.flow

_PUBLISH = """
from broadsheet.stories.models import Section, Story
section, _ = Section.objects.get_or_create(slug="world", defaults={"name": "World"})
def publish(headline):
    story = Story(headline=headline, section=section, live=False)
    story.save()
    story.save_revision().publish()
    return story.news_id
"""


def shell(home: Path, code: str) -> str:
    done = run(home, "shell", "--no-imports", "-c", _PUBLISH + code)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def paper(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPaper]:
    """A served paper with one published story."""
    folder = tmp_path_factory.mktemp("served")
    home = Path(shutil.copytree(new_home, folder / "home"))
    shell(home, "publish('The first story')")
    paper = start(home, "serve", folder / "printed.txt")
    soon(lambda: paper.get("/news/1/").status_code == 200)
    yield paper
    stop(paper)
    assert paper.process.returncode == 0


def test_init_keeps_the_home_to_its_owner_and_may_run_again(new_home: Path) -> None:
    assert "createadmin" in new_home.with_suffix(".txt").read_text()
    assert new_home.stat().st_mode & 0o777 == 0o700
    secret = new_home / "secret-key"
    assert secret.stat().st_mode & 0o777 == 0o600
    before = secret.read_text()
    assert len(before.strip()) >= 50
    again = run(new_home, "init")
    assert again.returncode == 0
    assert "nothing to do" in again.stdout
    assert secret.read_text() == before


@pytest.mark.parametrize(
    ("settings", "options", "said"),
    [
        ({"BROADSHEET_DEBUG": "true"}, [], "BROADSHEET_DEBUG"),
        ({"BROADSHEET_SECRET_KEY": "short"}, [], "BROADSHEET_SECRET_KEY"),
        ({"BROADSHEET_SECRET_KEY": "x" * 80}, [], "BROADSHEET_SECRET_KEY"),
        ({}, ["--host", "::"], "BROADSHEET_ALLOWED_HOSTS"),
        ({"BROADSHEET_WORKERS": "0"}, [], "BROADSHEET_WORKERS"),
        ({"BROADSHEET_PAGE_WORKERS": "-1"}, [], "BROADSHEET_PAGE_WORKERS"),
    ],
)
def test_serve_refuses_what_cannot_be_meant(
    new_home: Path, settings: dict[str, str], options: list[str], said: str
) -> None:
    done = run(new_home, "serve", "--port", str(free_port()), *options, **settings)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_refuses_a_home_that_is_not_prepared(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing", "serve")
    assert done.returncode == 2
    assert "broadsheet init" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_serve_refuses_a_database_that_is_behind(home: Path) -> None:
    with home_databases.opened(home) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'taggit'")
    done = run(home, "serve", "--port", str(free_port()))
    assert done.returncode == 2
    assert "taggit.0001" in done.stderr


def test_serve_refuses_a_port_that_is_taken(new_home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(new_home, "serve", "--port", port)
    assert done.returncode == 2
    assert port in done.stderr
    assert "--port" in done.stderr


def test_one_home_is_served_once(paper: RunningPaper) -> None:
    done = run(paper.home, "serve", "--port", str(free_port()))
    assert done.returncode == 2
    assert str(paper.process.pid) in done.stderr
    assert run(paper.home, "worker").returncode == 2


def test_a_served_paper_says_where_it_is(paper: RunningPaper) -> None:
    printed = paper.printed.read_text()
    assert f"{paper.url}/newsroom/" in printed
    assert (paper.home / "base-url").read_text().strip() == paper.url
    # The story was pressed before anybody knew the address; the worker has it pressed again.
    canonical = f'href="{paper.url}/news/1/"'
    soon(lambda: canonical in paper.get("/news/1/").text)


def test_it_starts_within_the_time_promised(paper: RunningPaper) -> None:
    # Processor time of the command until it listens, which other load does not change much;
    # the promise is three seconds by the clock on an idle machine.
    fields = Path(f"/proc/{paper.process.pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    assert seconds < 4


def test_pressed_pages_by_http(paper: RunningPaper) -> None:
    answer = paper.get("/news/1/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "The first story" in answer.text
    etag = answer.headers["ETag"]
    same = paper.get("/news/1/", headers={"Accept-Encoding": "gzip", "If-None-Match": etag})
    assert (same.status_code, same.content) == (304, b"")
    head = requests.head(paper.url + "/news/1/", headers={"Accept-Encoding": "gzip"}, timeout=9)
    assert head.headers["Content-Length"] == answer.headers["Content-Length"]
    plain = paper.get("/news/1/", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.content == answer.content
    assert paper.get("/news/1").headers["Location"] == "/news/1/"
    assert paper.get("/news/1.json").headers["Content-Type"] == "application/json"
    assert requests.post(paper.url + "/news/1/", timeout=9).status_code == 405


@pytest.mark.parametrize(
    "target",
    [
        "/../secret-key",
        "/..%2fsecret-key",
        "/%2e%2e/secret-key",
        "/%2e%2e%2fsecret-key",
        "/news/..%5c..%5csecret-key",
        "//secret-key",
        "/.%00./secret-key",
        "/news/%00",
        "/%ff%fe",
        "/news/1/%2e%2e/%2e%2e/secret-key",
        "/static/../../secret-key",
        "/static/%2e%2e/%2e%2e/secret-key",
        "/newsroom/media/../secret-key",
        "/newsroom/media/%2e%2e/secret-key",
        "/" + "a" * 7000,
    ],
)
def test_no_path_leads_out_of_the_pressed_folder(paper: RunningPaper, target: str) -> None:
    host, _, port = paper.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    # As it is: requests would tidy the path up.
    connection.putrequest("GET", target, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in {301, 302, 400, 404, 414}, body[:200]
    assert (paper.home / "secret-key").read_bytes().strip() not in body


def test_what_is_not_there_looks_like_the_paper(paper: RunningPaper) -> None:
    absent = paper.get("/no/such/page/")
    assert absent.status_code == 404
    assert 'lang="en"' in absent.text
    assert "default-src 'none'" in absent.headers["Content-Security-Policy"]
    persian = paper.get("/fa/no-such-page/")
    assert persian.status_code == 404
    assert 'dir="rtl"' in persian.text


def test_an_unpublished_story_is_gone_and_an_old_address_leads_on(paper: RunningPaper) -> None:
    made = shell(
        paper.home,
        "from wagtail.contrib.redirects.models import Redirect\n"
        "number = publish('Soon gone')\n"
        "Story.objects.get(pk=number).unpublish()\n"
        "Redirect.add_redirect('/2009/old-page', redirect_to='/news/1/')\n"
        "print(number)",
    )
    # The worker may be pressing just then, and takes the page away a moment later.
    assert soon(lambda: paper.get(f"/news/{made.strip()}/").status_code == 410)
    assert paper.get("/news/999999/").status_code == 404
    old = paper.get("/2009/old-page/")
    assert (old.status_code, old.headers["Location"]) == (301, "/news/1/")


def test_monitors_are_answered(paper: RunningPaper) -> None:
    # By address: a monitor does not know the names of the paper.
    health = requests.get(paper.url + "/healthz", headers={"Host": "10.0.0.9"}, timeout=9)
    assert (health.status_code, health.text) == (200, "ok\n")
    assert paper.get("/readyz").json()["ready"] is True
    paper.get("/news/1/")
    figures = paper.get("/metrics").text
    assert 'broadsheet_newsstand_answers_total{outcome="hit"}' in figures
    assert 'broadsheet_stories{state="live"}' in figures
    assert "broadsheet_worker_heartbeat_age_seconds" in figures
    through_a_proxy = {"X-Forwarded-For": "127.0.0.1"}
    assert paper.get("/metrics", headers=through_a_proxy).status_code == 403


def test_uploads_are_for_staff(paper: RunningPaper) -> None:
    (paper.home / "media" / "draft.txt").write_text("not yet")
    answer = paper.get("/newsroom/media/draft.txt")
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]


def test_the_worker_presses_what_is_left_to_it_and_keeps_the_schedule(paper: RunningPaper) -> None:
    page = paper.home / "pressed" / "news" / "0" / "1.html.gz"
    # A page that would come out the same is left alone; one that is missing is not.
    page.unlink()
    shell(
        paper.home,
        "from broadsheet.press import actions\nactions.order_everything()\n"
        "from datetime import timedelta\nfrom django.utils import timezone\n"
        "story = Story(headline='On time', section=section, live=False)\n"
        "story.go_live_at = timezone.now() + timedelta(seconds=1)\nstory.save()\n"
        "story.save_revision().publish()\nprint(story.news_id, story.live)",
    )
    soon(page.exists)
    soon(lambda: "On time" in paper.get("/").text)


def test_a_worker_that_dies_is_started_again(paper: RunningPaper) -> None:
    beat = paper.home / "run" / "worker.json"

    def beating() -> int | None:
        # A worker that came before may have had the last word in the file.
        pid: int = json.loads(beat.read_text())["pid"] if beat.exists() else 0
        return pid if pid in children_of(paper.process.pid) else None

    first = soon(beating, within=90)
    os.kill(first, signal.SIGKILL)
    soon(lambda: not is_running(first))
    second = soon(lambda: (pid := beating()) != first and pid, within=90)
    assert is_running(second)


def test_kill_9_loses_nothing_that_was_acknowledged(home: Path, tmp_path: Path) -> None:
    paper = start(home, "serve", tmp_path / "first.txt")
    children = children_of(paper.process.pid)
    with subprocess.Popen(
        [
            *(BROADSHEET, "shell", "--no-imports", "-c"),
            _PUBLISH + "\nwhile True: print(publish('Under fire'), flush=True)",
        ],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as publisher:
        assert publisher.stdout is not None
        acknowledged = [int(publisher.stdout.readline()) for _ in range(5)]
        paper.process.kill()
        publisher.kill()
        acknowledged += [int(line) for line in publisher.stdout]
    paper.process.wait()
    soon(lambda: not any(is_running(pid) for pid in children), within=20)
    again = start(home, "serve", tmp_path / "second.txt")
    try:
        # What was undone is ordered by the worker, a moment after the paper is ready.
        printed = tmp_path / "second.txt"
        soon(lambda: "recovered" in printed.read_text() and settled(home), within=60)
        for number in acknowledged:
            assert again.get(f"/news/{number}/").status_code == 200, number
        feed = again.get("/feeds/all.json").json()
        newest = {item["url"].rstrip("/").rpartition("/")[2] for item in feed["items"]}
        assert str(acknowledged[-1]) in newest
        checked = run(home, "check", "--deep", "--json")
        found = {finding["subject"]: finding for finding in json.loads(checked.stdout)}
        assert found["pressed files"]["level"] == "ok", found
    finally:
        stop(again)


def test_a_page_is_stored_gzipped_and_sent_as_stored(paper: RunningPaper) -> None:
    stored = (paper.home / "pressed" / "robots.txt.gz").read_bytes()
    raw = requests.get(
        paper.url + "/robots.txt", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=9
    ).raw.read(decode_content=False)
    assert raw == stored
    assert gzip.decompress(raw).startswith(b"User-agent")
