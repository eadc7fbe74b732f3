"""New rows are what ``bulk_create`` makes of the same objects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.forms import model_to_dict
from wagtail.models import ModelLogEntry, Revision

from broadsheet import new_rows
from broadsheet.press.models import PressedFile
from broadsheet.stories.models import Section, Story

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def revision(number: int) -> Revision:
    kind = ContentType.objects.get_for_model(Section)
    return Revision(
        content_type=kind,
        base_content_type=kind,
        object_id=str(number),
        created_at=AT,
        content={"headline": "мост", "at": AT},
        object_str="мост",
    )


def test_objects_are_stored_as_django_stores_them_and_have_keys_of_their_own() -> None:
    Revision.objects.bulk_create([revision(1)])
    # A key that was given once is not given again.
    Revision.objects.bulk_create([revision(2)])[0].delete()
    made = new_rows.insert([revision(3), revision(4)])
    assert not any(each._state.adding for each in made)
    rows = {row.pop("object_id"): row for row in Revision.objects.order_by("pk").values()}
    keys = [row.pop("id") for row in rows.values()]
    assert keys == sorted(set(keys))
    assert [each.pk for each in made] == keys[1:]
    assert keys[1] > keys[0] + 1
    assert rows["1"] == rows["3"] == rows["4"]
    later = revision(5)
    later.save()
    assert later.pk > keys[-1]


def test_values_are_stored_with_the_defaults_of_all_that_is_not_named() -> None:
    kind = ContentType.objects.get_for_model(Story)
    names = ("action", "content_type_id", "object_id", "label", "timestamp", "data")
    row = ("wagtail.create", kind.pk, "7", "мост", AT, {"a": ["мост"]})
    ModelLogEntry.objects.bulk_create([ModelLogEntry(**dict(zip(names, row, strict=True)))])
    new_rows.insert_values(ModelLogEntry, names, [row])
    first, second = ModelLogEntry.objects.order_by("pk").values()
    assert first.pop("id") < second.pop("id")
    assert first == second


def pressed(address: str, sha256: str) -> PressedFile:
    return PressedFile(
        address=address, kind="story", key="7", sha256=sha256, size=5, pressed_at=AT,
        shown_on=[["front", "мост"]],
    )  # fmt: skip


def test_what_is_there_already_is_replaced_and_keeps_its_key() -> None:
    PressedFile.objects.bulk_create([pressed("/old", "1"), pressed("/kept", "1")])
    keys = dict(PressedFile.objects.values_list("address", "pk"))
    new_rows.insert_or_replace([pressed("/old", "2"), pressed("/new", "2")], "address")
    rows: dict[str, Any] = {row.address: row for row in PressedFile.objects.order_by("pk")}
    assert {address: row.sha256 for address, row in rows.items()} == {
        "/old": "2", "/kept": "1", "/new": "2",
    }  # fmt: skip
    assert rows["/old"].pk == keys["/old"]
    assert rows["/new"].pk > max(keys.values())
    shown = [model_to_dict(rows[address], exclude=["id", "address"]) for address in rows]
    assert shown[0] == shown[2] == {**shown[1], "sha256": "2"}


def test_nothing_is_stored_of_nothing() -> None:
    assert new_rows.insert([]) == []
    new_rows.insert_or_replace([], "address")
    new_rows.insert_values(ModelLogEntry, ("action",), [])
    assert not ModelLogEntry.objects.exists()
