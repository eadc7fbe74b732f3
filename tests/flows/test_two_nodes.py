"""One paper on two nodes: what is done on one is there on the other, and outages are borne."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import requests
from lxml import html

import private_postgresql
import private_redis
import private_s3
from flows import desk as desks
from flows import readers
from flows.desk import Desk
from flows.papers import RunningPaper, kill, soon
from flows.readers import Reader
from flows.two_nodes import (
    Readers,
    Shared,
    await_ready,
    launch,
    prepare,
    running,
    seconds_until,
)

pytestmark = [pytest.mark.flow, pytest.mark.nodes]

_FURNISH = """
from broadsheet.accounts.models import Byline
from broadsheet.stories.models import Section, Topic
Section.objects.create(name="World", slug="world")
Topic.objects.create(name="Water", slug="water")
Byline.objects.create(name="Mira Doe", slug="mira-doe")
"""


@pytest.fixture(scope="module")
def shared(
    postgresql: private_postgresql.Server,
    migrated_postgresql: str,
    any_redis: private_redis.Server,
    s3_server: private_s3.Server,
) -> Iterator[Shared]:
    """Everything the nodes share, without a paper yet."""
    any_redis.make_new()
    name = f"two-nodes-{os.getpid()}"
    database = postgresql.create(name, like=migrated_postgresql)
    place = s3_server.place()
    options = f"?endpoint_url={place.endpoint}&region={place.region}"
    yield Shared(
        postgresql,
        name,
        any_redis,
        s3_server,
        {
            "DATABASE_URL": database,
            "CACHE_URL": any_redis.url(0),
            "TASKS_URL": any_redis.url(1),
            "PRESS_URL": f"s3://{place.bucket}/pages{options}",
            "MEDIA_URL": f"s3://{place.bucket}/media{options}",
            "BROADSHEET_S3_ACCESS_KEY": place.access_key,
            "BROADSHEET_S3_SECRET_KEY": place.secret_key,
            "BROADSHEET_SECRET_KEY": "of both nodes " + "x" * 50,
            "BROADSHEET_BASE_URL": "http://paper.example",
            "BROADSHEET_ALLOWED_HOSTS": "127.0.0.1,paper.example",
        },
    )
    postgresql.drop(name)


@pytest.fixture(scope="module")
def nodes(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RunningPaper]]:
    """The two nodes; the second is new and has to fill its folder from the store."""
    folder = tmp_path_factory.mktemp("two-nodes")
    prepare(shared, folder / "north", _FURNISH)
    homes = {"north": folder / "north", "south": folder / "south"}
    with running(shared, homes, folder) as started:
        yield started


@pytest.fixture(autouse=True)
def one_database(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "ask", shared.ask)
    monkeypatch.setattr(readers, "ask", shared.ask)


def told(name: str, seconds: float) -> None:
    print(f"{name}: {seconds * 1000:.0f} ms")  # noqa: T201 - figures of a run, with -s


def has(node: RunningPaper, path: str, words: str) -> bool:
    return words in node.get(path).text


def settled(shared: Shared) -> bool:
    ((waiting,),) = shared.ask(Path(), "SELECT count(*) FROM press_pressorder")
    return not waiting


def outages_at(node: RunningPaper) -> set[str]:
    return {
        name.split()[0]
        for name, check in node.get("/readyz").json()["checks"].items()
        if not check["ok"]
    }


def test_what_is_done_on_one_node_is_there_on_the_other(
    nodes: list[RunningPaper], shared: Shared
) -> None:
    north, south = nodes
    desk = Desk(north)
    desk.publish("A bridge opens")
    number = desk.news_id("A bridge opens")
    story = f"/news/{number}/"
    told("published, read on the other", seconds_until(lambda: has(south, story, "A bridge")))
    soon(lambda: has(south, "/", "A bridge opens"))
    desk.publish("A bridge closes")
    path = f"/news/{desk.news_id('A bridge closes')}/"
    taken = seconds_until(lambda: has(south, path, "A bridge closes"), within=5)
    told("published again, read on the other", taken)
    # The same bytes, whichever node a reader is led to.
    assert north.get(path).headers["ETag"] == south.get(path).headers["ETag"]

    # No session is bound to a node.
    desk.paper = south
    assert desk.get("/newsroom/").status_code == 200
    assert Reader(north, "127.0.9.1").write(number, "I was there.")
    ((letter,),) = shared.ask(south.home, "SELECT id FROM letters_letter")
    desk.decide("approve", letter)
    soon(lambda: has(north, story, "I was there."))

    desk.unpublish(number)
    told(
        "withdrawn, gone on the node that was told",
        seconds_until(lambda: south.get(story).status_code == 410),
    )
    taken = seconds_until(lambda: north.get(story).status_code == 410, within=5)
    told("withdrawn, gone on the other", taken)
    soon(lambda: not has(north, "/", "A bridge opens"))


def test_a_node_that_is_killed_loses_nothing(
    nodes: list[RunningPaper], shared: Shared, tmp_path: Path
) -> None:
    _, south = nodes
    third = launch(shared, tmp_path / "east", "east", tmp_path / "east.txt")
    try:
        await_ready(third)
        acknowledged: list[str] = []

        def publish() -> None:
            desk = Desk(third)
            try:
                for number in count():
                    desk.publish(f"Under fire {number}")
                    acknowledged.append(f"Under fire {number}")
            except requests.RequestException:
                return

        publishing = threading.Thread(target=publish)
        publishing.start()
        soon(lambda: len(acknowledged) >= 3, within=60)
        last = len(acknowledged)
        kill(third)
        publishing.join()
        desk = Desk(south)
        first = f"/news/{desk.news_id(acknowledged[last - 1])}/"
        told("the other goes on", seconds_until(lambda: south.get(first).status_code == 200))
        soon(lambda: settled(shared))
        for headline in acknowledged:
            assert south.get(f"/news/{desk.news_id(headline)}/").status_code == 200, headline
        front = south.get("/").text
        assert acknowledged[-1] in front
        # Its row outlives it, and says so a quarter of a minute later.
        soon(lambda: "node" in outages_at(south), within=30)
        page = html.fromstring(desk.get("/newsroom/").content).text_content()
        assert "“east” was last heard of" in page
    finally:
        if third.process.poll() is None:
            os.killpg(third.process.pid, signal.SIGKILL)
        shutil.rmtree(tmp_path / "east", ignore_errors=True)


def test_readers_notice_no_outage_and_the_newsroom_is_told(
    nodes: list[RunningPaper], shared: Shared
) -> None:
    north, south = nodes
    desk = Desk(north)
    desk.publish("Before the outage")
    story = f"/news/{desk.news_id('Before the outage')}/"
    soon(lambda: south.get(story).status_code == 200)
    readers = [Readers(node, ["/", story, "/feeds/all.rss"]) for node in nodes]
    with readers[0].reading(), readers[1].reading():
        shared.s3.stop()
        try:
            desk.publish("While the store is gone")
            page = desk.get("/newsroom/").text
            assert "The store of the pages has not answered" in page
            waiting = f"/news/{desk.news_id('While the store is gone')}/"
            soon(lambda: "store" in outages_at(south))
            # Kept and not shown: on no node is there another page than on the others.
            assert north.get(waiting).status_code == south.get(waiting).status_code == 404
        finally:
            shared.s3.start()
        for node in nodes:
            taken = seconds_until(lambda node=node: node.get(waiting).status_code == 200)  # type: ignore[misc]
            told("the store is back", taken)

        shared.redis.stop()
        try:
            desk.publish("While nobody can be woken")
            quiet = f"/news/{desk.news_id('While nobody can be woken')}/"
            taken = seconds_until(lambda: south.get(quiet).status_code == 200)
            told("without the bell, read on the other", taken)
            soon(lambda: {"cache", "bell"} <= outages_at(south))
            assert "The cache has not answered" in desk.get("/newsroom/").text
            assert north.get("/search/?q=bridge").status_code == 200
        finally:
            shared.redis.start()
        soon(lambda: not {"cache", "bell", "store"} & outages_at(south))

        with shared.without_database():
            soon(lambda: "database" in outages_at(south))
            assert south.get("/readyz").status_code == 503
            assert south.get("/healthz").status_code == 200
            for path in ("/search/?q=bridge", "/newsroom/", "/news/999999/"):
                answer = desk.get(path)
                assert answer.status_code == 503, path
                assert answer.headers["Retry-After"]
                assert "Traceback" not in answer.text
        soon(lambda: north.get("/readyz").status_code == south.get("/readyz").status_code == 200)
        desk.publish("After all of it")
        last = f"/news/{desk.news_id('After all of it')}/"
        soon(lambda: south.get(last).status_code == 200)
    for each in readers:
        assert each.wrong == []
        assert each.answers > 100
        told(f"slowest of {each.answers} answers to readers", each.slowest)
    soon(lambda: settled(shared))
