from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from broadsheet.newsstand import figures, heartbeat, readiness
from broadsheet.press.models import PressOrder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RUN_ROOT", tmp_path)
    monkeypatch.setattr(settings, "PRESSED_ROOT", tmp_path / "pressed")
    (tmp_path / "pressed").mkdir()


def failing() -> dict[str, str]:
    return {check.name: check.reason for check in readiness.checks() if not check.ok}


def test_health_asks_nothing_and_is_never_cached(client: Client) -> None:
    answer = client.get("/healthz", headers={"Host": "10.1.2.3"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "no-store"


def test_a_paper_without_a_worker_is_not_ready(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    answer = client.get("/readyz")
    # Told to who asks; no error in the log of a paper that is opening.
    assert {record.levelname for record in caplog.records} == {"INFO"}
    assert answer.status_code == 503
    body = json.loads(answer.content)
    assert body["ready"] is False
    assert body["checks"]["worker"] == {"ok": False, "reason": "no worker runs"}
    assert body["checks"]["database"] == {"ok": True}
    heartbeat.write("waiting", 0.0)
    assert client.get("/readyz").status_code == 200


def test_a_check_that_raises_makes_the_paper_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RuntimeError("no page at /srv/secret")

    heartbeat.write("waiting", 0.0)
    monkeypatch.setitem(readiness._CHECKS, "press", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    reason = "RuntimeError: no page at /srv/secret"
    assert answer.json()["checks"]["press"] == {"ok": False, "reason": reason}


def test_reasons_are_for_this_machine_or_for_the_token(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "METRICS_TOKEN", "let-me-in")
    for address, headers in (
        ("192.0.2.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("192.0.2.7", {"Authorization": "Bearer guess"}),
    ):
        answer = client.get("/readyz", REMOTE_ADDR=address, headers=headers)
        assert answer.status_code == 503
        assert answer.json()["checks"]["worker"] == {"ok": False}
        assert "reason" not in answer.content.decode()
    answer = client.get(
        "/readyz", REMOTE_ADDR="192.0.2.7", headers={"Authorization": "Bearer let-me-in"}
    )
    assert answer.json()["checks"]["worker"]["reason"]


def test_a_worker_that_falls_silent_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.write("pressing", 0.0)
    assert failing() == {}
    monkeypatch.setattr(heartbeat, "SILENCE_S", -1.0)
    assert "silent" in failing()["worker"]
    (Path(settings.RUN_ROOT) / "worker.json").write_text("{half")
    assert failing()["worker"] == "no worker runs"


def test_an_order_that_lies_too_long_is_noticed() -> None:
    heartbeat.write("waiting", 0.0)
    order = PressOrder.objects.create(kind="story", key="207166")
    assert failing() == {}
    long_ago = timezone.now() - timedelta(minutes=5)
    PressOrder.objects.update(ordered_at=long_ago)
    assert "story 207166" in failing()["press"]
    # A batch may wait, and what failed is tried again later and is told by `check`.
    PressOrder.objects.filter(pk=order.pk).update(priority=-10)
    assert failing() == {}
    PressOrder.objects.filter(pk=order.pk).update(priority=0, attempts=1)
    assert failing() == {}


def test_a_missing_pressed_folder_is_noticed() -> None:
    heartbeat.write("waiting", 0.0)
    Path(settings.PRESSED_ROOT).rmdir()
    assert "broadsheet init" in failing()["pressed_folder"]


def test_figures_tell_what_the_database_knows(client: Client) -> None:
    PressOrder.objects.create(kind="story", key="1", attempts=2)
    PressOrder.objects.create(kind="story", key="2")
    text = client.get("/metrics").content.decode()
    assert 'broadsheet_press_orders{state="pending"} 2.0' in text
    assert 'broadsheet_press_orders{state="failed"} 1.0' in text
    assert 'broadsheet_letters{state="held"} 0.0' in text


def test_figures_are_for_this_machine_or_for_the_token(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403
    # An empty token is no token.
    assert (
        client.get(
            "/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": "Bearer "}
        ).status_code
        == 403
    )
    monkeypatch.setattr(settings, "METRICS_TOKEN", "let-me-in")
    for token, status in (("let-me-in", 200), ("guess", 403)):
        answer = client.get(
            "/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == status


def test_readers_cannot_make_labels() -> None:
    assert figures.room_of("/letters/207166/") == "letters"
    assert figures.room_of("/" + "x" * 50) == "other"
    assert figures.room_of("//newsroom/") == "newsroom"
