"""Sheets: every address the press can make, by kind.

A sheet is named by its kind and a key within the kind ("story", "207166"). Each kind says at
which address a key stands and how its bytes are made from the database as it is now. A room
that owns a further kind registers it when it starts (``AppConfig.ready``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Sheet(NamedTuple):
    """The name of one address that can be pressed."""

    kind: str
    key: str


# One order that stands for all: whoever comes to press it writes the others. So a change that
# touches every page costs its own transaction a single row, however large the archive is.
EVERYTHING = Sheet("everything", "")


@dataclass(frozen=True)
class Drawn:
    """The bytes of a sheet, and what the ledger must remember of them.

    ``tally`` is how many stories stand on it, where a sheet above adds them up. ``shown_on``
    names the sheets that show this one's story, so that what the story leaves later is found.
    ``same_if`` is what tells this version from another, where that is not the whole content: a
    page that prints how long it took to make is no new page for that. ``look`` is by what lists
    know the story that was drawn (``press.looks``).
    """

    content: bytes
    tally: int = 0
    shown_on: tuple[Sheet, ...] = ()
    same_if: bytes | None = None
    look: str | None = None


def _none() -> Iterable[str]:
    return ()


def _nothing_above(key: str) -> Sheet | None:
    return None


def _nothing_foreseen(key: str) -> None:
    pass


def _nothing_near(keys: Sequence[str]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class SheetKind:
    """How sheets of one kind are found and made.

    ``address`` turns a key into the path of the URL. ``draw`` returns the bytes for a key, or
    ``None`` where there is nothing (any more) to show, whereupon a file that stands there is
    taken away. ``draw`` must read only what the database says now, so that pressing twice, or
    late, is the same as pressing once.

    ``all_keys`` names every key that may stand now, for pressing the whole paper. ``above`` names
    the sheet that is made from this one's entry in the ledger (a month from its days), and is
    pressed whenever this one has changed. ``foresee`` is told each key of a batch before the
    first is drawn, so that what many sheets show is read at once. ``gzip`` is the level (1 to 9)
    that text is compressed at, and ``brotli`` the quality (1 to 11) of a brotli copy that is
    kept beside, or 0 for none. ``apart`` says that ``draw`` asks nothing of the ledger, so that
    another process than the one that keeps it may draw (``press.hands``). ``beside`` names the
    kind whose sheet of the same key shows the same, and which is best drawn just before.
    ``of_pieces`` says that it consists for the most part of pieces (``press.pieces``), by which it
    is best drawn again. ``near`` names, for some of its keys, what their sheets are to be told by
    in a bulk: sheets of which these names are alike, of whatever kind, show much the same stories
    and are drawn one after the other.
    """

    name: str
    address: Callable[[str], str]
    draw: Callable[[str], bytes | Drawn | None]
    all_keys: Callable[[], Iterable[str]] = _none
    above: Callable[[str], Sheet | None] = _nothing_above
    brotli: int = 0
    gzip: int = 6
    foresee: Callable[[str], None] = _nothing_foreseen
    apart: bool = False
    beside: str = ""
    of_pieces: bool = False
    near: Callable[[Sequence[str]], Mapping[str, str]] = _nothing_near


_kinds: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> None:
    """Make ``kind`` pressable. Raises ``ValueError`` where its name is taken.

    Within one publication, sheets are pressed in the order in which their kinds registered.
    """
    if kind.name in _kinds:
        raise ValueError(f"a kind of sheet named {kind.name!r} is registered already")
    _kinds[kind.name] = kind


def kind_of(sheet: Sheet) -> SheetKind:
    """Return how ``sheet`` is made. Raises ``KeyError`` for a kind nobody registered."""
    return _kinds[sheet.kind]


def kinds() -> list[SheetKind]:
    """Return every registered kind, in the order of registration."""
    return list(_kinds.values())


def in_order(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return ``sheets``, each once, by the order of their kinds and then by key.

    What stands ``beside`` another kind follows each of its sheets, so that a story is read once
    for its page and its other forms. A fixed order also keeps two transactions that order the
    same sheets from waiting for each other in a circle.
    """
    rank = {name: number for number, name in enumerate(_kinds)}

    def place(sheet: Sheet) -> tuple[int, str, int, str]:
        own = rank.get(sheet.kind, len(rank))
        kind = _kinds.get(sheet.kind)
        return rank.get(kind.beside if kind else "", own), sheet.key, own, sheet.kind

    return sorted(set(sheets), key=place)
