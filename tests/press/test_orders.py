"""Orders: folded into one, never lost, put off when they fail."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.press import actions, bulk, ledger, orders, sheets
from broadsheet.press.lock import press_lock
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.press.pressing import Outcome
from broadsheet.press.sheets import Drawn, Sheet, SheetKind
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)


class Notes:
    """Sheets that show whatever a test says, and do what it wants while they are drawn."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.while_drawing: dict[str, object] = {}
        self.drawn: list[str] = []

    def draw(self, key: str) -> bytes | None:
        self.drawn.append(key)
        happens = self.while_drawing.pop(key, None)
        text = self.texts.get(key)
        if isinstance(happens, Exception):
            raise happens
        if callable(happens):
            happens()
        return None if text is None else text.encode()

    def draw_sum(self, _: str) -> Drawn:
        rows = ledger.standing("note")
        return Drawn(" ".join(row.key for row in rows).encode(), tally=len(rows))


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    made = Notes()
    monkeypatch.setattr(sheets, "_kinds", dict(sheets._kinds))
    above = Sheet("note-sum", "")
    sheets.register(SheetKind("note", "/notes/{}.txt".format, made.draw, above=lambda _: above))
    sheets.register(SheetKind("note-sum", lambda _: "/notes.txt", made.draw_sum))
    return made


def note(key: str) -> Sheet:
    return Sheet("note", key)


def test_an_order_for_an_ordered_sheet_raises_its_turn_and_its_priority(notes: Notes) -> None:
    orders.write([note("a")], priority=-5)
    PressOrder.objects.update(attempts=3, not_before=timezone.now() + timedelta(hours=1))
    orders.write([note("a")], priority=2)
    orders.write([note("a")], priority=-1)
    order = PressOrder.objects.get()
    assert (order.turn, order.priority, order.attempts, order.not_before) == (2, 2, 0, None)


def test_the_most_pressing_goes_first_and_then_the_newest(notes: Notes) -> None:
    orders.write([note("low")], priority=-8)
    orders.write([note("old")])
    orders.write([note("new")])
    orders.write([note("high")], priority=5)
    actions.press_orders()
    assert notes.drawn[:4] == ["high", "new", "old", "low"]


def test_an_order_that_comes_in_while_its_sheet_is_drawn_is_not_struck_out(
    notes: Notes, pressed: PressedFolder
) -> None:
    def change() -> None:
        notes.texts["a"] = "new"
        orders.write([note("a")])

    notes.texts["a"] = "old"
    notes.while_drawing["a"] = change
    orders.write([note("a")])
    actions.press_orders(limit=1)
    assert pressed.text("/notes/a.txt") == "old"
    assert PressOrder.objects.filter(kind="note").exists()
    actions.press_orders()
    assert pressed.text("/notes/a.txt") == "new"
    assert not PressOrder.objects.exists()


def test_a_sheet_that_fails_is_tried_again_later_and_keeps_nobody_waiting(
    notes: Notes, pressed: PressedFolder
) -> None:
    notes.texts |= {"bad": "x", "good": "y"}
    notes.while_drawing["bad"] = ValueError("no such picture")
    orders.write([note("bad"), note("good")])
    outcome = actions.press_orders()
    assert (outcome.pressed, outcome.failed) == (2, 1)  # the good one, and the sum above it
    assert pressed.has("/notes/good.txt")
    order = PressOrder.objects.get()
    assert order.last_error == "ValueError: no such picture"
    assert order.attempts == 1
    assert order.not_before is not None
    assert timezone.now() < order.not_before < timezone.now() + timedelta(seconds=10)
    assert actions.press_orders().total == 0
    PressOrder.objects.update(not_before=timezone.now())
    assert actions.press_orders().pressed == 2
    assert pressed.has("/notes/bad.txt")


def test_waits_grow_to_an_hour(notes: Notes) -> None:
    orders.write([note("a")])
    waits = []
    for _ in range(14):
        order = PressOrder.objects.get()
        orders.put_off(order, "x")
        order.refresh_from_db()
        assert order.not_before is not None
        waits.append(round((order.not_before - timezone.now()).total_seconds()))
    assert waits == sorted(waits)
    assert waits[:3] == [5, 10, 20]
    assert waits[-1] == 3600


def test_a_failure_of_the_press_never_fails_the_change(
    notes: Notes, pressed: PressedFolder
) -> None:
    notes.texts["a"] = "x"
    pressed.root.parent.mkdir(parents=True, exist_ok=True)
    pressed.root.write_text("a file where the folder should be")
    with transaction.atomic():
        actions.order([note("a")])
    assert PressOrder.objects.filter(kind="note").exists()


def test_what_stands_above_is_pressed_after_it_has_changed_and_only_then(
    notes: Notes, pressed: PressedFolder
) -> None:
    notes.texts |= {"a": "1", "b": "2"}
    actions.order([note("a"), note("b")])
    assert pressed.text("/notes.txt") == "a b"
    del notes.texts["a"]
    actions.order([note("a")])
    assert pressed.text("/notes.txt") == "b"
    actions.order([note("b")])
    assert not PressOrder.objects.exists()
    assert pressed.leftovers() == []


def test_who_finds_the_press_taken_leaves_the_order_to_the_holder(
    notes: Notes, pressed: PressedFolder
) -> None:
    notes.texts["a"] = "x"
    with press_lock(wait=False) as mine:
        assert mine
        actions.order([note("a")])
        assert not pressed.has("/notes/a.txt")
        assert PressOrder.objects.count() == 1
    actions.press_orders()
    assert pressed.has("/notes/a.txt")


def test_an_order_that_comes_at_the_very_end_is_not_stranded(
    notes: Notes, pressed: PressedFolder
) -> None:
    """The holder looks once more after it has let the lock go."""
    notes.texts |= {"a": "x", "late": "y"}
    looked: list[int] = []

    def progress(done: int, total: int) -> None:
        if not looked:
            looked.append(done)
            # Another thread commits an order and finds the lock taken.
            thread = threading.Thread(target=late)
            thread.start()
            thread.join(10)

    def late() -> None:
        try:
            actions.order([note("late")])
        finally:
            connection.close()

    orders.write([note("a")])
    actions.press_orders(progress=progress)
    assert looked
    assert pressed.has("/notes/late.txt")
    assert not PressOrder.objects.exists()


def test_held_writes_orders_and_presses_none(notes: Notes, pressed: PressedFolder) -> None:
    notes.texts["a"] = "x"
    with actions.held():
        actions.order([note("a")])
    assert not pressed.has("/notes/a.txt")
    assert PressOrder.objects.count() == 1


def test_a_large_batch_is_left_to_the_worker(notes: Notes, pressed: PressedFolder) -> None:
    notes.texts = {f"n{number:03}": "x" for number in range(300)}
    actions.order([note(key) for key in notes.texts])
    assert 0 < len(notes.drawn) <= 120
    assert PressOrder.objects.count() >= 180
    actions.press_orders()
    assert len(list(pressed.root.rglob("n???.txt.gz"))) == 300


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "press one", "press", "fail"]),
        st.sampled_from(["a", "b", "c"]),
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_happens_disk_and_ledger_agree_in_the_end(
    notes: Notes, pressed: PressedFolder, steps: list[tuple[str, str]]
) -> None:
    notes.texts.clear()
    notes.while_drawing.clear()
    actions.order(note(key) for key in "abc")
    for number, (step, key) in enumerate(steps):
        if step == "write":
            notes.texts[key] = f"{key} {number}"
        elif step == "delete":
            notes.texts.pop(key, None)
        elif step == "fail":
            notes.while_drawing[key] = RuntimeError("paper jam")
        if step in {"write", "delete", "fail"}:
            orders.write([note(key)])
        else:
            actions.press_orders(limit=1 if step == "press one" else None)
    notes.while_drawing.clear()
    PressOrder.objects.update(not_before=None)
    actions.press_orders()

    assert not PressOrder.objects.exists()
    stand = {key for key in "abc" if pressed.has(f"/notes/{key}.txt")}
    assert stand == set(notes.texts)
    assert all(pressed.text(f"/notes/{key}.txt") == text for key, text in notes.texts.items())
    assert set(PressedFile.objects.filter(kind="note").values_list("key", flat=True)) == stand
    if PressedFile.objects.filter(kind="note-sum").exists():
        assert pressed.text("/notes.txt") == " ".join(sorted(stand))


def test_a_turn_of_the_bulk_that_was_more_than_was_left_to_do_ends_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders.write([Sheet("robots", "")])

    def press(_least: int, rest: int, _tell: object) -> Outcome:
        return Outcome(pressed=rest + 5)

    monkeypatch.setattr(bulk, "is_worth_it", lambda _least: True)
    monkeypatch.setattr(bulk, "press", press)
    done = actions.press_orders(limit=2 * bulk.MANY)
    assert done.pressed == 2 * bulk.MANY + 5
    assert PressOrder.objects.count() == 1


def test_what_waits_is_told_of_few_orders_and_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    orders.write([Sheet("story", str(number)) for number in range(1, 6)])
    orders.write([Sheet("front", "6")])
    for at_once in (500, 5, 2):
        monkeypatch.setattr(orders, "_AT_ONCE", at_once)
        assert orders.waiting("story", ["2", "5", "6", "70"]) == {"2", "5"}
        assert orders.waiting("story", []) == set()
