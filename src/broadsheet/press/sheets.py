"""Sheets: every address the press can make, by kind.

A sheet is named by its kind and a key within the kind ("story", "207166"). Each kind says at
which address a key stands and how its bytes are made from the database as it is now. A room
that owns a further kind registers it when it starts (``AppConfig.ready``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Sheet(NamedTuple):
    """The name of one address that can be pressed."""

    kind: str
    key: str


@dataclass(frozen=True)
class SheetKind:
    """How sheets of one kind are found and made.

    ``address`` turns a key into the path of the URL. ``draw`` returns the bytes for a key, or
    ``None`` where there is nothing (any more) to show, whereupon a file that stands there is
    taken away. ``draw`` must read only what the database says now, so that pressing twice, or
    late, is the same as pressing once.
    """

    name: str
    address: Callable[[str], str]
    draw: Callable[[str], bytes | None]


_kinds: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> None:
    """Make ``kind`` pressable. Raises ``ValueError`` where its name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"a kind of sheet named {kind.name!r} is registered already")
    _kinds[kind.name] = kind


def kind_of(sheet: Sheet) -> SheetKind:
    """Return how ``sheet`` is made. Raises ``KeyError`` for a kind nobody registered."""
    return _kinds[sheet.kind]


def kinds() -> list[SheetKind]:
    """Return every registered kind, in the order of registration."""
    return list(_kinds.values())
