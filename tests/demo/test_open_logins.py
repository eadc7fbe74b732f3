"""A home that holds the sample's logins is not served as a real paper."""

from __future__ import annotations

import pytest
from django.conf import settings

from broadsheet.accounts.models import User
from broadsheet.demo import filing
from broadsheet.newsstand import home, opening, readiness

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_prepared_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "is_initialised", lambda: True)
    monkeypatch.setattr(readiness, "unapplied", list)
    monkeypatch.setattr(settings, "DEMO", False)
    monkeypatch.setattr(settings, "DEBUG", False)
    monkeypatch.setattr(settings, "SECRET_KEY", "Zk3-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2)


def login(name: str, password: str) -> User:
    return User.objects.create_user(name, password=password)


def test_a_published_password_keeps_the_paper_shut() -> None:
    login("editor", filing.PASSWORD)
    login("admin", "another one and 7")
    (reason,) = opening.reasons_against("127.0.0.1")
    assert reason.startswith("editor can log in with the published password")
    assert "broadsheet demo" in reason


def test_other_passwords_and_logins_that_are_shut_open_it() -> None:
    login("admin", "another one and 7")
    login("ada", "three plain words and 7")
    reporter = login("reporter", filing.PASSWORD)
    reporter.is_active = False
    reporter.save()
    assert opening.reasons_against("127.0.0.1") == []


def test_the_demo_itself_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    login("editor", filing.PASSWORD)
    monkeypatch.setattr(settings, "DEMO", True)
    assert opening.reasons_against("127.0.0.1") == []
