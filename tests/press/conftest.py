"""What the tests of the engine share: a pressed folder of their own, and a small newsroom."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pytest_django import Settings

from broadsheet.pressed_paths import file_of, lies_plain


class PressedFolder:
    """The pressed folder as a reader's browser would find it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, address: str) -> Path:
        return self.root / (file_of(address) + ("" if lies_plain(address) else ".gz"))

    def has(self, address: str) -> bool:
        return self.path(address).is_file()

    def read(self, address: str) -> bytes:
        content = self.path(address).read_bytes()
        return content if lies_plain(address) else gzip.decompress(content)

    def text(self, address: str) -> str:
        return self.read(address).decode()

    def holding(self, text: str) -> list[str]:
        """Return the files that hold ``text`` anywhere, for a word no reader may see."""
        return [
            path.relative_to(self.root).as_posix()
            for path in sorted(self.root.rglob("*"))
            if path.suffix == ".gz" and text in gzip.decompress(path.read_bytes()).decode()
        ]

    def leftovers(self) -> list[Path]:
        return list(self.root.rglob(".press-*"))


@pytest.fixture
def pressed(tmp_path: Path, settings: Settings) -> PressedFolder:
    """A pressed folder that nothing else uses."""
    settings.PRESSED_ROOT = tmp_path / "home" / "pressed"
    settings.MEDIA_ROOT = tmp_path / "home" / "media"
    settings.BASE_URL = "https://paper.example"
    settings.PAPER_LANGUAGES = ["en", "fa"]
    return PressedFolder(settings.PRESSED_ROOT)
