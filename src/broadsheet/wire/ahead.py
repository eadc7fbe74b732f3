"""What other rooms want worked out of an item while it is read, in the process that reads."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from broadsheet.wire.items import WireItem

_works: dict[str, str] = {}


def work_ahead(name: str, work: str) -> None:
    """Have ``work`` done on every item that is read in a process of its own (``reading_apart``).

    It is the dotted name of a function, so that no other process need import it. What that
    returns of an item comes with the item's copy, under ``name`` (``Copy.ahead``), and saves the
    process that stores from doing it. It may ask no database, and what it returns must be small.
    """
    _works[name] = work


def of(item: WireItem) -> dict[str, Any]:
    """Return what each work comes to, by its name; raises whatever one of them does."""
    return {name: import_string(work)(item) for name, work in _works.items()}
