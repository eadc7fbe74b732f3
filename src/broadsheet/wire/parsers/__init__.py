"""Parsers: bytes in, wire items out; one file a format.

A parser is a module with ``FORMAT``, ``recognises`` and ``parse``. Which one reads a file is
decided by its content alone, in the order of the tables below; a further format is one file and
one line here. A parser is lenient: it reads what it can, keeps everything, and says on the
item, as oddities, what was unusual; what it cannot read of a file whose rest it can is an
``Unread`` among its records. Where it stumbles, :mod:`~broadsheet.wire.parsers.guard` makes a
:class:`~broadsheet.wire.errors.WireError` of it: nothing else leaves this room.

Archives are read by the other kind, which has ``recognises`` (of the first bytes) and ``read``
(of an open file, record by record): memory must not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from broadsheet.wire.bounds import within
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import LARGEST_FILE, Incoming, IncomingFile
from broadsheet.wire.items import WireItem, WireRecord
from broadsheet.wire.notes import applied
from broadsheet.wire.parsers import (
    email_message,
    exported,
    feed,
    ghost,
    json_feed,
    newsml1,
    newsml_g2,
    ninjs,
    nitf,
    opml,
    picture,
    redirects,
    ritzau,
    saved_html,
    saved_text,
    wire_text,
    wxr,
)
from broadsheet.wire.parsers.guard import guarded
from broadsheet.wire.parsers.tag_bounds import MOST_ATTRIBUTES, has_surplus_attributes


@dataclass(frozen=True)
class Parser:
    """One format of messages: its name, how it is told from others, and how it is read."""

    format: str
    recognises: Callable[[Incoming], bool]
    parse: Callable[[Incoming], Sequence[WireRecord]]


@dataclass(frozen=True)
class ArchiveParser:
    """One format of archives: recognised by its head, read as a stream."""

    format: str
    recognises: Callable[[bytes], bool]
    read: Callable[[IncomingFile], Iterator[WireRecord]]


# Bytes that are no text; asked before anything is decoded.
BINARY: tuple[Parser, ...] = (
    Parser(picture.FORMAT, picture.recognises, picture.parse),
    Parser(wire_text.FORMAT, wire_text.recognises, wire_text.parse),
    Parser(email_message.FORMAT, email_message.recognises, email_message.parse),
)
# The more particular first: what comes last takes any markup, then any text.
PARSERS: tuple[Parser, ...] = (
    Parser(feed.FORMAT, feed.recognises, feed.parse),
    Parser(json_feed.FORMAT, json_feed.recognises, json_feed.parse),
    Parser(opml.FORMAT, opml.recognises, opml.parse),
    Parser(redirects.FORMAT, redirects.recognises, redirects.parse),
    Parser(ninjs.FORMAT, ninjs.recognises, ninjs.parse),
    Parser(nitf.FORMAT, nitf.recognises, nitf.parse),
    Parser(newsml1.FORMAT, newsml1.recognises, newsml1.parse),
    Parser(newsml_g2.FORMAT, newsml_g2.recognises, newsml_g2.parse),
    Parser(ritzau.FORMAT, ritzau.recognises, ritzau.parse),
    Parser(saved_html.FORMAT, saved_html.recognises, saved_html.parse),
    Parser(saved_text.FORMAT, saved_text.recognises, saved_text.parse),
)
ARCHIVES: tuple[ArchiveParser, ...] = (
    ArchiveParser(wxr.FORMAT, wxr.recognises, wxr.read),
    ArchiveParser(ghost.FORMAT, ghost.recognises, ghost.read),
    ArchiveParser(exported.FORMAT, exported.recognises, exported.read),
)


_PUBLISHED_BEFORE = {saved_html.FORMAT, saved_text.FORMAT}


def archive_parser(head: bytes) -> ArchiveParser | None:
    """Return the parser of the archive whose first bytes are ``head``, if it is one."""
    return next((parser for parser in ARCHIVES if parser.recognises(head)), None)


def read_archive(file: IncomingFile) -> Iterator[WireRecord]:
    """Yield the records of the archive ``file``, one at a time. Raises :class:`WireError`."""
    parser = archive_parser(file.head)
    if parser is None:
        raise WireError("The format of this archive is not known.")
    with guarded(parser.format, file.origin):
        yield from map(within, parser.read(file))


def parse(incoming: Incoming) -> Sequence[WireRecord]:
    """Return the records in ``incoming``; none where a feed has no entry at the moment.

    Raises :class:`WireError` for what no parser knows, or what should hold a story and does not.
    """
    if not incoming.content:
        raise WireError("The file is empty. Save or fetch it again.")
    if len(incoming.content) > LARGEST_FILE:
        raise WireError(
            f"The file has {len(incoming.content) / 1024 / 1024:.0f} MB; at most "
            f"{LARGEST_FILE // 1024 // 1024} MB are read. Send its parts by themselves."
        )
    for parser in BINARY:
        with guarded(parser.format, incoming.origin):
            if parser.recognises(incoming):
                return _with_notes(parser.parse(incoming))
    if (archive := archive_parser(incoming.head)) is not None:
        return _from_archive(incoming, archive)
    incoming.check()
    for parser in PARSERS:
        with guarded(parser.format, incoming.origin):
            if parser.recognises(incoming):
                if parser.format == saved_html.FORMAT:
                    _check_attributes(incoming)
                return _with_notes(parser.parse(incoming))
    raise WireError(
        "The format is not known. What can be read: "
        + ", ".join(
            [parser.format for parser in (*BINARY, *PARSERS)]
            + [parser.format for parser in ARCHIVES]
        )
        + "."
    )


def _check_attributes(incoming: Incoming) -> None:
    if has_surplus_attributes(incoming.decoded.text):
        raise WireError(
            f"An element of the page has more than {MOST_ATTRIBUTES} attributes. Save the page as "
            "text."
        )


def _with_notes(records: Sequence[WireRecord]) -> list[WireRecord]:
    """Bound each record, and set the embargo or hold that its supplier put in words only.

    A saved page was published by somebody already, whatever it says.
    """
    return [
        applied(record)
        if isinstance(record, WireItem) and record.format not in _PUBLISHED_BEFORE
        else record
        for record in map(within, records)
    ]


def _from_archive(incoming: Incoming, parser: ArchiveParser) -> Sequence[WireRecord]:
    """Read an archive that came as bytes, in a message or from the web; bounded by their size."""
    # A folder of its own: what reads what lies beside it must find nothing there.
    with TemporaryDirectory(prefix="broadsheet-") as folder:
        path = Path(folder) / "archive"
        path.write_bytes(incoming.content)
        file = IncomingFile(path, incoming.origin, incoming.head)
        with guarded(parser.format, incoming.origin):
            return list(map(within, parser.read(file)))


def items(incoming: Incoming) -> list[WireItem]:
    """Return the items alone among the records in ``incoming``. Raises :class:`WireError`."""
    return [record for record in parse(incoming) if isinstance(record, WireItem)]
