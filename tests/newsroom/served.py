"""A newsroom that is served to a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import home_databases

PASSWORD = "correct horse battery"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Run first in every paper: somebody to log in as, and a section to write for.
_PREPARE = f"""
import django
django.setup()
from django.contrib.auth.models import Group
from broadsheet.accounts.models import User
from broadsheet.stories.models import Section
for name, group in (("reporter", "Reporters"), ("editor", "Editors")):
    User.objects.create_user(name, None, "{PASSWORD}").groups.add(Group.objects.get(name=group))
Section.objects.create(name="World", slug="world")
"""


@contextmanager
def served(new_home: Path, folder: Path, furnish: str = "") -> Iterator[str]:
    """Serve a copy of ``new_home`` with a reporter and an editor; yield its address.

    ``furnish`` is a program that is run in it before.
    """
    home = Path(shutil.copytree(new_home, folder / "home"))
    run_in(folder, _PREPARE + furnish)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "broadsheet", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, env=_environment(home), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/newsroom/login/")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def run_in(folder: Path, program: str) -> None:
    """Run Python in the paper of which :func:`served` keeps a copy in ``folder``."""
    command = [sys.executable, "-c", program]
    subprocess.run(command, env=_environment(folder / "home"), check=True, timeout=300)


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        **home_databases.named_in(home),
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_SECRET_KEY": "for tests only " + "x" * 50,
        "DJANGO_SETTINGS_MODULE": "broadsheet.settings",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - loopback
                return
        except (URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"{address} did not come up")


def enter(chromium: Browser, address: str, name: str, complaints: list[str]) -> Page:
    """Log in; what the page's scripts complain about is added to ``complaints``."""
    page = chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
    page.goto(f"{address}/newsroom/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The newsroom of")
    return page


def is_accessible(page: Page) -> None:
    """Hold ``page`` to the rules of WCAG 2.2 AA that a program can see, and to good practice."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    assert [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in found.response["violations"]
    ] == []
