"""What is pressed goes into the store that the nodes share, and each node's folder follows."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from broadsheet import object_stores
from broadsheet.object_stores import ObjectStore
from broadsheet.press import (
    actions,
    changes,
    mirror,
    orders,
    shared_store,
    sheets,
    store_trouble,
    stored,
)
from broadsheet.press.mirror import Mirror
from broadsheet.press.models import PressedChange, PressedFile, PressOrder
from broadsheet.press.pressing import Outcome
from broadsheet.press.sheets import Sheet, SheetKind
from press.conftest import PressedFolder
from private_s3 import Server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes | None]:
    """What the sheets of this test say."""
    monkeypatch.setattr(sheets, "_kinds", dict(sheets._kinds))
    said: dict[str, bytes | None] = {"one": b"words", "two": b"others"}
    sheets.register(SheetKind("note", "/notes/{}.txt".format, lambda key: said[key], brotli=5))
    return said


@pytest.fixture
def shared(pressed: PressedFolder, s3_server: Server, settings: Settings) -> ObjectStore:
    """The store that the paper of this test shares."""
    settings.RUN_ROOT = pressed.root.parent / "run"
    settings.PRESS_STORE = s3_server.place()
    return object_stores.store_at(settings.PRESS_STORE)


class Node:
    """Another node: a folder of its own, and the mirror that keeps it."""

    def __init__(self, home: Path, shared: ObjectStore) -> None:
        self.file, self._shared = home / "mirror", shared
        self.folder = PressedFolder(home / "pressed")
        self.folder.root.mkdir(parents=True, exist_ok=True)
        self.clock = 0.0
        self.start()

    def start(self) -> None:
        self.mirror = Mirror(self.folder.root, self._shared, self.file, clock=lambda: self.clock)

    def follow(self) -> int:
        return self.mirror.follow()


@pytest.fixture
def node(tmp_path: Path, shared: ObjectStore) -> Node:
    return Node(tmp_path / "other", shared)


def press(*keys: str) -> Outcome:
    orders.write([Sheet("note", key) for key in keys or ("one", "two")])
    return actions.press_orders()


def test_what_is_pressed_lies_in_the_store_as_readers_get_it(
    texts: dict[str, bytes | None], shared: ObjectStore, pressed: PressedFolder
) -> None:
    assert press() == Outcome(pressed=2)
    stored = shared.get("notes/one.txt")
    assert stored is not None
    assert gzip.decompress(stored.content) == b"words"
    assert stored.content == pressed.path("/notes/one.txt").read_bytes()
    assert stored.digest == PressedFile.objects.get(key="one").digest
    head = shared._s3().head_object(Bucket=shared.place.bucket, Key="pages/notes/one.txt")
    assert head["ContentEncoding"] == "gzip"
    assert head["ContentType"] == "text/plain; charset=utf-8"
    assert head["CacheControl"] == "public, max-age=2, stale-while-revalidate=8"
    assert PressedChange.objects.count() == 2
    # The same again is no change.
    assert press() == Outcome(pressed=2)
    assert PressedChange.objects.count() == 2


def test_a_node_follows(
    texts: dict[str, bytes | None], shared: ObjectStore, pressed: PressedFolder, node: Node
) -> None:
    press()
    node.follow()
    for address in ("/notes/one.txt", "/notes/two.txt"):
        assert node.folder.read(address) == pressed.read(address)
        assert (
            node.folder.path(address).stat().st_mtime_ns == pressed.path(address).stat().st_mtime_ns
        )
    assert (node.folder.root / "notes/one.txt.br").is_file()
    texts["one"], texts["two"] = b"new words", None
    press()
    assert node.follow() == 2
    assert node.folder.read("/notes/one.txt") == b"new words"
    assert not node.folder.has("/notes/two.txt")
    assert not (node.folder.root / "notes/two.txt.br").exists()
    assert shared.get("notes/two.txt") is None
    assert node.follow() == 0
    assert not node.folder.leftovers()


def test_the_node_that_presses_fetches_nothing(
    texts: dict[str, bytes | None],
    shared: ObjectStore,
    pressed: PressedFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pressed.root.mkdir(parents=True)
    mirror = Mirror(pressed.root, shared, pressed.root.parent / "mirror")
    mirror.follow()
    press()
    monkeypatch.setattr(shared, "get", lambda name: pytest.fail(f"fetched {name}"))
    assert mirror.follow() == 2
    assert pressed.read("/notes/one.txt") == b"words"


def test_nothing_is_lost_while_the_store_is_down(
    texts: dict[str, bytes | None],
    shared: ObjectStore,
    pressed: PressedFolder,
    s3_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    press("one")
    monkeypatch.setattr(shared_store, "_ASKED_EVERY_S", 0.0)
    s3_server.stop()
    texts["one"], texts["two"] = None, b"late"
    try:
        assert press() == Outcome()
        trouble = store_trouble.trouble()
        assert trouble is not None
        assert "Nothing is published" in trouble
        assert press() == Outcome()
    finally:
        s3_server.start()
    # As they were: no attempt is counted against them, and none is put off.
    assert set(PressOrder.objects.values_list("attempts", "not_before")) == {(0, None)}
    assert not pressed.has("/notes/two.txt")
    assert pressed.has("/notes/one.txt")
    assert not pressed.leftovers()
    assert actions.press_orders() == Outcome(pressed=1, removed=1)
    assert store_trouble.trouble() is None
    assert pressed.read("/notes/two.txt") == b"late"
    assert not pressed.has("/notes/one.txt")


def test_the_trouble_of_a_node_ends_when_another_has_pressed_what_waited(
    shared: ObjectStore, s3_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_store, "_ASKED_EVERY_S", 0.0)
    store_trouble.note("press", OSError("refused"))
    s3_server.stop()
    try:
        assert shared_store.silence()
        assert store_trouble.troubles("press")
    finally:
        s3_server.start()
    assert not PressOrder.objects.exists()
    assert not shared_store.silence()
    assert not store_trouble.troubles("press")


def test_a_node_that_was_away_for_too_long_compares_everything(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node
) -> None:
    press()
    node.follow()
    texts["one"], texts["two"] = b"new words", None
    press()
    first = PressedChange.objects.order_by("id").last()
    assert first is not None
    PressedChange.objects.filter(id__lt=first.pk).delete()
    # What the folder has is older than any press of now.
    node.mirror.remove_unknown(before=2e9 * 2)
    node.start()
    node.follow()
    assert node.folder.read("/notes/one.txt") == b"new words"
    assert not node.folder.has("/notes/two.txt")


def test_a_crash_between_fetch_and_note(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node, monkeypatch: Any
) -> None:
    press()
    node.follow()
    texts["one"] = b"new words"
    press()
    with monkeypatch.context() as patch:
        patch.setattr(node.mirror, "_file", node.file / "nowhere")
        with pytest.raises(NotADirectoryError):
            node.follow()
    node.start()
    assert node.follow() == 1
    assert node.folder.read("/notes/one.txt") == b"new words"
    node.start()
    assert node.follow() == 0


def test_a_damaged_object_is_pressed_anew(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node, pressed: PressedFolder
) -> None:
    press()
    shared._s3().put_object(
        Bucket=shared.place.bucket,
        Key="pages/notes/one.txt",
        Body=b"rubbish",
        Metadata={"sha256": "0" * 64},
    )
    node.follow()
    assert not node.folder.has("/notes/one.txt")
    assert node.folder.has("/notes/two.txt")
    node.clock += 6
    node.follow()
    assert actions.press_orders() == Outcome(pressed=1)
    node.follow()
    assert node.folder.read("/notes/one.txt") == b"words"


def test_a_node_about_to_open_takes_away_what_was_withdrawn(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node
) -> None:
    press()
    node.follow()
    texts["one"], texts["two"] = b"new words", None
    press()
    node.start()
    assert node.mirror.remove_withdrawn() == 1
    assert not node.folder.has("/notes/two.txt")
    assert node.folder.read("/notes/one.txt") == b"words"
    node.follow()
    assert node.folder.read("/notes/one.txt") == b"new words"


def test_a_store_that_was_replaced_is_filled_again(
    texts: dict[str, bytes | None], shared: ObjectStore, pressed: PressedFolder
) -> None:
    press()
    PressOrder.objects.all().delete()
    shared.delete(["notes/one.txt", "notes/two.txt"])
    stored.notice_another(shared)
    assert set(stored.missing()) == {Sheet("note", "one"), Sheet("note", "two")}
    assert press() == Outcome(pressed=2)
    assert shared.has("notes/one.txt")
    assert not list(stored.missing())
    stored.notice_another(shared)
    assert not list(stored.missing())


def test_the_store_is_mended_from_the_ledger(
    texts: dict[str, bytes | None], shared: ObjectStore, pressed: PressedFolder
) -> None:
    press()
    shared.ask()
    shared.delete(["notes/one.txt"])
    shared.put("notes/old.txt", b"from another day", notes={}, headers={})
    wrong, unknown = stored.differences(shared)
    assert ([row.key for row in wrong], unknown) == (["one"], ["notes/old.txt"])
    stored.repair(shared)
    assert press(*(sheet.key for sheet in stored.missing())) == Outcome(pressed=1)
    assert stored.differences(shared) == ([], [])


def test_what_one_object_may_not_be_called_halts_nothing_else(
    texts: dict[str, bytes | None],
    shared: ObjectStore,
    pressed: PressedFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put = ObjectStore.put

    def refuse(self: ObjectStore, name: str, *args: Any, **kwargs: Any) -> None:
        if name == "notes/one.txt":
            raise OSError("the store refuses notes/one.txt: KeyTooLongError")
        put(self, name, *args, **kwargs)

    monkeypatch.setattr(ObjectStore, "put", refuse)
    assert press() == Outcome(pressed=1, failed=1)
    assert not pressed.has("/notes/one.txt")
    assert not (pressed.root / "notes/one.txt.br").exists()
    assert pressed.has("/notes/two.txt")
    assert not pressed.leftovers()
    assert PressOrder.objects.get().attempts == 1


def test_the_thread_follows_when_it_is_woken(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node
) -> None:
    node.mirror.look_every(60.0)
    thread = threading.Thread(target=node.mirror.keep)
    thread.start()
    try:
        wait_for(node.file.exists)
        press()
        node.mirror.wake()
        wait_for(lambda: node.folder.has("/notes/one.txt"))
    finally:
        node.mirror.stop()
        thread.join()
    assert not store_trouble.troubles("mirror")


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_files_that_came_or_went_by_hand(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node, monkeypatch: Any
) -> None:
    press()
    node.follow()
    monkeypatch.setattr(mirror, "_PRESSED_WITHIN_S", -60.0)
    node.folder.path("/notes/one.txt").unlink()
    stray = node.folder.root / "notes" / "three.txt.gz"
    stray.write_bytes(b"left by somebody")
    node.start()
    assert node.mirror.reconcile(thorough=False) == 2
    assert node.folder.has("/notes/one.txt")
    assert not stray.exists()


def test_the_journal_is_pruned_but_for_its_end(
    texts: dict[str, bytes | None], shared: ObjectStore, node: Node
) -> None:
    press()
    node.follow()
    PressedChange.objects.update(at=timezone.now() - timedelta(days=8))
    assert changes.prune() == 1
    assert changes.prune() == 0
    # The last row stands: a node that has seen it has missed nothing.
    texts["two"] = b"new words"
    press()
    assert node.follow() == 1
