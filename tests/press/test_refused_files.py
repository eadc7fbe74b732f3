"""What the disk refuses, or no file can be called, keeps nothing else of a batch back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import brotli
import pytest

from broadsheet.press import actions, ledger, orders, sheets, store
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.press.pressing import Outcome
from broadsheet.press.sheets import Sheet, SheetKind
from broadsheet.press.store import Staged, Store
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)

NOTES = ("first", "bad", "last")


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes | None]:
    """What the sheets of this test say; the one called "bad" is to be refused."""
    monkeypatch.setattr(sheets, "_kinds", dict(sheets._kinds))
    said: dict[str, bytes | None] = dict.fromkeys(NOTES, b"words")
    sheets.register(SheetKind("note", "/notes/{}.txt".format, lambda key: said[key]))
    return said


def press_notes() -> Outcome:
    orders.write([Sheet("note", key) for key in NOTES])
    return actions.press_orders()


def left() -> dict[str, int]:
    return dict(PressOrder.objects.values_list("key", "attempts"))


def refusing(act: Callable[..., Any], path_of: Callable[[Any], Path]) -> Callable[..., Any]:
    def refuse(given: Any, *args: Any, **kwargs: Any) -> Any:
        if path_of(given).name.startswith("bad."):
            raise OSError(36, "File name too long")
        return act(given, *args, **kwargs)

    return refuse


def test_a_file_that_cannot_take_its_place(
    texts: dict[str, bytes | None], pressed: PressedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "_replace", refusing(store._replace, lambda file: file.final))
        assert press_notes() == Outcome(pressed=2, failed=1)
    assert left() == {"bad": 1}
    assert set(PressedFile.objects.values_list("key", flat=True)) == {"first", "last"}
    assert pressed.read("/notes/last.txt") == b"words"
    assert not pressed.leftovers()
    # Once the disk takes it, it is there.
    assert press_notes().failed == 0
    assert pressed.read("/notes/bad.txt") == b"words"


def test_a_page_that_the_ledger_never_heard_of_does_not_stay(
    texts: dict[str, bytes | None], pressed: PressedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_notes()
    texts["first"] = b"words of a story that goes again"
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "enter", Mock(side_effect=RuntimeError("disk is full")))
        with pytest.raises(RuntimeError, match="disk is full"):
            press_notes()
    assert pressed.read("/notes/first.txt") == b"words of a story that goes again"
    # The page is now what the ledger has, which is not what stands.
    texts["first"] = b"words"
    assert press_notes() == Outcome(pressed=3)
    assert pressed.read("/notes/first.txt") == b"words"
    assert left() == {}


def test_no_copy_in_brotli_stands_beside_a_page_that_was_refused(
    pressed: PressedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Store(tmp_path)
    assert not shelf.put_in_place(shelf.stage("/notes/bad.txt", b"words", brotli_quality=5))
    staged = shelf.stage("/notes/bad.txt", b"words of a story that goes again", brotli_quality=5)

    def refuse(file: Staged) -> None:
        if file.place.endswith(".gz"):
            raise OSError(5, "Input/output error")
        real(file)

    real = store._replace
    for together in (False, True):
        shelf.syncs = not together
        with monkeypatch.context() as patch:
            patch.setattr(store, "_replace", refuse)
            assert [file for file, _ in shelf.put_in_place(staged)] == staged
        assert brotli.decompress((tmp_path / "notes/bad.txt.br").read_bytes()) == b"words"
        assert not list(tmp_path.rglob(".press-*"))
        staged = shelf.stage("/notes/bad.txt", b"words of another", brotli_quality=5)


def test_a_page_that_has_not_changed_keeps_its_file(
    texts: dict[str, bytes | None], pressed: PressedFolder
) -> None:
    press_notes()
    before = {key: pressed.path(f"/notes/{key}.txt").stat().st_ino for key in NOTES}
    assert press_notes() == Outcome(pressed=3)
    assert {key: pressed.path(f"/notes/{key}.txt").stat().st_ino for key in NOTES} == before


def test_a_file_that_cannot_be_taken_away(
    texts: dict[str, bytes | None], pressed: PressedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_notes()
    texts.update(dict.fromkeys(NOTES))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refusing(Path.unlink, lambda path: path))
        assert press_notes() == Outcome(removed=2, failed=1)
    assert left() == {"bad": 1}
    # What still stands is still known.
    assert [row.key for row in PressedFile.objects.all()] == ["bad"]
    assert press_notes() == Outcome(removed=3)
    assert not pressed.has("/notes/bad.txt")


def test_an_address_that_can_have_no_file(
    texts: dict[str, bytes | None], pressed: PressedFolder
) -> None:
    sheets.register(SheetKind("odd", lambda _: "/notes/../odd", lambda key: texts[key]))
    orders.write([Sheet("odd", "bad")])
    assert press_notes() == Outcome(pressed=3, failed=1)
    assert "UnpressableAddressError" in PressOrder.objects.get().last_error
    # When it is gone there is nothing to take away, and nothing to try again.
    texts["bad"] = None
    orders.write([Sheet("odd", "bad")])
    assert press_notes() == Outcome(pressed=2, removed=2)
    assert left() == {}
