"""What is said while something the paper leans on does not work, and to whom."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory

import private_redis
from broadsheet import troubles
from broadsheet.newsstand import (
    findings,
    heartbeat,
    nodes,
    outages,
    probes,
    readiness,
    unavailable,
)
from broadsheet.newsstand.models import Node
from broadsheet.press import store_trouble
from broadsheet.troubles import Trouble

STORE = Trouble("store", time.time() - 300, "EndpointConnectionError: http://127.0.0.1:9000")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RUN_ROOT", tmp_path)
    monkeypatch.setattr(settings, "PRESSED_ROOT", tmp_path)
    monkeypatch.setattr(troubles, "_probes", {})
    monkeypatch.setattr(troubles, "_met", {})


def kinds() -> list[tuple[str, str]]:
    return [(outage.kind, outage.node) for outage in outages.present()]


def test_a_probe_that_finds_something_is_remembered_since_then() -> None:
    said = iter(["", "no answer", "still none", "", "again"])
    troubles.register("store", lambda: next(said))
    now = iter([10.0, 20.0])
    watch = troubles.Watch(clock=lambda: next(now))
    assert watch.look() == ()
    assert watch.look() == (Trouble("store", 10.0, "no answer"),)
    assert watch.look() == (Trouble("store", 10.0, "still none"),)
    assert watch.look() == ()
    assert watch.look() == (Trouble("store", 20.0, "again"),)


def test_a_probe_that_fails_is_a_trouble() -> None:
    def broken() -> str:
        raise OSError("no route")

    troubles.register("mirror", broken)
    (found,) = troubles.Watch().look()
    assert (found.what, found.reason) == ("mirror", "OSError: no route")


def test_what_was_met_is_over_when_it_works_again() -> None:
    troubles.meet("store", "refused")
    first = troubles.met()
    troubles.meet("store", "refused again")
    (again,) = troubles.met()
    assert (again.since, again.reason) == (first[0].since, "refused again")
    troubles.over("store")
    assert troubles.met() == ()


def test_the_probes_of_cache_and_bell_ask_the_server(
    redis_server: private_redis.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CACHE_URL", redis_server.url())
    monkeypatch.setattr(settings, "TASKS_URL", redis_server.url())
    probes.register_all()
    watch = troubles.Watch()
    assert watch.look() == ()
    redis_server.stop()
    assert [found.what for found in watch.look()] == ["cache", "bell"]
    redis_server.start()
    assert watch.look() == ()


@pytest.mark.django_db
def test_the_one_node_of_a_paper_in_sqlite_tells_through_its_home() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("with PostgreSQL the table tells")
    assert kinds() == []
    heartbeat.write("waiting", 0.0, [STORE])
    assert kinds() == [("store", "")]
    assert outages.present()[0].since.timestamp() == pytest.approx(STORE.since)
    # What a request met is as true, but is not told twice.
    troubles.meet("store", "refused")
    assert len(kinds()) == 1
    beat = json.loads((Path(settings.RUN_ROOT) / "worker.json").read_text())
    beat["at"] -= 60
    (Path(settings.RUN_ROOT) / "worker.json").write_text(json.dumps(beat))
    assert kinds() == [("store", ""), ("workers", "")]


def test_nodes_know_of_each_other(on_postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("migrate", "newsstand", verbosity=0)
    monkeypatch.setattr(settings, "NODE_NAME", "south")
    nodes.write("waiting", [Trouble("mirror", time.time() - 9, "behind by 12 changes")])
    monkeypatch.setattr(settings, "NODE_NAME", "north")
    nodes.write("pressing", [STORE])
    nodes.write("waiting", [])
    assert kinds() == [("mirror", "south")]
    nodes.write("waiting", [STORE])
    assert [(node.name, node.here, node.alive) for node in nodes.known()] == [
        ("north", True, True),
        ("south", False, True),
    ]
    # That no node can fetch from the store goes without saying.
    assert kinds() == [("store", "")]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE newsstand_node SET seen_at = now() - interval '5 minutes' WHERE name = 'south'"
        )
    assert kinds() == [("store", ""), ("node", "south")]
    silent = outages.present()[1]
    assert silent.seconds == pytest.approx(300, abs=5)
    nodes.clear()
    assert kinds() == [("workers", "")]
    Node.objects.all().delete()
    assert kinds() == []


@pytest.mark.django_db
def test_a_node_stays_ready_without_what_it_can_do_without(client: Client) -> None:
    heartbeat.write("waiting", 0.0)
    troubles.meet("cache", "refused")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    cache = answer.json()["checks"]["cache"]
    assert (cache["ok"], cache["needed"]) == (False, False)
    assert "refused" in cache["reason"]
    assert 'broadsheet_outage_seconds{kind="cache",node=""}' in client.get("/metrics").text
    found = {each.subject: each for each in findings.findings(deep=False)}
    assert found["nodes"].level is findings.Level.ERROR
    assert "CACHE_URL" in found["nodes"].sentence


@pytest.mark.django_db
def test_without_its_database_a_node_is_alive_and_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat.write("waiting", 0.0)
    asked: list[str] = []

    def gone() -> str:
        asked.append("database")
        raise OperationalError("connection refused")

    monkeypatch.setattr(readiness, "_database", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"]["reason"] == "OperationalError: connection refused"
    # Nothing else asks it: each would wait as long again.
    assert set(checks) == {"database", "pressed_folder", "worker"}
    assert asked == ["database"]
    assert client.get("/healthz").status_code == 200
    figures = client.get("/metrics").text
    assert "broadsheet_database_up 0.0" in figures
    assert "broadsheet_worker_heartbeat_age_seconds" in figures


def failing_client(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Client:
    def fail(*given: object, **named: object) -> None:
        raise error

    for view in ("search.views.limits.count", "letters.views.public_story"):
        monkeypatch.setattr(f"broadsheet.{view}", fail)
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_pages_that_need_the_database_say_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = failing_client(monkeypatch, InterfaceError("connection already closed"))
    answer = client.get("/search/?q=water", headers={"Accept-Language": "de"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "20"
    assert answer["Cache-Control"] == "no-store"
    assert '<html lang="de" dir="ltr">' in answer.content.decode()
    answer = client.get("/search/?q=water", headers={"Accept-Language": "fa-IR"})
    assert '<html lang="fa" dir="rtl">' in answer.content.decode()


@pytest.mark.django_db
def test_such_a_page_says_which_language_it_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "PAPER_LANGUAGES", ["ar", "fa"])
    client = failing_client(monkeypatch, InterfaceError("connection already closed"))
    page = client.get("/search/?q=water").content.decode()
    assert '<html lang="en" dir="ltr">' in page
    assert "in a minute" in page


@pytest.mark.django_db
def test_a_letter_that_cannot_be_taken_in_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = failing_client(monkeypatch, OperationalError("database is locked"))
    sent = "text=It+was+%3Cb%3Enot%3C%2Fb%3E+so."
    posted = client.post("/letters/1/", sent, content_type="application/x-www-form-urlencoded")
    assert posted.status_code == 503
    assert "It was &lt;b&gt;not&lt;/b&gt; so." in posted.content.decode()
    # What another site had the browser send does not stand on a page of ours.
    elsewhere = client.post(
        "/letters/1/",
        sent,
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert elsewhere.status_code == 503
    assert "It was" not in elsewhere.content.decode()


@pytest.mark.django_db
def test_a_mistake_of_ours_is_no_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        wrong = OperationalError("no such column: headlime")
        assert failing_client(monkeypatch, wrong).get("/search/?q=x").status_code == 500
    assert failing_client(monkeypatch, KeyError("x")).get("/search/?q=x").status_code == 500


def test_the_newsroom_is_told_that_nothing_was_kept() -> None:
    request = RequestFactory().post("/newsroom/snippets/stories/story/add/", {"text": "secret"})
    said = unavailable.answer(request)
    assert said.status_code == 503
    assert "could not keep this" in said.content.decode()
    assert "secret" not in said.content.decode()
    said = unavailable.answer(RequestFactory().get("/newsroom/", headers={"Accept-Language": "tr"}))
    assert '<html lang="tr"' in said.content.decode()


@pytest.mark.django_db
def test_a_press_that_the_store_refused_is_told_at_once() -> None:
    store_trouble.note("press", OSError("refused"))
    (outage,) = outages.present()
    assert (outage.kind, outage.reason) == ("store", "refused")
    store_trouble.is_over("press")
    assert outages.present() == []
