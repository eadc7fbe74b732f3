"""Getting in: one page, no sign-up, a second factor where the paper asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"  # as the fixture `people` sets it


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def _login(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post("/newsroom/login/", {"login": name, "password": password})


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_a_login_leads_to_the_newsroom(people: dict[str, User], client: Client) -> None:
    response = _login(client, "reporter")
    assert response.status_code == 302
    assert response["Location"] == "/newsroom/"
    assert client.get("/newsroom/").status_code == 200


def test_the_login_page_is_the_papers_own(client: Client) -> None:
    content = client.get("/newsroom/login/").content.decode()
    assert "newsroom/entrance.css" in content
    assert "sign up" not in content.lower()


def test_nobody_signs_up(client: Client) -> None:
    client.post(
        "/newsroom/signup/",
        {
            "username": "guest",
            "email": "g@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert not User.objects.filter(username="guest").exists()


def test_guessing_is_stopped(people: dict[str, User], client: Client) -> None:
    for _ in range(12):
        response = _login(client, "editor", "wrong")
    assert "Too many failed login attempts" in response.content.decode()
    response = _login(client, "editor")
    assert response.status_code == 200


def test_a_forgotten_password_is_reset_by_mail(people: dict[str, User], client: Client) -> None:
    client.post("/newsroom/password/reset/", {"email": "editor@example.org"})
    link = re.search(r"http://[^/]+(/newsroom/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    where = page.redirect_chain[-1][0]
    client.post(where, {"password1": "staple battery horse", "password2": "staple battery horse"})
    assert _login(Client(), "editor", "staple battery horse")["Location"] == "/newsroom/"


def test_who_has_no_factor_sets_one_up_before_anything_else(
    settings: Any, people: dict[str, User], at_desk: Callable[[str], Client]
) -> None:
    settings.TWO_FACTOR_REQUIRED = True
    client = at_desk("editor")
    for path in ("/newsroom/", "/newsroom/stories/", "/newsroom/account/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/newsroom/2fa/totp/activate/")
    assert client.post("/newsroom/stories/add/").status_code == 302


def test_setting_up_and_using_a_factor(settings: Any, people: dict[str, User]) -> None:
    settings.TWO_FACTOR_REQUIRED = True
    client = Client()
    _login(client, "editor")
    # Whoever changes how one gets in says the password once more.
    again = client.get("/newsroom/2fa/totp/activate/")["Location"]
    assert again.startswith("/newsroom/reauthenticate/")
    page = client.post(again, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    response = client.post("/newsroom/2fa/totp/activate/", {"code": _code(secret)})
    assert response.status_code == 302
    assert client.get("/newsroom/").status_code == 200

    second = Client()
    response = _login(second, "editor")
    assert response["Location"].startswith("/newsroom/2fa/authenticate/")
    assert second.get("/newsroom/")["Location"].startswith("/newsroom/login/")
    response = second.post("/newsroom/2fa/authenticate/", {"code": "000000"})
    assert response.status_code == 200
    codes = Authenticator.objects.get(
        user=people["editor"], type=Authenticator.Type.RECOVERY_CODES
    ).wrap()
    response = second.post("/newsroom/2fa/authenticate/", {"code": codes.get_unused_codes()[0]})
    assert response["Location"] == "/newsroom/"


def test_without_the_setting_it_is_offered_only(at_desk: Callable[[str], Client]) -> None:
    client = at_desk("reporter")
    assert client.get("/newsroom/").status_code == 200
    account = client.get("/newsroom/account/").content.decode()
    assert 'href="/newsroom/2fa/"' in account
    assert "Authenticator" in client.get("/newsroom/2fa/").content.decode()
