"""Parsers: bytes in, wire items out; one file a format.

A parser is a module with ``FORMAT``, ``recognises`` and ``parse``. Which one reads a file is
decided by its content alone, in the order of :data:`PARSERS`; a further format is one file and
one line here. A parser is lenient: it reads what it can, keeps everything, and says on the
item, as oddities, what was unusual. It raises :class:`~broadsheet.wire.errors.WireError` and
nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem
from broadsheet.wire.parsers import saved_html, saved_text


@dataclass(frozen=True)
class Parser:
    """One format: its name, how it is told from others, and how it is read."""

    format: str
    recognises: Callable[[Incoming], bool]
    parse: Callable[[Incoming], list[WireItem]]


PARSERS: tuple[Parser, ...] = (
    Parser(saved_html.FORMAT, saved_html.recognises, saved_html.parse),
    Parser(saved_text.FORMAT, saved_text.recognises, saved_text.parse),
)


def parse(incoming: Incoming) -> list[WireItem]:
    """Return the items in ``incoming``, at least one.

    Raises :class:`WireError` for what no parser knows, or what holds no story.
    """
    incoming.check()
    for parser in PARSERS:
        if parser.recognises(incoming):
            return parser.parse(incoming)
    raise WireError(
        "The format is not known. What can be read: "
        + ", ".join(parser.format for parser in PARSERS)
        + "."
    )
