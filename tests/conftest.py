"""What every test shares: the browser, and the real input where it is at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def seed_page() -> Path:
    """The saved page the whole system was read off; third-party text, never committed."""
    folder = SHARED / "seed"
    if not folder.is_dir():
        pytest.skip("../shared/seed is not here: the real saved page is third-party text")
    return next(iter(sorted(folder.glob("*.txt"))))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless; every test opens contexts of its own."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is not installed; `make programs` installs what the tests drive")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
