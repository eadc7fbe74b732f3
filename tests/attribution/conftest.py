"""People at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from broadsheet.accounts.models import User
from broadsheet.newsroom.roles import ADMINISTRATORS, EDITORS, REPORTERS


@pytest.fixture
def desk(db: Any) -> dict[str, User]:
    """One person in each role that has to do with sources."""
    found = {}
    roles = {"reporter": REPORTERS, "editor": EDITORS, "administrator": ADMINISTRATORS}
    for name, group in roles.items():
        user = User.objects.create_user(name, f"{name}@example.org", "correct horse battery")
        user.groups.add(Group.objects.get(name=group))
        found[name] = user
    return found
