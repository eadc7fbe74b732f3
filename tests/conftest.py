"""What every test shares: homes, the browser, and the real input where it is at hand."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

import home_databases
import migrated_once
import private_postgresql
import private_redis
import private_s3
from broadsheet import databases, locks, redis_links

SHARED = Path(__file__).resolve().parents[2] / "shared"


_BROADSHEET = Path(sys.executable).with_name("broadsheet")


# The tests of these share processes of their own, which one process of the run should start.
_TOGETHER = (
    "tests/flows/",
    "tests/demo/test_command.py",
    "tests/attribution/test_reader_browser.py",
    "tests/letters/test_browser.py",
    "tests/newsroom/test_claims_in_browser.py",
    "tests/newsroom/test_journey_in_browser.py",
    "tests/newsroom/test_wire_in_browser.py",
    "tests/press/test_crashes.py",
)


class _Scheduling(LoadScopeScheduling):
    """Whole files of journeys, and every other test by itself.

    xdist has groups for this, which the nodes of pytest 9.2 no longer take in.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(_TOGETHER) else nodeid


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Leave the name of a database in memory alone: each process has one of its own.

    pytest-django does so by itself for Django's own engine, and for no other of SQLite.
    """
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        request.getfixturevalue("django_db_modify_db_settings_xdist_suffix")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Scheduling:
    """Have several processes work as :class:`_Scheduling` says."""
    return _Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the whole journeys, which take longest.

    Tests in the database stay one by one and in their order: one that commits empties it in the
    end, and must come after all that do not.
    """
    items.sort(key=lambda item: not _has_processes(item))


def _has_processes(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("flow", "browser")) and not (
        item.get_closest_marker("django_db")
        or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    )


def _shared_by_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, *command: str) -> Path:
    """Return the home that ``broadsheet <command>`` makes, once for all the processes of a run.

    Those who need a home copy this one.
    """
    shared = _shared_by_all(tmp_path_factory)
    home, printed = shared / name, shared / f"{name}.txt"
    clean = {name: value for name, value in os.environ.items() if "BROADSHEET" not in name}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            # What loads the sample newspaper wants to begin in an empty folder.
            if command == ("init",):
                migrated_once.copy_to(home, shared)
            done = subprocess.run(
                [_BROADSHEET, *command],
                env={**clean, **home_databases.named_in(home), "BROADSHEET_HOME": str(home)},
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            if done.returncode:
                pytest.fail(f"broadsheet {command[0]}: {done.stdout}{done.stderr}")
            if command == ("init",):
                # Its database was there, so that init did not take it for a new home.
                (home / "pressed-for").write_text("http://127.0.0.1:8000\n")
            home_databases.named_in(home)
            printed.write_text(done.stdout + done.stderr)
    return home


@pytest.fixture(scope="session")
def postgresql() -> Iterator[private_postgresql.Server]:
    """A PostgreSQL of the tests' own, started when the first test asks for it."""
    if server := private_postgresql.of_the_run():
        yield server
        return
    with private_postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgresql(
    postgresql: private_postgresql.Server, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a database with every table on that server, to be copied."""
    return migrated_once.in_postgresql(postgresql, _shared_by_all(tmp_path_factory))


@pytest.fixture(scope="session")
def postgresql_template() -> str:
    """The name of the database of which :func:`on_postgresql` makes copies."""
    return "template0"


@pytest.fixture
def on_postgresql(
    postgresql: private_postgresql.Server,
    postgresql_template: str,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """An empty database on PostgreSQL, which Django uses for the test; the value is its address."""
    name = f"test-{uuid.uuid4().hex}"
    url = postgresql.create(name, like=postgresql_template)
    described = connections.configure_settings({"default": databases.described(url, Path())})
    before, settings_before = connections["default"], connections.settings["default"]
    connections.settings["default"] = described["default"]
    monkeypatch.setattr(settings, "DATABASES", described)
    del connections["default"]
    with django_db_blocker.unblock():
        yield url
        locks.close_sessions()
        connections["default"].close()
    connections.settings["default"], connections["default"] = settings_before, before
    postgresql.drop(name)


@pytest.fixture(scope="session")
def any_redis() -> Iterator[private_redis.Server]:
    """A Redis of the tests' own, started when the first test asks for it."""
    with private_redis.running() as server:
        yield server


@pytest.fixture
def redis_server(any_redis: private_redis.Server) -> Iterator[private_redis.Server]:
    """That Redis, running and empty; the test may stop and start it."""
    any_redis.make_new()
    yield any_redis
    redis_links.close_all()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[private_s3.Server]:
    """An S3 store of the tests' own; a test that stops it starts it again."""
    with private_s3.running() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Before Django makes the database of the tests: it need not migrate one of its own."""
    connection, shared = connections["default"], _shared_by_all(tmp_path_factory)
    if server := private_postgresql.of_the_run():
        template = migrated_once.in_postgresql(server, shared)
        connection.settings_dict["TEST"]["TEMPLATE"] = template
    else:
        connection.creation = migrated_once.CopiedCreation(connection, shared)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of the tests, which no kept session of a lock may hold up when it goes."""
    if private_postgresql.of_the_run():
        with django_db_blocker.unblock():
            migrated_once.empty_the_index_with_the_rest(connections["default"])
    yield
    locks.close_sessions()


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as `broadsheet init` leaves it, to be copied; what it said lies beside it (.txt)."""
    return _made_once(tmp_path_factory, "new-home", "init")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the sample newspaper, loaded and pressed, to be copied; so with what it said."""
    return _made_once(tmp_path_factory, "sample-home", "demo", "--no-serve")


@pytest.fixture(scope="session")
def seed_page() -> Path:
    """The saved page the whole system was read off; third-party text, never committed."""
    folder = SHARED / "seed"
    if not folder.is_dir():
        pytest.skip("../shared/seed is not here: the real saved page is third-party text")
    return next(iter(sorted(folder.glob("*.txt"))))


# Not for the session: as long as Playwright runs, nothing else in this thread can be asynchronous.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless; every test opens contexts of its own."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is not installed; `make programs` installs what the tests drive")
    # A busy machine may take longer than the five seconds that Playwright gives it.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
