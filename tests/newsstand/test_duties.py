from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from io import StringIO
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from broadsheet.attribution import duties as attribution_duties
from broadsheet.newsstand import duties, home, opening, schedule, standing_duties
from broadsheet.newsstand.duties import Duty, Roster
from broadsheet.newsstand.supervisor import Post, Supervisor
from broadsheet.press import orders
from broadsheet.press.models import PressOrder
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Section, Story


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_duty_is_due_at_once_and_then_from_time_to_time() -> None:
    clock = Clock()
    done: list[float] = []
    duty = Duty("count", 10, lambda: done.append(clock.now))
    roster = Roster([duty], clock)
    for _ in range(25):
        for due in roster.due():
            assert roster.perform(due)
        clock.now += 1
    assert done == [100, 110, 120]


@pytest.mark.django_db
def test_a_duty_that_fails_is_tried_again_in_its_turn() -> None:
    clock = Clock()

    def fail() -> None:
        raise RuntimeError("broken")

    roster = Roster([Duty("fail", 10, fail)], clock)
    (duty,) = roster.due()
    assert not roster.perform(duty)
    assert roster.due() == []
    clock.now += 10
    assert roster.due() == [duty]


def test_names_of_duties_are_taken_once() -> None:
    name = duties.registered()[0].name
    with pytest.raises(ValueError, match=name):
        duties.register(Duty(name, 1, lambda: None))


def test_what_takes_much_memory_makes_room_and_stays_registered() -> None:
    ended: list[str] = []
    large = Duty("read", 10, lambda: None, make_room=lambda: ended.append("reading"))
    roster = Roster([Duty("count", 10, lambda: None), large], Clock())
    roster.make_room()
    assert ended == ["reading"]
    assert large in roster.due()


@pytest.mark.django_db
def test_no_story_is_read_while_a_bulk_waits_to_be_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    (duty,) = (each for each in duties.registered() if each.name.startswith("read stories"))
    assert duty.make_room is not duties.nothing_to_stop
    monkeypatch.setattr(attribution_duties, "read_waiting", lambda: 7)
    orders.write([Sheet("note", str(number)) for number in range(999)], priority=-10)
    assert duty.perform() == 7
    orders.write([Sheet("note", "one more")], priority=-10)
    assert duty.perform() == 0
    PressOrder.objects.all().delete()
    assert duty.perform() == 7


@pytest.fixture
def section() -> Section:
    section: Section = Section.objects.create(name="World", slug="world")
    return section


@pytest.mark.django_db
def test_the_schedule_is_kept_even_where_one_story_fails(
    section: Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = timezone.now() + timedelta(hours=1)
    numbers = []
    for headline in ("Broken", "Sound"):
        story = Story(headline=headline, section=section, live=False, go_live_at=soon)
        story.save()
        story.save_revision().publish()
        numbers.append(story.news_id)
    old = Story(headline="Old", section=section, live=False)
    old.save()
    old.save_revision().publish()
    Story.objects.filter(pk=old.news_id).update(expire_at=timezone.now() - timedelta(minutes=1))
    assert schedule.keep() == 1
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    publish = Story.publish

    def sometimes(self: Story, *args: object, **kwargs: object) -> object:
        if self.headline == "Broken":
            raise RuntimeError("broken")
        return publish(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Story, "publish", sometimes)
    assert schedule.keep() == 1
    live = Story.objects.filter(live=True).values_list("headline", flat=True)
    assert list(live) == ["Sound"]


@pytest.mark.django_db
def test_a_new_address_has_everything_pressed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    assert standing_duties.press_for_new_address() > 0
    assert PressOrder.objects.exists()
    assert standing_duties.press_for_new_address() == 0
    monkeypatch.setattr(settings, "BASE_URL", "https://news.example")
    assert standing_duties.press_for_new_address() > 0


@pytest.mark.django_db
def test_a_new_home_is_not_pressed_twice_for_the_address_it_begins_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "PRESSED_ROOT", "MEDIA_ROOT", "RUN_ROOT", "EMAIL_FILE_PATH"):
        monkeypatch.setattr(settings, name, tmp_path / name)
    monkeypatch.setattr(settings, "SECRET_KEY_FILE", tmp_path / "secret-key")
    monkeypatch.setattr(home, "database_is_there", lambda: False)
    (tmp_path / "HOME").mkdir()
    file = tmp_path / "HOME" / "broadsheet.sqlite3"
    file.touch()
    monkeypatch.setattr(home, "database_file", lambda: file)
    call_command("init", stdout=StringIO())
    assert standing_duties.press_for_new_address() == 0
    assert not PressOrder.objects.exists()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


@contextmanager
def kept(*posts: Post) -> Generator[None]:
    """Have a supervisor keep ``posts`` held for the block."""
    stopping = threading.Event()
    # Not a daemon: it ends its children.
    keeping = threading.Thread(target=Supervisor(posts).keep, args=[stopping.is_set])
    keeping.start()
    try:
        yield
    finally:
        stopping.set()
        keeping.join()


def test_the_supervisor_starts_again_what_ends_and_stops_what_runs(tmp_path: Path) -> None:
    started = tmp_path / "started"

    def work() -> None:
        with started.open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(60)

    def pids() -> list[int]:
        return [int(line) for line in started.read_text().split()] if started.exists() else []

    with kept(Post("appends", work), Post("sleeps", partial(time.sleep, 60))):
        until(lambda: len(pids()) == 1)
        os.kill(pids()[0], signal.SIGKILL)
        until(lambda: len(pids()) == 2)
    with pytest.raises(ProcessLookupError):
        os.kill(pids()[1], 0)
    assert len(pids()) == 2


def test_what_cannot_be_started_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, tried = ForkProcess.start, []

    def once_too_many(process: ForkProcess) -> None:
        tried.append(process)
        if len(tried) == 1:
            raise BlockingIOError("too many processes")
        start(process)

    monkeypatch.setattr(ForkProcess, "start", once_too_many)
    with kept(Post("writes", (tmp_path / "written").touch)):
        until((tmp_path / "written").exists)


def test_nobody_is_left_behind_where_it_cannot_be_said_that_they_are_there(tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    def work() -> None:
        pid.write_text(str(os.getpid()))
        time.sleep(60)

    def ready() -> None:
        until(lambda: pid.exists() and pid.read_text() != "")
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Supervisor([Post("writes", work)]).keep(lambda: False, ready=ready)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_the_supervised_hears_signals_for_itself_and_claims_nothing_of_its_parent(
    tmp_path: Path, settings: Settings
) -> None:
    settings.RUN_ROOT = tmp_path
    said = tmp_path / "said"

    def work() -> None:
        signals = [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM)]
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        said.with_suffix(".part").write_text(
            f"{os.getsid(0) == os.getpid()} {signals == [signal.SIG_DFL] * 2} {len(blocked)}"
        )
        said.with_suffix(".part").replace(said)
        time.sleep(60)

    with ExitStack() as supervised:
        with home.claimed("serve"):
            supervised.enter_context(kept(Post("says", work)))
            until(said.exists)
        # The child lives on, as it may for a moment after a parent that was killed.
        with home.claimed("serve"):
            assert said.read_text() == "True True 0"


def test_a_home_is_claimed_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RUN_ROOT", tmp_path / "run")
    with home.claimed("serve"):
        with home.claimed("worker"):
            pass
        with pytest.raises(home.HomeInUseError, match=str(os.getpid())), home.claimed("serve"):
            pass
    with home.claimed("serve"):
        pass


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("192.0.2.7", False),
        ("::", False),
        ("news.example", False),
        ("localhost.example", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert opening.is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("host", "hosts", "url"),
    [
        ("127.0.0.1", ["localhost"], "http://127.0.0.1:8130"),
        ("::1", ["localhost"], "http://[::1]:8130"),
        ("192.0.2.7", ["*", ".example", "news.example"], "http://news.example:8130"),
        ("192.0.2.7", ["*"], "http://192.0.2.7:8130"),
    ],
)
def test_the_address_listened_on_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, hosts: list[str], url: str
) -> None:
    for name in ("BASE_URL", "WAGTAILADMIN_BASE_URL"):
        monkeypatch.setattr(settings, name, "")
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", hosts)
    monkeypatch.setattr(settings, "BASE_URL_FILE", tmp_path / "base-url")
    opening.record_base_url(host, 8130)
    assert url == settings.BASE_URL == (tmp_path / "base-url").read_text().strip()


@pytest.mark.parametrize(
    ("secret", "weak"),
    [
        ("", True),
        ("short", True),
        ("x" * 80, True),
        ("django-insecure-" + "abcdefghijklmnopqrstuvwxyz" * 3, True),
        ("Zk3-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2, False),
    ],
)
def test_weak_secrets(monkeypatch: pytest.MonkeyPatch, secret: str, weak: bool) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY", secret)
    assert home.secret_is_weak() is weak
