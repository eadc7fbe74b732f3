"""The locks of the paper, on both databases: who has them, who waits, and when they are let go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from broadsheet import locks

_HOLDER = """
import sys
from broadsheet import locks
with locks.held(sys.argv[1], wait=False) as hold:
    print("had" if hold else "not had", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["home", "postgresql"])
def environment(request: pytest.FixtureRequest, settings: object, tmp_path: Path) -> dict[str, str]:
    """What a process of the same paper has in its environment; this one is of that paper too."""
    if request.param == "postgresql":
        url = request.getfixturevalue("on_postgresql")
    elif connection.vendor == "postgresql":
        pytest.skip("the whole run is on PostgreSQL")
    else:
        url = ""
    settings.RUN_ROOT = tmp_path / "run"  # type: ignore[attr-defined]
    return {
        **os.environ,
        "BROADSHEET_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "broadsheet.settings",
    }


def _holder(environment: dict[str, str], name: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, name],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_one_process_at_a_time_has_a_lock_which_goes_with_it(environment: dict[str, str]) -> None:
    process, said = _holder(environment, "press")
    try:
        assert said == "had"
        with locks.held("press", wait=False) as mine:
            assert not mine
            assert not mine.lasts()
        with locks.held("watch", wait=False) as other:
            assert other, "another lock is nobody's yet"
        process.send_signal(signal.SIGKILL)
        process.wait()
        with locks.held("press", wait=True) as mine:
            assert mine
            assert mine.lasts()
            second, said = _holder(environment, "press")
            second.communicate()
            assert said == "not had"
    finally:
        process.kill()
        process.communicate()


def test_threads_of_one_process_exclude_each_other_and_themselves(
    environment: dict[str, str],
) -> None:
    order: list[str] = []

    def wait_for_it() -> None:
        with locks.held("press", wait=True):
            order.append("the other had it")
        connection.close()

    with locks.held("press", wait=False) as mine:
        assert mine
        with locks.held("press", wait=False) as again:
            assert not again
        thread = threading.Thread(target=wait_for_it)
        thread.start()
        time.sleep(0.3)
        order.append("the first lets go")
    thread.join(20)
    assert order == ["the first lets go", "the other had it"]


def test_a_lock_is_let_go_where_the_block_fails(environment: dict[str, str]) -> None:
    with pytest.raises(ZeroDivisionError), locks.held("press", wait=False):
        raise ZeroDivisionError
    with locks.held("press", wait=False) as mine:
        assert mine


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"), locks.held("../press", wait=False):
        pass


def test_the_server_that_ended_the_session_has_let_the_lock_go(on_postgresql: str) -> None:
    with locks.held("press", wait=False) as mine:
        assert mine
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        assert not mine.lasts()
        with locks.held("press", wait=False) as anew:
            assert anew
            assert anew.lasts()
    # The session that has died is not kept for the next.
    with locks.held("press", wait=False) as mine:
        assert mine


def test_two_databases_of_one_server_do_not_disturb_each_other(
    on_postgresql: str, postgresql: object, tmp_path: Path
) -> None:
    url = postgresql.create("another-paper")  # type: ignore[attr-defined]
    environment = {
        **os.environ,
        "BROADSHEET_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "broadsheet.settings",
    }
    with locks.held("press", wait=False) as mine:
        assert mine
        process, said = _holder(environment, "press")
        process.communicate()
    postgresql.drop("another-paper")  # type: ignore[attr-defined]
    assert said == "had"


def test_a_server_that_is_not_there_is_told_at_once(on_postgresql: str) -> None:
    here = connection.settings_dict["HOST"]
    began = time.monotonic()
    try:
        connection.settings_dict["HOST"] = "/nowhere"
        with pytest.raises(OperationalError), locks.held("press", wait=True):
            pass
    finally:
        connection.settings_dict["HOST"] = here
    assert time.monotonic() - began < 8


def test_transactions_of_one_name_come_one_after_another(on_postgresql: str) -> None:
    order: list[str] = []

    def second() -> None:
        with transaction.atomic():
            locks.alone("journal")
            order.append("second")
        connection.close()

    with transaction.atomic():
        locks.alone("journal")
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]
