from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class

from broadsheet.__main__ import Utility
from broadsheet.accounts.models import User
from broadsheet.databases import described
from broadsheet.newsstand import findings
from broadsheet.newsstand.findings import Level
from broadsheet.press.models import PressedFile, PressOrder
from private_postgresql import of_the_run

OURS = sorted(name for name, app in get_commands().items() if app.startswith("broadsheet."))


def test_help_names_our_commands_first_and_every_one() -> None:
    text = Utility(["broadsheet"]).main_help_text()
    ours, _, others = text.partition("Django's and Wagtail's own commands")
    for name in OURS:
        assert f"  {name} " in ours
        assert f" {name}," not in others
    assert "migrate" in others


@pytest.mark.parametrize("name", OURS)
def test_every_command_says_what_it_does(name: str) -> None:
    command = load_command_class(get_commands()[name], name)
    text = " ".join(command.create_parser("broadsheet", name).format_help().split())
    assert len(command.help) > 40
    assert " ".join(command.help.split())[:30] in text


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    password = "three plain words and 7"
    monkeypatch.setattr(settings, "ADMIN_PASSWORD", password)
    return password


@pytest.mark.django_db
def test_an_administrator_is_made(password: str) -> None:
    out = io.StringIO()
    call_command("createadmin", username="ada", email="ada@news.example", stdout=out)
    user = User.objects.get(username="ada")
    assert user.is_superuser
    assert user.check_password(password)
    assert [group.name for group in user.groups.all()] == ["Administrators"]
    assert "/newsroom/" in out.getvalue()


@pytest.mark.django_db
def test_the_password_may_come_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("three plain words and 7\n"))
    call_command("createadmin", username="ada", stdout=io.StringIO())
    assert User.objects.get(username="ada").check_password("three plain words and 7")


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["", "short", "password123", "12345678901234", "adalovelace"])
def test_weak_passwords_are_refused(monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(weak + "\n"))
    with pytest.raises(CommandError):
        call_command("createadmin", username="adalovelace", stdout=io.StringIO())
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_name_is_needed_and_taken_once(password: str) -> None:
    with pytest.raises(CommandError, match="--username"):
        call_command("createadmin", stdout=io.StringIO())
    call_command("createadmin", username="ada", stdout=io.StringIO())
    with pytest.raises(CommandError, match="already exists"):
        call_command("createadmin", username="ada", stdout=io.StringIO())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "complaint", "asked"),
    [
        (["short"], "too short", 1),
        (["three plain words and 7", "three plain words and 8"], "differ", 2),
        (["three plain words and 7", "three plain words and 7"], "", 2),
    ],
)
def test_a_password_is_judged_before_it_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, answers: list[str], complaint: str, asked: int
) -> None:
    questions: list[str] = []

    def answer(question: str) -> str:
        questions.append(question)
        return answers[len(questions) - 1]

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", answer)
    if complaint:
        with pytest.raises(CommandError, match=complaint):
            call_command("createadmin", username="ada", stdout=io.StringIO())
    else:
        call_command("createadmin", username="ada", stdout=io.StringIO())
    assert len(questions) == asked
    assert User.objects.exists() is not bool(complaint)


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_only_a_known_address_is_named(
    password: str, known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "base-url"
    if known:
        file.write_text("https://news.example\n", "utf-8")
    monkeypatch.delenv("BROADSHEET_BASE_URL", raising=False)
    monkeypatch.setattr(settings, "BASE_URL_FILE", file)
    monkeypatch.setattr(settings, "BASE_URL", "https://news.example")
    out = io.StringIO()
    call_command("createadmin", username="ada", stdout=out)
    assert ("https://news.example/newsroom/" in out.getvalue()) is known
    assert "/newsroom/" in out.getvalue()


@pytest.fixture
def checked_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if of_the_run():
        pytest.skip("looks at a home with SQLite")
    home = tmp_path / "home"
    (home / "pressed").mkdir(parents=True)
    home.chmod(0o700)
    (home / "broadsheet.sqlite3").touch(mode=0o600)
    database = described("", home)
    for name, value in {
        "HOME": home,
        "RUN_ROOT": home / "run",
        "MEDIA_ROOT": home / "media",
        "PRESSED_ROOT": home / "pressed",
        "SECRET_KEY_FILE": home / "secret-key",
        "SECRET_KEY": "Zk3-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
        "DATABASES": {"default": database},
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": home / "mail",
    }.items():
        monkeypatch.setattr(settings, name, value)
    return home


def errors(*, deep: bool = False) -> dict[str, str]:
    return {
        found.subject: found.sentence
        for found in findings.findings(deep=deep)
        if found.level is Level.ERROR
    }


@pytest.mark.django_db
def test_a_sound_home_has_no_error(checked_home: Path) -> None:
    assert errors(deep=True) == {}


@pytest.mark.django_db
def test_each_fault_is_found_with_its_remedy(
    checked_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked_home.chmod(0o755)
    assert f"chmod 711 {checked_home}" in errors()["home"]
    # As behind nginx: others may pass through and see nothing.
    checked_home.chmod(0o711)
    assert errors() == {}
    (checked_home / "broadsheet.sqlite3").chmod(0o644)
    assert "chmod 600" in errors()["home"]
    (checked_home / "broadsheet.sqlite3").chmod(0o600)
    (checked_home / "secret-key").write_text("x")
    (checked_home / "secret-key").chmod(0o644)
    assert "chmod 600" in errors()["secret"]
    (checked_home / "secret-key").chmod(0o600)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    assert "BROADSHEET_ALLOWED_HOSTS" in errors()["hosts"]
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["news.example"])
    monkeypatch.setattr(settings, "DEBUG", True)
    assert "BROADSHEET_DEBUG" in errors()["debug"]
    monkeypatch.setattr(settings, "DEBUG", False)
    PressOrder.objects.create(kind="story", key="7", attempts=2, last_error="…\nno such template")
    assert "no such template" in errors()["press"]


@pytest.mark.django_db
def test_the_pressed_folder_is_compared_with_the_ledger(checked_home: Path) -> None:
    from django.utils import timezone

    for name in ("robots.txt", "sitemap.xml", "index.html"):
        PressedFile.objects.create(
            address="/" if name == "index.html" else f"/{name}",
            kind="x",
            key=name,
            sha256="",
            size=7,
            pressed_at=timezone.now(),
        )
    (checked_home / "pressed" / "robots.txt.gz").write_bytes(b"damaged")
    (checked_home / "pressed" / "sitemap.xml.gz").write_bytes(b"longer than that")
    (checked_home / "pressed" / "stray.txt.gz").write_bytes(b"")
    said = errors(deep=True)["pressed files"]
    assert "4 disagree" in said
    for part in (
        "/robots.txt is damaged",
        "/sitemap.xml has 16 bytes instead of 7",
        "/ is not there",
        "stray.txt.gz is not in the ledger",
        "broadsheet press --all",
    ):
        assert part in said


@pytest.mark.django_db
def test_init_closes_a_home_that_was_open(checked_home: Path) -> None:
    checked_home.chmod(0o775)
    (checked_home / "media").mkdir(mode=0o755)
    for name in ("secret-key", "broadsheet.sqlite3-wal"):
        (checked_home / name).write_text("x")
        (checked_home / name).chmod(0o644)
    out = io.StringIO()
    call_command("init", stdout=out)
    assert f"closed {checked_home} to others (chmod 711)" in out.getvalue()
    modes = {path.name: path.stat().st_mode & 0o777 for path in checked_home.iterdir()}
    assert (modes["secret-key"], modes["broadsheet.sqlite3-wal"]) == (0o600, 0o600)
    assert modes["media"] & 0o007 == 0
    assert errors() == {}
    out = io.StringIO()
    call_command("init", stdout=out)
    assert "closed" not in out.getvalue()


@pytest.mark.django_db
def test_init_leaves_a_folder_that_is_not_the_papers_alone(checked_home: Path) -> None:
    checked_home.chmod(0o755)
    (checked_home / "letters-to-grandmother").mkdir()
    out = io.StringIO()
    call_command("init", stdout=out)
    assert f"chmod 711 {checked_home} (there is more in it" in out.getvalue()
    assert checked_home.stat().st_mode & 0o777 == 0o755
    assert "chmod 711" in errors()["home"]


@pytest.mark.django_db
def test_check_prints_a_page_or_json_and_fails_where_something_is_wrong(
    checked_home: Path,
) -> None:
    out = io.StringIO()
    call_command("check", "--json", stdout=out)
    found = {finding["subject"]: finding for finding in json.loads(out.getvalue())}
    assert found["Django"]["level"] == "ok"
    checked_home.chmod(0o777)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 of"):
        call_command("check", stdout=out)
    assert "ERROR  home" in out.getvalue()


@pytest.mark.django_db
def test_djangos_own_check_is_still_there(checked_home: Path) -> None:
    out = io.StringIO()
    call_command("check", "--list-tags", stdout=out)
    assert "security" in out.getvalue().splitlines()


def test_what_serves_loads_nothing_heavy() -> None:
    code = (
        "import sys, broadsheet.asgi\n"
        "heavy = {'trafilatura', 'spacy', 'playwright', 'pandas', 'sklearn'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stderr
