"""Plain text of e-mail as blocks: flowed lines, quoted replies, files written into the text."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from broadsheet.wire.items import WireBlock
from broadsheet.wire.parsers import fragment

_QUOTED = re.compile(r"^(?:>[ ]?)+")
_SIGNATURE = "-- "
_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,200})$")
_SOFT_BREAK = re.compile(r"[^=\r\n]=\r?\n")
_ESCAPED = re.compile(r"=[0-9A-F]{2}")
_FEWEST_ESCAPED = 3
_LONGEST_UU_LINE = 64


def blocks_of(text: str) -> tuple[WireBlock, ...]:
    """Return ``text`` as blocks; what is quoted with ">" becomes quotations."""
    blocks: list[WireBlock] = []
    for quoted, lines in _runs(text.split("\n")):
        for block in fragment.from_plain("\n".join(lines)).blocks:
            kind = "quotation" if quoted and block.kind == "paragraph" else block.kind
            blocks.append(WireBlock(kind, block.html))
    return tuple(blocks)


def _runs(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    run: list[str] = []
    was_quoted = False
    for line in lines:
        quoted = line.startswith(">")
        if run and quoted != was_quoted and (line.strip() or quoted):
            yield was_quoted, run
            run = []
        was_quoted = quoted if line.strip() or quoted else was_quoted
        run.append(_QUOTED.sub("", line) if quoted else line)
    if run:
        yield was_quoted, run


def unflowed(text: str, *, drop_space: bool = False) -> str:
    """Return text of ``format=flowed`` (RFC 3676) with the lines of a paragraph in one."""
    flowed: list[str] = []
    depth_before, is_open = 0, False
    for line in text.split("\n"):
        quote = _QUOTED.match(line)
        depth = quote[0].count(">") if quote else 0
        bare = line[quote.end() :] if quote else line.removeprefix(" ")
        bare = bare.rstrip("\r")
        flows = bare.endswith(" ") and bare != _SIGNATURE
        piece = bare[:-1] if flows and drop_space else bare
        if is_open and depth == depth_before and bare != _SIGNATURE:
            flowed[-1] += piece
        else:
            flowed.append(">" * depth + (" " if depth else "") + piece)
        if not flows:
            flowed[-1] = flowed[-1].rstrip(" ")
            # A line of its own: paragraphs are what such text has between its fixed lines.
            flowed.append(">" * depth)
        depth_before, is_open = depth, flows
    return "\n".join(flowed)


def without_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return ``text`` without uuencoded files, and those with their names."""
    if "\nbegin " not in f"\n{text}":
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    name, content = "", bytearray()
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        if name and bare == "end":
            files.append((name, bytes(content)))
            name, content = "", bytearray()
        elif name:
            try:
                content += binascii.a2b_uu(bare[:_LONGEST_UU_LINE])
            except (binascii.Error, ValueError):
                kept.append(line)
        elif begin := _BEGIN.match(bare):
            name = begin[1].strip()
        else:
            kept.append(line)
    if name and content:
        files.append((name, bytes(content)))
    return "\n".join(kept), files


def has_stray_escapes(text: str) -> bool:
    """Tell whether ``text`` is quoted-printable though its header does not say so."""
    return (
        bool(_SOFT_BREAK.search(text)) and len(_ESCAPED.findall(text[:20_000])) >= _FEWEST_ESCAPED
    )
