from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.test import Client

from broadsheet.accounts.models import User
from broadsheet.newsroom.roles import ADMINISTRATORS, EDITORS, MODERATORS, REPORTERS
from broadsheet.stories.models import Section

ROLES = {
    "reporter": REPORTERS,
    "editor": EDITORS,
    "moderator": MODERATORS,
    "administrator": ADMINISTRATORS,
}
PASSWORD = "correct horse battery"


@cache
def _hashed(password: str) -> str:
    # Hashing is meant to take long; once is enough.
    return make_password(password)


@pytest.fixture
def people(db: Any) -> dict[str, User]:
    """One person in each role, each with an account of that name."""
    found = {}
    for name, group in ROLES.items():
        user = User.objects.create(
            username=name, email=f"{name}@example.org", password=_hashed(PASSWORD)
        )
        user.groups.add(Group.objects.get(name=group))
        found[name] = user
    return found


@pytest.fixture
def at_desk(people: dict[str, User]) -> Callable[[str], Client]:
    """Return a browser in which somebody with the named role is logged in."""

    def enter(role: str) -> Client:
        client = Client()
        client.force_login(people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def section(db: Any) -> Any:
    return Section.objects.create(name="World", slug="world")
