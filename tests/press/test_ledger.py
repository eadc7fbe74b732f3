"""The ledger says what stands for each sheet that is asked for, and for no other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from broadsheet.press import ledger
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet

pytestmark = pytest.mark.django_db


def stands(sheet: Sheet) -> None:
    row = PressedFile(
        address=f"/{sheet.kind}/{sheet.key}",
        kind=sheet.kind,
        key=sheet.key,
        sha256="0" * 64,
        size=1,
        seconds=0.001,
        pressed_at=timezone.now(),
    )
    row.save()


@pytest.mark.parametrize("at_once", [2, 500])
def test_only_what_was_asked_for_and_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_AT_ONCE", at_once)
    here = [Sheet("story", "1"), Sheet("ninjs", "2"), Sheet("ninjs", "1"), Sheet("story", "3")]
    for sheet in [*here, Sheet("story", "2"), Sheet("day", "1")]:
        stands(sheet)
    never = Sheet("day", "3")
    found = ledger.entries([*here, never])
    assert {sheet: [(row.kind, row.key) for row in rows] for sheet, rows in found.items()} == {
        **{sheet: [(sheet.kind, sheet.key)] for sheet in here},
        never: [],
    }
