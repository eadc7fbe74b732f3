"""An address may be longer than a file's name: what is pressed is still found."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.newsstand.shelf import Shelf
from broadsheet.press.store import Store
from broadsheet.pressed_paths import file_of

LONG = "火" * 120


@pytest.mark.parametrize(
    "address", [f"/topic/{LONG}/", f"/feeds/topic/{LONG}.rss", f"/photos/{LONG}.webp"]
)
def test_what_is_stored_under_a_long_address_is_handed_out_and_taken_away(
    tmp_path: Path, address: str
) -> None:
    store, shelf = Store(tmp_path), Shelf(tmp_path)
    staged = store.stage(address, b"words")
    store.put_in_place(staged)
    copy = shelf.copy(address, "identity")
    assert copy is not None
    assert copy.body == b"words"
    date, size = staged[0].written_us, staged[0].size
    assert store.stands(address, written_us=date, size=size)
    assert not store.stands(address, written_us=date + 1, size=size)
    assert not store.stands(address, written_us=date, size=size + 1)
    assert set(store.files()) == {file_of(address)}
    assert shelf.copy(address.replace(LONG, LONG + "火"), "identity") is None
    store.remove(address)
    assert not store.stands(address, written_us=date, size=size)
    assert shelf.copy(address, "identity") is None
    assert set(store.files()) == set()


def test_names_that_fit_are_kept() -> None:
    slug = "دریای-شور" * 13  # 234 bytes
    assert file_of(f"/topic/{slug}/") == f"topic/{slug}/index.html"
    assert file_of("/feeds/topic/water.rss") == "feeds/topic/water.rss"


@pytest.mark.parametrize("address", [f"/{LONG}/../x", f"/.{LONG}/", f"/{LONG}\\", f"//{LONG}/"])
def test_a_long_address_leads_no_further_than_a_short_one(address: str) -> None:
    with pytest.raises(ValueError, match="part"):
        file_of(address)
