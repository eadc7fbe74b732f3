from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.wire.fields import from_fields, to_fields
from broadsheet.wire.items import WireBlock, WireComment, WireItem, WirePhoto
from broadsheet.wire.models import ImmutableItemError, ReceivedItem
from broadsheet.wire.retrievers import files

AT = datetime(2020, 5, 1, 8, 0, tzinfo=UTC)
ITEM = WireItem(
    guid="https://paper.example/clock",
    origin="page.html",
    format="saved page",
    sha256="a" * 64,
    headline="The clock stays fast",
    body=(WireBlock("paragraph", "It <em>is</em> fast."), WireBlock("heading", "Why")),
    published=AT,
    photos=(WirePhoto(caption="The hall", credit="AFP", taken_on=date(2020, 4, 30)),),
    comments=(WireComment("Ann", "Good.", AT),),
    authors=("Ann", "Ben"),
)


def test_an_item_comes_back_from_its_fields_whole() -> None:
    assert from_fields(to_fields(ITEM)) == ITEM


@pytest.mark.django_db
def test_a_received_item_is_kept_to_the_byte_and_cannot_be_changed() -> None:
    kept = ReceivedItem.objects.all().keep(ITEM, b"\x00the bytes\xff")
    found = ReceivedItem.objects.get(pk=kept.pk)
    assert found.content == b"\x00the bytes\xff"
    assert found.item == ITEM
    found.origin = "elsewhere"
    with pytest.raises(ImmutableItemError):
        found.save()
    with pytest.raises(ImmutableItemError):
        found.delete()
    with pytest.raises(ImmutableItemError):
        ReceivedItem.objects.all().delete()
    with pytest.raises(ImmutableItemError):
        ReceivedItem.objects.all().update(origin="elsewhere")
    assert ReceivedItem.objects.get(pk=kept.pk).origin == "page.html"


@pytest.mark.django_db
def test_erasing_leaves_the_trace_and_nothing_else() -> None:
    kept = ReceivedItem.objects.all().keep(ITEM, b"the bytes")
    with pytest.raises(ValueError, match="reason"):
        kept.erase(" ")
    kept.erase("order of a court")
    found = ReceivedItem.objects.get(pk=kept.pk)
    assert (found.content, found.fields, found.sha256) == (b"", {}, "a" * 64)
    assert found.erased_because == "order of a court"


def test_a_folder_is_taken_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.html", "a/.draft", ".git/config"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "z_files").mkdir()
    (tmp_path / "a" / "z_files" / "picture.jpg").write_text("x")
    found = files.find([str(tmp_path)])
    assert [Path(str(path)).relative_to(tmp_path).as_posix() for path in found] == [
        "a/z.html",
        "b.txt",
    ]
